package dev.tenantlake.ingest.parquet;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;

/**
 * Writes a Parquet file of a flat schema on local disk. Each row is one value added to each {@link #column}, then
 * {@link #endRow}. Not for use by several threads at once.
 */
public final class ColumnFileWriter implements Closeable {

    /** As many as Parquet's own writer puts into a page. */
    private static final int PAGE_ROWS = 20_000;
    /** At so many in all columns together, their pages end. */
    private static final long PAGES_BYTES = 4L << 20;
    /** What a row group may hold in memory, compressed, before it is written out. */
    private static final long ROW_GROUP_BYTES = 16L << 20;

    private final MessageType schema;
    private final ParquetFileWriter file;
    private final BytesInputCompressor compressor;
    private final Column[] columns;
    private ColumnChunkPageWriteStore pages;
    private final PageWriter[] pageWriters;
    /** What a page is made in, one column's after the other's. */
    private final ByteBlock page = new ByteBlock();

    private int pageRows;
    private long groupRows;
    /** Of the row group's complete pages, and of what they share. */
    private long groupBytes;
    /** Of complete row groups. */
    private long writtenBytes;

    /**
     * Begins the file; there must be none.
     *
     * @param schema primitive columns, none of them repeated
     * @param codecs for {@code codec}
     */
    public ColumnFileWriter(Path path, MessageType schema, CompressionCodecFactory codecs, CompressionCodecName codec)
            throws IOException {
        this.schema = schema;
        this.file = new ParquetFileWriter(
                new LocalOutputFile(path),
                schema,
                ParquetFileWriter.Mode.CREATE,
                ROW_GROUP_BYTES,
                0,
                ParquetProperties.DEFAULT_COLUMN_INDEX_TRUNCATE_LENGTH,
                ParquetProperties.DEFAULT_STATISTICS_TRUNCATE_LENGTH,
                ParquetProperties.DEFAULT_PAGE_WRITE_CHECKSUM_ENABLED);
        this.compressor = codecs.getCompressor(codec);
        this.columns = schema.getFields().stream()
                .map(field -> Column.of(field.asPrimitiveType()))
                .toArray(Column[]::new);
        this.pageWriters = new PageWriter[columns.length];
        file.start();
        beginGroup();
    }

    /** A column, by its place in the schema; the same for as long as the file is written. */
    public Column column(int index) {
        return columns[index];
    }

    /** Ends a row, of which each column has been given its value. */
    public void endRow() throws IOException {
        pageRows++;
        if (pageRows == PAGE_ROWS || pagesBytes() >= PAGES_BYTES) {
            endPages();
            if (groupBytes >= ROW_GROUP_BYTES) {
                endGroup();
                beginGroup();
            }
        }
    }

    /** About how many bytes it takes: what is on disk, and what is not yet there, some of it not compressed. */
    public long bytes() {
        return writtenBytes + groupBytes + pagesBytes();
    }

    /** Completes the file. */
    public void finish() throws IOException {
        if (pageRows > 0) {
            endPages();
        }
        if (groupRows > 0) {
            endGroup();
        }
        file.end(Map.of());
    }

    /** Lets go of what it holds; a file that is not complete is left as it is. */
    @Override
    public void close() throws IOException {
        try (file) {
            pages.close();
        } finally {
            compressor.release();
        }
    }

    /** Of the pages that are being filled. */
    private long pagesBytes() {
        long bytes = 0;
        for (Column column : columns) {
            bytes += column.plain().size();
        }
        return bytes;
    }

    private void beginGroup() {
        pages = new ColumnChunkPageWriteStore(
                compressor,
                schema,
                new HeapByteBufferAllocator(),
                ParquetProperties.DEFAULT_COLUMN_INDEX_TRUNCATE_LENGTH);
        for (int i = 0; i < columns.length; i++) {
            pageWriters[i] = pages.getPageWriter(schema.getColumns().get(i));
        }
        groupRows = 0;
        groupBytes = 0;
    }

    private void endPages() throws IOException {
        groupBytes = 0;
        for (int i = 0; i < columns.length; i++) {
            columns[i].endPage(pageWriters[i], pageRows, page);
            groupBytes += pageWriters[i].getMemSize() + columns[i].sharedBytes();
        }
        groupRows += pageRows;
        pageRows = 0;
    }

    private void endGroup() throws IOException {
        for (int i = 0; i < columns.length; i++) {
            columns[i].endChunk(pageWriters[i]);
        }
        file.startBlock(groupRows);
        pages.flushToFileWriter(file);
        file.endBlock();
        pages.close();
        writtenBytes = file.getPos();
        groupBytes = 0;
    }
}
