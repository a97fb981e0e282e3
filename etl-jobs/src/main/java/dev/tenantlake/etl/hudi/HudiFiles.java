package dev.tenantlake.etl.hudi;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.types.StructType;
import scala.Function1;

/**
 * Reads tables as of a commit, and only the partitions that are wanted, and of these, if some values are, only the files
 * that can have rows of them.
 */
public final class HudiFiles {

    private final HudiLake lake;
    private final FileFooters footers;

    public HudiFiles(HudiLake lake) {
        this.lake = requireNonNull(lake, "lake");
        this.footers = lake.footers();
    }

    /**
     * The paths of all partitions of a table below a path, which may be {@code ""}.
     *
     * @return paths below the table's folder
     */
    public List<String> partitionsBelow(HudiTable table, String path) {
        return lake.index(table).map(index -> index.below(path)).orElse(List.of());
    }

    /**
     * The rows that partitions of a table hold as of a commit, with the columns of {@link HudiTable#schema()}.
     *
     * @param commit empty for a table that has none: it holds no rows
     * @param paths of partitions, or of what partitions have in common; one that is not there has no rows
     */
    public Dataset<Row> read(HudiTable table, Optional<HudiCommit> commit, Collection<String> paths) {
        return open(table, files(table, commit, paths));
    }

    /** As {@link #read(HudiTable, Optional, Collection)}, but only from the files that can have rows of some spans. */
    public Dataset<Row> read(HudiTable table, Optional<HudiCommit> commit, Collection<String> paths, Spans wanted) {
        return open(table, footers.within(files(table, commit, paths), wanted));
    }

    /**
     * Some rows that partitions of a table hold as of a commit, with the columns of {@link HudiTable#schema()}; read here
     * and now. Of a few files that is a fraction of what it costs to plan a task and generate its code.
     *
     * @param paths as {@link #read(HudiTable, Optional, Collection)} takes them
     * @param wanted the rows
     */
    public List<Row> rows(
            HudiTable table, Optional<HudiCommit> commit, Collection<String> paths, Predicate<Row> wanted) {
        return lake
                .files()
                .onEach(files(table, commit, paths), file -> rows(table.schema(), new Path(file), wanted))
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    private List<Row> rows(StructType columns, Path file, Predicate<Row> wanted) {
        // Days and instants are those of java.time, as the session has it.
        SparkSession.setActiveSession(lake.spark());
        Function1<Object, Object> toRow = CatalystTypeConverters.createToScalaConverter(columns);
        Configuration settings = lake.settingsOfAFile();
        List<Row> found = new ArrayList<>();
        try {
            long length = file.getFileSystem(settings).getFileStatus(file).getLen();
            try (FileRows rows = FileRows.open(file, length, columns, settings)) {
                while (rows.next()) {
                    Row row = (Row) toRow.apply(rows.row());
                    if (wanted.test(row)) {
                        found.add(row);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    /** How many rows a table holds as of a commit, which its files' footers say. */
    public long count(HudiTable table, Optional<HudiCommit> commit) {
        return counts(table, commit).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** By the paths of the partitions that have rows as of a commit, how many. */
    public Map<String, Long> counts(HudiTable table, Optional<HudiCommit> commit) {
        return commit.flatMap(made -> lake.index(table, made).map(index -> counts(index, made.instant())))
                .orElse(Map.of());
    }

    private Map<String, Long> counts(FileIndex index, String instant) {
        List<String> partitions = index.below("").stream()
                .filter(path -> !index.files(List.of(path), instant).isEmpty())
                .toList();
        List<Long> rows = lake.files()
                .onEach(
                        partitions,
                        path -> index.files(List.of(path), instant).stream()
                                .mapToLong(footers::rows)
                                .sum());
        Map<String, Long> byPartition = new HashMap<>();
        for (int i = 0; i < partitions.size(); i++) {
            byPartition.put(partitions.get(i), rows.get(i));
        }
        return byPartition;
    }

    private List<String> files(HudiTable table, Optional<HudiCommit> commit, Collection<String> paths) {
        return commit.flatMap(made -> lake.index(table, made)
                        .map(index -> index.files(
                                paths.stream()
                                        .flatMap(path -> index.below(path).stream())
                                        .distinct()
                                        .toList(),
                                made.instant())))
                .orElse(List.of());
    }

    private Dataset<Row> open(HudiTable table, List<String> files) {
        return files.isEmpty()
                ? lake.spark().createDataFrame(List.of(), table.schema())
                : lake.spark().read().schema(table.schema()).parquet(files.toArray(String[]::new));
    }
}
