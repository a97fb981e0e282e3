package dev.tenantlake.query.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenantlake.model.SourceColumn;
import dev.tenantlake.model.SourceTable;
import dev.tenantlake.query.metric.Metric;
import dev.tenantlake.query.metric.MetricCatalog;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SourceReadingTest {

    private static final MetricCatalog METRICS = MetricCatalog.load();

    @Test
    void everyMetricIsMadeOfColumnsOfTheSource() {
        for (Metric metric : METRICS.all()) {
            SourceReading reading = SourceReading.of(metric);
            assertThat(reading.columns()).as(metric.name()).containsKey(SourceTable.TENANTS);
            reading.columns()
                    .forEach((table, columns) -> assertThat(table.columns())
                            .as(metric.name())
                            .extracting(SourceColumn::name)
                            .containsAll(columns));
        }
    }

    @Test
    void everyMetricIsAnsweredFromGold() {
        assertThat(METRICS.all())
                .allMatch(metric -> metric.tables().stream().anyMatch(table -> table.startsWith("gold.")))
                .allMatch(metric -> Set.of("silver.tenants", "silver.products")
                        .containsAll(metric.tables().stream()
                                .filter(table -> !table.startsWith("gold."))
                                .toList()));
    }

    @Test
    void whatGoldAnswersOfFewRowsIsMadeOfThem() {
        assertThat(SourceReading.of(METRICS.named("plan_distribution")).columns())
                .containsOnlyKeys(SourceTable.SUBSCRIPTIONS, SourceTable.TENANTS)
                .containsEntry(SourceTable.SUBSCRIPTIONS, Set.of("tenant_id", "id", "plan", "status", "monthly_amount"))
                .containsEntry(SourceTable.TENANTS, Set.of("id", "slug", "currency"));
    }

    @Test
    void whatGoldAnswersIsMadeOfWhatGoldIsMadeOf() {
        assertThat(SourceReading.of(METRICS.named("best_sellers")).columns())
                .containsOnlyKeys(
                        SourceTable.ORDERS, SourceTable.ORDER_ITEMS, SourceTable.PRODUCTS, SourceTable.TENANTS)
                .containsEntry(SourceTable.ORDERS, Set.of("tenant_id", "id", "status", "currency", "ordered_at"))
                .containsEntry(SourceTable.PRODUCTS, Set.of("tenant_id", "id", "sku", "name", "category"));
        assertThat(SourceReading.of(METRICS.named("inventory_turnover")).columns())
                .as("of pieces, not of what was paid for them")
                .containsEntry(SourceTable.ORDER_ITEMS, Set.of("tenant_id", "id", "order_id", "product_id", "quantity"))
                .containsEntry(SourceTable.ORDERS, Set.of("tenant_id", "id", "status", "ordered_at"));
        assertThat(SourceReading.of(METRICS.named("conversion_funnel")).columns())
                .containsOnlyKeys(SourceTable.EVENTS, SourceTable.TENANTS)
                .containsEntry(
                        SourceTable.EVENTS, Set.of("tenant_id", "id", "session_id", "event_type", "occurred_at"));
        assertThat(SourceReading.of(METRICS.named("session_engagement")).columns())
                .containsEntry(
                        SourceTable.EVENTS,
                        Set.of("tenant_id", "id", "session_id", "event_type", "occurred_at", "customer_id"));
        assertThat(SourceReading.of(METRICS.named("cart_abandonment")).columns())
                .containsEntry(
                        SourceTable.EVENTS,
                        Set.of(
                                "tenant_id",
                                "id",
                                "session_id",
                                "event_type",
                                "occurred_at",
                                "product_id",
                                "properties"))
                .containsEntry(SourceTable.PRODUCTS, Set.of("tenant_id", "id", "unit_price"));
    }

    @Test
    void readsTheOrderOfChangesFromBronzeAlone() {
        SourceReading reading = SourceReading.of(METRICS.named("revenue_by_tenant"));
        assertThat(reading.fromBronze(Optional.of(3L))).isEqualTo("""
                SELECT
                    (SELECT count(_epoch) + count(_op) + count(_ordinal) + count(currency) + count(id) + count(ordered_at) + count(status) + count(tenant_id) + count(total_amount) FROM bronze.orders WHERE tenant_id = 3),
                    (SELECT count(_epoch) + count(_op) + count(_ordinal) + count(id) + count(slug) + count(time_zone) FROM bronze.tenants WHERE id = 3)""");
        assertThat(reading.fromSilver()).isEqualTo("""
                SELECT
                    (SELECT count(currency) + count(id) + count(ordered_at) + count(status) + count(tenant_id) + count(total_amount) FROM silver.orders),
                    (SELECT count(id) + count(slug) + count(time_zone) FROM silver.tenants)""");
    }
}
