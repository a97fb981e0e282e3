package dev.tenantlake.etl;

import static dev.tenantlake.etl.Shop.customer;
import static dev.tenantlake.etl.Shop.event;
import static dev.tenantlake.etl.Shop.invoice;
import static dev.tenantlake.etl.Shop.item;
import static dev.tenantlake.etl.Shop.money;
import static dev.tenantlake.etl.Shop.order;
import static dev.tenantlake.etl.Shop.product;
import static dev.tenantlake.etl.Shop.subscription;
import static dev.tenantlake.etl.Shop.tenant;
import static dev.tenantlake.etl.Shop.with;
import static dev.tenantlake.model.SourceTable.CUSTOMERS;
import static dev.tenantlake.model.SourceTable.EVENTS;
import static dev.tenantlake.model.SourceTable.INVOICES;
import static dev.tenantlake.model.SourceTable.ORDERS;
import static dev.tenantlake.model.SourceTable.ORDER_ITEMS;
import static dev.tenantlake.model.SourceTable.PRODUCTS;
import static dev.tenantlake.model.SourceTable.SUBSCRIPTIONS;
import static dev.tenantlake.model.SourceTable.TENANTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenantlake.etl.audit.SilverAuditor;
import dev.tenantlake.etl.gold.GoldStage;
import dev.tenantlake.etl.gold.GoldTables;
import dev.tenantlake.etl.rules.RuleBook;
import dev.tenantlake.etl.silver.SilverStage;
import dev.tenantlake.etl.silver.SilverTables;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.LakeJson;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.LayerPosition.StoppedTable;
import dev.tenantlake.model.SilverAudit;
import dev.tenantlake.model.SourceTable;
import dev.tenantlake.model.TableQuality;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What becomes of rows that break a rule, and of what is made of their tables. */
@ExtendWith(LakeExtension.class)
class DataQualityTest {

    private static final String JUNE = "2026-06-01T00:00:00Z";
    private static final List<String> STATUSES =
            List.of("pending", "paid", "shipped", "delivered", "cancelled", "refunded");

    @Test
    void judgesAVersionByTheOneBefore(TestLake lake) throws Exception {
        Source source = lake.source();
        source.insert(ORDERS, order(1, 1, "delivered", "1.00", JUNE));
        source.insert(ORDERS, order(1, 2, "pending", "1.00", JUNE));
        source.insert(ORDERS, order(2, 3, "paid", "1.00", JUNE));
        source.insert(SUBSCRIPTIONS, subscription(1, 1));
        source.insert(INVOICES, with(invoice(1, 1, 1), Map.of("status", "void")));
        source.snapshot();
        SilverStage silver = lake.silver();
        silver.advance();

        // By what silver has.
        update(source, ORDERS, 1, 1, Map.of("status", "pending"));
        update(source, SUBSCRIPTIONS, 1, 1, Map.of("status", "cancelled"));
        update(source, INVOICES, 1, 1, Map.of("status", "open"));
        // By the change before.
        update(source, ORDERS, 1, 2, Map.of("status", "paid"));
        update(source, ORDERS, 1, 2, Map.of("status", "shipped"));
        update(source, ORDERS, 1, 2, Map.of("status", "pending"));
        // Every step is allowed.
        update(source, ORDERS, 2, 3, Map.of("status", "shipped"));
        update(source, ORDERS, 2, 3, Map.of("status", "delivered"));
        source.cut();
        silver.advance();
        assertThat(quarantine(lake))
                .containsExactlyInAnyOrder(
                        "orders 1/1 status_transition u 2",
                        "orders 1/2 status_transition u 2",
                        "invoices 1/1 status_transition u 2");
        assertThat(lake.rows(SilverTables.of(ORDERS)))
                .extracting(row -> row.get("id") + " " + row.get("status"))
                .containsExactly("3 delivered");
        JsonNode raw = LakeJson.mapper()
                .readTree((String) lake.rows(SilverTables.QUARANTINE).get(0).get("raw_row"));
        assertThat(raw.get("tenant_id").asLong()).isEqualTo(1);
        assertThat(raw.get("status").asText()).isIn("pending", "open");

        // One is set back, one goes on, one goes; and the process is another one.
        update(source, ORDERS, 1, 1, Map.of("status", "delivered"));
        update(source, ORDERS, 1, 2, Map.of("total_amount", money("2.00")));
        source.delete(INVOICES, invoice(1, 1, 1));
        source.cut();
        silver = lake.silver();
        silver.advance();
        assertThat(quarantine(lake)).isEmpty();
        assertThat(lake.rows(SilverTables.of(ORDERS)))
                .extracting(row -> row.get("id") + " " + row.get("status"))
                .containsExactlyInAnyOrder("1 delivered", "2 pending", "3 delivered");

        // What comes anew, or moves, has nothing before it.
        source.delete(ORDERS, order(1, 1, "", "0", JUNE));
        source.insert(ORDERS, order(1, 1, "pending", "1.00", JUNE));
        update(
                source,
                ORDERS,
                2,
                3,
                Map.of("status", "paid", "ordered_at", java.time.Instant.parse("2026-07-01T00:00:00Z")));
        source.cut();
        silver.advance();
        assertThat(quarantine(lake)).isEmpty();
    }

    @Test
    void judgesTheSameHoweverTheEpochsAreTakenTogether(TestLake lake, TestLake atOnce) {
        long seed = Long.getLong("tenantlake.test.seed", System.nanoTime());
        System.out.println("seed of the statuses: -Dtenantlake.test.seed=" + seed);
        for (TestLake each : List.of(lake, atOnce)) {
            Random random = new Random(seed);
            Source source = each.source();
            source.snapshot();
            SilverStage silver = each.silver();
            silver.advance();
            for (long id = 1; id <= 12; id++) {
                source.insert(ORDERS, order(1 + id % 2, id, "paid", "1.00", JUNE));
            }
            source.cut();
            for (int epoch = 0; epoch < 4; epoch++) {
                for (int change = 0; change < 15; change++) {
                    long id = 1 + random.nextInt(12);
                    update(
                            source,
                            ORDERS,
                            1 + id % 2,
                            id,
                            Map.of(
                                    "status",
                                    STATUSES.get(random.nextInt(STATUSES.size())),
                                    "total_amount",
                                    money(random.nextInt(8) == 0 ? "-1.00" : "1.00")));
                }
                source.cut();
                if (each == lake) {
                    silver.advance();
                }
            }
            while (silver.advance()) {}
        }
        assertThat(rows(atOnce)).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(rows(lake));
        assertThat(rules(atOnce))
                .as("seed %d", seed)
                .containsExactlyInAnyOrderElementsOf(rules(lake))
                .isNotEmpty();
    }

    @Test
    void judgesManyRowsAsItJudgesAFew(TestLake lake) {
        Source source = lake.source();
        for (long id = 1; id <= 5_200; id++) {
            source.insert(ORDERS, order(1 + id % 3, id, "paid", "1.00", JUNE));
        }
        source.snapshot();
        SilverStage silver = lake.silver();
        silver.advance();
        for (long id = 1; id <= 5_200; id++) {
            update(source, ORDERS, 1 + id % 3, id, Map.of("status", id % 1_000 == 7 ? "pending" : "shipped"));
        }
        source.cut();
        silver.advance();
        assertThat(quarantine(lake))
                .containsExactlyInAnyOrder(
                        "orders 2/7 status_transition u 2",
                        "orders 3/1007 status_transition u 2",
                        "orders 1/2007 status_transition u 2",
                        "orders 2/3007 status_transition u 2",
                        "orders 3/4007 status_transition u 2",
                        "orders 1/5007 status_transition u 2");
        assertThat(lake.position(Layer.SILVER).quality()).containsEntry("orders", new TableQuality(5_194, 6));
    }

    @Test
    void countsEveryRowOfTheSourceAsValidOrNot(TestLake lake) {
        long seed = Long.getLong("tenantlake.test.seed", System.nanoTime());
        System.out.println("seed of the history: -Dtenantlake.test.seed=" + seed);
        Source source = lake.source();
        RandomHistory history = new RandomHistory(source, seed);
        history.begin();
        source.snapshot();
        SilverStage silver = lake.silver();
        silver.advance();
        for (int epoch = 2; epoch <= 3; epoch++) {
            for (int step = 0; step < 15; step++) {
                history.step();
            }
            source.cut();
            silver.advance();
        }
        assertCounted(lake, "seed " + seed + ", as the job has counted");

        lake.losePosition(Layer.SILVER);
        silver = lake.silver();
        history.truncateItems();
        history.step();
        source.cut();
        silver.advance();
        source.load(ORDERS);
        while (silver.advance()) {}
        assertCounted(lake, "seed " + seed + ", after a loss, a truncate and a load");
    }

    @Test
    void showsEachTenantHowGoodItsRowsAre(TestLake lake) {
        Source source = lake.source();
        source.insert(TENANTS, tenant(1, "UTC"));
        source.insert(TENANTS, tenant(2, "Nowhere/Land"));
        source.insert(CUSTOMERS, customer(1, 1));
        for (long id = 1; id <= 3; id++) {
            source.insert(ORDERS, order(1, id, id == 3 ? "lost" : "paid", "1.00", JUNE));
        }
        source.insert(ORDERS, order(2, 4, "lost", "1.00", JUNE));
        source.snapshot();
        SilverStage silver = lake.silver();
        GoldStage gold = lake.gold(false);
        advance(silver, gold);
        assertThat(quality(lake))
                .containsExactlyInAnyOrder(
                        "1 tenants 1 0 1.000000 1",
                        "2 tenants 0 1 0.000000 1",
                        "1 customers 1 0 1.000000 1",
                        "1 orders 2 1 0.666666 1",
                        "2 orders 0 1 0.000000 1");
        assertThat(lake.position(Layer.GOLD).tables()).containsEntry("data_quality", 1L);
        assertThat(lake.rows(GoldTables.DATA_QUALITY))
                .allSatisfy(row -> assertThat(row)
                        .containsEntry("day", LocalDate.of(2026, 7, 1))
                        .containsEntry("month", "2026-07"));
        assertThat(lake.partitions("gold", "data_quality")).containsExactly(List.of("2026-07"));

        update(source, ORDERS, 1, 3, Map.of("status", "paid"));
        source.delete(ORDERS, order(2, 4, "", "0", JUNE));
        source.cut();
        // Another process.
        gold = lake.gold(false);
        advance(silver, gold);
        assertThat(quality(lake))
                .containsExactlyInAnyOrder(
                        "1 tenants 1 0 1.000000 1",
                        "2 tenants 0 1 0.000000 1",
                        "1 customers 1 0 1.000000 1",
                        "1 orders 3 0 1.000000 2");
    }

    @Test
    void stopsGoldWhileTooFewRowsAreValid(TestLake lake) {
        Source source = lake.source();
        source.insert(TENANTS, tenant(1, "UTC"));
        for (long id = 1; id <= 10; id++) {
            source.insert(ORDERS, order(1, id, "paid", "1.00", JUNE));
            source.insert(ORDER_ITEMS, item(1, id, id, 5, 1, "1.00"));
        }
        source.snapshot();
        RuleBook rules = RuleBook.standard()
                .withMinValidShare(0.9)
                .with("tables: {order_items: {min_valid_share: 0.75}}", "test");
        SilverStage silver = lake.silver();
        GoldStage gold = lake.gold(rules, false);
        advance(silver, gold);
        List<Map<String, Object>> good = lake.rows(GoldTables.REVENUE_DAILY);

        update(source, ORDERS, 1, 1, Map.of("total_amount", money("-1.00")));
        source.cut();
        advance(silver, gold);
        assertThat(lake.position(Layer.GOLD).stopped())
                .as("nine of ten are enough")
                .isEmpty();
        assertThat(lake.rows(GoldTables.REVENUE_DAILY)).isNotEqualTo(good);
        good = lake.rows(GoldTables.REVENUE_DAILY);

        update(source, ORDERS, 1, 2, Map.of("total_amount", money("-1.00")));
        update(source, ORDERS, 1, 3, Map.of("total_amount", money("100.00")));
        source.cut();
        advance(silver, gold);
        Map<String, StoppedTable> stopped = lake.position(Layer.GOLD).stopped();
        assertThat(stopped)
                .containsOnlyKeys(
                        "revenue_daily",
                        "revenue_monthly",
                        "product_daily",
                        "product_monthly",
                        "category_daily",
                        "category_monthly",
                        "cohorts_monthly",
                        "retention_periods",
                        "lifetime_daily",
                        "lifetime_monthly");
        assertThat(stopped.get("revenue_daily").reason())
                .isEqualTo("of the rows of silver.orders 80 % are valid, and at least 90 % have to be");
        assertThat(stopped.get("revenue_daily").remedy()).contains("silver.quarantine");
        assertThat(stopped.get("revenue_daily").epoch()).isEqualTo(2);
        assertThat(lake.rows(GoldTables.REVENUE_DAILY)).isEqualTo(good);
        assertThat(quarantine(lake)).hasSize(2);
        assertThat(lake.position(Layer.SILVER).epoch()).isEqualTo(3);
        assertThat(lake.position(Layer.GOLD).epoch()).isEqualTo(3);
        assertThat(quality(lake)).contains("1 orders 8 2 0.800000 3");

        // Over a restart; and one of them is mended.
        gold = lake.gold(rules, false);
        assertThat(gold.advance(silver.position().orElseThrow())).isFalse();
        update(source, ORDERS, 1, 1, Map.of("total_amount", money("1.00")));
        source.cut();
        advance(silver, gold);
        assertThat(lake.position(Layer.GOLD).stopped()).isEmpty();
        assertThat(lake.rows(GoldTables.REVENUE_DAILY))
                .singleElement()
                .satisfies(
                        row -> assertThat(row).containsEntry("orders", 9L).containsEntry("revenue", money("108.00")));
    }

    @Test
    void findsWhatRefersToNothingAndWhatIsThereTwice(TestLake lake) {
        Source source = lake.source();
        for (long tenant = 1; tenant <= 2; tenant++) {
            source.insert(TENANTS, with(tenant(tenant, "UTC"), Map.of("slug", "same")));
            source.insert(CUSTOMERS, customer(tenant, 1));
            source.insert(PRODUCTS, product(tenant, 1));
            source.insert(ORDERS, order(tenant, 1, "paid", "1.00", JUNE));
            source.insert(ORDERS, order(tenant, 2, tenant == 1 ? "lost" : "paid", "1.00", JUNE));
            source.insert(ORDER_ITEMS, item(tenant, 1, 1, 1, 1, "1.00"));
            source.insert(ORDER_ITEMS, item(tenant, 2, 2, 1, 1, "1.00"));
            source.insert(EVENTS, event(tenant, 1, JUNE));
        }
        source.insert(ORDER_ITEMS, item(2, 3, 3, 1, 1, "1.00"));
        source.insert(EVENTS, with(event(3, 1, JUNE), Map.of("customer_id", 8L)));
        source.insert(CUSTOMERS, with(customer(1, 2), Map.of("email", "c1@example.org")));
        source.snapshot();
        SilverStage silver = lake.silver();
        silver.advance();
        SilverAudit audit = new SilverAuditor(lake.hudi(), RuleBook.standard(), Clock.systemUTC())
                .audit(silver.position().orElseThrow());
        assertThat(audit.epoch()).isEqualTo(1);
        assertThat(audit.rules()).isEqualTo(16);
        assertThat(audit.findings())
                .containsExactly(
                        new SilverAudit.Finding("tenants", "slug_not_unique", 2),
                        new SilverAudit.Finding("customers", "tenant_id_email_not_unique", 2),
                        new SilverAudit.Finding("order_items", "order_id_dangling", 1),
                        new SilverAudit.Finding("events", "tenant_id_dangling", 1),
                        new SilverAudit.Finding("events", "customer_id_dangling", 1),
                        new SilverAudit.Finding("events", "product_id_dangling", 1));
    }

    @Test
    void asksWhatAFileOfTheOperatorsAsks(TestLake lake) {
        RuleBook rules = RuleBook.standard().with("""
                        tables:
                          orders:
                            required: [customer_id]
                            rules:
                              amount_odd: {column: total_amount, at_least: 1, at_most: '99.99'}
                              too_new: {column: ordered_at, less_than: '2026-07-01T00:00:00Z'}
                              euros_only: {holds: currency = 'EUR'}
                        """, "test");
        rules.check(lake.hudi().spark());
        assertThatThrownBy(() -> RuleBook.standard()
                        .with("tables: {orders: {rules: {a: {holds: amount > 0}}}}", "my.yaml")
                        .check(lake.hudi().spark()))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("my.yaml: tables.orders.rules.a")
                .hasMessageContaining("amount")
                .hasMessageNotContaining("\n");
        Source source = lake.source();
        source.insert(ORDERS, order(1, 1, "anything", "99.99", JUNE));
        source.insert(ORDERS, order(1, 2, "anything", "0.99", JUNE));
        source.insert(ORDERS, order(1, 3, "anything", "100.00", JUNE));
        source.insert(ORDERS, order(1, 4, "anything", "1.00", "2026-07-01T00:00:00Z"));
        source.insert(ORDERS, with(order(1, 5, "anything", "1.00", JUNE), Map.of("currency", "USD")));
        source.snapshot();
        lake.silver(rules).advance();
        assertThat(quarantine(lake))
                .containsExactlyInAnyOrder(
                        "orders 1/2 amount_odd r 1",
                        "orders 1/3 amount_odd r 1",
                        "orders 1/4 too_new r 1",
                        "orders 1/5 euros_only r 1");
    }

    private static void advance(SilverStage silver, GoldStage gold) {
        while (silver.advance()) {}
        gold.advance(silver.position().orElseThrow());
    }

    private static void update(Source source, SourceTable table, long tenant, long id, Map<String, Object> changes) {
        source.update(table, Map.of("tenant_id", tenant, "id", id), changes);
    }

    /** What the position says of each table is what there is. */
    private static void assertCounted(TestLake lake, String when) {
        List<Map<String, Object>> quarantine = lake.rows(SilverTables.QUARANTINE);
        Map<String, TableQuality> said = lake.position(Layer.SILVER).quality();
        for (SourceTable table : List.of(TENANTS, ORDERS, ORDER_ITEMS)) {
            long broken = quarantine.stream()
                    .filter(row -> row.get("table_name").equals(table.name()))
                    .count();
            int valid = lake.rows(SilverTables.of(table)).size();
            assertThat(said.get(table.name()))
                    .as(table.name() + ", " + when)
                    .isEqualTo(new TableQuality(valid, broken));
            assertThat(valid + broken)
                    .as(table.name() + ", " + when)
                    .isEqualTo(lake.source().rows(table).size());
        }
    }

    /** Of each quarantined row its table, key, rule, operation and epoch. */
    private static List<String> quarantine(TestLake lake) {
        return lake.rows(SilverTables.QUARANTINE).stream()
                .map(row -> row.get("table_name") + " " + row.get("record_key") + " " + row.get("rule") + " "
                        + row.get("op") + " " + row.get("epoch"))
                .toList();
    }

    private static List<String> rules(TestLake lake) {
        return lake.rows(SilverTables.QUARANTINE).stream()
                .map(row -> row.get("record_key") + " " + row.get("rule"))
                .toList();
    }

    private static List<String> rows(TestLake lake) {
        return lake.rows(SilverTables.of(ORDERS)).stream()
                .map(row -> row.get("tenant_id") + "/" + row.get("id") + " " + row.get("status"))
                .toList();
    }

    private static List<String> quality(TestLake lake) {
        return lake.rows(GoldTables.DATA_QUALITY).stream()
                .map(row -> row.get("tenant_id") + " " + row.get("table_name") + " " + row.get("valid_rows") + " "
                        + row.get("quarantined_rows") + " " + row.get("valid_share") + " " + row.get("_epoch"))
                .toList();
    }
}
