package dev.tenantlake.etl.hudi;

import static java.util.Objects.requireNonNull;

import java.io.Closeable;
import java.io.IOException;
import java.util.Iterator;
import org.apache.hudi.common.config.HoodieMemoryConfig;
import org.apache.hudi.common.model.HoodieRecord.HoodieMetadataField;
import org.apache.hudi.common.serialization.DefaultSerializer;
import org.apache.hudi.common.util.collection.ExternalSpillableMap;
import org.apache.hudi.config.HoodieWriteConfig;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * What is to become of some rows of a file while it is written anew. Rows of the file are compared by their keys, a batch
 * at a time, and those that stay as they are go on column by column. For one thread.
 */
final class FileRewrite implements Closeable {

    private static final int RECORD_KEY = HoodieMetadataField.RECORD_KEY_METADATA_FIELD.ordinal();
    /** What the map and its objects take for each row, beside the row's bytes. */
    private static final long OWN_BYTES = 120;

    private final int isDeleted;
    /** By key, those that were not met yet; in memory up to some size, and beyond it on disk. */
    private final ExternalSpillableMap<UTF8String, UnsafeRow> changes;

    private final InternalRow first;

    private long updated;
    private long deleted;
    private long inserted;
    private long stayed;

    /** @param rows one at least, and at most one for each key; each is used before the next is asked for */
    FileRewrite(WriteSettings write, Iterator<InternalRow> rows) throws IOException {
        requireNonNull(rows, "rows");
        HoodieWriteConfig config = write.hudi();
        this.isDeleted = write.schema().fieldIndex(HudiTable.IS_DELETED);
        this.changes = new ExternalSpillableMap<>(
                config.getLongOrDefault(HoodieMemoryConfig.MAX_MEMORY_FOR_MERGE),
                config.getSpillableMapBasePath(),
                UTF8String::numBytes,
                row -> row.getSizeInBytes() + OWN_BYTES,
                config.getCommonConfig().getSpillableDiskMapType(),
                new DefaultSerializer<>(),
                config.getCommonConfig().isBitCaskDiskMapCompressionEnabled(),
                getClass().getSimpleName());
        RecordKeys keys = new RecordKeys(write);
        UnsafeRow row = ((UnsafeRow) rows.next()).copy();
        this.first = row;
        changes.put(keys.of(row).copy(), row);
        while (rows.hasNext()) {
            row = ((UnsafeRow) rows.next()).copy();
            changes.put(keys.of(row).copy(), row);
        }
    }

    /** The first of the rows. */
    InternalRow first() {
        return first;
    }

    /** Writes what the file is to have from now on. */
    void run(FileRows present, DataFileWriter writer) throws IOException {
        while (present.nextBatch()) {
            ColumnarBatch rows = present.batch();
            writer.copy(rows, instead(rows));
        }
        for (UnsafeRow row : changes) {
            if (!isToGo(row)) {
                writer.add(row);
                inserted++;
            }
        }
    }

    private InternalRow[] instead(ColumnarBatch rows) {
        InternalRow[] instead = new InternalRow[rows.numRows()];
        ColumnVector keys = rows.column(RECORD_KEY);
        for (int i = 0; i < instead.length; i++) {
            UnsafeRow row = changes.isEmpty() ? null : changes.remove(keys.getUTF8String(i));
            if (row == null) {
                stayed++;
            } else if (isToGo(row)) {
                instead[i] = DataFileWriter.GONE;
                deleted++;
            } else {
                instead[i] = row;
                updated++;
            }
        }
        return instead;
    }

    private boolean isToGo(UnsafeRow row) {
        return !row.isNullAt(isDeleted) && row.getBoolean(isDeleted);
    }

    /** How many rows the file did not have. */
    long inserted() {
        return inserted;
    }

    /** How many rows took the place of another. */
    long updated() {
        return updated;
    }

    /** How many rows were taken out. */
    long deleted() {
        return deleted;
    }

    /** How many rows the file has now. */
    long rows() {
        return stayed + updated + inserted;
    }

    @Override
    public void close() {
        changes.close();
    }
}
