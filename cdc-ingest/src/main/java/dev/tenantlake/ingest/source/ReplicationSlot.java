package dev.tenantlake.ingest.source;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.Lsn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A replication slot of the source, as it stands.
 *
 * @param name its name
 * @param plugin its output plugin; empty for a physical slot
 * @param database whose changes it decodes; empty for a physical slot
 * @param activeProcess the id of the server process that streams from it, if one does
 * @param confirmedLsn up to where its reader said to have the changes; empty for a physical slot
 * @param lost whether the server removed log that it needs
 */
public record ReplicationSlot(
        String name,
        Optional<String> plugin,
        Optional<String> database,
        OptionalInt activeProcess,
        Optional<Lsn> confirmedLsn,
        boolean lost) {

    /** The output plugin that cdc-ingest reads. */
    public static final String PLUGIN = "pgoutput";

    private static final String SELECT = """
            SELECT plugin, database, active_pid, confirmed_flush_lsn::text AS confirmed,
                   coalesce(wal_status = 'lost', false) AS lost
            FROM pg_replication_slots WHERE slot_name = ?
            """;

    public ReplicationSlot {
        requireNonNull(name, "name");
        requireNonNull(plugin, "plugin");
        requireNonNull(database, "database");
        requireNonNull(activeProcess, "activeProcess");
        requireNonNull(confirmedLsn, "confirmedLsn");
    }

    /**
     * What creating a slot gives.
     *
     * @param consistentLsn the changes that the slot will stream are those of transactions that end after this
     * @param snapshot the name of the snapshot that shows the database as of {@code consistentLsn}
     */
    public record Created(Lsn consistentLsn, String snapshot) {
        public Created {
            requireNonNull(consistentLsn, "consistentLsn");
            requireNonNull(snapshot, "snapshot");
        }
    }

    /** Reads a slot, or empty if there is none of that name. */
    public static Optional<ReplicationSlot> read(Connection connection, String name) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT)) {
            select.setString(1, name);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                int process = row.getInt("active_pid");
                return Optional.of(new ReplicationSlot(
                        name,
                        Optional.ofNullable(row.getString("plugin")),
                        Optional.ofNullable(row.getString("database")),
                        process == 0 ? OptionalInt.empty() : OptionalInt.of(process),
                        Optional.ofNullable(row.getString("confirmed")).map(Lsn::parse),
                        row.getBoolean("lost")));
            }
        }
    }

    /**
     * Creates a slot and exports the snapshot of its consistent point. Waits for the write transactions that are open.
     *
     * @param replication a connection for replication; the snapshot can be taken up for as long as it stays idle
     */
    public static Created create(Connection replication, String name) throws SQLException {
        return create(replication, SqlName.quote(name), Duration.ZERO);
    }

    /**
     * As {@link #create}, of a slot that goes with the connection.
     *
     * @param atMost how long to wait; then it ends with the SQL state of a statement that was cancelled
     */
    public static Created createTemporary(Connection replication, String name, Duration atMost) throws SQLException {
        return create(replication, SqlName.quote(name) + " TEMPORARY", atMost);
    }

    private static Created create(Connection replication, String nameAndKind, Duration atMost) throws SQLException {
        try (Statement create = replication.createStatement()) {
            create.setQueryTimeout((int) atMost.toSeconds());
            try (ResultSet row = create.executeQuery(
                    "CREATE_REPLICATION_SLOT " + nameAndKind + " LOGICAL " + PLUGIN + " (SNAPSHOT 'export')")) {
                row.next();
                return new Created(Lsn.parse(row.getString("consistent_point")), row.getString("snapshot_name"));
            }
        }
    }

    /** Drops a slot. */
    public static void drop(Connection connection, String name) throws SQLException {
        try (PreparedStatement drop = connection.prepareStatement("SELECT pg_drop_replication_slot(?)")) {
            drop.setString(1, name);
            drop.execute();
        }
    }
}
