package dev.tenantlake.system;

import static dev.tenantlake.system.SourceDatabase.connect;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenantlake.model.LakeConfig;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.LayerPosition;
import dev.tenantlake.model.LayerPosition.StoppedTable;
import dev.tenantlake.model.LayerPositions;
import dev.tenantlake.query.metric.Metric;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * What the source may do to a lake that runs, from its DDL to the rows that Athena answers with: nothing is lost, and a
 * table that cannot follow is the only one that does not.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SchemaEvolutionTest {

    private static final String PRODUCTS = "tenant_id, id, sku, name, unit_price, stock_quantity";
    private static final String CUSTOMERS = "tenant_id, id, country, segment";
    private static final String ORDERS = "tenant_id, id, customer_id, status, currency, total_amount";
    private static final String ITEMS = "tenant_id, id, order_id, product_id, quantity, unit_price, discount_amount";
    private static final String SUBSCRIPTIONS = "tenant_id, id, customer_id, status, monthly_amount";
    private static final String EVENTS = "tenant_id, id, event_type, session_id";
    private static final String INVOICES = "tenant_id, id, status, amount";

    /**
     * What is done to a source whose figures are held against the lake's afterwards: no metric is made of the columns that
     * come and go here, types get wider, a table is emptied and filled anew, and a tenant comes to live by other clocks.
     */
    private static final List<String> CHANGES_UNDER_THE_METRICS = List.of(
            // In place of a load: the rows that changed while it had another name have it again.
            "ALTER TABLE shop.customers RENAME COLUMN source TO acquired_via",
            "UPDATE shop.customers SET acquired_via = acquired_via",
            "ALTER TABLE shop.orders ADD COLUMN gift boolean NOT NULL DEFAULT false",
            "UPDATE shop.orders SET gift = true, total_amount = total_amount + 1 WHERE id % 4 = 0",
            "ALTER TABLE shop.customers DROP COLUMN birth_date",
            "UPDATE shop.customers SET segment = 'business' WHERE id % 5 = 0",
            "ALTER TABLE shop.products ALTER COLUMN unit_cost TYPE numeric(16, 4)",
            "UPDATE shop.products SET unit_cost = unit_cost + 0.25 WHERE id % 2 = 0",
            "ALTER TABLE shop.order_items ALTER COLUMN quantity TYPE bigint",
            "UPDATE shop.order_items SET quantity = quantity + 1 WHERE id % 9 = 0",
            "TRUNCATE shop.events",
            "INSERT INTO shop.events SELECT * FROM seeded_events WHERE id % 7 <> 0",
            "UPDATE shop.tenants SET time_zone = 'Pacific/Auckland' WHERE id = 2");

    private static final List<String> LATE_DELETED_AND_BROKEN = List.of(
            "UPDATE shop.orders SET ordered_at = ordered_at - interval '40 days' WHERE id % 23 = 0",
            "DELETE FROM shop.order_items WHERE id % 29 = 0",
            "DELETE FROM shop.events WHERE id % 31 = 0",
            "UPDATE shop.invoices SET status = 'void', paid_at = NULL WHERE subscription_id IS NOT NULL AND id % 11 = 0",
            // What no shop does: these are held back, and some of them are mended.
            "UPDATE shop.orders SET status = 'pending' WHERE status = 'delivered' AND id % 13 = 0",
            "UPDATE shop.orders SET status = 'delivered' WHERE status = 'pending' AND id % 26 = 0");

    /** What gold makes of the column that its source calls otherwise for a while. */
    private static final Set<String> OF_CHANNELS =
            Set.of("customers_daily", "customers_monthly", "lifetime_daily", "lifetime_monthly");

    /** In an order in which references are to rows that are there. */
    private static final List<String> TABLES_OF_A_TENANT =
            List.of("customers", "products", "orders", "order_items", "events", "subscriptions", "invoices");

    // Kept after a failure, so that its logs can be read.
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path directory;

    private static Launcher launcher;
    private static Map<String, String> environment;
    private static AthenaSession admin;
    /** Before anything of it changed. */
    private static RememberedLake remembered;

    @BeforeAll
    static void startAndSeed() throws SQLException {
        launcher = new Launcher(directory.resolve("lake"));
        launcher.succeed("up", "--port", "0");
        launcher.succeed("seed", "--scale", "small", "--seed", "11");
        launcher.succeed("wait", "--timeout", "600s");
        environment = launcher.environment("admin");
        admin = new AthenaSession(environment);
        try (Connection connection = connect(environment);
                Statement sql = connection.createStatement()) {
            sql.execute("CREATE TABLE seeded_events AS SELECT * FROM shop.events");
        }
        remembered = RememberedLake.of(
                admin,
                position(Layer.SILVER).epoch(),
                Stream.of("conversion_funnel", "customer_acquisition", "product_profitability")
                        .map(MetricComparison.METRICS::named)
                        .toList());
    }

    @AfterAll
    static void stop() {
        if (admin != null) {
            admin.close();
        }
        launcher.succeed("down");
    }

    @Test
    @Order(1)
    void followsWhatTheSourceDoesAndLosesNothing() throws Exception {
        try (Connection connection = connect(environment);
                Statement sql = connection.createStatement();
                Connection another = connect(environment);
                Statement open = another.createStatement()) {
            another.setAutoCommit(false);
            open.execute("UPDATE shop.orders SET total_amount = 4711.00 WHERE id % 50 = 0");

            changeColumns(sql);
            changeRows(connection, sql);
            createTable(sql);
            another.commit();
            launcher.succeed("wait", "--timeout", "600s");

            assertThat(position(Layer.SILVER).stopped()).isEmpty();
            assertThat(position(Layer.GOLD).stopped())
                    .containsOnlyKeys(OF_CHANNELS.toArray(String[]::new))
                    .allSatisfy((table, stopped) -> assertThat(stopped.reason()).contains("acquired_via"));
            assertSame(sql, "products", PRODUCTS);
            assertSame(sql, "customers", CUSTOMERS);
            assertSame(sql, "invoices", INVOICES);
            assertSame(sql, "events", EVENTS);
            assertSame(sql, "orders", ORDERS);
            assertThat(count("select count(*) from silver.orders where total_amount = 4711.00"))
                    .isPositive();
            assertThat(count("select count(*) from silver.products where name like '%never%'"))
                    .isZero();
            assertThat(count("select count(*) from silver.quarantine")).isZero();
            // What silver passes over, bronze has.
            assertThat(count("select count(*) from bronze.products where weight_grams = 7"))
                    .isPositive();
            assertThat(count("select count(distinct id) from bronze.coupons")).isEqualTo(3);

            stopAndRepair(sql);
            reload(sql);
        }
    }

    /** After a truncate, a load, columns that came, went and changed their type, and keys that changed. */
    @Test
    @Order(2)
    void asOfAnEpochBeforeAllThatEveryTableIsWhatItWas() {
        assertThat(remembered.differencesInPreparedStatements(admin)).isEmpty();
    }

    @Test
    @Order(2)
    void everyMetricEqualsItsOracleWhateverTheSourceHasDone() throws Exception {
        try (Connection connection = connect(environment);
                Statement sql = connection.createStatement()) {
            for (String change : CHANGES_UNDER_THE_METRICS) {
                sql.execute(change);
            }
            openAnotherShop(sql);
        }
        // The column that had another name meanwhile is back; older rows get it by a load.
        launcher.succeed("reload", "customers");
        awaitStopped(Set.of());
        launcher.succeed("wait", "--timeout", "600s");

        assertThat(position(Layer.SILVER).stopped()).isEmpty();
        assertThat(position(Layer.GOLD).stopped()).isEmpty();
        assertThat(count("select count(*) from silver.quarantine")).isZero();
        assertThat(count("select count(*) from silver.orders where tenant_id = 100"))
                .isPositive();
        Map<Metric, Map<String, String>> asked = MetricComparison.withValuesOfTheFaults();
        assertThat(MetricComparison.differences(admin, asked, MetricComparison.expected(environment, asked)))
                .isEmpty();
    }

    /** What the lake went through above is in bronze; here come rows that are late, deleted and held back. */
    @Test
    @Order(3)
    void silverAndGoldAreMadeAnewFromBronzeRowByRow() throws Exception {
        try (Connection connection = connect(environment);
                Statement sql = connection.createStatement()) {
            for (String change : LATE_DELETED_AND_BROKEN) {
                assertThat(sql.executeUpdate(change)).as(change).isPositive();
            }
        }
        launcher.succeed("wait", "--timeout", "600s");
        assertThat(count("select count(*) from silver.quarantine")).isPositive();
        Map<String, List<String>> before = derivedTables();
        assertThat(before).containsKeys("silver.orders", "silver.quarantine", "gold.revenue_daily");
        assertThat(launcher.run("up", "--from-bronze").lastErrorLine()).contains("is running", "./tenantlake down");
        long epochs = count("select max(_epoch) from bronze.orders");

        launcher.succeed("down");
        launcher.succeed("up", "--port", "0", "--from-bronze", "--timeout", "9m");
        admin.close();
        environment = launcher.environment("admin");
        admin = new AthenaSession(environment);
        assertThat(count("select max(_epoch) from bronze.orders")).isEqualTo(epochs);
        Map<String, List<String>> after = derivedTables();
        assertThat(after.keySet()).isEqualTo(before.keySet());
        assertThat(before)
                .allSatisfy(
                        (table, rows) -> assertThat(after.get(table)).as(table).isEqualTo(rows));
    }

    /**
     * The rows of each table of silver and gold in order, without what says no more than when the job looked: the epoch that
     * gold computed a row at, and the counts of days before the last one.
     */
    private static Map<String, List<String>> derivedTables() {
        Map<String, List<String>> tables = new TreeMap<>();
        try (GlueClient glue = admin.clients().glue()) {
            for (Layer layer : List.of(Layer.SILVER, Layer.GOLD)) {
                glue.getTablesPaginator(get -> get.databaseName(layer.database())).stream()
                        .flatMap(page -> page.tableList().stream())
                        .forEach(table -> tables.put(
                                layer.database() + "." + table.name(), rows(layer.database(), table.name())));
            }
        }
        return tables;
    }

    private static List<String> rows(String database, String table) {
        AthenaSession.Answer answer = admin.query("select * from " + database + "." + table
                + (table.equals("data_quality") ? " where day = (select max(day) from gold.data_quality)" : ""));
        assertThat(answer.failure()).as(table).isNull();
        int passedOver = database.equals("gold") ? answer.columns().indexOf("_epoch") : -1;
        return answer.rows().stream()
                .map(row -> IntStream.range(0, row.size())
                        .filter(column -> column != passedOver)
                        .mapToObj(column -> answer.columns().get(column) + "=" + row.get(column))
                        .collect(Collectors.joining("|")))
                .sorted()
                .toList();
    }

    /** A tenant by clocks and in a currency of its own, who has what the first one has. */
    private static void openAnotherShop(Statement sql) throws SQLException {
        sql.execute("INSERT INTO shop.tenants (id, slug, name, plan, country, currency, time_zone)"
                + " VALUES (100, 'yeti-supplies', 'Yeti Supplies', 'starter', 'NP', 'NPR', 'Asia/Kathmandu')");
        for (String table : TABLES_OF_A_TENANT) {
            assertThat(sql.executeUpdate("INSERT INTO shop." + table + " SELECT (jsonb_populate_record(t,"
                            + " '{\"tenant_id\": 100, \"currency\": \"NPR\"}')).* FROM shop." + table
                            + " t WHERE tenant_id = 1"))
                    .as(table)
                    .isPositive();
        }
    }

    /** Adds, drops, renames and widens columns; rows change with each. */
    private static void changeColumns(Statement sql) throws SQLException {
        sql.execute("ALTER TABLE shop.products ADD COLUMN weight_grams integer");
        sql.execute("UPDATE shop.products SET weight_grams = 7, name = name || ' (light)' WHERE id % 3 = 0");
        sql.execute("ALTER TABLE shop.products ALTER COLUMN stock_quantity TYPE bigint");
        sql.execute("UPDATE shop.products SET stock_quantity = 2000000000 WHERE id % 7 = 0");
        sql.execute("ALTER TABLE shop.products DROP COLUMN tags");
        sql.execute("UPDATE shop.products SET name = name || ' (plain)' WHERE id % 5 = 0");
        sql.execute("ALTER TABLE shop.customers RENAME COLUMN acquired_via TO source");
        sql.execute("UPDATE shop.customers SET segment = 'wholesale' WHERE id % 11 = 0");
    }

    /** A truncate, a large transaction, one with a savepoint, one that is rolled back, and keys that change. */
    private static void changeRows(Connection connection, Statement sql) throws SQLException {
        sql.execute("TRUNCATE shop.events");
        connection.setAutoCommit(false);
        sql.execute("INSERT INTO shop.events (tenant_id, session_id, event_type, occurred_at)"
                + " SELECT 1, gen_random_uuid(), 'view', timestamptz '2026-01-01' + n * interval '1 minute'"
                + " FROM generate_series(1, 50000) n");
        sql.execute("SAVEPOINT before_mistake");
        sql.execute("DELETE FROM shop.invoices");
        sql.execute("UPDATE shop.products SET name = 'never'");
        sql.execute("ROLLBACK TO SAVEPOINT before_mistake");
        sql.execute("UPDATE shop.invoices SET id = id + 10000000 WHERE id % 10 = 0");
        connection.commit();
        sql.execute("UPDATE shop.products SET name = 'never too'");
        connection.rollback();
        connection.setAutoCommit(true);
    }

    private static void createTable(Statement sql) throws SQLException {
        sql.execute("CREATE TABLE shop.coupons (tenant_id bigint, id bigint, code text, PRIMARY KEY (tenant_id, id))");
        sql.execute("ALTER TABLE shop.coupons REPLICA IDENTITY FULL");
        sql.execute("ALTER PUBLICATION tenantlake ADD TABLE shop.coupons");
        sql.execute("INSERT INTO shop.coupons SELECT 1, n, 'c' || n FROM generate_series(1, 3) n");
    }

    /** A type that silver's cannot hold stops that table alone; changed back, it follows again and has every row. */
    private static void stopAndRepair(Statement sql) throws SQLException {
        List<String> good = inSilver("subscriptions", SUBSCRIPTIONS);
        sql.execute("ALTER TABLE shop.subscriptions DROP CONSTRAINT subscriptions_monthly_amount_check");
        sql.execute("ALTER TABLE shop.subscriptions ALTER COLUMN monthly_amount TYPE text");
        sql.execute("UPDATE shop.subscriptions SET monthly_amount = '12.5' WHERE id % 2 = 0");
        sql.execute("UPDATE shop.invoices SET due_at = due_at + interval '1 day' WHERE id % 3 = 0");
        launcher.succeed("wait", "--timeout", "600s");

        Map<String, StoppedTable> stopped = position(Layer.SILVER).stopped();
        assertThat(stopped).containsOnlyKeys("subscriptions");
        assertThat(stopped.get("subscriptions").reason()).contains("monthly_amount as string");
        assertThat(position(Layer.GOLD).stopped())
                .as("what is made of subscriptions stops with them")
                .containsOnlyKeys(ofChannelsAnd("recurring_monthly", "subscriptions_monthly", "subscription_plans"));
        assertThat(inSilver("subscriptions", SUBSCRIPTIONS)).isEqualTo(good);
        assertSame(sql, "invoices", INVOICES);

        sql.execute("ALTER TABLE shop.subscriptions ALTER COLUMN monthly_amount TYPE numeric(12,2)"
                + " USING monthly_amount::numeric");
        sql.execute("UPDATE shop.subscriptions SET status = 'paused' WHERE status = 'active' AND id % 3 = 0");
        launcher.succeed("wait", "--timeout", "600s");
        // A table that was stopped is waited for by nobody: it follows after the others.
        awaitStopped(OF_CHANNELS);
        assertSame(sql, "subscriptions", SUBSCRIPTIONS);
    }

    /** A value that silver's type does not hold stops its table until it is loaded anew; the figures wait with it. */
    private static void reload(Statement sql) throws SQLException {
        List<String> good = inSilver("order_items", ITEMS);
        sql.execute("ALTER TABLE shop.order_items ALTER COLUMN quantity TYPE bigint");
        sql.execute("UPDATE shop.order_items SET quantity = 3000000000, unit_price = 0, discount_amount = 0"
                + " WHERE id = (SELECT min(id) FROM shop.order_items)");
        launcher.succeed("wait", "--timeout", "600s");
        assertThat(position(Layer.SILVER).stopped()).containsOnlyKeys("order_items");
        assertThat(position(Layer.GOLD).stopped())
                .containsOnlyKeys(
                        ofChannelsAnd("product_daily", "product_monthly", "category_daily", "category_monthly"));
        assertThat(inSilver("order_items", ITEMS)).isEqualTo(good);

        sql.execute("UPDATE shop.order_items SET quantity = 3 WHERE quantity > 2000000000");
        sql.execute("ALTER TABLE shop.order_items ALTER COLUMN quantity TYPE integer");
        launcher.succeed("reload", "order_items");
        awaitStopped(OF_CHANNELS);
        assertSame(sql, "order_items", ITEMS);
        // The versions between are still in bronze, and in the way of no question about any other.
        String sold = "select count(*), sum(quantity) from silver.order_items";
        assertThat(launcher.succeed(
                                "query",
                                "--sql",
                                sold,
                                "--as-of",
                                Long.toString(position(Layer.SILVER).epoch()),
                                "--output",
                                "csv")
                        .output())
                .isEqualTo(launcher.succeed("query", "--sql", sold, "--output", "csv")
                        .output());
    }

    private static String[] ofChannelsAnd(String... others) {
        return Stream.concat(OF_CHANNELS.stream(), Stream.of(others)).toArray(String[]::new);
    }

    /** Waits until no table of silver is stopped any more, and of gold these alone. */
    private static void awaitStopped(Set<String> ofGold) {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(10);
        while (!position(Layer.SILVER).stopped().isEmpty()
                || !position(Layer.GOLD).stopped().keySet().equals(ofGold)) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        }
    }

    private static void assertSame(Statement sql, String table, String columns) throws SQLException {
        List<String> source = new ArrayList<>();
        try (ResultSet rows = sql.executeQuery("SELECT " + columns + " FROM shop." + table)) {
            int width = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                List<String> values = new ArrayList<>();
                for (int column = 1; column <= width; column++) {
                    values.add(rows.getString(column));
                }
                source.add(String.join("|", values));
            }
        }
        assertThat(inSilver(table, columns))
                .as(table)
                .isEqualTo(source.stream().sorted().toList());
    }

    private static List<String> inSilver(String table, String columns) {
        return admin.query("select " + columns + " from silver." + table).rows().stream()
                .map(row -> String.join("|", row))
                .sorted()
                .toList();
    }

    private static long count(String statement) {
        return admin.query(statement).count();
    }

    private static LayerPosition position(Layer layer) {
        try (S3Client s3 = admin.clients().s3()) {
            return new LayerPositions(s3, LakeConfig.from(environment).layout())
                    .read(layer)
                    .orElseThrow();
        }
    }
}
