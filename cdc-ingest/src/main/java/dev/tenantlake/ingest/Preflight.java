package dev.tenantlake.ingest;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.ingest.snapshot.SnapshotMarker;
import dev.tenantlake.ingest.source.Publication;
import dev.tenantlake.ingest.source.PublishedTable;
import dev.tenantlake.ingest.source.ReplicationSlot;
import dev.tenantlake.ingest.source.SourceSession;
import dev.tenantlake.model.BronzeColumns;
import dev.tenantlake.model.EpochLog;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.LakeLayout;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Looks at the source and at the lake before anything is done to either, and refuses what cannot end well. Each refusal
 * is one line: what was found, what was expected, what to do.
 */
final class Preflight {

    /** The first version that publishes no empty transactions, and that tells a publication's columns and filters. */
    private static final int OLDEST_POSTGRES = 150_000;

    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;

    /** What is safe as a Glue table, as a folder, and beside folders for control objects, which begin with {@code _}. */
    private static final Pattern TABLE_NAME = Pattern.compile("[a-z0-9][a-z0-9_]*");

    private static final Set<String> TAKEN_COLUMNS = Stream.concat(
                    BronzeColumns.ALL.stream().map(EpochManifest.BronzeColumn::name),
                    Stream.of(BronzeColumns.INGEST_DATE))
            .collect(Collectors.toUnmodifiableSet());

    private final String slotName;
    private final String publicationName;
    private final LakeLayout layout;
    private final S3Client s3;
    private final EpochLog log;

    Preflight(IngestConfig config, S3Client s3, EpochLog log) {
        this.slotName = config.slot();
        this.publicationName = config.publication();
        this.layout = config.lake().layout();
        this.s3 = requireNonNull(s3, "s3");
        this.log = requireNonNull(log, "log");
    }

    /**
     * What was found, all of it fit.
     *
     * @param source who the source is
     * @param publication what it publishes
     * @param last the lake's last epoch; empty if it is to begin with a snapshot
     * @param leftOver whether the slot is one that an unfinished snapshot of this lake left behind
     */
    record Findings(
            EpochManifest.Source source, Publication publication, Optional<EpochManifest> last, boolean leftOver) {}

    /**
     * Looks.
     *
     * @throws LakeException with the refusal
     */
    Findings check(SourceSession session) throws SQLException {
        Connection connection = session.connection();
        checkServer(connection);
        Publication publication = Publication.read(connection, publicationName)
                .orElseThrow(() -> unfit("there is no publication '" + publicationName
                        + "'; expected one for the tables that the lake is to hold: CREATE PUBLICATION "
                        + publicationName + " FOR TABLE …"));
        checkPublication(publication);
        checkBucket();
        EpochManifest.Source source = session.source(slotName);
        Optional<EpochManifest> last = log.latest();
        last.ifPresent(manifest -> checkSource(source, manifest));
        Optional<ReplicationSlot> slot = ReplicationSlot.read(connection, slotName);
        slot.ifPresent(found -> checkOwner(found, source));
        if (last.isPresent()) {
            checkPosition(slot, last.get());
            return new Findings(source, publication, last, false);
        }
        slot.ifPresent(found -> checkLeftOver(found, source));
        return new Findings(source, publication, last, slot.isPresent());
    }

    private static void checkServer(Connection connection) throws SQLException {
        int version = Integer.parseInt(show(connection, "server_version_num"));
        if (version < OLDEST_POSTGRES) {
            throw unfit("the source is Postgres " + show(connection, "server_version") + "; expected 15 or later");
        }
        String level = show(connection, "wal_level");
        if (!level.equals("logical")) {
            throw unfit("the source has wal_level '" + level
                    + "'; expected 'logical': ALTER SYSTEM SET wal_level = logical, then restart Postgres");
        }
    }

    private static String show(Connection connection, String setting) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW " + setting)) {
            row.next();
            return row.getString(1);
        }
    }

    private static void checkPublication(Publication publication) {
        String name = publication.name();
        if (!publication.allOperations()) {
            throw unfit("publication '" + name
                    + "' leaves operations out; expected all four: ALTER PUBLICATION " + name
                    + " SET (publish = 'insert, update, delete, truncate')");
        }
        if (publication.tables().isEmpty()) {
            throw unfit("publication '" + name + "' has no table; expected those that the lake is to hold:"
                    + " ALTER PUBLICATION " + name + " ADD TABLE …");
        }
        refuse(
                publication.tables().stream()
                        .filter(table -> !table.hasPrimaryKey())
                        .toList(),
                "no primary key",
                "one: ALTER TABLE %s ADD PRIMARY KEY (…), or take it out of publication '" + name + "'");
        refuse(
                publication.tables().stream()
                        .filter(table -> !table.fullReplicaIdentity())
                        .toList(),
                "a replica identity that is not full",
                "FULL, so that a delete says which row it was: ALTER TABLE %s REPLICA IDENTITY FULL");
        checkNames(publication.tables());
    }

    private static void refuse(List<PublishedTable> tables, String found, String expected) {
        if (tables.isEmpty()) {
            return;
        }
        String first = tables.get(0).qualifiedName();
        String others = tables.size() == 1 ? "" : " (and " + (tables.size() - 1) + " more)";
        throw unfit("table " + first + others + " has " + found + "; expected " + String.format(expected, first));
    }

    private static void checkNames(List<PublishedTable> tables) {
        Map<String, PublishedTable> byName = new HashMap<>();
        for (PublishedTable table : tables) {
            PublishedTable other = byName.putIfAbsent(table.name(), table);
            if (other != null) {
                throw unfit("tables " + other.qualifiedName() + " and " + table.qualifiedName()
                        + " are both published; expected one table of a name, since bronze has one folder for each");
            }
            if (!TABLE_NAME.matcher(table.name()).matches()) {
                throw unfit("table " + table.qualifiedName()
                        + " is published; expected a name of a-z, 0-9 and _ that does not begin with _");
            }
            Set<String> names = new HashSet<>();
            table.columns().forEach(column -> {
                String name = column.name().toLowerCase(Locale.ROOT);
                if (TAKEN_COLUMNS.contains(name) || !names.add(name)) {
                    throw unfit("column " + column.name() + " of " + table.qualifiedName()
                            + " has a name that bronze cannot take; expected none of "
                            + String.join(", ", TAKEN_COLUMNS)
                            + ", and no two that differ in case alone");
                }
            });
        }
    }

    private void checkBucket() {
        try {
            s3.headBucket(head -> head.bucket(layout.bucket()));
        } catch (S3Exception e) {
            if (e.statusCode() == NOT_FOUND) {
                throw unfit("there is no bucket '" + layout.bucket()
                        + "'; expected the lake's: create it, or set TENANTLAKE_BUCKET to its name");
            }
            if (e.statusCode() == FORBIDDEN) {
                throw new LakeException(
                        LakeException.Kind.DENIED,
                        "the credentials may not use bucket '" + layout.bucket()
                                + "'; expected those of the pipeline: check AWS_PROFILE and TENANTLAKE_BUCKET",
                        e);
            }
            throw e;
        }
    }

    private void checkSource(EpochManifest.Source source, EpochManifest last) {
        if (!last.source().equals(source)) {
            throw unfit("the epochs of bucket '" + layout.bucket() + "' are those of " + describe(last.source())
                    + ", and this is " + describe(source)
                    + "; expected the same: check PGHOST, PGDATABASE and --slot, or use another bucket");
        }
    }

    private static String describe(EpochManifest.Source source) {
        return "database '" + source.database() + "' of cluster " + source.systemIdentifier() + " through slot '"
                + source.slot() + "'";
    }

    private void checkOwner(ReplicationSlot slot, EpochManifest.Source source) {
        if (!slot.plugin().equals(Optional.of(ReplicationSlot.PLUGIN))) {
            throw unfit("slot '" + slotName + "' is "
                    + slot.plugin()
                            .map(plugin -> "one of plugin '" + plugin + "'")
                            .orElse("a physical one")
                    + "; expected one of '" + ReplicationSlot.PLUGIN
                    + "': it belongs to someone else, choose another --slot");
        }
        if (!slot.database().equals(Optional.of(source.database()))) {
            throw unfit("slot '" + slotName + "' is one of database '"
                    + slot.database().orElse("")
                    + "'; expected one of '" + source.database()
                    + "': it belongs to someone else, choose another --slot");
        }
        if (slot.activeProcess().isPresent()) {
            throw new LakeException(
                    LakeException.Kind.IN_USE,
                    "slot '" + slotName + "' is read by someone else (server process "
                            + slot.activeProcess().getAsInt() + "); stop that reader, or choose another --slot");
        }
    }

    private void checkPosition(Optional<ReplicationSlot> slot, EpochManifest last) {
        String remedy = ": changes were lost; empty " + layout.uri("bronze/") + " and drop the slot to start over";
        if (slot.isEmpty()) {
            throw unfit("slot '" + slotName + "' is gone, and the lake holds epochs up to " + last.epoch() + remedy);
        }
        if (slot.get().lost()) {
            throw unfit("Postgres removed log that slot '" + slotName + "' needs after epoch " + last.epoch()
                    + " (max_slot_wal_keep_size)" + remedy);
        }
        slot.get()
                .confirmedLsn()
                .filter(lsn -> lsn.compareTo(last.lastLsn()) > 0)
                .ifPresent(lsn -> {
                    throw unfit("slot '" + slotName + "' was read up to " + lsn
                            + " by someone else, and the lake holds " + last.lastLsn() + remedy);
                });
    }

    private void checkLeftOver(ReplicationSlot slot, EpochManifest.Source source) {
        boolean ours = SnapshotMarker.read(s3, layout)
                .filter(marker -> marker.source().equals(source))
                .filter(marker -> marker.consistentLsn().isEmpty()
                        || marker.consistentLsn().equals(slot.confirmedLsn()))
                .isPresent();
        if (!ours) {
            throw unfit("slot '" + slotName + "' exists, and bucket '" + layout.bucket()
                    + "' has no epoch: it belongs to someone else; choose another --slot, or drop it:"
                    + " SELECT pg_drop_replication_slot('" + slotName + "')");
        }
    }

    private static LakeException unfit(String message) {
        return new LakeException(LakeException.Kind.UNFIT, message);
    }
}
