package dev.tenantlake.etl.hudi;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Properties;
import org.apache.avro.Schema;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hudi.client.WriteStatus;
import org.apache.hudi.client.model.HoodieInternalRow;
import org.apache.hudi.common.data.HoodieData;
import org.apache.hudi.common.engine.LocalTaskContextSupplier;
import org.apache.hudi.common.model.HoodieBaseFile;
import org.apache.hudi.common.model.HoodieKey;
import org.apache.hudi.common.model.HoodieRecord;
import org.apache.hudi.common.model.HoodieRecord.HoodieMetadataField;
import org.apache.hudi.common.model.HoodieSparkRecord;
import org.apache.hudi.common.util.Option;
import org.apache.hudi.config.HoodieWriteConfig;
import org.apache.hudi.io.HoodieMergeHandle;
import org.apache.hudi.table.HoodieSparkTable;
import org.apache.spark.sql.HoodieInternalRowUtils;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Writes a file anew with some rows changed, by Hudi's own handle. It differs from Hudi's way in what it leaves out.
 *
 * <p>Hudi compares the schema of the file with that of the table, finds them different, since one of them is optional as
 * a whole, and then has each row converted from the one to the other, and looks up for each row what Spark's form of
 * either is, by comparing whole schemas. Here the rows are read with the table's schema ({@link FileRows}), and those that
 * stay as they are go to the new file as they were read, but for its name.
 *
 * <p>And there is no marker, an object that says for each file which commit is about to write it: a file's name says
 * that, too, and it is looked for only after a death ({@code hoodie.rollback.using.markers}).
 */
final class FileRewrite
        extends HoodieMergeHandle<
                InternalRow, HoodieData<HoodieRecord<InternalRow>>, HoodieData<HoodieKey>, HoodieData<WriteStatus>> {

    private static final int RECORD_KEY = HoodieMetadataField.RECORD_KEY_METADATA_FIELD.ordinal();

    /** The table's columns with Hudi's own before them. */
    private final StructType columns;

    private final UTF8String fileName;

    /**
     * A file that is about to be written.
     *
     * @param present the file that it takes the place of
     * @param records what is to become of some keys, each once
     */
    FileRewrite(
            HoodieWriteConfig config,
            String instant,
            HoodieSparkTable<InternalRow> table,
            String partition,
            HoodieBaseFile present,
            Iterator<HoodieRecord<InternalRow>> records) {
        super(
                config,
                instant,
                table,
                records,
                partition,
                present.getFileId(),
                new LocalTaskContextSupplier(),
                present,
                Option.empty());
        this.columns = HoodieInternalRowUtils.getCachedSchema(writeSchemaWithMetaFields);
        this.fileName = UTF8String.fromString(newFilePath.getName());
    }

    /** Writes it. */
    List<WriteStatus> run() throws IOException {
        try (FileRows rows = FileRows.open(
                new Path(oldFilePath.toUri()),
                storage.getPathInfo(oldFilePath).getLength(),
                columns,
                storage.getConf().unwrapAs(Configuration.class))) {
            while (rows.next()) {
                InternalRow row = rows.row();
                write(new HoodieSparkRecord(
                        new HoodieKey(row.getString(RECORD_KEY), partitionPath), row, columns, false));
            }
        } catch (IOException | RuntimeException e) {
            closeAfter(e);
            throw e;
        }
        return close();
    }

    private void closeAfter(Exception failure) {
        try {
            close();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    @Override
    protected void createMarkerFile(String partition, String file) {
        // The file's name says which commit it is of.
    }

    @Override
    protected void writeToFile(
            HoodieKey key, HoodieRecord<InternalRow> record, Schema schema, Properties settings, boolean stays)
            throws IOException {
        if (!stays) {
            super.writeToFile(key, record, schema, settings, false);
            return;
        }
        InternalRow row = record.getData();
        InternalRow named = new HoodieInternalRow(
                row.getUTF8String(HoodieMetadataField.COMMIT_TIME_METADATA_FIELD.ordinal()),
                row.getUTF8String(HoodieMetadataField.COMMIT_SEQNO_METADATA_FIELD.ordinal()),
                row.getUTF8String(RECORD_KEY),
                row.getUTF8String(HoodieMetadataField.PARTITION_PATH_METADATA_FIELD.ordinal()),
                fileName,
                row,
                true);
        fileWriter.write(
                key.getRecordKey(), new HoodieSparkRecord(key, named, columns, false), writeSchemaWithMetaFields);
    }
}
