package dev.tenantlake.ingest;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.ingest.snapshot.SnapshotMarker;
import dev.tenantlake.ingest.source.Publication;
import dev.tenantlake.ingest.source.ReplicationSlot;
import dev.tenantlake.ingest.source.SourceSession;
import dev.tenantlake.ingest.source.TableFault;
import dev.tenantlake.model.BronzeColumns;
import dev.tenantlake.model.EpochLog;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.LakeLayout;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Looks at the source and at the lake before anything is done to either, and refuses what cannot end well. Each refusal
 * is one line: what was found, what was expected, what to do.
 */
final class Preflight {

    private static final Logger LOG = LoggerFactory.getLogger(Preflight.class);
    /** The first version that publishes no empty transactions, and that tells a publication's columns and filters. */
    private static final int OLDEST_POSTGRES = 150_000;

    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;

    /** What is safe as a Glue table, as a folder, and beside folders for control objects, which begin with {@code _}. */
    private final String slotName;

    private final String publicationName;
    private final LostSlotPolicy onLostSlot;
    private final LakeLayout layout;
    private final S3Client s3;
    private final EpochLog log;

    Preflight(IngestConfig config, S3Client s3, EpochLog log) {
        this.slotName = config.slot();
        this.publicationName = config.publication();
        this.onLostSlot = config.onLostSlot();
        this.layout = config.lake().layout();
        this.s3 = requireNonNull(s3, "s3");
        this.log = requireNonNull(log, "log");
    }

    /**
     * What was found, all of it fit.
     *
     * @param source who the source is
     * @param publication what it publishes
     * @param faults what is wrong with tables of it; the others are fit
     * @param last the lake's last epoch; empty if it has none
     * @param toLoad whether all tables are to be loaded through a new slot
     * @param toDrop whether there is a slot to be dropped before: one that was lost, or one that an unfinished snapshot of
     *     this lake left behind
     * @param lost why the slot that the lake followed cannot be gone on from; empty if it can
     */
    record Findings(
            EpochManifest.Source source,
            Publication publication,
            List<TableFault> faults,
            Optional<EpochManifest> last,
            boolean toLoad,
            boolean toDrop,
            Optional<String> lost) {

        /** What is fit of the publication. */
        Publication fit() {
            Set<String> unfit =
                    faults.stream().map(fault -> fault.table().qualifiedName()).collect(Collectors.toSet());
            return publication.only(table -> !unfit.contains(table.qualifiedName()));
        }
    }

    /**
     * Looks.
     *
     * @throws LakeException with the refusal
     */
    Findings check(SourceSession session) throws SQLException {
        Connection connection = session.connection();
        checkServer(connection);
        warnOfNoLimit(connection);
        Publication publication = Publication.read(connection, publicationName)
                .orElseThrow(() -> unfit("there is no publication '" + publicationName
                        + "'; expected one for the tables that the lake is to hold: CREATE PUBLICATION "
                        + publicationName + " FOR TABLE …"));
        checkPublication(publication);
        checkBucket();
        EpochManifest.Source source = session.source(slotName);
        Optional<EpochManifest> last = log.latest();
        last.ifPresent(manifest -> checkSource(source, manifest));
        last.ifPresent(this::checkBlocks);
        Optional<ReplicationSlot> slot = ReplicationSlot.read(connection, slotName);
        slot.ifPresent(found -> checkOwner(found, source));
        List<TableFault> faults = TableFault.of(publication);
        if (last.isEmpty()) {
            checkTables(faults);
        }
        Optional<String> lost = last.flatMap(manifest -> lost(slot, manifest));
        boolean leftOver = slot.filter(found -> isLeftOver(found, source, last)).isPresent();
        if (last.isEmpty() && slot.isPresent() && !leftOver) {
            throw unfit("slot '" + slotName + "' exists, and bucket '" + layout.bucket()
                    + "' has no epoch: it belongs to someone else; choose another --slot, or drop it:"
                    + " SELECT pg_drop_replication_slot('" + slotName + "')");
        }
        if (lost.isPresent() && onLostSlot == LostSlotPolicy.STOP) {
            throw unfit(
                    lost.get() + ": changes were lost; start with --on-lost-slot resnapshot to load all tables anew");
        }
        if (last.isPresent() && lost.isEmpty() && !leftOver) {
            checkPosition(slot.orElseThrow(), last.get());
        }
        boolean toLoad = last.isEmpty() || lost.isPresent() || leftOver;
        return new Findings(
                source, publication, faults, last, toLoad, toLoad && slot.isPresent(), lost.filter(why -> !leftOver));
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

    /** A slot that nobody reads for long fills the server's disk if there is no limit. */
    private static void warnOfNoLimit(Connection connection) throws SQLException {
        if (show(connection, "max_slot_wal_keep_size").equals("-1")) {
            LOG.warn(
                    "event=slot_without_limit reason=\"the source has max_slot_wal_keep_size '-1': a slot that is not read"
                            + " fills its disk; set a limit below what is free there: ALTER SYSTEM SET max_slot_wal_keep_size ="
                            + " '50GB', then SELECT pg_reload_conf()\"");
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
    }

    /** The lake begins with tables that are all fit; later, one that is not keeps the others from nothing. */
    private static void checkTables(List<TableFault> faults) {
        if (faults.isEmpty()) {
            return;
        }
        TableFault first = faults.get(0);
        long others = faults.stream()
                        .filter(fault -> fault.found().equals(first.found()))
                        .count()
                - 1;
        throw unfit("table " + first.table().qualifiedName() + (others == 0 ? "" : " (and " + others + " more)")
                + " has " + first.found() + "; expected " + first.expected());
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

    /**
     * Bronze's files lie in partitions of a day and a block of epochs. Of a lake whose first ones lie in those of a day
     * alone, queries would find nothing that is older than this version.
     */
    private void checkBlocks(EpochManifest last) {
        for (String table : last.loaded()) {
            String days = LakeLayout.bronzePrefix(table) + BronzeColumns.INGEST_DATE + "=";
            s3.listObjectsV2(list -> list.bucket(layout.bucket()).prefix(days).maxKeys(1)).contents().stream()
                    .map(S3Object::key)
                    .filter(key -> !key.contains("/" + BronzeColumns.EPOCH_BLOCK + "="))
                    .forEach(key -> {
                        throw unfit("bronze holds " + key + ", in no partition of " + BronzeColumns.EPOCH_BLOCK
                                + ": this lake is of a version that did not have them, and what it holds would be"
                                + " missing from answers; expected a lake of this version: begin one with an empty bucket"
                                + " or data directory");
                    });
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

    /** Why the slot cannot be gone on from; empty if it can. */
    private Optional<String> lost(Optional<ReplicationSlot> slot, EpochManifest last) {
        if (slot.isEmpty()) {
            return Optional.of("slot '" + slotName + "' is gone, and the lake holds epochs up to " + last.epoch());
        }
        return slot.filter(ReplicationSlot::lost)
                .map(lost -> "Postgres removed log that slot '" + slotName + "' needs after epoch " + last.epoch()
                        + " (max_slot_wal_keep_size)");
    }

    private void checkPosition(ReplicationSlot slot, EpochManifest last) {
        slot.confirmedLsn().filter(lsn -> lsn.compareTo(last.lastLsn()) > 0).ifPresent(lsn -> {
            throw unfit("slot '" + slotName + "' was read up to " + lsn + " by someone else, and the lake holds "
                    + last.lastLsn() + ": changes were lost; find out who reads it, then drop it to load all tables"
                    + " anew: SELECT pg_drop_replication_slot('" + slotName + "')");
        });
    }

    /** Whether an unfinished snapshot of this lake left the slot behind. */
    private boolean isLeftOver(ReplicationSlot slot, EpochManifest.Source source, Optional<EpochManifest> last) {
        if (last.isPresent()
                && slot.confirmedLsn()
                        .filter(lsn -> lsn.compareTo(last.get().lastLsn()) > 0)
                        .isEmpty()) {
            // It goes on from the last epoch.
            return false;
        }
        return SnapshotMarker.read(s3, layout)
                .filter(marker -> marker.source().equals(source))
                .filter(marker -> marker.consistentLsn().isEmpty()
                        || marker.consistentLsn().equals(slot.confirmedLsn()))
                .isPresent();
    }

    private static LakeException unfit(String message) {
        return new LakeException(LakeException.Kind.UNFIT, message);
    }
}
