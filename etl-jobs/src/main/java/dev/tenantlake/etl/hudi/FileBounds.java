package dev.tenantlake.etl.hudi;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.statistics.LongStatistics;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;

/**
 * Between which values a column's lie in a file, as its footer says. Files never change, so each footer is read once,
 * and a reader who wants a range opens only the files that can have rows of it.
 */
final class FileBounds {

    private static final int REMEMBERED = 100_000;

    private final HudiLake lake;
    private final Map<String, Bounds> known = RecentMap.of(REMEMBERED);

    FileBounds(HudiLake lake) {
        this.lake = requireNonNull(lake, "lake");
    }

    /** The least and the greatest value; if nothing is known of them, all values. */
    private record Bounds(long least, long greatest) {

        private static final Bounds UNKNOWN = new Bounds(Long.MIN_VALUE, Long.MAX_VALUE);

        boolean meets(long from, long until) {
            return least <= until && greatest >= from;
        }
    }

    /** Those files that can have rows whose value is within two bounds, both included; the column is of whole numbers. */
    List<String> within(List<String> files, String column, long from, long until) {
        List<Bounds> bounds = lake.files().onEach(files, file -> bounds(file, column));
        return IntStream.range(0, files.size())
                .filter(i -> bounds.get(i).meets(from, until))
                .mapToObj(files::get)
                .toList();
    }

    private Bounds bounds(String file, String column) {
        String key = column + "@" + file;
        Bounds found = known.get(key);
        if (found == null) {
            found = read(file, column);
            known.put(key, found);
        }
        return found;
    }

    private Bounds read(String file, String column) {
        Configuration configuration = lake.spark().sparkContext().hadoopConfiguration();
        try (ParquetFileReader reader =
                ParquetFileReader.open(HadoopInputFile.fromPath(new Path(file), configuration))) {
            long least = Long.MAX_VALUE;
            long greatest = Long.MIN_VALUE;
            for (BlockMetaData rows : reader.getFooter().getBlocks()) {
                for (ColumnChunkMetaData chunk : rows.getColumns()) {
                    if (chunk.getPath().toDotString().equals(column)) {
                        Statistics<?> values = chunk.getStatistics();
                        if (!(values instanceof LongStatistics numbers) || !values.hasNonNullValue()) {
                            return Bounds.UNKNOWN;
                        }
                        least = Math.min(least, numbers.getMin());
                        greatest = Math.max(greatest, numbers.getMax());
                    }
                }
            }
            return least > greatest ? Bounds.UNKNOWN : new Bounds(least, greatest);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
