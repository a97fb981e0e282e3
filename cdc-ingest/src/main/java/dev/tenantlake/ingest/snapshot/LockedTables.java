package dev.tenantlake.ingest.snapshot;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.ingest.source.Publication;
import dev.tenantlake.ingest.source.SqlName;
import dev.tenantlake.model.LakeException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the definitions of published tables as they are until it is closed. A change that rewrites a table would show it
 * empty to a snapshot from before; and the slot would not stream the rows, being from before too.
 */
final class LockedTables implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LockedTables.class);

    private final Connection connection;
    private final Publication publication;

    private LockedTables(Connection connection, Publication publication) {
        this.connection = requireNonNull(connection, "connection");
        this.publication = requireNonNull(publication, "publication");
    }

    /**
     * Locks the tables of a publication against any change of their columns, and looks at them again.
     *
     * @param connection in auto-commit mode; used by nobody else until this is closed
     * @param seen what was seen of them before
     */
    static LockedTables lock(Connection connection, Publication seen) throws SQLException {
        String names = seen.tables().stream()
                .map(table -> SqlName.quote(table.schema(), table.name()))
                .collect(Collectors.joining(", "));
        if (names.isEmpty()) {
            throw new LakeException(
                    LakeException.Kind.UNFIT,
                    "no table of publication '" + seen.name() + "' is fit; expected one: see the warnings above");
        }
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("LOCK TABLE " + names + " IN ACCESS SHARE MODE");
            Publication now = Publication.read(connection, seen.name()).orElse(seen);
            return new LockedTables(connection, now.only(seen));
        } catch (SQLException | RuntimeException e) {
            unlock(connection);
            throw e;
        }
    }

    /** The tables as they stand, and as a COPY meets them. */
    Publication publication() {
        return publication;
    }

    /** The time by the source's clock. */
    Instant now() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT clock_timestamp()")) {
            row.next();
            return row.getObject(1, OffsetDateTime.class).toInstant();
        }
    }

    @Override
    public void close() {
        unlock(connection);
    }

    private static void unlock(Connection connection) {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            // The connection is gone, and its locks with it; what comes next on it says so.
            LOG.debug("event=unlock_failed", e);
        }
    }
}
