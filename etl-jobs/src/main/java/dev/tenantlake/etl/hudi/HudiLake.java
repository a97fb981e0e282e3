package dev.tenantlake.etl.hudi;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.etl.parallel.TablePool;
import dev.tenantlake.model.Layer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.mapred.JobConf;
import org.apache.hudi.common.model.HoodieTimelineTimeZone;
import org.apache.hudi.common.table.HoodieTableMetaClient;
import org.apache.hudi.common.table.timeline.HoodieInstant;
import org.apache.hudi.common.table.timeline.HoodieInstantTimeGenerator;
import org.apache.hudi.hadoop.fs.HadoopFSUtils;
import org.apache.hudi.storage.HoodieStorage;
import org.apache.hudi.storage.HoodieStorageUtils;
import org.apache.hudi.storage.StorageConfiguration;
import org.apache.hudi.storage.StoragePath;
import org.apache.spark.sql.SparkSession;

/** Where the Hudi tables lie, as Spark and Hudi see it, and what this process shares of each. */
public final class HudiLake {

    private static final int REMEMBERED_COMMITS = 1_000;

    /** What of Hadoop's settings concerns who reads or writes a file: a tenth of them. */
    private static final List<String> OF_FILES = List.of("fs.", "io.", "hadoop.", "hoodie.", "parquet.", "spark.");

    private final SparkSession spark;
    private final String root;
    private final BiConsumer<HudiTable, HudiCommit> committed;

    /** By table. */
    private final Map<String, KnownTable> known = new ConcurrentHashMap<>();

    /** By layer whose only writer this process is, what makes sure that it still is. */
    private final Map<Layer, Runnable> claims = new ConcurrentHashMap<>();

    private final Map<String, FileIndex> indexes = new ConcurrentHashMap<>();

    /** By table and instant; a commit never changes. */
    private final Map<String, HudiCommit> commits = RecentMap.of(REMEMBERED_COMMITS);

    private final FileFooters footers = new FileFooters(this);

    /** Rewrites files: a core's work each. */
    private final TablePool files = new TablePool("file", Runtime.getRuntime().availableProcessors());

    private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

    private final JobConf settingsOfFiles;

    /** A lake of whose commits nobody is told. */
    public HudiLake(SparkSession spark, String root) {
        this(spark, root, (table, commit) -> {});
    }

    /**
     * A lake.
     *
     * @param root the address of the lake's bucket for Hadoop's file systems, with a slash at its end: {@code
     *     s3a://bucket/}
     * @param committed is told of each commit that this process makes, by the thread that made it
     */
    public HudiLake(SparkSession spark, String root, BiConsumer<HudiTable, HudiCommit> committed) {
        this.spark = requireNonNull(spark, "spark");
        this.root = requireNonNull(root, "root");
        this.committed = requireNonNull(committed, "committed");
        this.settingsOfFiles = settingsOfFiles(spark.sparkContext().hadoopConfiguration());
        // A setting of the whole process, which Hudi makes by itself only when Spark writes to a table.
        HoodieInstantTimeGenerator.setCommitTimeZone(HoodieTimelineTimeZone.UTC);
    }

    private static JobConf settingsOfFiles(Configuration all) {
        // A job's settings: Hadoop would make some of them for whoever reads a file.
        JobConf settings = new JobConf(false);
        all.forEach(setting -> {
            if (OF_FILES.stream().anyMatch(setting.getKey()::startsWith)) {
                settings.set(setting.getKey(), setting.getValue());
            }
        });
        return settings;
    }

    public SparkSession spark() {
        return spark;
    }

    /**
     * A copy of Hadoop's settings for who reads or writes one file and puts there how. It is copied again by whoever gets
     * it, so it is better short, and does without Hadoop's files of defaults, which would be parsed each time.
     */
    Configuration settingsOfAFile() {
        return new JobConf(settingsOfFiles);
    }

    /** The address of an object of the lake's bucket. */
    public String address(String key) {
        return root + key;
    }

    /** The address of a table's folder. */
    public String address(HudiTable table) {
        return address(table.key());
    }

    /**
     * From now on this process is the only writer of a layer's tables: their timelines are read once more, and then
     * what it writes itself is all that comes to them. Called again after a failure.
     *
     * @param stillOurs fails if another process has become the writer; asked in each commit, at a moment from which on
     *     the other one can see that the commit was begun
     */
    public void claimed(Layer layer, Runnable stillOurs) {
        claims.put(layer, stillOurs);
        known.forEach((table, remembered) -> {
            if (table.startsWith(layer.database() + ".")) {
                remembered.forget();
            }
        });
    }

    /** Makes sure that no other process has become the writer of a table whose timeline is kept in memory. */
    void checkClaim(HudiTable table) {
        Runnable stillOurs = claims.get(table.layer());
        if (stillOurs != null) {
            stillOurs.run();
        }
    }

    /**
     * What Hudi knows of a table now, or empty if the table was never written. The timeline of a table that only this
     * process writes is not read each time.
     */
    Optional<HoodieTableMetaClient> open(HudiTable table) {
        KnownTable remembered = known.get(table.qualifiedName());
        if (remembered == null) {
            Optional<HoodieTableMetaClient> found = openApart(table);
            if (found.isEmpty()) {
                return found;
            }
            remembered = known.computeIfAbsent(table.qualifiedName(), first -> new KnownTable(found.get()));
        }
        return Optional.of(claims.containsKey(table.layer()) ? remembered.recall() : remembered.read());
    }

    /** Makes a table that is not there. */
    HoodieTableMetaClient create(HudiTable table) {
        try {
            HudiOptions.newTable(table).initTable(configuration(), address(table));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return open(table).orElseThrow();
    }

    /** A table's timeline is to be read again: something else was done to it than {@link #completed} says. */
    void forget(HudiTable table) {
        Optional.ofNullable(known.get(table.qualifiedName())).ifPresent(KnownTable::forget);
    }

    /** This process completed an instant of a table. */
    void completed(HudiTable table, HoodieInstant instant) {
        Optional.ofNullable(known.get(table.qualifiedName())).ifPresent(remembered -> remembered.completed(instant));
    }

    /** As {@link #open}, for a caller who does not share what is known. */
    Optional<HoodieTableMetaClient> openApart(HudiTable table) {
        StoragePath path = new StoragePath(address(table));
        HoodieStorage storage = HoodieStorageUtils.getStorage(path, configuration());
        try {
            // The properties are the first object that a table gets.
            if (!storage.exists(new StoragePath(path, ".hoodie/hoodie.properties"))) {
                return Optional.empty();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Optional.of(HoodieTableMetaClient.builder()
                .setConf(configuration())
                .setBasePath(address(table))
                .setLoadActiveTimelineOnLoad(true)
                .build());
    }

    /** Which files a table has, as of now; empty if the table was never written. */
    Optional<FileIndex> index(HudiTable table) {
        return open(table).map(client -> index(table, client));
    }

    /** Which files a table has, known as far as a commit at least; empty if the table was never written. */
    Optional<FileIndex> index(HudiTable table, HudiCommit commit) {
        return Optional.ofNullable(indexes.get(table.qualifiedName()))
                .filter(index -> index.knows(commit.instant()))
                .or(() -> index(table));
    }

    /** Which files a table has, as of the timeline that was read last. */
    FileIndex index(HudiTable table, HoodieTableMetaClient client) {
        FileIndex index = indexes.computeIfAbsent(table.qualifiedName(), name -> new FileIndex());
        index.refresh(client);
        return index;
    }

    /** Held by who changes a table's timeline, in the order in which they come. */
    ReentrantLock lock(HudiTable table) {
        return locks.computeIfAbsent(table.qualifiedName(), name -> new ReentrantLock(true));
    }

    FileFooters footers() {
        return footers;
    }

    /** Works on a few files at a time. */
    TablePool files() {
        return files;
    }

    /** Tells of a commit. */
    HudiCommit announce(HudiTable table, HudiCommit commit) {
        remember(table, commit);
        committed.accept(table, commit);
        return commit;
    }

    /** A commit that was made or read by this process, if it is remembered. */
    Optional<HudiCommit> remembered(HudiTable table, String instant) {
        return Optional.ofNullable(commits.get(commitKey(table, instant)));
    }

    void remember(HudiTable table, HudiCommit commit) {
        commits.put(commitKey(table, commit.instant()), commit);
    }

    private static String commitKey(HudiTable table, String instant) {
        return table.qualifiedName() + "@" + instant;
    }

    StorageConfiguration<?> configuration() {
        return HadoopFSUtils.getStorageConf(spark.sparkContext().hadoopConfiguration());
    }
}
