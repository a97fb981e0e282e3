package dev.tenantlake.ingest.bronze;

import static java.util.Objects.requireNonNull;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.OutputFile;

/**
 * Writes one bronze file: rows of one schema, to local disk, as Parquet with Zstandard. Not for use by several threads
 * at once.
 */
public final class BronzeFileWriter implements Closeable {

    /** What a row group may hold in memory before it is written out. */
    private static final long ROW_GROUP_BYTES = 16L << 20;

    private final Path file;
    private final FileSchema schema;
    private final ParquetWriter<BronzeRow> writer;
    private long rows;
    private boolean truncated;
    private boolean closed;

    /**
     * Begins the file.
     *
     * @param file where; it must not exist
     * @param epoch the epoch that all its rows belong to
     */
    public BronzeFileWriter(Path file, FileSchema schema, long epoch) throws IOException {
        this.file = requireNonNull(file, "file");
        this.schema = requireNonNull(schema, "schema");
        this.writer = new Builder(new LocalOutputFile(file), new RowWriteSupport(schema, epoch))
                .withConf(new PlainParquetConfiguration())
                .withCodecFactory(new ZstdCodecFactory())
                .withCompressionCodec(CompressionCodecName.ZSTD)
                .withWriteMode(ParquetFileWriter.Mode.CREATE)
                .withWriterVersion(ParquetProperties.WriterVersion.PARQUET_1_0)
                .withRowGroupSize(ROW_GROUP_BYTES)
                .build();
    }

    public void write(BronzeRow row) throws IOException {
        writer.write(row);
        rows++;
        truncated |= row.operation() == Operation.TRUNCATE;
    }

    public Path file() {
        return file;
    }

    public FileSchema schema() {
        return schema;
    }

    /** How many rows it was given. */
    public long rows() {
        return rows;
    }

    /** Whether one of them was a truncate. */
    public boolean truncated() {
        return truncated;
    }

    /** About how many bytes it takes: what is on disk, and what is not yet there before compression. */
    public long bytes() {
        return writer.getDataSize();
    }

    /** Completes the file. */
    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            writer.close();
        }
    }

    /** Leaves the file incomplete and removes it. */
    public void abandon() throws IOException {
        try {
            close();
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static final class Builder extends ParquetWriter.Builder<BronzeRow, Builder> {

        private final RowWriteSupport support;

        Builder(OutputFile file, RowWriteSupport support) {
            super(file);
            this.support = support;
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        protected WriteSupport<BronzeRow> getWriteSupport(Configuration configuration) {
            return support;
        }

        @Override
        protected WriteSupport<BronzeRow> getWriteSupport(ParquetConfiguration configuration) {
            return support;
        }
    }
}
