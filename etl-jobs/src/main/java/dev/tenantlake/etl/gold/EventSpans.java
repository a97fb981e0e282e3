package dev.tenantlake.etl.gold;

import static dev.tenantlake.model.SourceTable.EVENTS;

import dev.tenantlake.etl.hudi.HudiFiles.Range;
import java.time.Instant;
import java.time.YearMonth;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Times of tenants whose events are wanted. Each month is asked by itself, so that what lies between two is not read. */
final class EventSpans {

    private final Map<YearMonth, OfMonth> months = new TreeMap<>();

    /** Of a month of UTC: the partitions, and the bounds of the time that is wanted of any of them. */
    private static final class OfMonth {
        private final Set<String> partitions = new HashSet<>();
        private Instant from = Instant.MAX;
        private Instant until = Instant.MIN;

        void add(String partition, Instant first, Instant last) {
            partitions.add(partition);
            from = first.isBefore(from) ? first : from;
            until = last.isAfter(until) ? last : until;
        }
    }

    /** Adds the time of a tenant from one instant to another, both included. */
    void add(long tenant, Instant from, Instant until) {
        YearMonth last = LocalDay.utcMonth(until);
        for (YearMonth month = LocalDay.utcMonth(from); !month.isAfter(last); month = month.plusMonths(1)) {
            months.computeIfAbsent(month, first -> new OfMonth())
                    .add(SilverSnapshot.partition(tenant, month), from, until);
        }
    }

    /** At least the events of these times. */
    Dataset<Row> read(SilverSnapshot silver) {
        return months.values().stream()
                .map(month -> silver.read(
                        EVENTS,
                        month.partitions,
                        new Range("occurred_at", LocalDay.micros(month.from), LocalDay.micros(month.until))))
                .reduce(Dataset::unionByName)
                .orElseGet(() -> silver.read(EVENTS, List.of()));
    }
}
