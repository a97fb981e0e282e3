package dev.tenantlake.ingest.stream;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.ingest.source.SlotMetrics;
import dev.tenantlake.ingest.source.SourceSession;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Keeps the slot from holding the source's log back while others write and our tables do not. Nothing of theirs reaches
 * the stream, so there is no transaction whose end could be confirmed; when enough log has come together, this commits a
 * message of our own into it, whose transaction becomes an epoch without rows, and the slot follows. Confirming a
 * position that no epoch stands for would save the message, and with it the proof that slot and lake agree. It also
 * warns when the slot holds back so much that the server may soon give it up.
 */
public final class ProgressKeeper implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ProgressKeeper.class);

    private static final String SLOT = """
            SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn)::bigint AS behind,
                   pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::bigint AS retained, wal_status, safe_wal_size,
                   (SELECT setting::bigint FROM pg_settings WHERE name = 'max_slot_wal_keep_size') AS most_megabytes
            FROM pg_replication_slots WHERE slot_name = ?
            """;
    /** What the server says of a slot while it holds no more log back than it may. */
    private static final String RESERVED = "reserved";
    /** The prefix that lake-wide marks have, and a content that says whose it is. */
    private static final String MARK = "SELECT pg_logical_emit_message(true, 'tenantlake', 'progress')";

    private final SourceSession session;
    private final String slot;
    private final long mostBytes;
    private final LongSupplier transactions;
    private final SlotMetrics metrics;
    private final ScheduledExecutorService timer;
    private long transactionsBefore = -1;
    private String statusBefore = RESERVED;

    /**
     * Begins to look every so often.
     *
     * @param session used by nobody else meanwhile
     * @param mostBytes how much log may come together
     * @param metrics are told of the slot each time
     * @param transactions how many transactions the stream has seen so far
     */
    public ProgressKeeper(
            SourceSession session,
            String slot,
            long mostBytes,
            LongSupplier transactions,
            Duration interval,
            SlotMetrics metrics) {
        this.metrics = requireNonNull(metrics, "metrics");
        this.session = requireNonNull(session, "session");
        this.slot = requireNonNull(slot, "slot");
        this.mostBytes = mostBytes;
        this.transactions = requireNonNull(transactions, "transactions");
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "progress-keeper");
            thread.setDaemon(true);
            return thread;
        });
        timer.scheduleWithFixedDelay(this::look, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            long now = transactions.getAsLong();
            boolean idle = now == transactionsBefore;
            transactionsBefore = now;
            long behind = behind();
            if (idle && behind > mostBytes) {
                mark();
                LOG.info("event=progress_marked slot={} behind_bytes={}", slot, behind);
            }
        } catch (SQLException | RuntimeException e) {
            // If the source is gone, the stream fails, and says so. A server that refuses the mark holds its log back.
            LOG.warn("event=progress_not_marked slot={} reason=\"{}\"", slot, e.getMessage());
        }
    }

    /** How many bytes of log the slot holds back; raises the alarm when that is more than the server likes. */
    private long behind() throws SQLException {
        try (PreparedStatement select = session.connection().prepareStatement(SLOT)) {
            select.setString(1, slot);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return 0;
                }
                long behind = row.getLong("behind");
                metrics.at(behind, row.getLong("retained"), row.getLong("most_megabytes") << 20);
                String status = row.getString("wal_status");
                if (!status.equals(statusBefore)) {
                    LOG.atLevel(status.equals(RESERVED) ? Level.INFO : Level.WARN)
                            .log(
                                    "event=slot_behind slot={} wal_status={} behind_bytes={} bytes_until_lost={}",
                                    slot,
                                    status,
                                    behind,
                                    row.getString("safe_wal_size"));
                    statusBefore = status;
                }
                return behind;
            }
        }
    }

    private void mark() throws SQLException {
        try (PreparedStatement mark = session.connection().prepareStatement(MARK)) {
            mark.execute();
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
