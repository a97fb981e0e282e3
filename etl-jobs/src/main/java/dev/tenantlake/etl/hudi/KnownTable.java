package dev.tenantlake.etl.hudi;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.stream.Stream;
import org.apache.hudi.common.table.HoodieTableMetaClient;
import org.apache.hudi.common.table.timeline.BaseHoodieTimeline;
import org.apache.hudi.common.table.timeline.HoodieInstant;

/**
 * A table as this process knows it. Its properties never change. Its timeline is what was read last and what this process
 * completed since, which is all there is as long as nobody else writes the table and nothing went wrong.
 */
final class KnownTable {

    private final HoodieTableMetaClient client;

    /** Whether the timeline that is remembered is the table's, if this process alone writes it. */
    private boolean current;

    /** A table whose timeline is still to be read. */
    KnownTable(HoodieTableMetaClient client) {
        this.client = requireNonNull(client, "client");
    }

    /** The table with its timeline as S3 has it. */
    synchronized HoodieTableMetaClient read() {
        client.reloadActiveTimeline();
        current = true;
        return client;
    }

    /** The table with its timeline as it is remembered, which is read only if it has to be. */
    synchronized HoodieTableMetaClient recall() {
        return current ? client : read();
    }

    /** The timeline may be another one than is remembered. */
    synchronized void forget() {
        current = false;
    }

    /** This process completed an instant, which has the latest time of all. A timeline that was read since may have it. */
    synchronized void completed(HoodieInstant instant) {
        BaseHoodieTimeline timeline = (BaseHoodieTimeline) client.getActiveTimeline();
        List<HoodieInstant> known = timeline.getInstants();
        if (!known.contains(instant)) {
            // What is derived from a timeline is a copy of it; a list that never changes may be read meanwhile.
            timeline.setInstants(
                    Stream.concat(known.stream(), Stream.of(instant)).toList());
        }
    }
}
