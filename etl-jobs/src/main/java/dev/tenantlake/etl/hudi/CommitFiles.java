package dev.tenantlake.etl.hudi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapred.JobConf;
import org.apache.hudi.common.fs.FSUtils;
import org.apache.hudi.common.model.HoodiePartitionMetadata;
import org.apache.hudi.common.model.HoodieWriteStat;
import org.apache.hudi.hadoop.fs.HadoopFSUtils;
import org.apache.hudi.index.bucket.BucketIdentifier;
import org.apache.hudi.keygen.SparkKeyGeneratorInterface;
import org.apache.hudi.storage.HoodieStorage;
import org.apache.hudi.storage.HoodieStorageUtils;
import org.apache.hudi.storage.StoragePath;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Writes the files of a commit, one for each partition, in whatever process. The name of a partition's file is the same
 * each time: a task of Spark's that is made again leaves no second file beside the one of the task that failed. So there
 * are no markers to make and to compare with, an object for each file that says which commit is about to write it.
 *
 * <p>For use by several threads at once.
 */
// Kryo, which Spark sends broadcasts by, knows no records.
@DefaultSerializer(JavaSerializer.class)
final class CommitFiles implements Serializable {

    /** Tells the writes of a file group in one commit from each other, of which there is one. */
    private static final String WRITE_TOKEN = "0-0-0";

    /** What Hudi has these called in the object that says of a folder that it is a partition. */
    private static final String PARTITION_COMMIT = "commitTime";

    private static final String PARTITION_DEPTH = "partitionDepth";

    private final WriteSettings write;
    private final String instant;
    private final SerializableConfiguration settings;

    private transient DataFileFormat format;

    CommitFiles(WriteSettings write, String instant, Configuration settings) {
        this.write = requireNonNull(write, "write");
        this.instant = requireNonNull(instant, "instant");
        this.settings = new SerializableConfiguration(settings);
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
     * Writes a partition's file. If that was tried before, what it left is written over.
     *
     * @param present the address of the one that it has, whose other rows stay
     * @param rows at most one for each key, with the columns of the settings; each is used before the next is asked for
     * @return what was written; empty if that was nothing: rows that are to go, of a partition that has none
     */
    Optional<HoodieWriteStat> write(String partition, Optional<String> present, Iterator<InternalRow> rows)
            throws IOException {
        return present.isPresent() ? rewrite(partition, present.get(), rows) : create(partition, rows);
    }

    private Optional<HoodieWriteStat> rewrite(String partition, String present, Iterator<InternalRow> rows)
            throws IOException {
        if (!rows.hasNext()) {
            return Optional.empty();
        }
        StoragePath old = new StoragePath(present);
        String group = FSUtils.getFileIdFromFilePath(old);
        StoragePath path = path(partition, group);
        HoodieStorage storage = storage();
        try (FileRewrite rewrite = new FileRewrite(write, rows)) {
            try (FileRows kept = FileRows.open(
                            new Path(old.toUri()), storage.getPathInfo(old).getLength(), format().columns(), own());
                    DataFileWriter writer = writer(path, partition, rewrite.first(), false)) {
                rewrite.run(kept, writer);
                writer.finish();
            }
            HoodieWriteStat stat = stat(partition, group, path, storage);
            stat.setPrevCommit(FSUtils.getCommitTime(old.getName()));
            stat.setNumWrites(rewrite.rows());
            stat.setNumInserts(rewrite.inserted());
            stat.setNumUpdateWrites(rewrite.updated());
            stat.setNumDeletes(rewrite.deleted());
            return Optional.of(stat);
        }
    }

    private Optional<HoodieWriteStat> create(String partition, Iterator<InternalRow> rows) throws IOException {
        StayingRows staying = new StayingRows(rows, write.schema().fieldIndex(HudiTable.IS_DELETED));
        if (!staying.hasNext()) {
            return Optional.empty();
        }
        HoodieStorage storage = storage();
        sayThatItIsAPartition(storage, partition);
        String group = fileGroup(partition);
        StoragePath path = path(partition, group);
        long count = 0;
        try (DataFileWriter writer = writer(path, partition, staying.first(), true)) {
            while (staying.hasNext()) {
                writer.add(staying.next());
                count++;
            }
            writer.finish();
        }
        HoodieWriteStat stat = stat(partition, group, path, storage);
        stat.setPrevCommit(HoodieWriteStat.NULL_COMMIT);
        stat.setNumWrites(count);
        stat.setNumInserts(count);
        return Optional.of(stat);
    }

    /**
     * Writes what those look for in a folder who find a table's partitions by listing. Hudi's own {@link
     * HoodiePartitionMetadata#trySave} asks first whether it is there, which it is not: the partition has no file.
     */
    private void sayThatItIsAPartition(HoodieStorage storage, String partition) throws IOException {
        Properties said = new Properties();
        said.setProperty(PARTITION_COMMIT, instant);
        said.setProperty(PARTITION_DEPTH, Integer.toString(partition.isEmpty() ? 0 : partition.split("/").length));
        StoragePath path = new StoragePath(
                FSUtils.constructAbsolutePath(write.hudi().getBasePath(), partition),
                HoodiePartitionMetadata.HOODIE_PARTITION_METAFILE_PREFIX);
        try (OutputStream out = storage.create(path, true)) {
            said.store(out, null);
        }
    }

    private DataFileWriter writer(StoragePath path, String partition, InternalRow of, boolean oneCommit)
            throws IOException {
        return new DataFileWriter(
                new Path(path.toUri()), settings.value(), format(), write, instant, partition, of, oneCommit);
    }

    private HoodieWriteStat stat(String partition, String group, StoragePath path, HoodieStorage storage)
            throws IOException {
        long bytes = storage.getPathInfo(path).getLength();
        HoodieWriteStat stat = new HoodieWriteStat();
        stat.setPartitionPath(partition);
        stat.setFileId(group);
        stat.setPath(new StoragePath(write.hudi().getBasePath()), path);
        stat.setTotalWriteBytes(bytes);
        stat.setFileSizeInBytes(bytes);
        return stat;
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

    private synchronized DataFileFormat format() {
        if (format == null) {
            format = DataFileFormat.of(write, own());
        }
        return format;
    }

    private HoodieStorage storage() {
        return HoodieStorageUtils.getStorage(
                new StoragePath(write.hudi().getBasePath()), HadoopFSUtils.getStorageConf(settings.value()));
    }

    /** A copy of Hadoop's settings, for who puts there what is to be read or written. */
    private Configuration own() {
        return new JobConf(settings.value());
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

        /** The one that comes next. */
        InternalRow first() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return next;
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
            InternalRow row = first();
            next = null;
            return row;
        }
    }
}
