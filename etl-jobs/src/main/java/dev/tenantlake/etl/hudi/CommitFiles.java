package dev.tenantlake.etl.hudi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.mapred.JobConf;
import org.apache.hudi.avro.HoodieAvroUtils;
import org.apache.hudi.client.WriteStatus;
import org.apache.hudi.client.model.HoodieInternalRow;
import org.apache.hudi.common.engine.HoodieLocalEngineContext;
import org.apache.hudi.common.fs.FSUtils;
import org.apache.hudi.common.model.HoodieBaseFile;
import org.apache.hudi.common.model.HoodieKey;
import org.apache.hudi.common.model.HoodiePartitionMetadata;
import org.apache.hudi.common.model.HoodieRecord;
import org.apache.hudi.common.model.HoodieSparkRecord;
import org.apache.hudi.common.model.HoodieWriteStat;
import org.apache.hudi.common.table.HoodieTableMetaClient;
import org.apache.hudi.common.util.Option;
import org.apache.hudi.exception.HoodieUpsertException;
import org.apache.hudi.hadoop.fs.HadoopFSUtils;
import org.apache.hudi.index.bucket.BucketIdentifier;
import org.apache.hudi.io.hadoop.HoodieBaseParquetWriter;
import org.apache.hudi.keygen.SparkKeyGeneratorInterface;
import org.apache.hudi.storage.HoodieStorage;
import org.apache.hudi.storage.HoodieStorageUtils;
import org.apache.hudi.storage.StorageConfiguration;
import org.apache.hudi.storage.StoragePath;
import org.apache.hudi.table.HoodieSparkCopyOnWriteTable;
import org.apache.hudi.table.HoodieSparkTable;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Writes the files of a commit, one for each partition, in whatever process. The name of a partition's file is the same
 * each time: a task of Spark's that is made again leaves no second file beside the one of the task that failed. So there
 * are no markers to make and to compare with, an object for each file that says which commit is about to write it.
 *
 * <p>For use by several threads at once.
 */
final class CommitFiles implements Serializable {

    /** Tells the writes of a file group in one commit from each other, of which there is one. */
    private static final String WRITE_TOKEN = "0-0-0";

    private final WriteSettings write;
    private final String instant;
    private final SerializableConfiguration settings;

    /** The table as who began the commit knows it; where it is not known, it is opened. */
    private transient HoodieTableMetaClient opened;

    CommitFiles(WriteSettings write, String instant, Configuration settings, HoodieTableMetaClient opened) {
        this.write = requireNonNull(write, "write");
        this.instant = requireNonNull(instant, "instant");
        this.settings = new SerializableConfiguration(settings);
        this.opened = requireNonNull(opened, "opened");
    }

    /** The columns of the rows. */
    StructType schema() {
        return write.schema();
    }

    /** What says which partition a row lies in, and what its key is; for one thread. */
    SparkKeyGeneratorInterface keys() {
        return write.keys();
    }

    /** The path of the partition that a row lies in. */
    String partition(SparkKeyGeneratorInterface keys, InternalRow row) {
        return keys.getPartitionPath(row, write.schema()).toString();
    }

    /**
     * Writes a partition's file.
     *
     * @param present the address of the one that it has, whose other rows stay
     * @param rows at most one for each key, with the columns of the settings; each is used before the next is asked for
     * @param again whether this was tried before, so that the file may be there
     * @return what was written; empty if that was nothing: rows that are to go, of a partition that has none
     */
    Optional<HoodieWriteStat> write(
            String partition, Optional<String> present, Iterator<InternalRow> rows, boolean again) throws IOException {
        return present.isPresent() ? rewrite(partition, present.get(), rows, again) : create(partition, rows);
    }

    private Optional<HoodieWriteStat> rewrite(
            String partition, String present, Iterator<InternalRow> rows, boolean again) throws IOException {
        HoodieSparkTable<InternalRow> table = table();
        HoodieBaseFile file = new HoodieBaseFile(present);
        if (again) {
            // Hudi's own writer does not write over a file.
            table.getStorage().deleteFile(path(partition, file.getFileId()));
        }
        List<WriteStatus> written = new FileRewrite(
                        write.hudi(), instant, table, partition, file, new Records(rows, partition, write))
                .run();
        for (WriteStatus status : written) {
            if (status.hasErrors()) {
                throw new HoodieUpsertException(
                        "rows of " + write.hudi().getBasePath() + " cannot be written",
                        status.getErrors().values().iterator().next());
            }
        }
        return written.stream().map(WriteStatus::getStat).findFirst();
    }

    private Optional<HoodieWriteStat> create(String partition, Iterator<InternalRow> rows) throws IOException {
        StayingRows staying = new StayingRows(rows, write.schema().fieldIndex(HudiTable.IS_DELETED));
        if (!staying.hasNext()) {
            return Optional.empty();
        }
        Configuration own = own();
        StoragePath base = new StoragePath(write.hudi().getBasePath());
        StoragePath folder = FSUtils.constructAbsolutePath(base, partition);
        HoodieStorage storage = HoodieStorageUtils.getStorage(base, HadoopFSUtils.getStorageConf(own));
        // What finds a table's partitions by listing looks for it.
        new HoodiePartitionMetadata(storage, instant, base, folder, Option.empty()).trySave();
        String group = fileGroup(partition);
        StoragePath path = path(partition, group);
        Schema schema = HoodieAvroUtils.addMetadataFields(
                new Schema.Parser().parse(write.hudi().getWriteSchema()));
        long count;
        try (HoodieBaseParquetWriter<InternalRow> writer =
                RowIoFactory.open(path, own, instant, write.hudi(), schema)) {
            count = write(staying, writer, partition, path.getName());
        }
        long bytes = storage.getPathInfo(path).getLength();
        HoodieWriteStat stat = new HoodieWriteStat();
        stat.setPartitionPath(partition);
        stat.setFileId(group);
        stat.setPath(base, path);
        stat.setPrevCommit(HoodieWriteStat.NULL_COMMIT);
        stat.setNumWrites(count);
        stat.setNumInserts(count);
        stat.setTotalWriteBytes(bytes);
        stat.setFileSizeInBytes(bytes);
        return Optional.of(stat);
    }

    /** Writes rows with Hudi's own columns before them. */
    private long write(
            Iterator<InternalRow> rows, HoodieBaseParquetWriter<InternalRow> writer, String partition, String file)
            throws IOException {
        SparkKeyGeneratorInterface keys = keys();
        int task = TaskContext.getPartitionId();
        UTF8String[] hudi = new UTF8String[HoodieRecord.HOODIE_META_COLUMNS.size()];
        hudi[HoodieRecord.HoodieMetadataField.COMMIT_TIME_METADATA_FIELD.ordinal()] = UTF8String.fromString(instant);
        hudi[HoodieRecord.HoodieMetadataField.PARTITION_PATH_METADATA_FIELD.ordinal()] =
                UTF8String.fromString(partition);
        hudi[HoodieRecord.HoodieMetadataField.FILENAME_METADATA_FIELD.ordinal()] = UTF8String.fromString(file);
        long count = 0;
        while (rows.hasNext()) {
            InternalRow row = rows.next();
            hudi[HoodieRecord.HoodieMetadataField.COMMIT_SEQNO_METADATA_FIELD.ordinal()] =
                    UTF8String.fromString(HoodieRecord.generateSequenceId(instant, task, count));
            hudi[HoodieRecord.HoodieMetadataField.RECORD_KEY_METADATA_FIELD.ordinal()] =
                    keys.getRecordKey(row, write.schema());
            writer.write(new HoodieInternalRow(hudi, row, false));
            count++;
        }
        return count;
    }

    private StoragePath path(String partition, String group) {
        return new StoragePath(
                FSUtils.constructAbsolutePath(write.hudi().getBasePath(), partition),
                FSUtils.makeBaseFileName(
                        instant,
                        WRITE_TOKEN,
                        group,
                        write.hudi().getBaseFileFormat().getFileExtension()));
    }

    /** The file group of a partition's first file: with the number of its one bucket, as Hudi's index looks for it. */
    private String fileGroup(String partition) {
        String unique = UUID.nameUUIDFromBytes((instant + "/" + partition).getBytes(UTF_8))
                .toString();
        String bucket = BucketIdentifier.bucketIdStr(0);
        return FSUtils.createNewFileId(bucket + unique.substring(bucket.length()), 0);
    }

    /**
     * The table with a copy of Hadoop's settings that is for one file. Hudi's writer puts the schema of what it is about to
     * write into the settings that it is given, for good, and then reads it from there: with settings that are shared,
     * a file of one table can come out with the columns of another.
     */
    private HoodieSparkTable<InternalRow> table() {
        StorageConfiguration<?> own = HadoopFSUtils.getStorageConf(own());
        HoodieTableMetaClient known = opened();
        HoodieStorage storage = known.getStorage().newInstance(known.getBasePath(), own);
        return new HoodieSparkCopyOnWriteTable<>(write.hudi(), new HoodieLocalEngineContext(own), known) {
            @Override
            public HoodieStorage getStorage() {
                return storage;
            }
        };
    }

    private synchronized HoodieTableMetaClient opened() {
        if (opened == null) {
            opened = HoodieTableMetaClient.builder()
                    .setConf(HadoopFSUtils.getStorageConf(own()))
                    .setBasePath(write.hudi().getBasePath())
                    .build();
        }
        return opened;
    }

    private Configuration own() {
        return new JobConf(settings.value());
    }

    /** Rows as Hudi's, each a copy: they are kept, and beyond some size on disk. */
    private static final class Records implements Iterator<HoodieRecord<InternalRow>> {

        private final Iterator<InternalRow> rows;
        private final String partition;
        private final StructType schema;
        private final SparkKeyGeneratorInterface keys;

        Records(Iterator<InternalRow> rows, String partition, WriteSettings write) {
            this.rows = rows;
            this.partition = partition;
            this.schema = write.schema();
            this.keys = write.keys();
        }

        @Override
        public boolean hasNext() {
            return rows.hasNext();
        }

        @Override
        public HoodieRecord<InternalRow> next() {
            InternalRow row = rows.next().copy();
            return new HoodieSparkRecord(
                    new HoodieKey(keys.getRecordKey(row, schema).toString(), partition), row, schema, false);
        }
    }

    /** Those of some rows that are not to go. */
    private static final class StayingRows implements Iterator<InternalRow> {

        private final Iterator<InternalRow> rows;
        private final int isDeleted;
        private InternalRow next;

        StayingRows(Iterator<InternalRow> rows, int isDeleted) {
            this.rows = rows;
            this.isDeleted = isDeleted;
        }

        @Override
        public boolean hasNext() {
            while (next == null && rows.hasNext()) {
                InternalRow row = rows.next();
                if (row.isNullAt(isDeleted) || !row.getBoolean(isDeleted)) {
                    next = row;
                }
            }
            return next != null;
        }

        @Override
        public InternalRow next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            InternalRow row = next;
            next = null;
            return row;
        }
    }
}
