package dev.tenantlake.ingest.bronze;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.EpochLog;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.EpochManifest.BronzeSchema;
import dev.tenantlake.model.EpochManifest.DataFile;
import dev.tenantlake.model.EpochManifest.TableSlice;
import dev.tenantlake.model.LakeLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Makes epochs part of the lake: the files first, the manifest last, and then the catalog. Until the manifest is there,
 * nothing of the epoch counts.
 */
public final class EpochPublisher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EpochPublisher.class);
    /** An epoch has a file for each table that changed, and on AWS each upload takes tens of milliseconds. */
    private static final int UPLOADS_AT_ONCE = 4;

    private final S3Client s3;
    private final LakeLayout layout;
    private final EpochLog log;
    private final BronzeCatalog catalog;
    private final EpochManifest.Source source;
    private final BronzeMetrics metrics;
    private final Clock clock;
    private final ExecutorService uploads;
    /** The tables that the lake carries since a load. */
    private Set<String> loaded = Set.of();

    private LongConsumer listener = epoch -> {};

    /**
     * @param source stated in every manifest
     * @param clock says which day an epoch is cut on, and when its manifest was made
     */
    public EpochPublisher(
            S3Client s3,
            LakeLayout layout,
            EpochLog log,
            BronzeCatalog catalog,
            EpochManifest.Source source,
            BronzeMetrics metrics,
            Clock clock) {
        this.s3 = requireNonNull(s3, "s3");
        this.layout = requireNonNull(layout, "layout");
        this.log = requireNonNull(log, "log");
        this.catalog = requireNonNull(catalog, "catalog");
        this.source = requireNonNull(source, "source");
        this.metrics = requireNonNull(metrics, "metrics");
        this.clock = requireNonNull(clock, "clock");
        this.uploads = Executors.newFixedThreadPool(UPLOADS_AT_ONCE, task -> {
            Thread thread = new Thread(task, "bronze-upload");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Goes on from the lake's last epoch; without one, the first to be published is the snapshot. */
    public void resumeAfter(EpochManifest last) {
        loaded = last.loaded();
        metrics.at(last);
    }

    /** Tells of the number of each epoch from now on, once it is part of the lake and in the catalog. */
    public void tellEach(LongConsumer told) {
        listener = requireNonNull(told, "told");
    }

    /** The day in UTC: the {@code ingest_date} of an epoch that is cut now. */
    public LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }

    /**
     * Makes a sealed epoch part of the lake, and removes its local files.
     *
     * @throws dev.tenantlake.model.LakeException of kind {@code IN_USE} if another writer took its number
     * @throws software.amazon.awssdk.core.exception.SdkException if the lake did not take it, or may not have
     */
    public EpochManifest publish(OpenEpoch.Sealed epoch) throws IOException, InterruptedException {
        long startedNanos = System.nanoTime();
        LocalDate ingestDate = today();
        List<UploadedFile> files = uploadAll(epoch, ingestDate);
        EpochManifest manifest = manifest(epoch, ingestDate, files, List.of());
        append(manifest, files);
        metrics.published(Duration.ofNanos(System.nanoTime() - startedNanos));
        return manifest;
    }

    /** Appends a manifest, whose files these are and are uploaded, and registers what is new in it. */
    public void append(EpochManifest manifest, List<UploadedFile> files) {
        log.append(manifest);
        metrics.appended(manifest, files, clock.instant());
        loaded = manifest.loaded();
        LOG.info(
                "event=epoch epoch={} rows={} transactions={} lag_ms={} bytes={} tables={} lsn={}",
                manifest.epoch(),
                manifest.rows(),
                manifest.transactions(),
                Duration.between(manifest.lastCommittedAt(), clock.instant()).toMillis(),
                manifest.tables().values().stream()
                        .flatMap(slice -> slice.files().stream())
                        .mapToLong(DataFile::bytes)
                        .sum(),
                manifest.tables().size(),
                manifest.lastLsn());
        catalog.register(manifest);
        listener.accept(manifest.epoch());
    }

    /**
     * The manifest of an epoch.
     *
     * @param files its files, those of a table in the order of their parts
     * @param withoutRows schemas to state beside those of the files
     */
    public EpochManifest manifest(
            OpenEpoch.Sealed epoch,
            LocalDate ingestDate,
            List<UploadedFile> files,
            Collection<FileSchema> withoutRows) {
        Map<String, BronzeSchema> schemas = new HashMap<>();
        withoutRows.forEach(schema -> schemas.put(schema.id(), schema.toManifest()));
        Map<String, List<UploadedFile>> byTable = new LinkedHashMap<>();
        for (UploadedFile file : files) {
            schemas.put(file.dataFile().schemaId(), file.schema().toManifest());
            byTable.computeIfAbsent(file.schema().table(), table -> new ArrayList<>())
                    .add(file);
        }
        Map<String, TableSlice> tables = new HashMap<>();
        byTable.forEach((table, slice) -> tables.put(
                table,
                new TableSlice(
                        slice.stream().mapToLong(file -> file.dataFile().rows()).sum(),
                        slice.stream().anyMatch(UploadedFile::truncated),
                        slice.stream().map(UploadedFile::dataFile).toList())));
        Instant now = clock.instant();
        Set<String> carried = new TreeSet<>(loaded);
        carried.removeAll(epoch.dropped());
        if (epoch.kind() == EpochManifest.Kind.SNAPSHOT) {
            carried.clear();
        }
        if (epoch.kind() != EpochManifest.Kind.STREAM) {
            schemas.values().forEach(schema -> carried.add(schema.table()));
        }
        return new EpochManifest(
                epoch.number(),
                epoch.kind(),
                source,
                epoch.first().lsn(),
                epoch.last().lsn(),
                epoch.first().committedAt(),
                epoch.last().committedAt(),
                epoch.transactions(),
                ingestDate,
                tables,
                schemas,
                carried,
                epoch.offset(),
                now);
    }

    /** What it tells of. */
    public BronzeMetrics metrics() {
        return metrics;
    }

    /** Uploads a file, and removes it from local disk; beside what the caller does meanwhile. */
    public Future<UploadedFile> upload(FinishedFile file, long epoch, LocalDate ingestDate, int part) {
        // Here, so that forms of a table are numbered in the order in which they came.
        catalog.tableFor(file.schema().toManifest());
        return uploads.submit(() -> uploadNow(file, epoch, ingestDate, part));
    }

    private UploadedFile uploadNow(FinishedFile file, long epoch, LocalDate ingestDate, int part) {
        String key = LakeLayout.bronzeFileKey(catalog.tableFor(file.schema().toManifest()), ingestDate, epoch, part);
        try {
            s3.putObject(
                    put -> put.bucket(layout.bucket()).key(key).contentType("application/vnd.apache.parquet"),
                    RequestBody.fromFile(file.path()));
            Files.delete(file.path());
            return new UploadedFile(
                    new DataFile(key, file.rows(), file.bytes(), file.schema().id()), file.schema(), file.operations());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes files of an epoch that is given up. */
    public void remove(Collection<String> keys) {
        keys.forEach(
                key -> s3.deleteObject(delete -> delete.bucket(layout.bucket()).key(key)));
    }

    private List<UploadedFile> uploadAll(OpenEpoch.Sealed epoch, LocalDate ingestDate)
            throws IOException, InterruptedException {
        Map<String, Integer> parts = new HashMap<>();
        List<Future<UploadedFile>> running = new ArrayList<>();
        for (FinishedFile file : epoch.files()) {
            int part = parts.merge(file.schema().table(), 1, Integer::sum) - 1;
            running.add(upload(file, epoch.number(), ingestDate, part));
        }
        List<UploadedFile> uploaded = new ArrayList<>();
        Optional<RuntimeException> failure = Optional.empty();
        for (Future<UploadedFile> upload : running) {
            try {
                uploaded.add(upload.get());
            } catch (ExecutionException e) {
                failure = Optional.of(unchecked(e.getCause()));
            }
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
        return uploaded;
    }

    private static RuntimeException unchecked(Throwable cause) {
        if (cause instanceof RuntimeException known) {
            return known;
        }
        throw new IllegalStateException(cause);
    }

    @Override
    public void close() {
        uploads.shutdownNow();
    }
}
