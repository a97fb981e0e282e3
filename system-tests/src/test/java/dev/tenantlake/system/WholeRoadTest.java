package dev.tenantlake.system;

import static dev.tenantlake.system.MetricComparison.METRICS;
import static dev.tenantlake.system.MetricComparison.withDefaults;
import static dev.tenantlake.system.MetricComparison.withValuesOfTheFaults;
import static dev.tenantlake.system.SourceDatabase.connect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenantlake.cli.Checkout;
import dev.tenantlake.control.chaos.ChaosPlan;
import dev.tenantlake.control.chaos.ChaosReport;
import dev.tenantlake.control.chaos.ChaosRun;
import dev.tenantlake.control.lake.DataDirectory;
import dev.tenantlake.control.run.Modules;
import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.EpochLog;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.LakeJson;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.LayerPosition;
import dev.tenantlake.model.LayerPositions;
import dev.tenantlake.model.SourceColumn;
import dev.tenantlake.model.SourceTable;
import dev.tenantlake.query.command.StopRequest;
import dev.tenantlake.query.cost.CostMeasurement;
import dev.tenantlake.query.cost.CostReport;
import dev.tenantlake.query.grants.Tenant;
import dev.tenantlake.query.history.AskedState;
import dev.tenantlake.query.history.GoldDefinitions;
import dev.tenantlake.query.history.LakeSchema;
import dev.tenantlake.query.history.StateStatements;
import dev.tenantlake.query.metric.Metric;
import dev.tenantlake.system.AthenaSession.Answer;
import dev.tenantlake.system.Launcher.Outcome;
import dev.tenantlake.system.MetricOracle.Figures;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.athena.model.AthenaException;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.Table;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The whole road, from a commit in Postgres to a row-filtered answer, through the launcher and the AWS SDK as a user
 * goes it. One lake is started for all of it; the last tests take it down and up again.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class WholeRoadTest {

    private static final Logger LOG = LoggerFactory.getLogger(WholeRoadTest.class);
    private static final List<String> LAYERS = List.of("bronze", "silver", "gold");
    /** One of each gold table: a few that stand for all where asking all would take too long. */
    private static final List<Metric> OVER_GOLD =
            List.of(METRICS.named("revenue_growth"), METRICS.named("best_sellers"), METRICS.named("conversion_funnel"));

    /** What changes the past: figures of days, months and cohorts that were counted before. */
    private static final List<String> DELETES_AND_LATE_CHANGES = List.of(
            "update shop.orders set status = 'cancelled' where status in ('paid', 'shipped', 'delivered') and id % 17 = 0",
            "update shop.orders set status = 'refunded' where status = 'delivered' and id % 19 = 0",
            "update shop.orders set ordered_at = ordered_at - interval '40 days' where id % 23 = 0",
            "delete from shop.order_items where id % 29 = 0",
            "delete from shop.order_items where order_id % 31 = 0",
            "delete from shop.invoices where order_id % 31 = 0",
            "delete from shop.orders where id % 31 = 0",
            "delete from shop.events where id % 37 = 0",
            "update shop.events set occurred_at = occurred_at - interval '3 hours' where id % 41 = 0",
            """
            update shop.events e
               set session_id = coalesce(
                 (select o.session_id from shop.events o
                   where o.tenant_id = e.tenant_id and o.session_id <> e.session_id
                     and o.occurred_at between e.occurred_at - interval '6 hours' and e.occurred_at + interval '6 hours'
                   order by o.occurred_at, o.id limit 1), e.session_id)
             where e.id % 43 = 0
            """,
            "update shop.invoices set status = 'void', paid_at = null where subscription_id is not null and id % 11 = 0",
            "delete from shop.invoices where subscription_id is not null and id % 13 = 0",
            """
            update shop.subscriptions
               set status = 'cancelled', cancelled_at = greatest(started_at, now() - interval '45 days')
             where status <> 'cancelled' and id % 7 = 0
            """,
            "delete from shop.invoices where subscription_id % 9 = 0",
            "delete from shop.subscriptions where id % 9 = 0",
            """
            delete from shop.customers c
             where not exists (select from shop.orders o where (o.tenant_id, o.customer_id) = (c.tenant_id, c.id))
               and not exists (select from shop.invoices i where (i.tenant_id, i.customer_id) = (c.tenant_id, c.id))
               and not exists (select from shop.subscriptions s where (s.tenant_id, s.customer_id) = (c.tenant_id, c.id))
            """,
            "update shop.products set unit_cost = unit_cost + 1, unit_price = unit_price + 1, category = 'other' where id % 5 = 0",
            "update shop.products set stock_quantity = 0 where category = 'other'",
            // A customer goes with all that he ever did, and a product with all that was ever sold of it.
            "delete from shop.invoices where customer_id % 10 = 3",
            "delete from shop.subscriptions where customer_id % 10 = 3",
            """
            delete from shop.order_items i using shop.orders o
             where (o.tenant_id, o.id) = (i.tenant_id, i.order_id) and o.customer_id % 10 = 3
            """,
            "delete from shop.orders where customer_id % 10 = 3",
            "delete from shop.customers where id % 10 = 3",
            "delete from shop.order_items where product_id % 6 = 1",
            "update shop.events set product_id = null where product_id % 6 = 1",
            "delete from shop.products where id % 6 = 1",
            "update shop.events set id = id + 10000000 where id % 41 = 0");

    // Kept after a failure, so that its logs can be read.
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path directory;

    private static Launcher launcher;
    private static Map<String, String> adminEnvironment;
    private static AthenaSession admin;
    private static List<Tenant> tenants;
    /** Before deletes and late changes. */
    private static RememberedLake remembered;

    private static RememberedLake rememberedByAnalyst;

    @BeforeAll
    static void startAndSeed() throws Exception {
        launcher = new Launcher(directory.resolve("lake"));
        launcher.succeed("up", "--port", "0", "--durable");
        launcher.succeed("seed", "--scale", "small", "--seed", "7");
        launcher.succeed("wait", "--timeout", "300s");
        adminEnvironment = launcher.environment("admin");
        admin = new AthenaSession(adminEnvironment);
        tenants = new ArrayList<>();
        try (Connection connection = connect(adminEnvironment);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select id, slug from shop.tenants order by id")) {
            while (rows.next()) {
                tenants.add(new Tenant(rows.getLong(1), rows.getString(2)));
            }
        }
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
    void silverHoldsTheRowsOfTheSource() throws Exception {
        try (Connection connection = connect(adminEnvironment)) {
            for (SourceTable table : SourceTable.ALL) {
                assertThat(admin.query("select count(*) from silver." + table.name())
                                .count())
                        .as(table.name())
                        .isEqualTo(count(connection, "select count(*) from " + table.qualifiedName()))
                        .isPositive();
            }
        }
    }

    @Test
    @Order(1)
    void anAnalystSeesNoRowOfAnotherTenantInAnyTableOfAnyLayer() {
        Tenant own = tenants.get(1);
        List<String> readable = new ArrayList<>();
        // These two are empty as yet, and truncates are no tenant's.
        List<Table> all = tables().stream()
                .filter(table -> !List.of("quarantine_history", "truncates").contains(table.name()))
                .toList();
        assertThat(all).hasSizeGreaterThanOrEqualTo(2 * SourceTable.ALL.size() + 2);
        try (AthenaSession analyst = new AthenaSession(launcher.environment("analyst:" + own.slug()))) {
            for (Table table : all) {
                String name = table.databaseName() + "." + table.name();
                String tenantColumn = table.name().equals("tenants") ? "id" : "tenant_id";
                Answer foreign =
                        analyst.query("select count(*) from " + name + " where " + tenantColumn + " <> " + own.id());
                if (foreign.failure() != null) {
                    assertThat(analyst.query("select * from " + name + " limit 1")
                                    .failure())
                            .as(name)
                            .isNotNull();
                    continue;
                }
                readable.add(name);
                assertThat(foreign.count()).as(name).isZero();
                long ownRows = admin.query("select count(*) from " + name + " where " + tenantColumn + " = " + own.id())
                        .count();
                assertThat(analyst.query("select count(*) from " + name).count())
                        .as(name)
                        .isEqualTo(ownRows)
                        .isPositive();
                assertThat(admin.query("select count(*) from " + name).count())
                        .as(name + " holds other tenants' rows too")
                        .isGreaterThan(ownRows);
            }
        }
        assertThat(readable)
                .containsExactlyInAnyOrderElementsOf(all.stream()
                        .filter(table -> !table.name().equals("quarantine"))
                        .map(table -> table.databaseName() + "." + table.name())
                        .toList());
    }

    @ParameterizedTest
    @Order(1)
    @CsvSource(
            delimiter = '|',
            value = {
                "select count(*) from silver.orders o join silver.tenants t on t.id = o.tenant_id where t.id <> %d",
                "select count(*) from (select tenant_id from silver.orders union all select tenant_id from gold.revenue_daily) where tenant_id <> %d",
                "with o as (table silver.orders) select count(*) from o where tenant_id <> %d",
                "select count(*) from silver.tenants where id in (select tenant_id from silver.customers where tenant_id <> %d)",
                "select count(*) from hudi.silver.orders where tenant_id <> %d",
                "select count(*) from silver.\"orders$partitions\" where tenant_id <> %d",
                "select count(*) from silver.\"orders$timeline\" where 0 <> %d",
                "select count(*) from system.runtime.queries where 0 <> %d",
                "select count(*) from information_schema.tables where table_name = 'quarantine' and 0 <> %d",
                "select count(*) from information_schema.columns where column_name = 'email' and 0 <> %d",
                "select count(*) from bronze.orders where tenant_id <> %d"
            })
    void noStatementGivesAnAnalystARowOfAnotherTenant(String template) {
        Tenant own = tenants.get(0);
        try (AthenaSession analyst = new AthenaSession(launcher.environment("analyst:" + own.slug()))) {
            Answer answer = analyst.query(String.format(template, own.id()));
            if (answer.failure() == null) {
                assertThat(answer.count()).isZero();
            }
        }
    }

    @Test
    @Order(1)
    void theLauncherGivesAnAnalystTheRowsThatTheAdministratorGetsForThatTenant() {
        String slug = tenants.get(0).slug();
        List<JsonNode> all = new ArrayList<>();
        json("query", "revenue_by_tenant", "--output", "json").forEach(all::add);
        List<JsonNode> own = new ArrayList<>();
        json("query", "revenue_by_tenant", "--output", "json", "--as", "analyst:" + slug)
                .forEach(own::add);
        assertThat(all).hasSizeGreaterThan(own.size());
        assertThat(own)
                .isNotEmpty()
                .containsExactlyElementsOf(all.stream()
                        .filter(row -> row.get("tenant").asText().equals(slug))
                        .toList());
    }

    @Test
    @Order(1)
    void everyMetricIsListedAndHasAFault() {
        List<String> listed = new ArrayList<>();
        json("metrics", "--output", "json")
                .forEach(metric -> listed.add(metric.get("name").asText()));
        assertThat(listed)
                .hasSize(20)
                .containsExactlyElementsOf(
                        METRICS.all().stream().map(Metric::name).toList())
                .containsExactlyElementsOf(
                        MetricFault.ALL.stream().map(MetricFault::metric).toList());
    }

    @Test
    @Order(1)
    void everyMetricEqualsItsOracleAfterSeeding() throws Exception {
        assertThat(differences(withValuesOfTheFaults())).isEmpty();
        assertThat(differencesOfGold()).isEmpty();
    }

    @Test
    @Order(1)
    void everyMetricGivesAnAnalystTheFiguresOfTheOwnTenant() throws Exception {
        String slug = tenants.get(0).slug();
        Map<Metric, Figures> own = new LinkedHashMap<>();
        expected(withDefaults()).forEach((metric, all) -> {
            own.put(metric, all.ofTenant(slug));
            assertThat(own.get(metric).rows())
                    .as(metric.name())
                    .isNotEmpty()
                    .hasSizeLessThan(all.rows().size());
        });
        try (AthenaSession analyst = new AthenaSession(launcher.environment("analyst:" + slug))) {
            assertThat(MetricComparison.differences(analyst, withDefaults(), own))
                    .isEmpty();
        }
    }

    @Test
    @Order(1)
    void theReportOfAnAnalystShowsEveryMetricOfTheOwnTenantAndOfNoOther() throws Exception {
        String own = tenants.get(0).slug();
        Path file = directory.resolve("report.html");
        assertThat(launcher.succeed("report", "--as", "analyst:" + own, "--output", file.toString())
                        .output())
                .isEqualTo(file + "\n");
        String page = Files.readString(file);
        for (Metric metric : METRICS.all()) {
            String section = page.substring(page.indexOf("<section id=\"" + metric.name() + "\">"));
            assertThat(section.substring(0, section.indexOf("</section>")))
                    .as(metric.name())
                    .contains("class=\"chart\"", "<td");
        }
        for (Tenant tenant : tenants.subList(1, tenants.size())) {
            assertThat(page).doesNotContain(tenant.slug());
        }
        JsonNode revenue = json("query", "revenue_by_tenant", "--output", "json", "--as", "analyst:" + own);
        assertThat(page)
                .contains("<td class=\"n\">"
                        + String.format(
                                Locale.ROOT,
                                "%,.2f",
                                revenue.get(0).get("revenue").decimalValue()) + "</td>")
                .contains("Silver</dt><dd>holds what was committed until ");
    }

    @Test
    @Order(1)
    void whatAMetricScansIsKnownOfEveryLayer() {
        Tenant own = tenants.get(0);
        try (AthenaSession analyst = new AthenaSession(launcher.environment("analyst:" + own.slug()))) {
            CostMeasurement measurement = new CostMeasurement(
                    new dev.tenantlake.query.athena.AthenaSession(admin.client(), "tenantlake", "gold"),
                    Duration.ofMinutes(2),
                    new StopRequest(),
                    what -> {});
            String report = CostReport.of(
                            List.of(METRICS.named("revenue_by_category"), METRICS.named("plan_distribution")),
                            measurement,
                            tenants.size(),
                            own,
                            new dev.tenantlake.query.athena.AthenaSession(
                                    analyst.client(), "tenantlake-" + own.slug(), "gold"))
                    .markdown();
            assertThat(report)
                    .contains("[revenue_by_category]", "[plan_distribution]")
                    .doesNotContain("| 0 |");
        }
    }

    /** With the parameters with which the sound metrics equal their oracles, in the test after seeding. */
    @Test
    @Order(1)
    void theOracleCatchesAFaultInEveryMetric() throws Exception {
        Map<Metric, Map<String, String>> asked = new LinkedHashMap<>();
        MetricFault.ALL.forEach(fault -> asked.put(fault.in(METRICS.named(fault.metric())), fault.values()));
        Set<String> caught = differences(asked).keySet();
        assertThat(MetricFault.ALL)
                .allSatisfy(fault -> assertThat(caught)
                        .as(fault.metric() + ": " + fault.is())
                        .contains(fault.metric()));
    }

    @Test
    @Order(1)
    void anAnalystSeesNoSensitiveColumn() {
        try (AthenaSession analyst = new AthenaSession(
                launcher.environment("analyst:" + tenants.get(0).slug()))) {
            for (String column : SourceTable.CUSTOMERS.sensitiveColumns()) {
                assertThat(analyst.query("select count(" + column + ") from silver.customers")
                                .failure())
                        .as(column)
                        .isNotNull();
            }
            assertThat(analyst.query("select * from silver.customers limit 1")
                            .rows()
                            .get(0))
                    .as("all other columns are there")
                    .hasSize(admin.query("select * from silver.customers limit 1")
                                    .rows()
                                    .get(0)
                                    .size()
                            - SourceTable.CUSTOMERS.sensitiveColumns().size());
        }
    }

    @Test
    @Order(1)
    void anAnalystReachesNeitherAnothersResultsNorTheFiles() {
        Answer adminsAnswer = admin.query("select count(*) from silver.orders");
        try (AthenaSession analyst = new AthenaSession(
                        launcher.environment("analyst:" + tenants.get(0).slug()));
                S3Client s3 = analyst.clients().s3()) {
            assertThatThrownBy(() -> analyst.client()
                            .getQueryResults(get -> get.queryExecutionId(adminsAnswer.queryExecutionId())))
                    .isInstanceOf(AthenaException.class);
            assertThatThrownBy(() -> analyst.queryIn("tenantlake", "select 1")).isInstanceOf(AthenaException.class);
            assertThatThrownBy(
                            () -> analyst.queryIn("tenantlake-" + tenants.get(1).slug(), "select 1"))
                    .isInstanceOf(AthenaException.class);
            assertThatThrownBy(() -> s3.getObject(get -> get.bucket("tenantlake")
                            .key("athena-results/tenantlake/" + adminsAnswer.queryExecutionId() + ".csv")))
                    .isInstanceOf(AwsServiceException.class);
            assertThatThrownBy(() ->
                            s3.listObjectsV2(list -> list.bucket("tenantlake").prefix("silver/")))
                    .isInstanceOf(AwsServiceException.class);
        }
    }

    @Test
    @Order(1)
    void anUnsignedOrWronglySignedCallGetsAnError() throws Exception {
        HttpResponse<String> unsigned = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(adminEnvironment.get("AWS_ENDPOINT_URL")))
                                .header("Content-Type", "application/x-amz-json-1.1")
                                .header("X-Amz-Target", "AmazonAthena.ListWorkGroups")
                                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(unsigned.statusCode()).isBetween(400, 403);

        Map<String, String> forged = new HashMap<>(adminEnvironment);
        forged.put("AWS_SECRET_ACCESS_KEY", "x".repeat(40));
        try (AthenaSession stranger = new AthenaSession(forged);
                S3Client s3 = stranger.clients().s3()) {
            assertThatThrownBy(() -> stranger.query("select 1")).isInstanceOf(AthenaException.class);
            assertThatThrownBy(() -> s3.listObjectsV2(list -> list.bucket("tenantlake")))
                    .isInstanceOf(AwsServiceException.class);
        }
    }

    @Test
    @Order(2)
    void aTransactionShowsInEveryLayer() throws Exception {
        Tenant tenant = tenants.get(0);
        String orders = "select count(*) from silver.orders where tenant_id = " + tenant.id();
        String revenue = "select coalesce(sum(revenue), 0) from gold.revenue_daily where tenant_id = " + tenant.id();
        long ordersBefore = admin.query(orders).count();
        java.math.BigDecimal revenueBefore =
                new java.math.BigDecimal(admin.query(revenue).value());
        try (Connection connection = connect(adminEnvironment);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("""
                    with source as (
                      select o.tenant_id, o.customer_id, o.currency, i.product_id
                      from shop.orders o join shop.order_items i on i.tenant_id = o.tenant_id and i.order_id = o.id
                      where o.tenant_id = %1$d limit 1
                    ), placed as (
                      insert into shop.orders (tenant_id, customer_id, status, currency, total_amount, ordered_at)
                      select tenant_id, customer_id, 'paid', currency, 246.90, now() from source
                      returning tenant_id, id
                    )
                    insert into shop.order_items (tenant_id, order_id, product_id, quantity, unit_price, discount_amount)
                    select p.tenant_id, p.id, s.product_id, 2, 123.45, 0 from placed p, source s
                    """.formatted(tenant.id()));
            connection.commit();
        }
        launcher.succeed("wait", "--timeout", "120s");
        assertThat(admin.query(orders).count()).isEqualTo(ordersBefore + 1);
        assertThat(new java.math.BigDecimal(admin.query(revenue).value()))
                .isEqualByComparingTo(revenueBefore.add(new java.math.BigDecimal("246.90")));
    }

    @Test
    @Order(2)
    void everyMetricEqualsItsOracleAfterTraffic() throws Exception {
        launcher.succeed("traffic", "--rate", "50", "--for", "5s");
        launcher.succeed("wait", "--timeout", "120s");
        assertThat(differences(withDefaults())).isEmpty();
        assertThat(differencesOfGold()).isEmpty();
        long epoch = silver().epoch();
        remembered = RememberedLake.of(admin, epoch, METRICS.all());
        try (AthenaSession analyst = analyst(tenants.get(0))) {
            rememberedByAnalyst = RememberedLake.of(analyst, epoch, METRICS.all());
        }
    }

    @Test
    @Order(3)
    void everyMetricEqualsItsOracleAfterDeletesAndLateChanges() throws Exception {
        try (Connection connection = connect(adminEnvironment);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (String change : DELETES_AND_LATE_CHANGES) {
                assertThat(statement.executeUpdate(change)).as(change).isPositive();
            }
            connection.commit();
        }
        launcher.succeed("wait", "--timeout", "180s");
        assertThat(differences(withValuesOfTheFaults())).isEmpty();
        assertThat(differencesOfGold()).isEmpty();
    }

    @Test
    @Order(3)
    void aRowThatBreaksARuleIsHeldBackUntilItIsMended() throws Exception {
        try (Connection connection = connect(adminEnvironment);
                Statement statement = connection.createStatement()) {
            long order =
                    count(connection, "select min(id) from shop.orders where status = 'delivered' and tenant_id = 1");
            String inSilver = "select count(*) from silver.orders where tenant_id = 1 and id = " + order;
            statement.execute("update shop.orders set status = 'pending' where tenant_id = 1 and id = " + order);
            launcher.succeed("wait", "--timeout", "120s");
            assertThat(admin.query("select rule from silver.quarantine where table_name = 'orders'")
                            .value())
                    .isEqualTo("status_transition");
            assertThat(admin.query(inSilver).count()).isZero();
            long during = admin.query("select epoch from silver.quarantine where table_name = 'orders'")
                    .count();
            JsonNode quality = json("status", "--output", "json").get("quality");
            assertThat(quality.findValuesAsText("table"))
                    .containsExactlyElementsOf(SourceTable.ALL.stream()
                            .map(SourceTable::name)
                            .sorted()
                            .toList());
            assertThat(launcher.succeed("status").output()).contains("data quality", "1 in quarantine");
            quality.forEach(table -> assertThat(table.get("quarantinedRows").asLong())
                    .isEqualTo(table.get("table").asText().equals("orders") ? 1 : 0));

            statement.execute("update shop.orders set status = 'delivered' where tenant_id = 1 and id = " + order);
            launcher.succeed("wait", "--timeout", "120s");
            assertThat(admin.query("select count(*) from silver.quarantine").count())
                    .isZero();
            assertThat(admin.query(inSilver).count()).isEqualTo(1);

            long mended = admin.query("select _epoch from silver.orders where tenant_id = 1 and id = " + order)
                    .count();
            assertThat(admin.query("select from_epoch, until_epoch from silver.quarantine_history where tenant_id = 1"
                                    + " and table_name = 'orders' and record_key = '1/" + order + "'")
                            .rows())
                    .containsExactly(List.of(Long.toString(during), Long.toString(mended)));
            for (long epoch : List.of(during - 1, during, mended - 1, mended)) {
                assertThat(admin.query(asking(new AskedState.AsOfEpoch(epoch), true)
                                        .apply(dev.tenantlake.query.sql.Statement.of(inSilver))
                                        .sql())
                                .count())
                        .as("epoch %d of %d to %d", epoch, during, mended)
                        .isEqualTo(epoch >= during && epoch < mended ? 0 : 1);
            }
        }
    }

    /** Paid invoices become void and are paid again: a step that the rules let nobody take but a restore. */
    @Test
    @Order(3)
    void oneTenantsTableGoesBackToAnEarlierEpoch() throws Exception {
        Tenant own = tenants.get(0);
        String columns =
                SourceTable.INVOICES.columns().stream().map(SourceColumn::name).collect(Collectors.joining(", "));
        String inSilver = "select " + columns + " from silver.invoices order by tenant_id, id";
        launcher.succeed("wait", "--timeout", "120s");
        List<List<String>> before = admin.query(inSilver).rows();
        JsonNode bronze = json("status", "--output", "json").get("layers").get(0);
        try (Connection connection = connect(adminEnvironment);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (String change : List.of(
                    "update shop.invoices set status = 'void', paid_at = null where status = 'paid' and id % 2 = 0 and",
                    "delete from shop.invoices where id % 3 = 0 and", """
                    insert into shop.invoices (tenant_id, customer_id, subscription_id, amount, due_at)
                    select tenant_id, customer_id, id, 1, now() from shop.subscriptions where
                    """)) {
                assertThat(statement.executeUpdate(change + " tenant_id = " + own.id()))
                        .as(change)
                        .isPositive();
            }
            connection.commit();
        }
        String[] restore = {"restore", "--tenant", own.slug(), "--table", "invoices", "--output", "json", "--as-of"};
        JsonNode restored = json(and(restore, bronze.get("sourceCommittedAt").asText(), "--apply"));

        assertThat(restored.get("epoch")).isEqualTo(bronze.get("epoch"));
        for (String kind : List.of("insert", "update", "delete")) {
            assertThat(restored.get(kind).asLong()).as(kind).isPositive();
        }
        assertThat(json(and(restore, bronze.get("epoch").asText())).get("changes"))
                .isEmpty();
        launcher.succeed("wait", "--timeout", "120s");
        assertThat(admin.query(inSilver).rows()).isEqualTo(before);
        assertThat(admin.query("select count(*) from silver.quarantine where table_name = 'invoices'")
                        .count())
                .isZero();
    }

    /** After all that changed the past, deletes and rows that moved among it. */
    @Test
    @Order(4)
    void asOfAnEpochEveryTableAndMetricIsWhatItWas() {
        Tenant own = tenants.get(0);
        long epoch = remembered.epoch();
        assertThat(silver().epoch()).isGreaterThan(epoch);
        assertThat(admin.query("select count(*) from silver.orders").count())
                .isNotEqualTo(remembered.answer("orders").size() - 1);
        assertThat(remembered.with(OVER_GOLD).differencesInPreparedStatements(admin))
                .isEmpty();
        assertThat(remembered.differences(admin, asking(new AskedState.AsOfEpoch(epoch), true)))
                .isEmpty();
        try (AthenaSession analyst = analyst(own)) {
            assertThat(rememberedByAnalyst.differencesInPreparedStatements(analyst))
                    .isEmpty();
        }
        String instant = manifest(epoch).lastCommittedAt().toString();
        Outcome byInstant = launcher.succeed(
                "query", "plan_distribution", "--as-of", instant, "--as", "analyst:" + own.slug(), "--output", "csv");
        assertThat(byInstant.error()).contains("as of epoch " + epoch + ", committed until " + instant);
        assertThat(byInstant.output().lines().skip(1).count())
                .isEqualTo(rememberedByAnalyst.answer("plan_distribution").size() - 1);
        assertThat(admin.query("EXECUTE epoch_at USING '"
                                + instant.replace('T', ' ').replace("Z", "") + "'")
                        .count())
                .isEqualTo(epoch);
    }

    @Test
    @Order(4)
    void noQuestionAboutThePastOrThePresentGivesAnAnalystARowOfAnotherTenant() {
        Tenant own = tenants.get(0);
        try (AthenaSession analyst = analyst(own)) {
            for (SourceTable table : SourceTable.ALL) {
                String foreign = table.tenantColumn() + " <> " + own.id();
                assertThat(analyst.query("select count(*) from bronze." + table.name() + " where " + foreign)
                                .count())
                        .as(table.name())
                        .isZero();
                for (AskedState state : List.of(
                        new AskedState.AsOfEpoch(silver().epoch()),
                        new AskedState.Live(Map.of(table.name(), 0L), silver().epoch()))) {
                    dev.tenantlake.query.sql.Statement statement = asking(state, false)
                            .apply(dev.tenantlake.query.sql.Statement.of("select count_if(" + foreign
                                    + "), count(*) - (select count(*) from silver." + table.name()
                                    + " where true) from silver."
                                    + table.name()));
                    assertThat(analyst.query(statement.sql()).rows())
                            .as(table.name() + " " + state)
                            .containsExactly(List.of("0", "0"));
                }
            }
        }
    }

    @Test
    @Order(4)
    void livePutsWhatBronzeHasBeyondSilverIntoIt() {
        // As if silver had stood still since then: all that was changed comes from bronze.
        Map<String, Long> held = new HashMap<>();
        SourceTable.ALL.forEach(table -> held.put(table.name(), remembered.epoch()));
        RememberedLake now = RememberedLake.of(admin, silver().epoch(), OVER_GOLD);
        assertThat(now.differences(admin, asking(new AskedState.Live(held, silver().epoch()), true)))
                .isEmpty();
        assertThat(launcher.succeed("query", "plan_distribution", "--live").error())
                .contains("live until epoch ");
    }

    @ParameterizedTest
    @Order(3)
    @CsvSource(
            delimiter = '|',
            value = {
                "query arr --as-of yesterday                | 2 | yesterday",
                "query arr --as-of 0                        | 2 | expected an epoch from 1",
                "query arr --as-of 2001-01-01T00:00:00Z     | 2 | expected an epoch from 1",
                "query arr --as-of 2999-01-01T00:00:00Z     | 2 | which is the last that silver holds",
                "seed --scale huge                          | 2 | huge",
                "query no_such_metric                       | 2 | no_such_metric",
                "query revenue_by_tenant --as nobody        | 2 | nobody",
                "query revenue_by_tenant --as analyst:ghost | 2 | ghost",
                "env --as analyst:ghost                     | 2 | ghost",
                "restore --tenant acme-tools --table orders --as-of 999999     | 2 | 999999",
                "restore --tenant acme-tools --table orders --as-of 2001-01-01T00:00:00Z | 2 | 2001-01-01T00:00:00Z",
                "no-such-command                            | 2 | no-such-command",
                "demo --scale huge                          | 2 | huge"
            })
    void aMistakeGetsOneLineAndTheRightExitCode(String arguments, int exitCode, String named) {
        Outcome outcome = launcher.run(arguments.strip().split(" +"));
        assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(exitCode);
        assertThat(outcome.lastErrorLine()).contains(named);
        assertThat(outcome.error()).doesNotContain("Exception", "\tat ");
        assertThat(outcome.output()).isEmpty();
    }

    @Test
    @Order(3)
    void sqlThatDoesNotParseGetsOneLine() {
        Outcome outcome = launcher.run("query", "--sql", "selekt 1");
        assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(1);
        assertThat(outcome.lastErrorLine()).contains("line 1:1");
        assertThat(outcome.error()).doesNotContain("\tat ");
    }

    @Test
    @Order(3)
    void aPortInUseIsNamed() {
        String port = String.valueOf(
                URI.create(adminEnvironment.get("AWS_ENDPOINT_URL")).getPort());
        Launcher other = new Launcher(directory.resolve("other"));
        Outcome outcome = other.run("up", "--port", port);
        try {
            assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(1);
            assertThat(outcome.lastErrorLine()).contains(port, "--port");
        } finally {
            other.run("down");
        }
    }

    @Test
    @Order(4)
    void theLakeGoesOnAfterPostgresWentAway() throws Exception {
        long before = admin.query("select count(*) from silver.customers").count();
        long postmaster = Long.parseLong(
                Files.readAllLines(launcher.dataDirectory().resolve("postgres").resolve("postmaster.pid"))
                        .get(0));
        ProcessHandle.of(postmaster).orElseThrow().destroyForcibly();
        launcher.succeed("up");
        try (Connection connection = connect(adminEnvironment);
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    insert into shop.customers (tenant_id, email, name, phone, country, segment, acquired_via)
                    select tenant_id, 'a@example.com', 'A', '1', country, segment, acquired_via
                    from shop.customers limit 1
                    """);
        }
        launcher.succeed("wait", "--timeout", "180s");
        refreshAdmin();
        assertThat(admin.query("select count(*) from silver.customers").count()).isEqualTo(before + 1);
    }

    /** Another seed each time; with one that failed, {@code -Dtenantlake.chaos.seed} does the same again. */
    @Test
    @Order(5)
    void noTransactionIsLostRepeatedOrTornWhenProcessesAreKilledAtRandom() throws Exception {
        long seed = Long.getLong("tenantlake.chaos.seed", System.currentTimeMillis() % 1_000_000);
        LOG.info("event=chaos seed={}", seed);
        ChaosReport report = new ChaosRun(
                        new Modules(new Checkout(
                                Path.of("..").toAbsolutePath().normalize(), Path.of(System.getProperty("java.home")))),
                        new DataDirectory(launcher.dataDirectory()),
                        new ChaosPlan(1, seed, 1, 20),
                        line -> LOG.info("event=chaos_round {}", line),
                        soFar -> {},
                        waitingFor -> {})
                .run();
        assertThat(report.holds()).as("seed %d: %s", seed, report).isTrue();
        assertThat(report.kills()).as("seed %d", seed).isGreaterThanOrEqualTo(3);
        assertThat(report.transactions().written()).isPositive();
        assertThat(report.rowsCompared()).isGreaterThan(10_000);
        refreshAdmin();
    }

    @Test
    @Order(6)
    void downLeavesNothingBehindAndUpGoesOn() throws Exception {
        long before = admin.query("select count(*) from silver.orders").count();
        List<Long> pids = pids();
        assertThat(pids).hasSizeGreaterThanOrEqualTo(4);
        launcher.succeed("down");
        assertThat(pids)
                .allSatisfy(pid -> assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive))
                        .isEmpty());
        assertThat(launcher.dataDirectory().resolve("local-aws.json")).doesNotExist();
        launcher.succeed("up", "--port", "0");
        refreshAdmin();
        assertThat(admin.query("select count(*) from silver.orders").count()).isEqualTo(before);
    }

    /** What each metric has to answer, by the source. */
    private static Map<Metric, Figures> expected(Map<Metric, Map<String, String>> asked) throws SQLException {
        return MetricComparison.expected(adminEnvironment, asked);
    }

    /** How the administrator's answers differ from what the source says. */
    private static Map<String, List<String>> differences(Map<Metric, Map<String, String>> asked) throws SQLException {
        return MetricComparison.differences(admin, asked, expected(asked));
    }

    /** By table of gold that differs from its definition over silver, how many rows only one of the two has. */
    private static Map<String, Long> differencesOfGold() {
        List<GoldDefinition> definitions = tables().stream()
                .filter(table -> table.databaseName().equals("gold"))
                .map(GoldDefinition::of)
                .flatMap(Optional::stream)
                .toList();
        assertThat(definitions).isNotEmpty();
        Map<String, Long> differences = new TreeMap<>();
        definitions.forEach(definition -> {
            long rows = admin.query(definition.differences()).count();
            if (rows != 0) {
                differences.put(definition.table().name(), rows);
            }
        });
        return differences;
    }

    private static void refreshAdmin() {
        admin.close();
        adminEnvironment = launcher.environment("admin");
        admin = new AthenaSession(adminEnvironment);
    }

    private static AthenaSession analyst(Tenant tenant) {
        return new AthenaSession(launcher.environment("analyst:" + tenant.slug()));
    }

    private static LayerPosition silver() {
        try (S3Client s3 = admin.clients().s3()) {
            return new LayerPositions(s3, admin.clients().config().layout())
                    .read(Layer.SILVER)
                    .orElseThrow();
        }
    }

    private static EpochManifest manifest(long epoch) {
        try (S3Client s3 = admin.clients().s3()) {
            return new EpochLog(s3, admin.clients().config().layout())
                    .read(epoch)
                    .orElseThrow();
        }
    }

    /** What makes of a statement the same over another state of the lake. */
    private static UnaryOperator<dev.tenantlake.query.sql.Statement> asking(AskedState state, boolean isAdministrator) {
        try (GlueClient glue = admin.clients().glue()) {
            StateStatements statements = new StateStatements(
                    LakeSchema.of(glue, List.of(Layer.BRONZE, Layer.SILVER)), GoldDefinitions.load(), isAdministrator);
            return statement -> statements.in(state, statement);
        }
    }

    private static List<Long> pids() {
        JsonNode status = json("status", "--output", "json");
        List<Long> pids = new ArrayList<>();
        status.get("services").findValues("pid").forEach(pid -> pids.add(pid.asLong()));
        return pids;
    }

    private static String[] and(String[] arguments, String... more) {
        return Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(String[]::new);
    }

    private static JsonNode json(String... arguments) {
        return LakeJson.read(launcher.succeed(arguments).outputBytes(), JsonNode.class, String.join(" ", arguments));
    }

    private static List<Table> tables() {
        try (AwsClients clients = admin.clients().as(new dev.tenantlake.model.Principal.Admin());
                GlueClient glue = clients.glue()) {
            return LAYERS.stream()
                    .flatMap(layer -> glue.getTablesPaginator(get -> get.databaseName(layer)).stream())
                    .flatMap(page -> page.tableList().stream())
                    .toList();
        }
    }

    private static long count(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
