package dev.tenantlake.source.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenantlake.cli.CommandRunner;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.LakeJson;
import dev.tenantlake.model.SourceColumn;
import dev.tenantlake.model.SourceTable;
import dev.tenantlake.source.CommandRun;
import dev.tenantlake.source.PostgresExtension;
import dev.tenantlake.source.TestShop;
import dev.tenantlake.source.database.ShopSchema;
import dev.tenantlake.source.restore.RowChange.Kind;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
class RestorationTest {

    private static TestShop shop;
    private RememberedRows history;

    @BeforeAll
    static void migrate(TestShop given) {
        shop = given;
        new ShopSchema(shop.database()).migrate();
    }

    /** Two tenants with the same in their tables, values of every type and hard ones among them. */
    @BeforeEach
    void fill() throws SQLException {
        history = new RememberedRows(shop);
        empty();
        shop.execute("""
                INSERT INTO shop.tenants (slug, name, plan, country, currency, time_zone)
                VALUES ('one', 'One', 'starter', 'US', 'USD', 'UTC'), ('two', 'Two', 'starter', 'US', 'USD', 'UTC');

                INSERT INTO shop.customers (tenant_id, email, name, phone, country, birth_date, created_at, updated_at)
                SELECT t.id, c.email, c.name, c.phone, 'US', c.birth_date,
                    timestamptz '2026-01-01 00:00:00.000001+00', timestamptz '2026-02-28 23:59:59.999999+00'
                FROM shop.tenants t, (VALUES
                    ('a@example.com', '', NULL, date '1969-12-31'),
                    (NULL, E'two\\nlines\\r\\n\\ttab', '', NULL),
                    ('c@example.com', E'back\\\\slash \\\\N "quoted" {a,b} ''é'' 日本 😀', 'null', date '2000-02-29'))
                    AS c (email, name, phone, birth_date);

                INSERT INTO shop.products (tenant_id, sku, name, category, unit_price, unit_cost, active, tags)
                SELECT t.id, p.sku, p.sku, 'c', p.price, 0.10, p.active, p.tags
                FROM shop.tenants t, (VALUES
                    ('p1', 1234567890.05, true, ARRAY['', 'NULL', NULL, 'a "b" {c},\\d', E'two\\nlines']),
                    ('p2', 0.00, false, '{}'),
                    ('p3', 12.50, true, NULL)) AS p (sku, price, active, tags);

                INSERT INTO shop.orders (tenant_id, customer_id, status, currency, total_amount, ordered_at)
                SELECT tenant_id, id, 'paid', 'USD', 100.10, timestamptz '2026-03-01 12:00:00.123456+00' + id * interval '1 us'
                FROM shop.customers;

                INSERT INTO shop.events (tenant_id, customer_id, session_id, event_type, properties)
                SELECT tenant_id, id, gen_random_uuid(), 'page_view',
                    '{"b": 1.10, "a": [null, true, 1e-7, 12345678901234567890.123456789], "text": "tab\\t \\" é 😀", "": {}}'
                FROM shop.customers;
                """);
    }

    @Test
    void saysWhatWouldChangeAndChangesNothing() throws SQLException {
        long epoch = history.remember();
        changeOrders();
        List<String> before = rows(SourceTable.ORDERS);

        List<RowChange> changes = new ArrayList<>();
        try (Restoration restoration = begin(SourceTable.ORDERS, epoch)) {
            RestorePlan plan = restoration.plan();
            restoration.changes(20, changes::add);

            assertThat(List.of(plan.insert(), plan.update(), plan.delete(), plan.same()))
                    .containsExactly(1L, 1L, 1L, 1L);
            assertThat(plan.updatedColumns()).isEqualTo(Map.of("status", 1L, "total_amount", 1L, "updated_at", 1L));
            assertThat(plan.notRestored()).isEmpty();
            assertThat(plan.obstacle()).isEmpty();
            assertThat(plan.applied()).isFalse();
        }
        assertThat(changes.stream().map(RowChange::kind)).containsExactly(Kind.INSERT, Kind.UPDATE, Kind.DELETE);
        RowChange updated = changes.get(1);
        assertThat(updated.now().keySet()).containsExactly("status", "total_amount", "updated_at");
        assertThat(updated.now().get("status").asText()).isEqualTo("delivered");
        assertThat(updated.then().get("status").asText()).isEqualTo("paid");
        assertThat(updated.then().get("total_amount")).hasToString("100.10");
        assertThat(changes.get(0).then().get("ordered_at").asText()).contains("12:00:00.12345");
        assertThat(rows(SourceTable.ORDERS)).isEqualTo(before);
    }

    @Test
    void givesEveryValueOfEveryTypeBackAndNobodyElses() throws SQLException {
        long epoch = history.remember();
        Map<SourceTable, List<String>> before = allRows();
        shop.execute("""
                UPDATE shop.customers SET email = NULL, name = NULL, phone = 'x', birth_date = now() WHERE tenant_id = 1;
                UPDATE shop.products SET unit_price = unit_price + 1, tags = ARRAY['x'], active = NOT active
                    WHERE tenant_id = 1;
                DELETE FROM shop.events WHERE tenant_id = 1;
                INSERT INTO shop.events (tenant_id, session_id, event_type) VALUES (1, gen_random_uuid(), 'page_view');
                UPDATE shop.tenants SET name = 'other' WHERE id = 1
                """);
        changeOrders();
        List<String> versionsOfTheOther = rowVersions();

        for (SourceTable table : SourceTable.ALL) {
            try (Restoration restoration = begin(table, epoch)) {
                assertThat(restoration.apply().applied()).isTrue();
                assertThat(restoration.plan().isEmpty()).as(table.name()).isTrue();
            }
        }

        assertThat(allRows()).isEqualTo(before);
        assertThat(rowVersions()).isEqualTo(versionsOfTheOther);
    }

    @Test
    void whatRefersToARowThatIsGoneSaysWhatToRestoreFirst() throws SQLException {
        long epoch = history.remember();
        Map<SourceTable, List<String>> before = allRows();
        shop.execute("""
                DELETE FROM shop.orders WHERE (tenant_id, customer_id) = (1, 1);
                DELETE FROM shop.customers WHERE (tenant_id, id) = (1, 1);
                INSERT INTO shop.customers (tenant_id, country) VALUES (1, 'DE');
                INSERT INTO shop.orders (tenant_id, customer_id, currency, total_amount)
                    SELECT 1, max(id), 'USD', 1 FROM shop.customers
                """);
        Map<SourceTable, List<String>> changed = allRows();

        assertThatThrownBy(() -> apply(SourceTable.ORDERS, epoch, false))
                .isInstanceOf(LakeException.class)
                .hasMessage("1 row of orders as of epoch 1 refers to customers that are not there now (customer_id 1):"
                        + " restore customers first, with ./tenantlake restore --tenant one --table customers --as-of 1"
                        + " --keep-new --apply; nothing was changed");
        assertThatThrownBy(() -> apply(SourceTable.CUSTOMERS, epoch, false))
                .hasMessage("1 row of orders refers to customers that came after epoch 1 and would go: restore orders"
                        + " first, with ./tenantlake restore --tenant one --table orders --as-of 1 --apply, or keep what"
                        + " came since with --keep-new; nothing was changed");
        assertThat(allRows()).isEqualTo(changed);

        assertThat(apply(SourceTable.CUSTOMERS, epoch, true).newer()).isEqualTo(1);
        apply(SourceTable.ORDERS, epoch, false);
        apply(SourceTable.CUSTOMERS, epoch, false);
        apply(SourceTable.EVENTS, epoch, false);
        assertThat(allRows()).isEqualTo(before);
    }

    @Test
    void saysWhatBecomesOfRowsOfOtherTables() throws SQLException {
        long epoch = history.remember();
        shop.execute("""
                INSERT INTO shop.customers (tenant_id, country) VALUES (1, 'DE');
                INSERT INTO shop.events (tenant_id, customer_id, session_id, event_type)
                    SELECT 1, max(id), gen_random_uuid(), 'page_view' FROM shop.customers
                """);

        assertThat(apply(SourceTable.CUSTOMERS, epoch, false).alsoChanged())
                .containsExactly("customer_id of 1 row of events becomes null");
    }

    @Test
    void leavesNothingBehindWhenTheSourceDoesNotTakeARow() throws SQLException {
        long epoch = history.remember();
        shop.execute("""
                UPDATE shop.customers SET email = 'b@example.com' WHERE email = 'a@example.com' AND tenant_id = 1;
                UPDATE shop.customers SET country = 'DE' WHERE tenant_id = 1;
                INSERT INTO shop.customers (tenant_id, email, country) VALUES (1, 'a@example.com', 'US')
                """);
        List<String> before = rows(SourceTable.CUSTOMERS);

        assertThatThrownBy(() -> apply(SourceTable.CUSTOMERS, epoch, true))
                .isInstanceOf(LakeException.class)
                .hasMessageStartingWith("Postgres does not take the rows of shop.customers as they were: ")
                .hasMessageContaining("customers_email_key")
                .hasMessageEndingWith("; nothing was changed");
        assertThat(rows(SourceTable.CUSTOMERS)).isEqualTo(before);

        // Without the new row, its address is free.
        assertThat(apply(SourceTable.CUSTOMERS, epoch, false).delete()).isEqualTo(1);
    }

    @Test
    void findsTheSameAnewWhenSomebodyWasQuicker() throws Exception {
        long epoch = history.remember();
        List<String> before = rows(SourceTable.ORDERS);
        changeOrders();
        try (Connection writer = shop.connect();
                Statement statement = writer.createStatement();
                Restoration restoration = begin(SourceTable.ORDERS, epoch)) {
            assertThat(restoration.plan().update()).isEqualTo(1);
            writer.setAutoCommit(false);
            statement.execute("UPDATE shop.orders SET status = 'cancelled' WHERE tenant_id = 1 AND customer_id = 3");
            CompletableFuture<RestorePlan> applied = CompletableFuture.supplyAsync(restoration::apply);
            awaitSomebodyWaits();
            writer.commit();

            assertThat(applied.get(30, TimeUnit.SECONDS).update()).isEqualTo(2);
        }
        assertThat(rows(SourceTable.ORDERS)).isEqualTo(before);
    }

    @Test
    void aRowThatWasHeldBackIsLeftAsItIs() throws SQLException {
        long epoch = history.remember();
        history.holdBack("1/2");
        changeOrders();

        RestorePlan plan = apply(SourceTable.ORDERS, epoch, false);

        assertThat(plan.heldBack()).isEqualTo(1);
        assertThat(plan.delete()).isEqualTo(1);
        assertThat(shop.rows("SELECT status FROM shop.orders WHERE (tenant_id, id) = (1, 2)"))
                .containsExactly("delivered");
    }

    @Test
    void aColumnThatIsNotKnownOfEveryRowKeepsItsValues() throws SQLException {
        long first = history.remember();
        shop.execute("""
                ALTER TABLE shop.orders ADD COLUMN note text NOT NULL DEFAULT 'none';
                UPDATE shop.orders SET note = 'kept', status = 'shipped', currency = 'EUR' WHERE tenant_id = 1;
                """);
        history.hadColumns(first, without("currency"));
        long second = history.remember();
        PastRow unchanged =
                history.rows(SourceTable.ORDERS, 1, second).findFirst().orElseThrow();
        history.replace(second, SourceTable.ORDERS, new PastRow(first, unchanged.values()));
        shop.execute("""
                UPDATE shop.orders SET status = 'cancelled', currency = 'JPY' WHERE tenant_id = 1;
                DELETE FROM shop.orders WHERE (tenant_id, id) = (1, 3)
                """);
        // One that comes back needs all that the source asks for.
        shop.execute("ALTER TABLE shop.orders ALTER COLUMN currency SET DEFAULT 'USD'");

        RestorePlan plan = apply(SourceTable.ORDERS, second, false);

        assertThat(plan.notRestored())
                .isEqualTo(Map.of(
                        "note", "the lake does not have it", "currency", "not every row had it at epoch " + second));
        assertThat(shop.rows("SELECT id, status, currency, note FROM shop.orders WHERE tenant_id = 1 ORDER BY id"))
                .containsExactly("1|shipped|JPY|kept", "2|shipped|JPY|kept", "3|shipped|USD|none");
        shop.execute("ALTER TABLE shop.orders DROP COLUMN note, ALTER COLUMN currency DROP DEFAULT");
    }

    @Test
    void aRowThatChangedWithoutSayingWhenComesBackWithTheTimeItHad() throws SQLException {
        long epoch = history.remember();
        List<String> before = rows(SourceTable.ORDERS);
        shop.execute("""
                ALTER TABLE shop.orders DISABLE TRIGGER touch;
                UPDATE shop.orders SET status = 'refunded';
                ALTER TABLE shop.orders ENABLE TRIGGER touch
                """);

        apply(SourceTable.ORDERS, epoch, false);

        assertThat(rows(SourceTable.ORDERS).subList(0, 3)).isEqualTo(before.subList(0, 3));
    }

    @Test
    void aTenantThatIsGoneComesBackAndNoIdIsGivenTwice() throws SQLException {
        long epoch = history.remember();
        Map<SourceTable, List<String>> before = allRows();
        empty();

        for (SourceTable table : SourceTable.ALL) {
            apply(table, epoch, false);
        }

        Map<SourceTable, List<String>> ofOne = allRows();
        ofOne.forEach((table, rows) -> assertThat(before.get(table)).startsWith(rows.toArray(String[]::new)));
        assertThat(ofOne.get(SourceTable.ORDERS)).hasSize(3);
        assertThat(shop.rows("INSERT INTO shop.orders (tenant_id, customer_id, currency, total_amount)"
                        + " VALUES (1, 1, 'USD', 1) RETURNING id"))
                .containsExactly("4");
    }

    @Test
    void anInstantWithoutItsMicrosecondsIsNotRestored() throws SQLException {
        long epoch = history.remember();
        PastRow row = history.rows(SourceTable.CUSTOMERS, 1, epoch).findFirst().orElseThrow();
        history.replace(epoch, SourceTable.CUSTOMERS, cut(row));

        assertThatThrownBy(() -> apply(SourceTable.CUSTOMERS, epoch, false))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("shop.customers.created_at as '2026-01-01 00:00:00.000'");
    }

    @Test
    void printsThePlanAndWhatWasApplied() throws SQLException, IOException {
        long epoch = history.remember();
        changeOrders();

        CommandRun planned = run("--tenant", "one", "--table", "orders", "--as-of", "2026-11-14T09:00:01Z");
        assertThat(planned.exitCode()).as(planned.err()).isZero();
        assertThat(planned.out())
                .contains("shop.orders of one as of epoch 1, all that was committed until 2026-11-14T09:00:01Z")
                .containsPattern("to come back +1  there then, gone since")
                .contains("status in 1, total_amount in 1, updated_at in 1")
                .contains("  insert 1/1: tenant_id 1, id 1, customer_id 1, status \"paid\"")
                .contains("  update 1/2: status \"delivered\" -> \"paid\", total_amount 5.00 -> 100.10, updated_at ")
                .contains("Nothing was changed. To apply it: ./tenantlake restore --tenant one --table orders --as-of 1"
                        + " --apply");

        CommandRun json = run("--tenant", "one", "--table", "orders", "--as-of", "1", "--apply", "--output", "json");
        assertThat(json.exitCode()).as(json.err()).isZero();
        JsonNode result = LakeJson.mapper().readTree(json.out());
        assertThat(result.get("applied").asBoolean()).isTrue();
        assertThat(result.get("epoch").asLong()).isEqualTo(epoch);
        assertThat(result.get("changes").findValuesAsText("kind")).containsExactly("insert", "update", "delete");
        assertThat(json.out()).contains("100.10");

        CommandRun again = run("--tenant", "one", "--table", "orders", "--as-of", "1");
        assertThat(again.out()).containsPattern("the same +3\\R").contains("Nothing is to be changed.");
    }

    @Test
    void aMistakeIsOneLineAndExitCode2() throws SQLException {
        history.remember();
        assertWrong(
                "no tenant has, or had at epoch 1, the slug 'three': expected one of one, two",
                "--tenant",
                "three",
                "--table",
                "orders",
                "--as-of",
                "1");
        assertWrong("there is no epoch 2", "--tenant", "one", "--table", "orders", "--as-of", "2");
        assertWrong(
                "--table is 'order': expected one of tenants, customers, ",
                "--tenant",
                "one",
                "--table",
                "order",
                "--as-of",
                "1");
        assertWrong(
                "--as-of is 'yesterday': expected an epoch's number such as 812, or an instant",
                "--tenant",
                "one",
                "--table",
                "orders",
                "--as-of",
                "yesterday");
        assertWrong(
                "--show is -1: expected how many rows",
                "--tenant",
                "one",
                "--table",
                "orders",
                "--as-of",
                "1",
                "--show",
                "-1");
    }

    private void assertWrong(String message, String... arguments) {
        CommandRun run = run(arguments);
        assertThat(run.exitCode()).as("%s", run).isEqualTo(2);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).contains(message);
        assertThat(run.out()).isEmpty();
    }

    private CommandRun run(String... arguments) {
        return CommandRun.of(() -> CommandRunner.run(new RestoreCommand(shop.environment(), () -> history), arguments));
    }

    private static void empty() throws SQLException {
        shop.execute("TRUNCATE "
                + SourceTable.ALL.stream().map(SourceTable::qualifiedName).collect(Collectors.joining(", "))
                + " RESTART IDENTITY");
    }

    /** Of the first tenant: one order gone, one changed, one new, and one as it was. */
    private void changeOrders() throws SQLException {
        shop.execute("""
                DELETE FROM shop.orders WHERE (tenant_id, id) = (1, 1);
                UPDATE shop.orders SET status = 'delivered', total_amount = 5 WHERE (tenant_id, id) = (1, 2);
                INSERT INTO shop.orders (tenant_id, customer_id, currency, total_amount) VALUES (1, 2, 'USD', 7)
                """);
    }

    private Restoration begin(SourceTable table, long epoch) {
        return Restoration.begin(
                shop.database(), history, new RestoreRequest("one", table, new AsOf.OfEpoch(epoch), false));
    }

    private RestorePlan apply(SourceTable table, long epoch, boolean keepNew) {
        try (Restoration restoration = Restoration.begin(
                shop.database(), history, new RestoreRequest("one", table, new AsOf.OfEpoch(epoch), keepNew))) {
            return restoration.apply();
        }
    }

    private Map<SourceTable, List<String>> allRows() throws SQLException {
        Map<SourceTable, List<String>> all = new LinkedHashMap<>();
        for (SourceTable table : SourceTable.ALL) {
            all.put(table, rows(table));
        }
        return all;
    }

    private List<String> rows(SourceTable table) throws SQLException {
        return shop.rows("SELECT t::text FROM " + table.qualifiedName() + " AS t ORDER BY "
                + String.join(", ", table.primaryKey()));
    }

    /** Which transaction has written each row of the second tenant. */
    private List<String> rowVersions() throws SQLException {
        List<String> versions = new ArrayList<>();
        for (SourceTable table : SourceTable.ALL) {
            versions.addAll(shop.rows("SELECT '" + table.name() + "', id, xmin, xmax FROM " + table.qualifiedName()
                    + " WHERE " + table.tenantColumn() + " = 2 ORDER BY id"));
        }
        return versions;
    }

    private static Set<String> without(String column) {
        return SourceTable.ORDERS.columns().stream()
                .map(SourceColumn::name)
                .filter(name -> !name.equals(column))
                .collect(Collectors.toSet());
    }

    /** The row with its instants to the millisecond. */
    private static PastRow cut(PastRow row) {
        return new PastRow(
                row.epoch(),
                row.values().stream()
                        .map(value -> value == null ? null : value.replaceAll("(:\\d\\d\\.\\d{3})\\d{3}$", "$1"))
                        .toList());
    }

    private void awaitSomebodyWaits() throws SQLException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (shop.count("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND wait_event_type = 'Lock'")
                == 0) {
            assertThat(System.nanoTime()).as("waited for too long").isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }
}
