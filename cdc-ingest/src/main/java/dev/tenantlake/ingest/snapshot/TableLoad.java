package dev.tenantlake.ingest.snapshot;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.ingest.bronze.EpochPublisher;
import dev.tenantlake.ingest.bronze.OpenEpoch;
import dev.tenantlake.ingest.bronze.RowStamp;
import dev.tenantlake.ingest.source.PublishedTable;
import dev.tenantlake.ingest.source.ReplicationSlot;
import dev.tenantlake.ingest.stream.PointLoad;
import dev.tenantlake.ingest.stream.StreamOffset;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.Lsn;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Some tables as of a point within the stream, as an epoch of their own: a load epoch, which replaces what the lake held of
 * them. The snapshot of the point is held by a temporary slot, for as long as the connection that made it is open.
 */
final class TableLoad implements PointLoad {

    private static final Logger LOG = LoggerFactory.getLogger(TableLoad.class);

    private final TableCopy copy;
    private final EpochPublisher publisher;
    private final List<PublishedTable> tables;
    private final ReplicationSlot.Created slot;
    private final Instant asOf;
    private final CompletableFuture<EpochManifest> done = new CompletableFuture<>();

    /**
     * @param tables as they stand, kept so until the load is done
     * @param slot the temporary slot
     * @param asOf when that was made, by the source's clock
     */
    TableLoad(
            TableCopy copy,
            EpochPublisher publisher,
            List<PublishedTable> tables,
            ReplicationSlot.Created slot,
            Instant asOf) {
        this.copy = requireNonNull(copy, "copy");
        this.publisher = requireNonNull(publisher, "publisher");
        this.tables = List.copyOf(tables);
        this.slot = requireNonNull(slot, "slot");
        this.asOf = requireNonNull(asOf, "asOf");
    }

    @Override
    public Lsn point() {
        return slot.consistentLsn();
    }

    @Override
    public Map<String, String> tables() {
        return tables.stream().collect(Collectors.toMap(PublishedTable::qualifiedName, PublishedTable::name));
    }

    /** The epoch, or why there is none. */
    CompletableFuture<EpochManifest> done() {
        return done;
    }

    @Override
    public Optional<EpochManifest> publish(long epoch) throws IOException, InterruptedException, SQLException {
        long startedNanos = System.nanoTime();
        try {
            EpochManifest manifest = append(epoch);
            Duration took = Duration.ofNanos(System.nanoTime() - startedNanos);
            publisher.metrics().loaded(manifest, took);
            LOG.info(
                    "event=load_done epoch={} tables={} rows={} ms={} lsn={}",
                    epoch,
                    tables().values(),
                    manifest.rows(),
                    took.toMillis(),
                    point());
            done.complete(manifest);
            return Optional.of(manifest);
        } catch (LakeException e) {
            done.completeExceptionally(e);
            if (e.kind() != LakeException.Kind.UNFIT) {
                throw e;
            }
            // A value of theirs cannot be carried, which is no reason to keep the other tables waiting.
            return Optional.empty();
        } catch (IOException | InterruptedException | SQLException | RuntimeException e) {
            done.completeExceptionally(e);
            throw e;
        }
    }

    private EpochManifest append(long epoch) throws IOException, InterruptedException, SQLException {
        RowStamp stamp = new RowStamp(point(), 0, asOf);
        TableCopy.Copied copied = copy.copy(tables, new TableCopy.Target(epoch, slot.snapshot(), stamp, true));
        OpenEpoch.Sealed sealed = new OpenEpoch.Sealed(
                epoch,
                EpochManifest.Kind.LOAD,
                stamp,
                stamp,
                1,
                List.of(),
                Set.of(),
                Optional.of(StreamOffset.of(point())));
        EpochManifest manifest = publisher.manifest(sealed, copied.ingestDate(), copied.files(), copied.schemas());
        publisher.append(manifest, copied.files());
        return manifest;
    }
}
