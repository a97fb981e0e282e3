package dev.tenantlake.etl;

import static dev.tenantlake.etl.Shop.customer;
import static dev.tenantlake.etl.Shop.event;
import static dev.tenantlake.etl.Shop.item;
import static dev.tenantlake.etl.Shop.money;
import static dev.tenantlake.etl.Shop.order;
import static dev.tenantlake.etl.Shop.with;
import static dev.tenantlake.model.SourceTable.CUSTOMERS;
import static dev.tenantlake.model.SourceTable.EVENTS;
import static dev.tenantlake.model.SourceTable.ORDERS;
import static dev.tenantlake.model.SourceTable.ORDER_ITEMS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenantlake.etl.bronze.BronzeReader;
import dev.tenantlake.etl.rules.RuleBook;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.SourceTable;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LakeExtension.class)
class BronzeReaderTest {

    @Test
    void findsARowThatBreaksARuleOfEachKind(TestLake lake) {
        Map<String, Object> event = event(1, 1, "2026-06-01T00:00:00Z");
        Map<String, Object> order = order(1, 1, "paid", "10.00", "2026-06-01T00:00:00Z");
        Map<String, Object> item = item(1, 1, 1, 1, 2, "5.00");
        lake.source().insert(EVENTS, event);
        lake.source().insert(ORDERS, order);
        lake.source().insert(ORDER_ITEMS, item);
        lake.source().insert(CUSTOMERS, customer(1, 1));
        EpochManifest right = lake.source().snapshot();
        assertThat(SourceTable.ALL).allMatch(table -> areRight(lake, table, right));

        assertBroken(lake, EVENTS, event, Map.of("occurred_at", Instant.parse("2200-01-01T00:00:00Z")));
        assertBroken(lake, EVENTS, event, Collections.singletonMap("event_type", null));
        assertBroken(lake, ORDERS, order, Map.of("status", "teleported"));
        assertBroken(lake, ORDERS, order, Map.of("currency", "eur"));
        assertBroken(lake, ORDERS, order, Map.of("total_amount", money("-0.01")));
        assertBroken(lake, ORDER_ITEMS, item, Map.of("quantity", 0));
        assertBroken(lake, ORDER_ITEMS, item, Map.of("discount_amount", money("10.01")));
        assertBroken(lake, CUSTOMERS, customer(1, 1), Collections.singletonMap("country", null));
    }

    /** Loads a table with a row beside the right ones, and then without it. */
    private static void assertBroken(
            TestLake lake, SourceTable table, Map<String, Object> row, Map<String, Object> wrong) {
        Map<String, Object> broken = with(with(row, Map.of("id", 1000L)), wrong);
        lake.source().insert(table, broken);
        EpochManifest load = lake.source().load(table);
        assertThat(areRight(lake, table, load)).as(wrong.toString()).isFalse();
        lake.source().delete(table, broken);
        // Such a load says first that the table is emptied, by a row in which nothing but that is said.
        assertThat(areRight(lake, table, lake.source().load(table))).isTrue();
    }

    @Test
    void readsNoRowWhereTheFilesSayThatAllAreRight(TestLake lake) throws TimeoutException {
        for (long id = 0; id < 100; id++) {
            lake.source().insert(EVENTS, event(1, id, "2026-06-01T00:00:00Z"));
            lake.source().insert(ORDERS, order(1, id, "paid", "10.00", "2026-06-01T00:00:00Z"));
        }
        EpochManifest load = lake.source().snapshot();
        // All that is asked of an event compares; of an order it is also asked whether its status is one of some.
        assertThat(rowsRead(lake, () -> assertThat(areRight(lake, EVENTS, load)).isTrue()))
                .isZero();
        assertThat(rowsRead(lake, () -> assertThat(areRight(lake, ORDERS, load)).isTrue()))
                .isEqualTo(100);
    }

    @Test
    void silverReadsTheRowsOfALoadOnceThatTheFilesSayAreRight(TestLake lake) throws TimeoutException {
        for (long id = 0; id < 100; id++) {
            lake.source().insert(EVENTS, event(1, id, "2026-06-01T00:00:00Z"));
        }
        lake.source().snapshot();
        assertThat(rowsRead(lake, () -> assertThat(lake.silver().advance()).isTrue()))
                .isEqualTo(100);
    }

    private static long rowsRead(TestLake lake, Runnable work) throws TimeoutException {
        SparkContext spark = lake.hudi().spark().sparkContext();
        AtomicLong rows = new AtomicLong();
        SparkListener listener = new SparkListener() {
            @Override
            public void onTaskEnd(SparkListenerTaskEnd task) {
                rows.addAndGet(task.taskMetrics().inputMetrics().recordsRead());
            }
        };
        spark.listenerBus().waitUntilEmpty();
        spark.addSparkListener(listener);
        try {
            work.run();
            spark.listenerBus().waitUntilEmpty();
        } finally {
            spark.removeSparkListener(listener);
        }
        return rows.get();
    }

    private static boolean areRight(TestLake lake, SourceTable table, EpochManifest epoch) {
        return new BronzeReader(lake.hudi())
                .areRight(table, List.of(epoch), RuleBook.standard().of(table));
    }
}
