package dev.tenantlake.ingest.stream;

import static java.util.Objects.requireNonNull;

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

/**
 * Keeps the slot from holding the source's log back while others write and our tables do not. Nothing of theirs reaches
 * the stream, so there is no transaction whose end could be confirmed; when enough log has come together, this commits a
 * message of our own into it, whose transaction becomes an epoch without rows, and the slot follows. Confirming a
 * position that no epoch stands for would save the message, and with it the proof that slot and lake agree.
 */
public final class ProgressKeeper implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ProgressKeeper.class);

    private static final String BEHIND = """
            SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn)::bigint
            FROM pg_replication_slots WHERE slot_name = ?
            """;
    /** The prefix that lake-wide marks have, and a content that says whose it is. */
    private static final String MARK = "SELECT pg_logical_emit_message(true, 'tenantlake', 'progress')";

    private final SourceSession session;
    private final String slot;
    private final long mostBytes;
    private final LongSupplier transactions;
    private final ScheduledExecutorService timer;
    private long transactionsBefore = -1;

    /**
     * Begins to look every so often.
     *
     * @param session used by nobody else meanwhile
     * @param mostBytes how much log may come together
     * @param transactions how many transactions the stream has seen so far
     */
    public ProgressKeeper(
            SourceSession session, String slot, long mostBytes, LongSupplier transactions, Duration interval) {
        this.session = requireNonNull(session, "session");
        this.slot = requireNonNull(slot, "slot");
        this.mostBytes = mostBytes;
        this.transactions = requireNonNull(transactions, "transactions");
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "progress-keeper");
            thread.setDaemon(true);
            return thread;
        });
        timer.scheduleWithFixedDelay(this::look, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            long now = transactions.getAsLong();
            boolean idle = now == transactionsBefore;
            transactionsBefore = now;
            if (!idle) {
                return;
            }
            long behind = behind();
            if (behind > mostBytes) {
                mark();
                LOG.info("event=progress_marked slot={} behind_bytes={}", slot, behind);
            }
        } catch (SQLException | RuntimeException e) {
            // If the source is gone, the stream fails, and says so. A server that refuses the mark holds its log back.
            LOG.warn("event=progress_not_marked slot={} reason=\"{}\"", slot, e.getMessage());
        }
    }

    private long behind() throws SQLException {
        try (PreparedStatement select = session.connection().prepareStatement(BEHIND)) {
            select.setString(1, slot);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
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
