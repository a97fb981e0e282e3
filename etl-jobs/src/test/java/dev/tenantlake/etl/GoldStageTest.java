package dev.tenantlake.etl;

import static dev.tenantlake.etl.Shop.customer;
import static dev.tenantlake.etl.Shop.event;
import static dev.tenantlake.etl.Shop.item;
import static dev.tenantlake.etl.Shop.money;
import static dev.tenantlake.etl.Shop.order;
import static dev.tenantlake.etl.Shop.tenant;
import static dev.tenantlake.etl.Shop.with;
import static dev.tenantlake.model.SourceTable.CUSTOMERS;
import static dev.tenantlake.model.SourceTable.EVENTS;
import static dev.tenantlake.model.SourceTable.ORDERS;
import static dev.tenantlake.model.SourceTable.ORDER_ITEMS;
import static dev.tenantlake.model.SourceTable.TENANTS;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenantlake.etl.gold.GoldStage;
import dev.tenantlake.etl.gold.GoldTables;
import dev.tenantlake.etl.hudi.HudiTable;
import dev.tenantlake.etl.hudi.HudiWriter;
import dev.tenantlake.etl.rules.RuleBook;
import dev.tenantlake.etl.silver.SilverStage;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.LayerPosition;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.glue.model.Column;
import software.amazon.awssdk.services.glue.model.Table;

@ExtendWith(LakeExtension.class)
class GoldStageTest {

    /** The tables that are made of what is in orders. */
    private static final String[] OF_ITEMS = {"product_daily", "product_monthly", "category_daily", "category_monthly"};

    @Test
    void countsOnTheDaysOfTheTenantsTimeZone(TestLake lake) {
        Source source = lake.source();
        source.insert(TENANTS, tenant(1, "America/New_York"));
        source.insert(TENANTS, tenant(2, "Pacific/Auckland"));
        // New York's clocks go forward on 8 March 2026, a day of 23 hours; its midnights are at 05:00 and 04:00 UTC.
        source.insert(ORDERS, order(1, 1, "paid", "1.00", "2026-03-08T04:59:59.999999Z"));
        source.insert(ORDERS, order(1, 2, "paid", "10.00", "2026-03-08T05:00:00Z"));
        source.insert(ORDERS, order(1, 3, "refunded", "100.01", "2026-03-09T03:59:59.999999Z"));
        source.insert(ORDERS, order(1, 4, "paid", "1000.00", "2026-03-09T04:00:00Z"));
        // What is the last of March in UTC is the first of April there.
        source.insert(ORDERS, order(2, 5, "delivered", "7.00", "2026-03-31T11:00:00Z"));
        source.insert(ORDERS, order(2, 6, "pending", "9.00", "2026-03-31T11:00:00Z"));
        source.insert(ORDERS, order(2, 7, "cancelled", "9.00", "2026-03-31T11:00:00Z"));
        source.insert(ORDER_ITEMS, with(item(1, 1, 2, 5, 3, "3.00"), Map.of("discount_amount", money("0.50"))));
        source.insert(ORDER_ITEMS, item(1, 2, 2, 5, 1, "1.50"));
        source.insert(ORDER_ITEMS, item(1, 3, 3, 5, 1, "1.50"));
        source.insert(ORDER_ITEMS, item(2, 4, 6, 5, 1, "9.00"));
        source.snapshot();
        SilverStage silver = lake.silver();
        silver.advance();
        GoldStage gold = lake.gold(false);
        assertThat(gold.advance(silver.position().orElseThrow())).isTrue();
        assertThat(gold.advance(silver.position().orElseThrow())).isFalse();

        assertThat(figures(lake, GoldTables.REVENUE_DAILY))
                .containsExactlyInAnyOrder(
                        revenue(1, "2026-03-07", 1, "1.00", "0.00", "1.00"),
                        revenue(1, "2026-03-08", 2, "110.01", "100.01", "55.01"),
                        revenue(1, "2026-03-09", 1, "1000.00", "0.00", "1000.00"),
                        revenue(2, "2026-04-01", 1, "7.00", "0.00", "7.00"));
        assertThat(figures(lake, GoldTables.PRODUCT_DAILY))
                .containsExactly(row(
                        "tenant_id",
                        1L,
                        "day",
                        LocalDate.parse("2026-03-08"),
                        "product_id",
                        5L,
                        "currency",
                        "EUR",
                        "orders",
                        2L,
                        "units",
                        5L,
                        "gross_amount",
                        money("12.00"),
                        "discount_amount",
                        money("0.50"),
                        "revenue",
                        money("11.50"),
                        "kept_orders",
                        1L,
                        "kept_units",
                        4L,
                        "kept_revenue",
                        money("10.00")));
        assertThat(lake.position(Layer.GOLD).epoch()).isEqualTo(1);
        assertThat(lake.position(Layer.GOLD).lsn())
                .isEqualTo(lake.position(Layer.SILVER).lsn());

        Table revenue = lake.table("gold", "revenue_daily");
        assertThat(revenue.storageDescriptor().columns())
                .extracting(Column::name)
                .containsExactly(
                        "tenant_id",
                        "day",
                        "currency",
                        "orders",
                        "revenue",
                        "refunds",
                        "average_order_value",
                        "_epoch");
        assertThat(revenue.partitionKeys()).extracting(Column::name).containsExactly("month");
        assertThat(lake.partitions("gold", "revenue_daily"))
                .containsExactlyInAnyOrder(List.of("2026-03"), List.of("2026-04"));
        assertThat(lake.table("gold", "revenue_monthly").partitionKeys()).isEmpty();
    }

    @Test
    void incrementsComeToWhatARebuildGives(TestLake lake) {
        long seed = Long.getLong("tenantlake.test.seed", System.nanoTime());
        System.out.println("seed of the history: -Dtenantlake.test.seed=" + seed);
        Source source = lake.source();
        RandomHistory history = new RandomHistory(source, seed);
        history.begin();
        source.snapshot();
        // The history's orders go from any status to any other, and many of its few rows are broken.
        RuleBook rules = RuleBook.standard().withoutTransitions().withMinValidShare(0);
        SilverStage silver = lake.silver(rules);
        GoldStage gold = lake.gold(rules, false);
        silver.advance();
        gold.advance(silver.position().orElseThrow());
        assertGoldIsSource(lake, "seed " + seed + ", epoch 1");

        for (int round = 1; round <= 6; round++) {
            for (int step = 0; step < 10; step++) {
                history.step();
            }
            source.cut();
            silver.advance();
            if (round == 2) {
                // Gold takes two epochs at a time, of which silver made two commits.
                continue;
            }
            if (round == 4) {
                silver = lake.silver(rules);
                gold = lake.gold(rules, false);
            }
            if (round == 6) {
                history.truncateItems();
                source.cut();
                silver.advance();
            }
            gold.advance(silver.position().orElseThrow());
            assertGoldIsSource(lake, "seed " + seed + ", round " + round);
        }
        assertThat(lake.gold(rules, true).advance(silver.position().orElseThrow()))
                .isTrue();
        assertGoldIsSource(lake, "seed " + seed + ", rebuilt");
    }

    /** Of more than a thousand, another plan looks them up. */
    @Test
    void looksUpTheDaysOfManyChangedItemsAndSessions(TestLake lake) {
        Source source = lake.source();
        source.insert(TENANTS, tenant(1, "UTC"));
        List<Map<String, Object>> items = new ArrayList<>();
        List<Map<String, Object>> events = new ArrayList<>();
        for (int i = 1; i <= 1_100; i++) {
            String day = String.format("2026-03-%02d", 1 + i % 20);
            String next = String.format("2026-03-%02d", 2 + i % 20);
            source.insert(ORDERS, order(1, i, "paid", "1.00", day + "T10:00:00Z"));
            items.add(item(1, i, i, 5, 1, "3.00"));
            Map<String, Object> session = Map.of("session_id", new UUID(1, i).toString());
            source.insert(EVENTS, with(event(1, 2L * i, day + "T23:50:00Z"), session));
            events.add(with(event(1, 2L * i + 1, next + "T00:10:00Z"), session));
        }
        items.forEach(item -> source.insert(ORDER_ITEMS, item));
        events.forEach(event -> source.insert(EVENTS, event));
        source.snapshot();
        SilverStage silver = lake.silver();
        GoldStage gold = lake.gold(false);
        advance(silver, gold);
        assertGoldIsSource(lake, "at first");

        // An item says nothing of the day of its order, and an event nothing of the day on which its visit began.
        items.forEach(item -> source.update(ORDER_ITEMS, item, Map.of("quantity", 2)));
        events.forEach(event -> source.update(EVENTS, event, Map.of("event_type", "checkout")));
        source.cut();
        advance(silver, gold);
        assertGoldIsSource(lake, "after the changes");
    }

    @Test
    void rewritesOnlyTheMonthsOfTheDaysThatChange(TestLake lake) {
        Source source = lake.source();
        source.insert(TENANTS, tenant(1, "UTC"));
        source.insert(TENANTS, tenant(2, "UTC"));
        long id = 0;
        for (long tenant = 1; tenant <= 2; tenant++) {
            for (String day : List.of("2026-02-08", "2026-03-08", "2026-03-20", "2026-04-08")) {
                source.insert(ORDERS, order(tenant, ++id, "paid", "1.00", day + "T10:00:00Z"));
                source.insert(EVENTS, event(tenant, id, day + "T10:00:00Z"));
                source.insert(
                        CUSTOMERS, with(customer(tenant, id), Map.of("created_at", Instant.parse(day + "T10:00:00Z"))));
            }
        }
        source.snapshot();
        SilverStage silver = lake.silver();
        GoldStage gold = lake.gold(false);
        advance(silver, gold);

        // Of each tenant a day of another month; the months of both have other days, of the other tenant, too.
        source.insert(ORDERS, order(1, 9, "refunded", "2.00", "2026-03-08T11:00:00Z"));
        source.insert(ORDERS, order(2, 10, "paid", "2.00", "2026-04-09T11:00:00Z"));
        source.insert(EVENTS, event(1, 9, "2026-03-20T11:00:00Z"));
        source.insert(EVENTS, event(2, 10, "2026-04-08T11:00:00Z"));
        source.insert(CUSTOMERS, with(customer(1, 9), Map.of("created_at", Instant.parse("2026-03-08T11:00:00Z"))));
        source.cut();
        advance(silver, gold);
        assertGoldIsSource(lake, "after the changes");
        for (HudiTable table : List.of(GoldTables.REVENUE_DAILY, GoldTables.VISITS_DAILY)) {
            assertThat(lake.timeline().latest(table).orElseThrow().partitionPaths())
                    .as(table.name())
                    .containsExactlyInAnyOrder("month=2026-03", "month=2026-04");
        }
        assertThat(lake.timeline()
                        .latest(GoldTables.CUSTOMERS_DAILY)
                        .orElseThrow()
                        .partitionPaths())
                .as("all days of a tenant are computed, and written where they are otherwise")
                .containsExactly("month=2026-03");
        assertThat(lake.timeline()
                        .latest(GoldTables.REVENUE_MONTHLY)
                        .orElseThrow()
                        .rows())
                .isEqualTo(2);
    }

    @Test
    void refusesATableThatAnotherVersionHasInOtherFolders(TestLake lake) {
        HudiTable now = GoldTables.REVENUE_DAILY;
        HudiTable before = new HudiTable(now.layer(), now.name(), now.recordKey(), List.of("tenant_id"), now.columns());
        Row row = RowFactory.create(
                1L,
                LocalDate.parse("2026-03-08"),
                "EUR",
                1L,
                money("1.00"),
                money("0.00"),
                money("1.00"),
                "2026-03",
                1L);
        new HudiWriter(lake.hudi())
                .write(
                        before,
                        lake.hudi()
                                .spark()
                                .createDataFrame(List.of(row), before.schema())
                                .withColumn(HudiTable.IS_DELETED, lit(false)),
                        HudiWriter.Operation.BULK_INSERT,
                        1);
        assertThatThrownBy(() -> lake.gold(false))
                .isInstanceOf(LakeException.class)
                .hasMessageStartingWith("gold.revenue_daily is partitioned by [tenant_id]")
                .hasMessageContaining("expected [month]; make silver and gold anew");
    }

    @Test
    void computesSilverOfItsEpochWhileSilverGoesOn(TestLake lake) {
        Source source = lake.source();
        source.insert(TENANTS, tenant(1, "UTC"));
        source.insert(ORDERS, order(1, 1, "paid", "1.00", "2026-03-08T10:00:00Z"));
        source.snapshot();
        SilverStage silver = lake.silver();
        silver.advance();
        LayerPosition first = silver.position().orElseThrow();
        source.update(ORDERS, order(1, 1, "", "0", "2026-03-08T10:00:00Z"), Map.of("total_amount", money("5.00")));
        source.insert(ORDERS, order(1, 2, "paid", "1.00", "2026-03-08T10:00:00Z"));
        source.cut();
        silver.advance();
        GoldStage gold = lake.gold(false);

        gold.advance(first);
        assertThat(figures(lake, GoldTables.REVENUE_DAILY))
                .containsExactly(revenue(1, "2026-03-08", 1, "1.00", "0.00", "1.00"));

        // As a death between the tables' commits leaves it: one table is of the new epoch, the other is not.
        gold.advance(silver.position().orElseThrow());
        lake.loseLastCommit(GoldTables.PRODUCT_DAILY);
        lake.positions()
                .write(new LayerPosition(
                        Layer.GOLD,
                        1,
                        first.lsn(),
                        first.firstCommittedAt(),
                        first.sourceCommittedAt(),
                        first.completedAt(),
                        first.tables(),
                        first.stopped()));
        assertThat(lake.gold(false).advance(silver.position().orElseThrow())).isTrue();
        assertGoldIsSource(lake, "after the death");
        assertThat(lake.timeline()
                        .latest(GoldTables.PRODUCT_DAILY)
                        .orElseThrow()
                        .epoch())
                .isEqualTo(2);
    }

    @Test
    void whatIsOfAllTimesTrailsUntilThereIsNothingElseToDo(TestLake lake) {
        Source source = shop(lake);
        SilverStage silver = lake.silver();
        GoldStage gold = lake.gold(RuleBook.standard(), Duration.ofHours(1), false);
        advance(silver, gold);
        assertGoldIsSource(lake, "at first");
        List<Map<String, Object>> cohorts = figures(lake, GoldTables.COHORTS_MONTHLY);
        List<Map<String, Object>> retention = figures(lake, GoldTables.RETENTION_PERIODS);

        for (int round = 2; round <= 3; round++) {
            source.insert(ORDERS, order(1, round, "paid", "2.00", "2026-0" + round + "-09T10:00:00Z"));
            source.cut();
            silver.advance();
            assertThat(gold.advance(silver.position().orElseThrow())).isTrue();
        }
        assertThat(figures(lake, GoldTables.REVENUE_DAILY))
                .containsExactlyInAnyOrderElementsOf(GoldFigures.revenueDaily(source));
        assertThat(figures(lake, GoldTables.COHORTS_MONTHLY)).isEqualTo(cohorts);
        assertThat(figures(lake, GoldTables.RETENTION_PERIODS)).isEqualTo(retention);
        LayerPosition trailing = lake.position(Layer.GOLD);
        assertThat(trailing.epoch()).isEqualTo(3);
        assertThat(trailing.trailing())
                .containsOnlyKeys(
                        "category_daily",
                        "category_monthly",
                        "cohorts_monthly",
                        "retention_periods",
                        "lifetime_daily",
                        "lifetime_monthly",
                        "recurring_monthly",
                        "subscriptions_monthly",
                        "subscription_plans")
                .allSatisfy((table, epoch) -> assertThat(epoch).isEqualTo(1));
        assertThat(trailing.epochOfAll()).isEqualTo(1);

        // Another process learns which epoch they hold.
        gold = lake.gold(RuleBook.standard(), Duration.ofHours(1), false);
        assertThat(gold.advance(silver.position().orElseThrow())).isFalse();
        assertGoldIsSource(lake, "when there was nothing else to do");
        assertThat(lake.position(Layer.GOLD).epochOfAll()).isEqualTo(3);
        assertThat(lake.position(Layer.GOLD).completedAt()).isEqualTo(trailing.completedAt());
    }

    @Test
    void stopsWhatNeedsAStoppedTableAndGoesOnWithTheRest(TestLake lake) {
        Source source = shop(lake);
        SilverStage silver = lake.silver();
        GoldStage gold = lake.gold(false);
        advance(silver, gold);
        List<Map<String, Object>> good = figures(lake, GoldTables.PRODUCT_DAILY);
        assertThat(good).hasSize(1);

        source.changeColumn(ORDER_ITEMS, "quantity", "string");
        source.insert(ORDER_ITEMS, with(item(1, 2, 1, 5, 1, "3.00"), Map.of("quantity", "a few")));
        source.insert(ORDERS, order(1, 2, "paid", "2.00", "2026-03-08T10:00:00Z"));
        source.cut();
        advance(silver, gold);
        assertThat(lake.position(Layer.GOLD).epoch()).isEqualTo(2);
        assertThat(lake.position(Layer.GOLD).stopped()).containsOnlyKeys(OF_ITEMS);
        assertThat(lake.position(Layer.GOLD).stopped().get("product_daily").epoch())
                .isEqualTo(1);
        assertThat(lake.position(Layer.GOLD).stopped().get("product_daily").reason())
                .startsWith("silver.order_items is stopped: epoch 2 of shop.order_items has quantity as string");
        assertThat(figures(lake, GoldTables.PRODUCT_DAILY)).isEqualTo(good);
        assertThat(figures(lake, GoldTables.REVENUE_DAILY))
                .containsExactlyInAnyOrderElementsOf(GoldFigures.revenueDaily(source));

        source.insert(ORDERS, order(1, 3, "paid", "2.00", "2026-03-09T10:00:00Z"));
        source.cut();
        silver = lake.silver();
        gold = lake.gold(false);
        advance(silver, gold);
        assertThat(lake.position(Layer.GOLD).epoch()).isEqualTo(3);
        assertThat(lake.position(Layer.GOLD).stopped()).containsOnlyKeys(OF_ITEMS);
        assertThat(figures(lake, GoldTables.REVENUE_DAILY))
                .containsExactlyInAnyOrderElementsOf(GoldFigures.revenueDaily(source));

        source.changeColumn(ORDER_ITEMS, "quantity", "int");
        source.update(ORDER_ITEMS, item(1, 2, 1, 5, 1, "3.00"), Map.of("quantity", 3));
        source.load(ORDER_ITEMS);
        advance(silver, gold);
        assertThat(lake.position(Layer.GOLD).stopped()).isEmpty();
        assertGoldIsSource(lake, "after the load");
    }

    @Test
    void stopsWhatIsMadeOfAColumnThatIsGone(TestLake lake) {
        Source source = shop(lake);
        SilverStage silver = lake.silver();
        GoldStage gold = lake.gold(false);
        advance(silver, gold);
        List<Map<String, Object>> good = figures(lake, GoldTables.REVENUE_DAILY);

        source.renameColumn(ORDERS, "total_amount", "amount");
        source.insert(
                ORDERS, with(order(1, 2, "paid", "2.00", "2026-03-08T10:00:00Z"), Map.of("amount", money("2.00"))));
        source.insert(ORDER_ITEMS, item(1, 2, 1, 5, 1, "3.00"));
        source.cut();
        source.insert(ORDER_ITEMS, item(1, 3, 1, 5, 1, "3.00"));
        source.cut();
        advance(silver, gold);
        advance(silver, lake.gold(false));
        assertThat(lake.position(Layer.SILVER).stopped()).isEmpty();
        assertThat(lake.position(Layer.GOLD).epoch()).isEqualTo(3);
        assertThat(lake.position(Layer.GOLD).stopped())
                .containsOnlyKeys(
                        "revenue_daily", "revenue_monthly", "cohorts_monthly", "lifetime_daily", "lifetime_monthly");
        assertThat(lake.position(Layer.GOLD).stopped().get("revenue_daily").reason())
                .isEqualTo("since epoch 2 rows of shop.orders have no column total_amount, which the figures are made"
                        + " of");
        assertThat(figures(lake, GoldTables.REVENUE_DAILY)).isEqualTo(good);

        source.renameColumn(ORDERS, "amount", "total_amount");
        source.load(ORDERS);
        advance(silver, lake.gold(false));
        assertThat(lake.position(Layer.GOLD).stopped()).isEmpty();
        assertGoldIsSource(lake, "after the load");
    }

    private static Source shop(TestLake lake) {
        Source source = lake.source();
        source.insert(TENANTS, tenant(1, "UTC"));
        source.insert(ORDERS, order(1, 1, "paid", "1.00", "2026-03-08T10:00:00Z"));
        source.insert(ORDER_ITEMS, item(1, 1, 1, 5, 1, "3.00"));
        source.snapshot();
        return source;
    }

    private static void advance(SilverStage silver, GoldStage gold) {
        while (silver.advance()) {}
        gold.advance(silver.position().orElseThrow());
        assertThat(gold.advance(silver.position().orElseThrow())).isFalse();
    }

    private static void assertGoldIsSource(TestLake lake, String when) {
        Map.<HudiTable, Function<Source, List<Map<String, Object>>>>ofEntries(
                        Map.entry(GoldTables.REVENUE_DAILY, GoldFigures::revenueDaily),
                        Map.entry(GoldTables.REVENUE_MONTHLY, GoldFigures::revenueMonthly),
                        Map.entry(GoldTables.PRODUCT_DAILY, GoldFigures::productDaily),
                        Map.entry(GoldTables.PRODUCT_MONTHLY, GoldFigures::productMonthly),
                        Map.entry(GoldTables.CATEGORY_DAILY, GoldFigures::categoryDaily),
                        Map.entry(GoldTables.CATEGORY_MONTHLY, GoldFigures::categoryMonthly),
                        Map.entry(GoldTables.CUSTOMERS_DAILY, GoldFigures::customersDaily),
                        Map.entry(GoldTables.CUSTOMERS_MONTHLY, GoldFigures::customersMonthly),
                        Map.entry(GoldTables.COHORTS_MONTHLY, GoldFigures::cohortsMonthly),
                        Map.entry(GoldTables.RETENTION_PERIODS, GoldFigures::retentionPeriods),
                        Map.entry(GoldTables.LIFETIME_DAILY, GoldFigures::lifetimeDaily),
                        Map.entry(GoldTables.LIFETIME_MONTHLY, GoldFigures::lifetimeMonthly),
                        Map.entry(GoldTables.RECURRING_MONTHLY, GoldFigures::recurringMonthly),
                        Map.entry(GoldTables.SUBSCRIPTIONS_MONTHLY, GoldFigures::subscriptionsMonthly),
                        Map.entry(GoldTables.SUBSCRIPTION_PLANS, GoldFigures::subscriptionPlans),
                        Map.entry(GoldTables.VISITS_DAILY, GoldFigures::visitsDaily),
                        Map.entry(GoldTables.VISITS_MONTHLY, GoldFigures::visitsMonthly))
                .forEach((table, expected) -> assertThat(figures(lake, table))
                        .as(table.name() + ", " + when)
                        .containsExactlyInAnyOrderElementsOf(expected.apply(lake.source())));
    }

    private static Map<String, Object> row(Object... namesAndValues) {
        Map<String, Object> row = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            row.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return row;
    }

    private static Map<String, Object> revenue(
            long tenant, String day, long orders, String revenue, String refunds, String average) {
        return Map.of(
                "tenant_id", tenant,
                "day", LocalDate.parse(day),
                "currency", "EUR",
                "orders", orders,
                "revenue", money(revenue),
                "refunds", money(refunds),
                "average_order_value", money(average));
    }

    /** The rows of a gold table without the epoch that they were computed at, and without the month that their day is of. */
    private static List<Map<String, Object>> figures(TestLake lake, HudiTable table) {
        return lake.rows(table).stream()
                .map(row -> {
                    Map<String, Object> figures = new HashMap<>(row);
                    assertThat(figures.remove("_epoch")).isInstanceOf(Long.class);
                    if (table.partitionColumns().contains("month")) {
                        assertThat(figures.remove("month"))
                                .isEqualTo(YearMonth.from((LocalDate) row.get("day"))
                                        .toString());
                    }
                    return figures;
                })
                .toList();
    }
}
