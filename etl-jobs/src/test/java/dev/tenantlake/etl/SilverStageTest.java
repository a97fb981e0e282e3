package dev.tenantlake.etl;

import static dev.tenantlake.etl.Shop.customer;
import static dev.tenantlake.etl.Shop.event;
import static dev.tenantlake.etl.Shop.invoice;
import static dev.tenantlake.etl.Shop.item;
import static dev.tenantlake.etl.Shop.order;
import static dev.tenantlake.etl.Shop.product;
import static dev.tenantlake.etl.Shop.subscription;
import static dev.tenantlake.etl.Shop.tenant;
import static dev.tenantlake.model.SourceTable.CUSTOMERS;
import static dev.tenantlake.model.SourceTable.EVENTS;
import static dev.tenantlake.model.SourceTable.INVOICES;
import static dev.tenantlake.model.SourceTable.ORDERS;
import static dev.tenantlake.model.SourceTable.ORDER_ITEMS;
import static dev.tenantlake.model.SourceTable.PRODUCTS;
import static dev.tenantlake.model.SourceTable.SUBSCRIPTIONS;
import static dev.tenantlake.model.SourceTable.TENANTS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenantlake.etl.silver.SilverStage;
import dev.tenantlake.etl.silver.SilverTables;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.SourceTable;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LakeExtension.class)
class SilverStageTest {

    @Test
    void loadsTheSnapshotOfEveryTable(TestLake lake) {
        Source source = lake.source();
        fill(source);
        source.snapshot();

        SilverStage silver = lake.silver();
        assertThat(silver.advance()).isTrue();
        assertThat(silver.advance()).isFalse();

        for (SourceTable table : SourceTable.ALL) {
            assertThat(silver(lake, table)).as(table.name()).containsExactlyInAnyOrderElementsOf(source.rows(table));
        }
        assertThat(lake.rows(SilverTables.QUARANTINE)).isEmpty();
        assertThat(lake.position(Layer.SILVER).epoch()).isEqualTo(1);
    }

    private static void fill(Source source) {
        for (long tenant = 1; tenant <= 2; tenant++) {
            source.insert(TENANTS, tenant(tenant, "Europe/Berlin"));
            source.insert(CUSTOMERS, customer(tenant, 1));
            source.insert(PRODUCTS, product(tenant, 1));
            source.insert(ORDERS, order(tenant, 1, "paid", "39.80", "2026-05-31T22:30:00Z"));
            source.insert(ORDERS, order(tenant, 2, "pending", "19.90", "2026-06-01T10:00:00.000001Z"));
            source.insert(ORDER_ITEMS, item(tenant, 1, 1, 1, 2, "19.90"));
            source.insert(EVENTS, event(tenant, 1, "2026-06-30T23:59:59.999999Z"));
            source.insert(SUBSCRIPTIONS, subscription(tenant, 1));
            source.insert(INVOICES, invoice(tenant, 1, 1));
        }
    }

    /** The rows of a silver table with the source's columns alone. */
    private static List<Map<String, Object>> silver(TestLake lake, SourceTable table) {
        return lake.rows(SilverTables.of(table)).stream()
                .map(row -> {
                    Map<String, Object> own = new HashMap<>(row);
                    own.keySet().removeAll(List.of("_epoch", "_committed_at"));
                    table.monthColumn().ifPresent(column -> assertThat(own.remove("month"))
                            .isEqualTo(((Instant) row.get(column)).toString().substring(0, 7)));
                    return own;
                })
                .toList();
    }
}
