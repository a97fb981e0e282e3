package dev.tenantlake.etl.hudi;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.hudi.AvroConversionUtils;
import org.apache.hudi.OverwriteWithLatestSparkRecordMerger;
import org.apache.hudi.client.SparkRDDWriteClient;
import org.apache.hudi.client.WriteStatus;
import org.apache.hudi.client.common.HoodieSparkEngineContext;
import org.apache.hudi.common.engine.HoodieLocalEngineContext;
import org.apache.hudi.common.engine.LocalTaskContextSupplier;
import org.apache.hudi.common.fs.FSUtils;
import org.apache.hudi.common.model.HoodieBaseFile;
import org.apache.hudi.common.model.HoodieCommitMetadata;
import org.apache.hudi.common.model.HoodieKey;
import org.apache.hudi.common.model.HoodieRecord;
import org.apache.hudi.common.model.HoodieRecordMerger;
import org.apache.hudi.common.model.HoodieSparkRecord;
import org.apache.hudi.common.model.HoodieWriteStat;
import org.apache.hudi.common.model.WriteOperationType;
import org.apache.hudi.common.table.HoodieTableMetaClient;
import org.apache.hudi.common.table.timeline.HoodieActiveTimeline;
import org.apache.hudi.common.table.timeline.HoodieInstant;
import org.apache.hudi.common.table.timeline.HoodieTimeline;
import org.apache.hudi.common.util.CommitUtils;
import org.apache.hudi.common.util.Option;
import org.apache.hudi.config.HoodieWriteConfig;
import org.apache.hudi.exception.HoodieUpsertException;
import org.apache.hudi.hadoop.fs.HadoopFSUtils;
import org.apache.hudi.index.bucket.BucketIdentifier;
import org.apache.hudi.io.HoodieCreateHandle;
import org.apache.hudi.keygen.SparkKeyGeneratorInterface;
import org.apache.hudi.keygen.factory.HoodieSparkKeyGeneratorFactory;
import org.apache.hudi.storage.HoodieStorage;
import org.apache.hudi.storage.StorageConfiguration;
import org.apache.hudi.table.HoodieSparkCopyOnWriteTable;
import org.apache.hudi.table.HoodieSparkTable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/**
 * Upserts a few rows in one commit from this process alone. The files are written by Hudi's own handles and the commit
 * goes through Hudi's own timeline, as with Hudi's Spark client; but that one plans a dozen jobs, and sends each task
 * the table and all of Hadoop's settings, which for a few rows costs many times what the files do.
 */
final class SmallUpsert {

    /** After all instants. */
    private static final String LATEST = "9";

    /** Files are read and written as Spark's rows: as Avro records, each row of a file would be rewritten field by field. */
    private static final Map<String, String> SPARK_ROWS = Map.of(
            HoodieWriteConfig.RECORD_MERGE_IMPL_CLASSES.key(),
            OverwriteWithLatestSparkRecordMerger.class.getName(),
            HoodieWriteConfig.RECORD_MERGE_STRATEGY_ID.key(),
            HoodieRecordMerger.COMMIT_TIME_BASED_MERGE_STRATEGY_UUID);

    private final HudiLake lake;
    private final Map<HudiTable, Config> configs = new ConcurrentHashMap<>();

    SmallUpsert(HudiLake lake) {
        this.lake = requireNonNull(lake, "lake");
    }

    /** Hudi's settings for writing rows of a schema. */
    private record Config(StructType schema, HoodieWriteConfig hudi, SparkKeyGeneratorInterface keys) {}

    /** What is to be done to the one file of a partition, which may not be there yet. */
    private record FileChange(String partition, Optional<String> file, List<HoodieRecord<InternalRow>> records) {}

    /**
     * Writes rows in one commit.
     *
     * @param opened the table, with its timeline as it is now
     * @param rows at most one per key and partition, with the columns of the schema
     * @param epoch the last epoch that the table holds with them
     */
    HudiCommit write(
            HudiTable table, HoodieTableMetaClient opened, List<InternalRow> rows, StructType schema, long epoch) {
        Config config = configs.compute(
                table, (key, known) -> known != null && known.schema().equals(schema) ? known : config(table, schema));
        rollBackWhatDied(opened, config.hudi());
        HoodieActiveTimeline timeline = opened.getActiveTimeline();
        String instant = opened.createNewInstantTime(false);
        HoodieInstant requested =
                opened.createNewInstant(HoodieInstant.State.REQUESTED, HoodieTimeline.COMMIT_ACTION, instant);
        HoodieInstant inflight =
                opened.createNewInstant(HoodieInstant.State.INFLIGHT, HoodieTimeline.COMMIT_ACTION, instant);
        timeline.createNewInstant(requested);
        timeline.createNewInstant(inflight);
        // Another writer that comes after this finds the commit that was begun, and clears it away before its own.
        lake.checkClaim(table);
        FileIndex index = lake.index(table, opened);
        List<HoodieWriteStat> stats = lake
                .files()
                .onEach(changes(config, rows, index), change -> write(config.hudi(), opened, instant, change))
                .stream()
                .flatMap(Optional::stream)
                .toList();
        HoodieCommitMetadata metadata = CommitUtils.buildMetadata(
                stats,
                Map.of(),
                Option.of(Map.of(HudiCommit.EPOCH, Long.toString(epoch))),
                WriteOperationType.UPSERT,
                config.hudi().getWriteSchema(),
                HoodieTimeline.COMMIT_ACTION);
        // Fails if the commit that was begun is not there any more.
        timeline.saveAsComplete(inflight, Option.of(metadata));
        index.made(opened, instant, metadata);
        lake.completed(
                table, opened.createNewInstant(HoodieInstant.State.COMPLETED, HoodieTimeline.COMMIT_ACTION, instant));
        return HudiCommit.of(instant, epoch, metadata);
    }

    private Config config(HudiTable table, StructType schema) {
        String record =
                AvroConversionUtils.getAvroRecordNameAndNamespace(table.name())._1();
        String namespace =
                AvroConversionUtils.getAvroRecordNameAndNamespace(table.name())._2();
        Schema avro = AvroConversionUtils.convertStructTypeToAvroSchema(schema, record, namespace);
        HoodieWriteConfig config = HoodieWriteConfig.newBuilder()
                .withPath(lake.address(table))
                .forTable(table.name())
                .withSchema(avro.toString())
                .withProps(HudiOptions.of(table))
                .withProps(SPARK_ROWS)
                .build();
        return new Config(schema, config, (SparkKeyGeneratorInterface)
                HoodieSparkKeyGeneratorFactory.createKeyGenerator(config.getProps()));
    }

    /** A commit that died on the way left files that nobody may ever see. */
    private void rollBackWhatDied(HoodieTableMetaClient opened, HoodieWriteConfig config) {
        if (!hasUnfinished(opened)) {
            return;
        }
        // It may have been on its way when the timeline was read, and be complete by now.
        opened.reloadActiveTimeline();
        if (!hasUnfinished(opened)) {
            return;
        }
        JavaSparkContext spark = JavaSparkContext.fromSparkContext(lake.spark().sparkContext());
        try (SparkRDDWriteClient<InternalRow> client =
                new SparkRDDWriteClient<>(new HoodieSparkEngineContext(spark), config)) {
            client.rollbackFailedWrites(opened);
        }
        opened.reloadActiveTimeline();
    }

    private static boolean hasUnfinished(HoodieTableMetaClient opened) {
        return !opened.getActiveTimeline()
                .getTimelineOfActions(Set.of(
                        HoodieTimeline.COMMIT_ACTION,
                        HoodieTimeline.REPLACE_COMMIT_ACTION,
                        HoodieTimeline.ROLLBACK_ACTION))
                .filterInflightsAndRequested()
                .empty();
    }

    private static List<FileChange> changes(Config config, List<InternalRow> rows, FileIndex index) {
        Map<String, List<HoodieRecord<InternalRow>>> byPartition = new HashMap<>();
        for (InternalRow row : rows) {
            String partition =
                    config.keys().getPartitionPath(row, config.schema()).toString();
            HoodieKey key = new HoodieKey(
                    config.keys().getRecordKey(row, config.schema()).toString(), partition);
            byPartition
                    .computeIfAbsent(partition, first -> new ArrayList<>())
                    .add(new HoodieSparkRecord(key, row, config.schema(), false));
        }
        return byPartition.entrySet().stream()
                .map(partition -> new FileChange(
                        partition.getKey(),
                        index.files(List.of(partition.getKey()), LATEST).stream()
                                .findFirst(),
                        partition.getValue()))
                .toList();
    }

    /** Empty if there was nothing to write: rows that are to go, of a partition that has none. */
    private Optional<HoodieWriteStat> write(
            HoodieWriteConfig config, HoodieTableMetaClient opened, String instant, FileChange change) {
        // Spark's Parquet takes its settings from the thread's session.
        SparkSession.setActiveSession(lake.spark());
        HoodieSparkTable<InternalRow> table = withSettingsOfItsOwn(config, opened);
        try {
            List<WriteStatus> written = change.file().isPresent()
                    ? new FileRewrite(
                                    config,
                                    instant,
                                    table,
                                    change.partition(),
                                    new HoodieBaseFile(change.file().get()),
                                    change.records())
                            .run()
                    : create(config, table, instant, change);
            for (WriteStatus status : written) {
                if (status.hasErrors()) {
                    throw new HoodieUpsertException(
                            "rows of " + table.getMetaClient().getBasePath() + " cannot be written",
                            status.getErrors().values().iterator().next());
                }
            }
            return written.stream().map(WriteStatus::getStat).findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The table with a copy of Hadoop's settings that is for one file. Hudi's writer puts the schema of what it is about to
     * write into the settings that it is given, for good, and then reads it from there: with settings that are shared,
     * a file of one table can come out with the columns of another.
     */
    private HoodieSparkTable<InternalRow> withSettingsOfItsOwn(HoodieWriteConfig config, HoodieTableMetaClient opened) {
        StorageConfiguration<?> own = HadoopFSUtils.getStorageConf(lake.settingsOfAFile());
        HoodieStorage storage = opened.getStorage().newInstance(opened.getBasePath(), own);
        return new HoodieSparkCopyOnWriteTable<>(config, new HoodieLocalEngineContext(own), opened) {
            @Override
            public HoodieStorage getStorage() {
                return storage;
            }
        };
    }

    private static List<WriteStatus> create(
            HoodieWriteConfig config, HoodieSparkTable<InternalRow> table, String instant, FileChange change)
            throws IOException {
        Schema schema = new Schema.Parser().parse(config.getWriteSchema());
        List<HoodieRecord<InternalRow>> staying = new ArrayList<>();
        for (HoodieRecord<InternalRow> record : change.records()) {
            if (!record.isDelete(schema, config.getProps())) {
                staying.add(record);
            }
        }
        if (staying.isEmpty()) {
            return List.of();
        }
        HoodieCreateHandle<InternalRow, ?, ?, ?> handle =
                new HoodieCreateHandle<>(
                        config,
                        instant,
                        table,
                        change.partition(),
                        FSUtils.createNewFileId(BucketIdentifier.newBucketFileIdPrefix(0), 0),
                        new LocalTaskContextSupplier()) {
                    @Override
                    protected void createMarkerFile(String partition, String file) {
                        // See FileRewrite.
                    }
                };
        staying.forEach(record -> handle.write(record, schema, config.getProps()));
        return handle.close();
    }
}
