package dev.tenantlake.bench.baseline;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.OutputFile;

/**
 * Writes Debezium's rows to Parquet, a file for each table on local disk. Not compressed, which takes less time than the
 * lake takes for its compressed files.
 */
final class ParquetTables implements AutoCloseable {

    private static final long ROW_GROUP_BYTES = 16L << 20;

    private final Path folder;
    private final Map<String, ParquetWriter<Struct>> writers = new HashMap<>();

    ParquetTables(Path folder) {
        this.folder = folder;
    }

    /** Adds a row to its table's file. */
    void write(String table, Struct row) throws IOException {
        ParquetWriter<Struct> writer = writers.get(table);
        if (writer == null) {
            writer = open(table, row.schema());
            writers.put(table, writer);
        }
        writer.write(row);
    }

    /** Completes the files. */
    @Override
    public void close() throws IOException {
        for (ParquetWriter<Struct> writer : writers.values()) {
            writer.close();
        }
        writers.clear();
    }

    private ParquetWriter<Struct> open(String table, Schema schema) throws IOException {
        return new Builder(new LocalOutputFile(folder.resolve(table + ".parquet")), new StructWriteSupport(schema))
                .withConf(new PlainParquetConfiguration())
                .withCodecFactory(new Uncompressed())
                .withCompressionCodec(CompressionCodecName.UNCOMPRESSED)
                .withRowGroupSize(ROW_GROUP_BYTES)
                .build();
    }

    private static final class Builder extends ParquetWriter.Builder<Struct, Builder> {

        private final StructWriteSupport support;

        Builder(OutputFile file, StructWriteSupport support) {
            super(file);
            this.support = support;
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        @SuppressWarnings("deprecation")
        protected WriteSupport<Struct> getWriteSupport(Configuration configuration) {
            return support;
        }

        @Override
        protected WriteSupport<Struct> getWriteSupport(ParquetConfiguration configuration) {
            return support;
        }
    }

    /** Parquet's own factory wants Hadoop. */
    private static final class Uncompressed implements CompressionCodecFactory {

        @Override
        public BytesInputCompressor getCompressor(CompressionCodecName codec) {
            return new BytesInputCompressor() {
                @Override
                public BytesInput compress(BytesInput bytes) {
                    return bytes;
                }

                @Override
                public CompressionCodecName getCodecName() {
                    return CompressionCodecName.UNCOMPRESSED;
                }

                @Override
                public void release() {
                    // Nothing is held.
                }
            };
        }

        @Override
        public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
            throw new UnsupportedOperationException("nothing is read");
        }

        @Override
        public void release() {
            // Nothing is held.
        }
    }
}
