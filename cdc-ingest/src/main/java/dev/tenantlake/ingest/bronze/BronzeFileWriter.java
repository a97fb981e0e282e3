package dev.tenantlake.ingest.bronze;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.BronzeColumns;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
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
 * Writes one bronze file: rows of one schema, to local disk, as Parquet with Zstandard. It is
 * there when it was finished; a writer that is closed before leaves none. Not for use by several threads
 * at once.
 */
public final class BronzeFileWriter implements Closeable {

    /** What a row group may hold in memory before it is written out. */
    private static final long ROW_GROUP_BYTES = 16L << 20;

    private static final Set<BronzeType.Kind> HARDLY_EVER_AGAIN = EnumSet.of(
            BronzeType.Kind.TIMESTAMP, BronzeType.Kind.INSTANT, BronzeType.Kind.FLOAT, BronzeType.Kind.DOUBLE);

    private final Path file;
    private final FileSchema schema;
    private final ParquetWriter<BronzeRow> writer;
    private long rows;
    private final long[] operations = new long[Operation.values().length];
    private boolean finished;

    /**
     * Begins the file.
     *
     * @param file where; it must not exist
     * @param epoch the epoch that all its rows belong to
     */
    public BronzeFileWriter(Path file, FileSchema schema, long epoch) throws IOException {
        this.file = requireNonNull(file, "file");
        this.schema = requireNonNull(schema, "schema");
        Builder builder = settings(new Builder(new LocalOutputFile(file), new RowWriteSupport(schema, epoch)));
        for (FileSchema.Column column : schema.columns()) {
            if (HARDLY_EVER_AGAIN.contains(column.type().kind())) {
                builder.withDictionaryEncoding(column.name(), false);
            }
        }
        this.writer = builder.build();
    }

    /** Bronze's form of Parquet, whatever the rows are written from. */
    static <B extends ParquetWriter.Builder<?, B>> B settings(B builder) {
        return builder.withConf(new PlainParquetConfiguration())
                .withCodecFactory(new ZstdCodecFactory())
                .withCompressionCodec(CompressionCodecName.ZSTD)
                .withWriteMode(ParquetFileWriter.Mode.CREATE)
                .withWriterVersion(ParquetProperties.WriterVersion.PARQUET_1_0)
                .withRowGroupSize(ROW_GROUP_BYTES)
                // Nobody who reads bronze asks for the lengths of values.
                .withSizeStatisticsEnabled(false)
                // A dictionary of values that hardly ever come again costs time, and is thrown away.
                .withDictionaryEncoding(BronzeColumns.ORDINAL, false);
    }

    public void write(BronzeRow row) throws IOException {
        writer.write(row);
        rows++;
        operations[row.operation().ordinal()]++;
    }

    /** How many rows it was given. */
    public long rows() {
        return rows;
    }

    /** About how many bytes it takes: what is on disk, and what is not yet there before compression. */
    public long bytes() {
        return writer.getDataSize();
    }

    /** Completes the file. */
    public FinishedFile finish() throws IOException {
        finished = true;
        writer.close();
        Map<Operation, Long> counts = new EnumMap<>(Operation.class);
        for (Operation operation : Operation.values()) {
            if (operations[operation.ordinal()] > 0) {
                counts.put(operation, operations[operation.ordinal()]);
            }
        }
        return new FinishedFile(file, schema, rows, Files.size(file), counts);
    }

    /** Gives the file up and removes it, unless it is complete. */
    @Override
    public void close() throws IOException {
        if (finished) {
            return;
        }
        finished = true;
        try {
            writer.close();
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
        @SuppressWarnings("deprecation")
        protected WriteSupport<BronzeRow> getWriteSupport(Configuration configuration) {
            return support;
        }

        @Override
        protected WriteSupport<BronzeRow> getWriteSupport(ParquetConfiguration configuration) {
            return support;
        }
    }
}
