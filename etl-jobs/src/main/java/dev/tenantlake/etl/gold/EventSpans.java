package dev.tenantlake.etl.gold;

import static dev.tenantlake.model.SourceTable.EVENTS;

import dev.tenantlake.etl.hudi.Spans;
import java.time.Instant;
import java.time.YearMonth;
import java.util.HashSet;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Times of tenants whose events are wanted. */
final class EventSpans {

    private final Set<String> partitions = new HashSet<>();
    private final Spans instants = new Spans("occurred_at");

    /** Adds the time of a tenant from one instant to another, both included. */
    void add(long tenant, Instant from, Instant until) {
        YearMonth last = LocalDay.utcMonth(until);
        for (YearMonth month = LocalDay.utcMonth(from); !month.isAfter(last); month = month.plusMonths(1)) {
            partitions.add(SilverSnapshot.partition(tenant, month));
        }
        instants.add(LocalDay.micros(from), LocalDay.micros(until));
    }

    /** At least the events of these times. */
    Dataset<Row> read(SilverSnapshot silver) {
        return silver.read(EVENTS, partitions, instants);
    }
}
