package dev.tenantlake.ingest.snapshot;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.ingest.bronze.EpochPublisher;
import dev.tenantlake.ingest.source.PostgresConfig;
import dev.tenantlake.ingest.source.Publication;
import dev.tenantlake.ingest.source.PublishedTable;
import dev.tenantlake.ingest.source.ReplicationSlot;
import dev.tenantlake.ingest.stream.ChangeStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads tables beside a stream that runs. While the stream rests, a temporary slot gives a point and the snapshot of it; as
 * the stream rests, nothing after the point is in the lake yet. When the stream has come to the point, the tables are read
 * and become the next epoch; then it goes on with the first transaction after it.
 */
public final class TableLoader {

    private static final Logger LOG = LoggerFactory.getLogger(TableLoader.class);
    /** For so long the stream may rest for a slot, which waits for write transactions that are open. */
    private static final Duration MOST_REST = Duration.ofSeconds(2);

    private static final String STATEMENT_CANCELLED = "57014";
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    /** A slot waits for these; while there are any, the stream is not made to rest for it. */
    private static final String LONG_WRITES = """
            SELECT (SELECT count(*) FROM pg_stat_activity
                    WHERE backend_xid IS NOT NULL AND xact_start < clock_timestamp() - interval '1 second')
                 + (SELECT count(*) FROM pg_prepared_xacts)
            """;

    private final PostgresConfig postgres;
    private final String slot;
    private final EpochPublisher publisher;
    private final TableCopy copy;

    /** @param slot the slot of the stream, after which the temporary one is named */
    public TableLoader(PostgresConfig postgres, String slot, EpochPublisher publisher, TableCopy copy) {
        this.postgres = requireNonNull(postgres, "postgres");
        this.slot = requireNonNull(slot, "slot");
        this.publisher = requireNonNull(publisher, "publisher");
        this.copy = requireNonNull(copy, "copy");
    }

    /**
     * Loads tables.
     *
     * @param control a connection to the source in auto-commit mode, used by nobody else meanwhile
     * @return the tables as they were loaded; empty if write transactions that are open keep it from that for now
     * @throws dev.tenantlake.model.LakeException of kind {@code UNFIT} if they hold what cannot be carried
     */
    Optional<List<PublishedTable>> load(Connection control, ChangeStream stream, Publication tables) throws Exception {
        if (longWrites(control)) {
            LOG.info("event=load_waits reason=\"write transactions are open for longer than a second\"");
            return Optional.empty();
        }
        try (Connection replication = postgres.openForReplication();
                Connection locking = postgres.open();
                LockedTables locked = LockedTables.lock(limited(locking), tables)) {
            List<PublishedTable> published = locked.publication().tables();
            if (published.isEmpty()) {
                return Optional.empty();
            }
            Instant asOf = locked.now();
            TableLoad load = stream.atRest(() -> {
                TableLoad found = new TableLoad(copy, publisher, published, point(replication), asOf);
                stream.load(found);
                return found;
            });
            LOG.info("event=load_begun tables={} lsn={}", load.tables().values(), load.point());
            // The stream shows that it is past the point with the end of a transaction after it.
            mark(control);
            load.done().get();
            return Optional.of(published);
        } catch (SQLException e) {
            if (STATEMENT_CANCELLED.equals(e.getSQLState()) || LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                LOG.info("event=load_waits reason=\"write transactions are open, or a table is locked\"");
                return Optional.empty();
            }
            throw e;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /** Who waits for a lock makes others wait behind him. */
    private static Connection limited(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET lock_timeout = '2s'");
        }
        return connection;
    }

    /** Commits a mark into the source's log, whose transaction comes through the stream. */
    void mark(Connection control) throws SQLException {
        try (Statement mark = control.createStatement()) {
            mark.execute("SELECT pg_logical_emit_message(true, 'tenantlake', 'load')");
        }
    }

    private ReplicationSlot.Created point(Connection replication) throws SQLException {
        String name = slot.length() > 58 ? slot.substring(0, 58) : slot;
        return ReplicationSlot.createTemporary(replication, name + "_load", MOST_REST);
    }

    private static boolean longWrites(Connection control) throws SQLException {
        try (Statement statement = control.createStatement();
                ResultSet row = statement.executeQuery(LONG_WRITES)) {
            row.next();
            return row.getLong(1) > 0;
        }
    }
}
