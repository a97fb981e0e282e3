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
import dev.tenantlake.etl.hudi.HudiCommit;
import dev.tenantlake.etl.silver.SilverStage;
import dev.tenantlake.etl.silver.SilverTables;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.LakeJson;
import dev.tenantlake.model.LakeLayout;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.LayerPosition;
import dev.tenantlake.model.SourceTable;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.glue.model.Column;
import software.amazon.awssdk.services.glue.model.Table;

@ExtendWith(LakeExtension.class)
class SilverStageTest {

    /** What 'infinity' becomes that is written as the largest number of microseconds. */
    private static final Instant INFINITY = Instant.parse("+294247-01-10T04:00:54.775807Z");

    @Test
    void loadsTheSnapshotOfEveryTable(TestLake lake) {
        Source source = lake.source();
        fill(source);
        source.snapshot();

        SilverStage silver = lake.silver();
        assertThat(silver.advance()).isTrue();
        assertThat(silver.advance()).isFalse();

        assertSilverIsSource(lake);
        assertThat(lake.rows(SilverTables.QUARANTINE)).isEmpty();
        assertThat(lake.position(Layer.SILVER).epoch()).isEqualTo(1);
    }

    @Test
    void fillsTablesThatWereEmptyAllAtOnce(TestLake lake) {
        Source source = lake.source();
        source.snapshot();
        SilverStage silver = lake.silver();
        silver.advance();

        fill(source);
        source.cut();
        silver.advance();

        assertSilverIsSource(lake);
    }

    @Test
    void appliesTheLastChangeOfEachKeyInCommitOrder(TestLake lake) {
        Source source = lake.source();
        fill(source);
        source.snapshot();
        SilverStage silver = lake.silver();
        silver.advance();

        Map<String, Object> first = order(1, 1, "paid", "39.80", "2026-05-31T22:30:00Z");
        source.update(ORDERS, first, Map.of("status", "shipped"));
        source.update(ORDERS, first, Map.of("status", "delivered"));
        Map<String, Object> passing = order(1, 7, "pending", "1.00", "2026-06-01T00:00:00Z");
        source.insert(ORDERS, passing);
        source.update(ORDERS, passing, Map.of("status", "paid"));
        source.delete(ORDERS, passing);
        source.cut();
        source.update(ORDERS, first, Map.of("status", "refunded"));
        source.delete(ORDERS, order(2, 2, "", "0", "2026-06-01T00:00:00Z"));
        source.insert(ORDERS, order(2, 2, "cancelled", "5.00", "2026-06-02T00:00:00Z"));
        source.insert(ORDERS, order(2, 9, "paid", "5.00", "2026-07-02T00:00:00Z"));
        source.delete(EVENTS, event(2, 1, "2026-06-30T23:59:59.999999Z"));
        source.cut();

        assertThat(silver.advance()).isTrue();
        assertSilverIsSource(lake);
        assertThat(lake.position(Layer.SILVER).epoch()).isEqualTo(3);
        assertThat(lake.position(Layer.SILVER).tables())
                .containsEntry("orders", 3L)
                .containsEntry("events", 3L)
                .containsEntry("customers", 1L);
        // Both epochs came in one commit, and only to the tables that they change.
        assertThat(lake.timeline().latest(SilverTables.of(ORDERS)).orElseThrow().epoch())
                .isEqualTo(3);
        assertThat(lake.timeline().at(SilverTables.of(ORDERS), 2).orElseThrow().epoch())
                .isEqualTo(1);
        assertThat(lake.timeline()
                        .latest(SilverTables.of(CUSTOMERS))
                        .orElseThrow()
                        .epoch())
                .isEqualTo(1);
    }

    @Test
    void movesARowToItsNewPartition(TestLake lake) {
        Source source = lake.source();
        fill(source);
        source.snapshot();
        SilverStage silver = lake.silver();
        silver.advance();

        Map<String, Object> moved = order(1, 1, "", "0", "2026-05-31T22:30:00Z");
        source.update(ORDERS, moved, Map.of("ordered_at", Instant.parse("2026-07-03T00:00:00Z")));
        // Away and back again in one epoch, and to another tenant.
        Map<String, Object> returning = order(1, 2, "", "0", "2026-06-01T10:00:00Z");
        source.update(ORDERS, returning, Map.of("ordered_at", Instant.parse("2026-08-01T00:00:00Z")));
        source.update(ORDERS, returning, Map.of("ordered_at", Instant.parse("2026-06-05T00:00:00Z")));
        source.update(EVENTS, event(1, 1, "2026-06-30T23:59:59Z"), Map.of("tenant_id", 2L, "id", 77L));
        source.cut();
        silver.advance();

        assertSilverIsSource(lake);
    }

    @Test
    void emptiesATableThatIsTruncated(TestLake lake) {
        Source source = lake.source();
        fill(source);
        source.insert(INVOICES, with(invoice(2, 8, 1), Map.of("status", "lost")));
        source.snapshot();
        SilverStage silver = lake.silver();
        silver.advance();
        assertThat(lake.rows(SilverTables.QUARANTINE)).hasSize(1);

        source.insert(INVOICES, invoice(1, 5, 1));
        source.truncate(INVOICES);
        source.insert(INVOICES, invoice(1, 6, 1));
        source.insert(INVOICES, with(invoice(2, 1, 1), Map.of("amount", money("77.00"))));
        source.cut();
        silver.advance();

        assertSilverIsSource(lake);
        assertThat(lake.rows(SilverTables.QUARANTINE)).isEmpty();
        assertThat(heldBack(lake)).containsExactly("invoices 2/8 of 2 from 1 until 2");
        assertThat(lake.rows(SilverTables.TRUNCATES))
                .singleElement()
                .satisfies(row -> assertThat(row)
                        .containsEntry("table_name", "invoices")
                        .containsEntry("epoch", 2L)
                        .containsEntry("ordinal", 1L));
    }

    @Test
    void goesOnAfterADeathBetweenTwoTablesCommits(TestLake lake) {
        Source source = lake.source();
        fill(source);
        source.snapshot();
        lake.silver().advance();
        LayerPosition before = lake.position(Layer.SILVER);

        source.update(CUSTOMERS, customer(1, 1), Map.of("segment", "business"));
        source.insert(ORDERS, order(1, 7, "paid", "10.00", "2026-09-01T00:00:00Z"));
        source.cut();
        lake.silver().advance();
        HudiCommit ofOrders = lake.timeline().latest(SilverTables.of(ORDERS)).orElseThrow();
        // As a death leaves it that came after the commit of orders: neither customers' commit, nor Glue, nor position.
        lake.loseLastCommit(SilverTables.of(CUSTOMERS));
        lake.glue()
                .deletePartition(delete ->
                        delete.databaseName("silver").tableName("orders").partitionValues("1", "2026-09", "0"));
        lake.positions().write(before);

        source.update(ORDERS, order(1, 7, "", "0", "2026-09-01T00:00:00Z"), Map.of("status", "shipped"));
        source.cut();
        SilverStage restarted = lake.silver();
        assertThat(restarted.advance()).isTrue();
        assertThat(restarted.advance()).isFalse();

        assertSilverIsSource(lake);
        assertThat(lake.position(Layer.SILVER).epoch()).isEqualTo(3);
        HudiCommit next = lake.timeline().latest(SilverTables.of(ORDERS)).orElseThrow();
        assertThat(next.epoch()).isEqualTo(3);
        assertThat(next.inserted()).as("epoch 2 is not applied to orders again").isZero();
        assertThat(next.updated()).isGreaterThan(0);
        assertThat(ofOrders.epoch()).isEqualTo(2);
        assertThat(lake.partitions("silver", "orders")).contains(List.of("1", "2026-09", "0"));
    }

    @Test
    void goesOnAfterADeathBetweenTheQuarantinesHistoryAndTheQuarantine(TestLake lake) {
        Source source = lake.source();
        fill(source);
        source.insert(ORDERS, order(2, 5, "teleported", "1.00", "2026-06-01T00:00:00Z"));
        source.snapshot();
        lake.silver().advance();
        LayerPosition before = lake.position(Layer.SILVER);

        source.update(ORDERS, order(2, 5, "", "0", "2026-06-01T00:00:00Z"), Map.of("status", "paid"));
        source.update(PRODUCTS, product(1, 1), Map.of("unit_price", money("-1.00")));
        source.cut();
        lake.silver().advance();
        List<String> held = List.of("orders 2/5 of 2 from 1 until 2", "products 1/1 of 1 from 2 until null");
        assertThat(heldBack(lake)).containsExactlyInAnyOrderElementsOf(held);
        // The history comes first, and after it neither the quarantine nor a table.
        Stream.of(SilverTables.QUARANTINE, SilverTables.of(ORDERS), SilverTables.of(PRODUCTS))
                .forEach(lake::loseLastCommit);
        lake.positions().write(before);
        assertThat(rules(lake)).containsExactly("orders 2/5 status_unknown r 1");

        assertThat(lake.silver().advance()).isTrue();
        assertThat(rules(lake)).containsExactly("products 1/1 unit_price_negative u 2");
        assertThat(heldBack(lake)).containsExactlyInAnyOrderElementsOf(held);

        source.update(PRODUCTS, product(1, 1), Map.of("unit_price", money("1.00")));
        source.cut();
        lake.silver().advance();
        assertThat(lake.rows(SilverTables.QUARANTINE)).isEmpty();
        assertThat(heldBack(lake))
                .containsExactlyInAnyOrder("orders 2/5 of 2 from 1 until 2", "products 1/1 of 1 from 2 until 3");
        assertSilverIsSource(lake);
    }

    @Test
    void findsItsPlaceWithoutThePositionObject(TestLake lake) {
        Source source = lake.source();
        fill(source);
        source.snapshot();
        source.insert(CUSTOMERS, customer(1, 2));
        source.cut();
        SilverStage silver = lake.silver();
        silver.advance();
        silver.advance();
        String instant =
                lake.timeline().latest(SilverTables.of(CUSTOMERS)).orElseThrow().instant();
        lake.losePosition(Layer.SILVER);

        SilverStage restarted = lake.silver();
        assertThat(restarted.advance()).isTrue();

        assertThat(lake.position(Layer.SILVER).epoch()).isEqualTo(2);
        assertThat(lake.timeline()
                        .latest(SilverTables.of(CUSTOMERS))
                        .orElseThrow()
                        .instant())
                .as("nothing was committed again")
                .isEqualTo(instant);
    }

    @Test
    void quarantinesWhatBreaksARuleUntilItIsMended(TestLake lake) {
        Source source = lake.source();
        fill(source);
        source.insert(ORDERS, with(order(2, 5, "teleported", "1.00", "2026-06-01T00:00:00Z"), Map.of()));
        source.snapshot();
        SilverStage silver = lake.silver();
        silver.advance();
        assertThat(rules(lake)).containsExactlyInAnyOrder("orders 2/5 status_unknown r 1");
        assertThat(silver(lake, ORDERS)).hasSize(4);

        // A good row breaks a rule: its old version is no longer shown. Another comes with an endless date.
        source.update(PRODUCTS, product(1, 1), Map.of("unit_price", money("-1.00")));
        source.insert(EVENTS, with(event(1, 50, "2026-06-01T00:00:00Z"), Map.of("occurred_at", INFINITY)));
        source.cut();
        silver.advance();
        assertThat(rules(lake))
                .containsExactlyInAnyOrder(
                        "orders 2/5 status_unknown r 1",
                        "products 1/1 unit_price_negative u 2",
                        "events 1/50 occurred_at_out_of_range c 2");
        assertThat(silver(lake, PRODUCTS))
                .extracting(row -> row.get("tenant_id"))
                .containsExactly(2L);
        assertThat(silver(lake, EVENTS)).hasSize(2);
        assertThat(heldBack(lake))
                .containsExactlyInAnyOrder(
                        "orders 2/5 of 2 from 1 until null",
                        "products 1/1 of 1 from 2 until null",
                        "events 1/50 of 1 from 2 until null");

        // It breaks another rule, and is held back all the while.
        source.update(ORDERS, order(2, 5, "", "0", "2026-06-01T00:00:00Z"), Map.of("total_amount", money("-2.00")));
        source.cut();
        silver.advance();

        // All of them become good, one by its deletion; and the process is another one.
        source.update(
                ORDERS,
                order(2, 5, "", "0", "2026-06-01T00:00:00Z"),
                Map.of("status", "paid", "total_amount", money("2.00")));
        source.update(PRODUCTS, product(1, 1), Map.of("unit_price", money("1.00")));
        source.delete(EVENTS, event(1, 50, "2026-06-01T00:00:00Z"));
        source.cut();
        lake.silver().advance();
        assertThat(lake.rows(SilverTables.QUARANTINE)).isEmpty();
        assertThat(heldBack(lake))
                .containsExactlyInAnyOrder(
                        "orders 2/5 of 2 from 1 until 4",
                        "products 1/1 of 1 from 2 until 4",
                        "events 1/50 of 1 from 2 until 4");
        assertSilverIsSource(lake);
    }

    @Test
    void keepsAllThatBronzeHoldsOfAQuarantinedRow(TestLake lake) throws Exception {
        Source source = lake.source();
        source.addColumn("orders", "gift_note", "string");
        source.insert(
                ORDERS,
                with(
                        order(2, 5, "paid", "-1.00", "2026-06-01T10:11:12.123456Z"),
                        Map.of("gift_note", "happy \"birthday\"")));
        source.snapshot();
        lake.silver().advance();

        Map<String, Object> row = lake.rows(SilverTables.QUARANTINE).get(0);
        assertThat(row).containsEntry("tenant_id", 2L).containsEntry("epoch", 1L);
        assertThat(row.get("committed_at")).isEqualTo(Instant.parse("2026-07-01T10:00:01Z"));
        JsonNode raw = LakeJson.mapper().readTree((String) row.get("raw_row"));
        assertThat(raw.get("total_amount").decimalValue()).isEqualByComparingTo("-1.00");
        assertThat(raw.get("ordered_at").asText()).isEqualTo("2026-06-01T10:11:12.123456Z");
        assertThat(raw.get("gift_note").asText()).isEqualTo("happy \"birthday\"");
    }

    @Test
    void livesWithColumnsThatComeAndGo(TestLake lake) {
        Source source = lake.source();
        fill(source);
        source.snapshot();
        SilverStage silver = lake.silver();
        silver.advance();

        source.insert(PRODUCTS, product(1, 2));
        source.addColumn("products", "weight_grams", "int");
        source.insert(PRODUCTS, with(product(1, 3), Map.of("weight_grams", 250)));
        source.dropColumn(PRODUCTS, "category");
        Map<String, Object> without = new HashMap<>(product(1, 4));
        without.remove("category");
        source.insert(PRODUCTS, without);
        source.cut();
        silver.advance();

        List<Map<String, Object>> products = silver(lake, PRODUCTS);
        assertThat(products).extracting(row -> row.get("id")).containsExactlyInAnyOrder(1L, 1L, 2L, 3L, 4L);
        assertThat(products)
                .filteredOn(row -> row.get("id").equals(4L))
                .first()
                .satisfies(row -> assertThat(row).doesNotContainKeys("category", "weight_grams"));
        assertThat(products).filteredOn(row -> row.get("id").equals(3L)).first().isEqualTo(product(1, 3));
        assertThat(lake.rows(SilverTables.QUARANTINE)).isEmpty();
    }

    @Test
    void passesOverATableThatTheLakeDoesNotKnow(TestLake lake) {
        Source source = lake.source();
        fill(source);
        source.snapshot();
        source.addColumn("coupons", "id", "bigint");
        source.change("coupons", "c", Map.of("id", 1L));
        source.insert(CUSTOMERS, customer(2, 2));
        source.cut();
        source.cut();

        SilverStage silver = lake.silver();
        silver.advance();
        silver.advance();
        assertSilverIsSource(lake);
        assertThat(lake.position(Layer.SILVER).epoch()).isEqualTo(3);
    }

    @Test
    void registersTablesAndPartitionsInGlue(TestLake lake) {
        Source source = lake.source();
        fill(source);
        source.snapshot();
        SilverStage silver = lake.silver();
        silver.advance();

        Table orders = lake.table("silver", "orders");
        assertThat(orders.storageDescriptor().columns())
                .extracting(Column::name)
                .containsExactly(
                        "id",
                        "customer_id",
                        "status",
                        "currency",
                        "total_amount",
                        "ordered_at",
                        "created_at",
                        "updated_at",
                        "_epoch",
                        "_committed_at");
        assertThat(orders.storageDescriptor().columns())
                .extracting(Column::type)
                .contains("decimal(12,2)", "timestamp", "bigint", "string");
        assertThat(orders.partitionKeys()).extracting(Column::name).containsExactly("tenant_id", "month", "id_block");
        assertThat(orders.partitionKeys()).extracting(Column::type).containsExactly("bigint", "string", "bigint");
        assertThat(orders.storageDescriptor().location())
                .isEqualTo("s3://" + lake.layout().bucket() + "/silver/orders");
        assertThat(orders.storageDescriptor().inputFormat())
                .isEqualTo("org.apache.hudi.hadoop.HoodieParquetInputFormat");
        assertThat(orders.parameters())
                .containsEntry("athena_enable_native_hudi_connector_implementation", "true")
                .allSatisfy((name, value) -> assertThat(name).doesNotStartWith("spark.sql"));
        assertThat(lake.partitions("silver", "orders"))
                .containsExactlyInAnyOrder(
                        List.of("1", "2026-05", "0"), List.of("1", "2026-06", "0"),
                        List.of("2", "2026-05", "0"), List.of("2", "2026-06", "0"));
        assertThat(lake.partitions("silver", "customers"))
                .containsExactlyInAnyOrder(List.of("1", "0"), List.of("2", "0"));
        assertThat(lake.table("silver", "tenants").partitionKeys()).isEmpty();
        assertThat(lake.table("silver", "quarantine").partitionKeys()).isEmpty();

        source.insert(ORDERS, order(3, 7, "paid", "10.00", "2026-12-31T23:59:59Z"));
        source.insert(ORDERS, order(3, SourceTable.ROWS_PER_BLOCK, "paid", "10.00", "2026-12-31T23:59:59Z"));
        source.cut();
        silver.advance();
        assertThat(lake.partitions("silver", "orders"))
                .hasSize(6)
                .contains(List.of("3", "2026-12", "0"), List.of("3", "2026-12", "1"));
    }

    @Test
    void stopsWhenAnotherJobHasBecomeTheWriter(TestLake lake) {
        lake.source().snapshot();
        SilverStage first = lake.silver();
        SilverStage second = lake.silver();

        assertThatThrownBy(first::advance)
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("another lake-job has become the writer of silver");
        assertThat(second.advance()).isTrue();
    }

    @Test
    void refusesAnEpochLogThatIsNotTheTables(TestLake lake) {
        Source source = lake.source();
        source.snapshot();
        source.insert(CUSTOMERS, customer(1, 1));
        source.cut();
        SilverStage silver = lake.silver();
        silver.advance();
        silver.advance();
        lake.s3().deleteObject(delete -> delete.bucket(lake.layout().bucket()).key(LakeLayout.manifestKey(2)));

        assertThatThrownBy(lake::silver)
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("silver holds epoch 2")
                .hasMessageContaining("the epoch log ends at 1");
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

    private static void assertSilverIsSource(TestLake lake) {
        for (SourceTable table : SourceTable.ALL) {
            assertThat(silver(lake, table))
                    .as(table.name())
                    .containsExactlyInAnyOrderElementsOf(lake.source().rows(table));
        }
    }

    /** Of each quarantined row its table, key, rule, operation and epoch. */
    private static List<String> rules(TestLake lake) {
        return lake.rows(SilverTables.QUARANTINE).stream()
                .map(row -> row.get("table_name") + " " + row.get("record_key") + " " + row.get("rule") + " "
                        + row.get("op") + " " + row.get("epoch"))
                .toList();
    }

    /** Since when and until when which row has been held back. */
    private static List<String> heldBack(TestLake lake) {
        return lake.rows(SilverTables.QUARANTINE_HISTORY).stream()
                .map(row -> row.get("table_name") + " " + row.get("record_key") + " of " + row.get("tenant_id")
                        + " from " + row.get("from_epoch") + " until " + row.get("until_epoch"))
                .toList();
    }

    /** The rows of a silver table with the source's columns alone. */
    private static List<Map<String, Object>> silver(TestLake lake, SourceTable table) {
        return lake.rows(SilverTables.of(table)).stream()
                .map(row -> {
                    Map<String, Object> own = new HashMap<>(row);
                    own.keySet().removeAll(List.of("_epoch", "_committed_at"));
                    table.monthColumn().ifPresent(column -> {
                        assertThat(own.remove("month"))
                                .isEqualTo(
                                        ((Instant) row.get(column)).toString().substring(0, 7));
                    });
                    if (table.derivedColumns().contains("id_block")) {
                        assertThat(own.remove("id_block")).isEqualTo((Long) row.get("id") / SourceTable.ROWS_PER_BLOCK);
                    }
                    return own;
                })
                .toList();
    }
}
