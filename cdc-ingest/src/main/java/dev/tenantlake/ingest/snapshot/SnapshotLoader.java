package dev.tenantlake.ingest.snapshot;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.ingest.bronze.EpochPublisher;
import dev.tenantlake.ingest.bronze.OpenEpoch;
import dev.tenantlake.ingest.bronze.RowStamp;
import dev.tenantlake.ingest.source.PostgresConfig;
import dev.tenantlake.ingest.source.Publication;
import dev.tenantlake.ingest.source.ReplicationSlot;
import dev.tenantlake.ingest.source.SourceSession;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.LakeLayout;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Reads a snapshot epoch: every row of every published table as of one point of the source's log, from which a new slot
 * goes on without a gap and without a row twice. The slot is created first and exports the snapshot of its consistent
 * point, which the tables are then read from. It is the lake's first epoch, and the next one after a slot was lost: then
 * it replaces what the lake held of each table.
 */
public final class SnapshotLoader {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotLoader.class);

    private final PostgresConfig postgres;
    private final String slot;
    private final S3Client s3;
    private final LakeLayout layout;
    private final EpochPublisher publisher;
    private final TableCopy copy;
    private final AtomicReference<Connection> replicationConnection = new AtomicReference<>();

    /** @param copy reads the tables */
    public SnapshotLoader(
            PostgresConfig postgres,
            String slot,
            S3Client s3,
            LakeLayout layout,
            EpochPublisher publisher,
            TableCopy copy) {
        this.postgres = requireNonNull(postgres, "postgres");
        this.slot = requireNonNull(slot, "slot");
        this.s3 = requireNonNull(s3, "s3");
        this.layout = requireNonNull(layout, "layout");
        this.publisher = requireNonNull(publisher, "publisher");
        this.copy = requireNonNull(copy, "copy");
    }

    /**
     * Creates the slot and loads the next epoch. If that fails before the epoch's manifest was sent, the slot is
     * dropped again; else the next start finds out what became of it.
     *
     * @param last the lake's last epoch, of a slot that is gone; empty if it has none
     */
    public EpochManifest load(
            SourceSession session, EpochManifest.Source source, Publication preflown, Optional<EpochManifest> last)
            throws SQLException, IOException, InterruptedException {
        long startedNanos = System.nanoTime();
        try (Connection replication = postgres.openForReplication();
                LockedTables locked = LockedTables.lock(session.connection(), preflown)) {
            Publication publication = locked.publication();
            new SnapshotMarker(source, Optional.empty()).write(s3, layout);
            LOG.info("event=slot_creating slot={} waits_for=\"write transactions that are open\"", slot);
            replicationConnection.set(replication);
            ReplicationSlot.Created created = ReplicationSlot.create(replication, slot);
            TableCopy.Copied copied;
            EpochManifest manifest;
            try {
                new SnapshotMarker(source, Optional.of(created.consistentLsn())).write(s3, layout);
                RowStamp stamp = new RowStamp(created.consistentLsn(), 0, locked.now());
                long epoch = last.map(EpochManifest::epoch).orElse(0L) + 1;
                copied = copy.copy(
                        publication.tables(), new TableCopy.Target(epoch, created.snapshot(), stamp, last.isPresent()));
                manifest = manifest(epoch, stamp, copied);
            } catch (SQLException | IOException | InterruptedException | RuntimeException e) {
                dropSlot(e);
                throw e;
            }
            publisher.append(manifest, copied.files());
            SnapshotMarker.remove(s3, layout);
            Duration took = Duration.ofNanos(System.nanoTime() - startedNanos);
            publisher.metrics().loaded(manifest, took);
            LOG.info(
                    "event=snapshot_done rows={} tables={} ms={} rows_per_s={} lsn={}",
                    manifest.rows(),
                    publication.tables().size(),
                    took.toMillis(),
                    manifest.rows() * 1000 / Math.max(1, took.toMillis()),
                    created.consistentLsn());
            return manifest;
        }
    }

    /**
     * Ends the wait for the slot, from another thread: while write transactions are open that may be long, and a
     * connection that is only closed would leave the server waiting.
     */
    public void cancelWait() {
        Connection replication = replicationConnection.get();
        if (replication == null) {
            return;
        }
        try {
            replication.unwrap(PGConnection.class).cancelQuery();
        } catch (SQLException e) {
            LOG.debug("event=cancel_failed", e);
        }
    }

    private void dropSlot(Exception reason) {
        try (Connection connection = postgres.open()) {
            ReplicationSlot.drop(connection, slot);
            LOG.info("event=slot_dropped slot={} reason=\"the snapshot was not completed\"", slot);
        } catch (SQLException e) {
            // The next start drops it.
            reason.addSuppressed(e);
        }
    }

    private EpochManifest manifest(long epoch, RowStamp stamp, TableCopy.Copied copied) {
        OpenEpoch.Sealed sealed = new OpenEpoch.Sealed(
                epoch, EpochManifest.Kind.SNAPSHOT, stamp, stamp, 1, List.of(), Set.of(), Optional.empty());
        return publisher.manifest(sealed, copied.ingestDate(), copied.files(), copied.schemas());
    }
}
