package dev.tenantlake.ingest.bronze;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.BronzeColumns;
import dev.tenantlake.model.EpochLog;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.LakeLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Settles the blocks of epochs that are finished, in a thread of its own: the rows of a partition's many small files are
 * written once more, into few files in another folder, and then the partition is pointed there, in one step. A query sees
 * the ones or the others, so each row once. The small files stay where they are, for they are what the manifests name.
 *
 * <p>A block that is not settled, or not yet, is only slower to read. So nothing waits for this, and what fails is tried
 * again.
 */
public final class BlockSettler implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BlockSettler.class);

    private static final String BRONZE = "bronze/";
    /** Fewer files than this are few enough. */
    private static final int MANY = 4;
    /** A file of so many bytes is not small: it is copied as it is. */
    private static final long LARGE = 8L << 20;
    /** How many finished blocks are looked at after a start: the last run may not have come to them. */
    private static final long LOOK_BACK = 3;

    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(30);
    private static final Duration TO_END = Duration.ofSeconds(5);

    private final S3Client s3;
    private final LakeLayout layout;
    private final EpochLog log;
    private final BronzeCatalog catalog;
    private final BronzeMetrics metrics;
    private final Path folder;
    private final BlockingQueue<Long> finished = new LinkedBlockingQueue<>();
    private final Thread thread = new Thread(this::run, "block-settler");
    /** The last block that was found finished. */
    private long last;

    /**
     * Begins, after the lake's last epoch.
     *
     * @param folder for files that are being written; is made
     * @param epoch the lake's last one
     */
    public BlockSettler(
            S3Client s3,
            LakeLayout layout,
            EpochLog log,
            BronzeCatalog catalog,
            BronzeMetrics metrics,
            Path folder,
            long epoch)
            throws IOException {
        this.s3 = requireNonNull(s3, "s3");
        this.layout = requireNonNull(layout, "layout");
        this.log = requireNonNull(log, "log");
        this.catalog = requireNonNull(catalog, "catalog");
        this.metrics = requireNonNull(metrics, "metrics");
        this.folder = Files.createDirectory(folder);
        this.last = Math.max(-1, lastFinished(epoch) - LOOK_BACK);
        thread.setDaemon(true);
        thread.start();
        reached(epoch);
    }

    /** An epoch is part of the lake, and with it all before it. */
    public synchronized void reached(long epoch) {
        while (last < lastFinished(epoch)) {
            last++;
            finished.add(last);
        }
    }

    private static long lastFinished(long epoch) {
        return BronzeColumns.epochBlock(epoch + 1) - 1;
    }

    private void run() {
        try {
            while (true) {
                settleOrPutOff(finished.take());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void settleOrPutOff(long block) throws InterruptedException {
        try {
            settle(block);
        } catch (IOException | RuntimeException | LinkageError e) {
            // A class that is missing ends no thread in silence: the failure is counted and said like any other.
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            metrics.settlingFailed();
            LOG.debug("event=settling_failed", e);
            LOG.warn(
                    "event=settling_failed block={} in_millis={} reason=\"{}\"",
                    block,
                    PAUSE_AFTER_FAILURE.toMillis(),
                    reason(e));
            // After the others: it may be this one alone that cannot be settled.
            finished.add(block);
            Thread.sleep(PAUSE_AFTER_FAILURE.toMillis());
        }
    }

    private static String reason(Throwable e) {
        return e instanceof SdkException ? "S3 or Glue: " + e.getMessage() : e.toString();
    }

    private void settle(long block) throws IOException, InterruptedException {
        long first = Math.max(1, block * BronzeColumns.EPOCHS_PER_BLOCK);
        LocalDate firstDay = day(first);
        LocalDate lastDay = day((block + 1) * BronzeColumns.EPOCHS_PER_BLOCK - 1);
        for (String table : tables()) {
            for (LocalDate day = firstDay; !day.isAfter(lastDay); day = day.plusDays(1)) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                settle(new BronzePartition(table, day, block));
            }
        }
    }

    private LocalDate day(long epoch) {
        return log.read(epoch)
                .map(EpochManifest::ingestDate)
                .orElseThrow(() -> new IllegalStateException("epoch " + epoch + " has no manifest"));
    }

    private List<String> tables() {
        return s3
                .listObjectsV2Paginator(
                        list -> list.bucket(layout.bucket()).prefix(BRONZE).delimiter("/"))
                .commonPrefixes()
                .stream()
                .map(CommonPrefix::prefix)
                .map(prefix -> prefix.substring(BRONZE.length(), prefix.length() - 1))
                .filter(table -> !table.startsWith("_"))
                .toList();
    }

    private void settle(BronzePartition partition) throws IOException {
        List<S3Object> files = files(partition.prefix());
        if (files.size() < MANY || !catalog.isUnsettled(partition)) {
            return;
        }
        long started = System.nanoTime();
        // What an attempt that died has left; nobody is pointed there yet.
        files(partition.settledPrefix()).forEach(file -> delete(file.key()));
        List<String> small = new ArrayList<>();
        int kept = 0;
        for (S3Object file : files) {
            if (file.size() >= LARGE) {
                copy(file.key(), partition);
                kept++;
            } else {
                small.add(file.key());
            }
        }
        try (SmallFiles rows = new SmallFiles(folder)) {
            for (String key : small) {
                rows.add(name(key), download(key));
            }
            for (SmallFiles.Merged merged : rows.finish()) {
                upload(merged, partition);
                kept++;
            }
        }
        catalog.settle(partition);
        metrics.settled();
        LOG.info(
                "event=block_settled table={} day={} block={} files={} into={} millis={}",
                partition.table(),
                partition.day(),
                partition.block(),
                files.size(),
                kept,
                (System.nanoTime() - started) / 1_000_000);
    }

    private List<S3Object> files(String prefix) {
        return s3.listObjectsV2Paginator(list -> list.bucket(layout.bucket()).prefix(prefix)).contents().stream()
                .filter(file -> file.key().endsWith(".parquet"))
                .toList();
    }

    private Path download(String key) {
        Path file = folder.resolve(name(key));
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        s3.getObject(get -> get.bucket(layout.bucket()).key(key), file);
        return file;
    }

    private void upload(SmallFiles.Merged merged, BronzePartition partition) {
        s3.putObject(
                put -> put.bucket(layout.bucket())
                        .key(partition.settledPrefix() + merged.name())
                        .contentType("application/vnd.apache.parquet"),
                RequestBody.fromFile(merged.file()));
    }

    private void copy(String key, BronzePartition partition) {
        s3.copyObject(copy -> copy.sourceBucket(layout.bucket())
                .sourceKey(key)
                .destinationBucket(layout.bucket())
                .destinationKey(partition.settledPrefix() + name(key)));
    }

    private void delete(String key) {
        s3.deleteObject(delete -> delete.bucket(layout.bucket()).key(key));
    }

    private static String name(String key) {
        return key.substring(key.lastIndexOf('/') + 1);
    }

    /** Ends the thread; what it was at is begun again after the next start. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(TO_END.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
