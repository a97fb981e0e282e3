package dev.tenantlake.parquet;

import java.io.Closeable;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.hadoop.CodecFactory.BytesCompressor;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.schema.MessageType;

/**
 * Writes a Parquet file, compressed with Zstandard. Its columns are primitive or lists, of something primitive or of groups
 * of that. Each row is one value added to each {@link #column}, then {@link #endRow}; or some rows' values to one column
 * after the other, then {@link #endRows}. Not for use by several threads at once.
 */
public final class ColumnFileWriter implements Closeable {

    /** As many as Parquet's own writer puts into a page. */
    private static final int PAGE_ROWS = 20_000;
    /** At so many in all columns together, their pages end. */
    private static final long PAGES_BYTES = 4L << 20;
    /** What a row group may hold in memory, compressed, before it is written out. */
    private static final long ROW_GROUP_BYTES = 16L << 20;

    private final MessageType schema;
    private final Opened opened;
    private final ParquetFileWriter file;
    private final BytesCompressor compressor;
    private final Column[] columns;
    /** What they are written as, and each one's pages. */
    private LeafColumn[] leaves;

    private final PageWriter[] pageWriters;
    private ColumnChunkPageWriteStore pages;
    /** What a page is made in, one column's after the other's. */
    private final ByteBlock page = new ByteBlock();

    private int pageRows;
    private long groupRows;
    /** Of the row group's complete pages, and of what they share. */
    private long groupBytes;
    /** Of complete row groups. */
    private long writtenBytes;

    /**
     * Begins the file, compressed at the quickest level.
     *
     * @param mode whether there may be one already
     */
    public ColumnFileWriter(OutputFile target, MessageType schema, ParquetFileWriter.Mode mode) throws IOException {
        this(target, schema, mode, ZstdCodecFactory.QUICKEST);
    }

    /**
     * Begins the file.
     *
     * @param mode whether there may be one already
     * @param level Zstandard's, from 1 to 22
     */
    public ColumnFileWriter(OutputFile target, MessageType schema, ParquetFileWriter.Mode mode, int level)
            throws IOException {
        this.schema = schema;
        this.opened = new Opened(target);
        this.file = new ParquetFileWriter(
                opened,
                schema,
                mode,
                ROW_GROUP_BYTES,
                0,
                ParquetProperties.DEFAULT_COLUMN_INDEX_TRUNCATE_LENGTH,
                ParquetProperties.DEFAULT_STATISTICS_TRUNCATE_LENGTH,
                ParquetProperties.DEFAULT_PAGE_WRITE_CHECKSUM_ENABLED);
        this.compressor = new ZstdCodecFactory(level).getCompressor(CompressionCodecName.ZSTD);
        this.columns = schema.getFields().stream().map(Column::of).toArray(Column[]::new);
        this.pageWriters = new PageWriter[schema.getColumns().size()];
        findLeaves();
        file.start();
        beginGroup();
    }

    /** A column, by its place in the schema; the same for as long as the file is written. */
    public Column column(int index) {
        return columns[index];
    }

    /**
     * Says that a column has the same value in all rows of the file, of which none has been begun; it is given none.
     *
     * @param value as in {@link Column#add}; null for a column that has none in any row
     */
    public void repeat(int index, Object value) {
        columns[index] = new RepeatedColumn(schema.getType(index).asPrimitiveType(), value);
        findLeaves();
    }

    /** Says that no value of a column comes twice, so that no dictionary is tried. */
    public void unique(int index) {
        columns[index].leaves().forEach(LeafColumn::unique);
    }

    private void findLeaves() {
        leaves = Stream.of(columns).flatMap(column -> column.leaves().stream()).toArray(LeafColumn[]::new);
    }

    /** Ends a row, of which each column has been given its value. */
    public void endRow() throws IOException {
        endRows(1);
    }

    /** Ends some rows, of which each column has been given the values. */
    public void endRows(int count) throws IOException {
        pageRows += count;
        if (pageRows >= PAGE_ROWS || pagesBytes() >= PAGES_BYTES) {
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
        finish(Map.of());
    }

    /**
     * Completes the file.
     *
     * @param metadata what its footer is to say besides
     */
    public void finish(Map<String, String> metadata) throws IOException {
        if (pageRows > 0) {
            endPages();
        }
        if (groupRows > 0) {
            endGroup();
        }
        file.end(metadata);
        opened.complete();
    }

    /** Lets go of what it holds; a file that is not complete is left as it is. */
    @Override
    public void close() throws IOException {
        try {
            opened.close();
        } finally {
            compressor.release();
        }
    }

    /** Of the pages that are being filled. */
    private long pagesBytes() {
        long bytes = 0;
        for (LeafColumn column : leaves) {
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
        for (int i = 0; i < pageWriters.length; i++) {
            pageWriters[i] = pages.getPageWriter(schema.getColumns().get(i));
        }
        groupRows = 0;
        groupBytes = 0;
    }

    private void endPages() throws IOException {
        groupBytes = 0;
        for (int i = 0; i < leaves.length; i++) {
            leaves[i].endPage(pageWriters[i], pageRows, page);
            groupBytes += pageWriters[i].getMemSize() + leaves[i].sharedBytes();
        }
        for (Column column : columns) {
            column.reset();
        }
        groupRows += pageRows;
        pageRows = 0;
    }

    private void endGroup() throws IOException {
        for (int i = 0; i < leaves.length; i++) {
            leaves[i].endChunk(pageWriters[i]);
        }
        file.startBlock(groupRows);
        pages.flushToFileWriter(file);
        file.endBlock();
        writtenBytes = file.getPos();
        groupBytes = 0;
    }

    /** The file, whose stream the library closes when it is complete, and in some versions not before. */
    private static final class Opened implements OutputFile, Closeable {

        private final OutputFile target;
        private PositionOutputStream stream;

        Opened(OutputFile target) {
            this.target = target;
        }

        @Override
        public PositionOutputStream create(long blockSizeHint) throws IOException {
            stream = target.create(blockSizeHint);
            return stream;
        }

        @Override
        public PositionOutputStream createOrOverwrite(long blockSizeHint) throws IOException {
            stream = target.createOrOverwrite(blockSizeHint);
            return stream;
        }

        @Override
        public boolean supportsBlockSize() {
            return target.supportsBlockSize();
        }

        @Override
        public long defaultBlockSize() {
            return target.defaultBlockSize();
        }

        /** The library has closed it. */
        void complete() {
            stream = null;
        }

        @Override
        public void close() throws IOException {
            if (stream != null) {
                stream.close();
            }
        }
    }
}
