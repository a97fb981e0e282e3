package dev.tenantlake.etl.hudi;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 * What the footers of files say: how many rows a file has, and between which values those of a column lie. Files never
 * change, so each footer is read once, and a reader who wants some values opens only the files that can have rows of them.
 */
final class FileFooters {

    private static final int REMEMBERED = 50_000;

    private final HudiLake lake;
    private final Map<String, Footer> known = RecentMap.of(REMEMBERED);

    FileFooters(HudiLake lake) {
        this.lake = requireNonNull(lake, "lake");
    }

    /**
     * A file's footer.
     *
     * @param bounds by column of whole numbers, those of which anything is known
     */
    private record Footer(long rows, Map<String, Bounds> bounds) {

        boolean canHave(Spans wanted) {
            Bounds values = bounds.get(wanted.column());
            return values == null || wanted.meet(values.least(), values.greatest());
        }
    }

    /** The least and the greatest value. */
    private record Bounds(long least, long greatest) {

        Bounds and(Bounds other) {
            return new Bounds(Math.min(least, other.least), Math.max(greatest, other.greatest));
        }
    }

    /** How many rows a file has. */
    long rows(String file) {
        return footer(file).rows();
    }

    /** Those files that can have rows whose value is in some spans. */
    List<String> within(List<String> files, Spans wanted) {
        List<Footer> footers = lake.files().onEach(files, this::footer);
        return IntStream.range(0, files.size())
                .filter(i -> footers.get(i).canHave(wanted))
                .mapToObj(files::get)
                .toList();
    }

    private Footer footer(String file) {
        Footer found = known.get(file);
        if (found == null) {
            found = read(file);
            known.put(file, found);
        }
        return found;
    }

    private Footer read(String file) {
        Configuration configuration = lake.spark().sparkContext().hadoopConfiguration();
        Map<String, Bounds> bounds = new HashMap<>();
        Set<String> unknown = new HashSet<>();
        try (ParquetFileReader reader =
                ParquetFileReader.open(HadoopInputFile.fromPath(new Path(file), configuration))) {
            for (BlockMetaData rows : reader.getFooter().getBlocks()) {
                for (ColumnChunkMetaData chunk : rows.getColumns()) {
                    String column = chunk.getPath().toDotString();
                    Statistics<?> values = chunk.getStatistics();
                    if (values instanceof LongStatistics numbers && values.hasNonNullValue()) {
                        bounds.merge(column, new Bounds(numbers.getMin(), numbers.getMax()), Bounds::and);
                    } else {
                        unknown.add(column);
                    }
                }
            }
            bounds.keySet().removeAll(unknown);
            return new Footer(reader.getRecordCount(), Map.copyOf(bounds));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
