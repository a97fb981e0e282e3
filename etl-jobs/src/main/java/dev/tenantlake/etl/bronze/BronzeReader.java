package dev.tenantlake.etl.bronze;

import static dev.tenantlake.model.BronzeColumns.COMMITTED_AT;
import static dev.tenantlake.model.BronzeColumns.EPOCH;
import static dev.tenantlake.model.BronzeColumns.OP;
import static dev.tenantlake.model.BronzeColumns.ORDINAL;
import static java.util.Objects.requireNonNull;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.when;

import dev.tenantlake.etl.hudi.HudiLake;
import dev.tenantlake.etl.rules.TableRules;
import dev.tenantlake.etl.s3.LakeS3FileSystem;
import dev.tenantlake.model.BronzeColumns;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.EpochManifest.BronzeColumn;
import dev.tenantlake.model.EpochManifest.BronzeSchema;
import dev.tenantlake.model.EpochManifest.DataFile;
import dev.tenantlake.model.EpochManifest.TableSlice;
import dev.tenantlake.model.SourceColumn;
import dev.tenantlake.model.SourceTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Reads what epochs hold of a table. A file is read with the schema that its manifest gives, and comes out with the
 * columns that the lake knows of the table: a column that the source has since got is passed over, one that it had
 * not yet, or has no more, is null.
 */
public final class BronzeReader {

    /** The name of the first rule that a row breaks, or null. */
    public static final String RULE = "_rule";
    /** Of a row that breaks a rule, all that bronze holds of it, as JSON; else null. */
    public static final String RAW_ROW = "_raw_row";
    /** The name of a column whose value in the file is none of the lake's type, or null. */
    public static final String INEXACT = "_inexact";

    /** The changes that a row comes with, which can be wrong: made, updated, read by a load. */
    private static final Object[] OF_ROWS = {"c", "u", "r"};

    /** Epochs of a stream are small: as many rows are read by one task, for a task costs more than reading them. */
    private static final long ROWS_PER_TASK = 50_000;

    private static final Map<String, String> RAW_ROW_FORMAT =
            Map.of("ignoreNullFields", "false", "timestampFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX");

    private final HudiLake lake;

    public BronzeReader(HudiLake lake) {
        this.lake = requireNonNull(lake, "lake");
    }

    /** Says which rule a row breaks, as far as a file's columns let it be judged. */
    @FunctionalInterface
    public interface Judge {
        /**
         * A column with the name of the first rule that a row breaks, or null.
         *
         * @param present the names of the columns that the file has
         */
        Column firstBrokenRule(Set<String> present);
    }

    /**
     * The change rows of a table, in no order: its columns, {@code _op}, {@code _epoch}, {@code _ordinal} and {@code
     * _committed_at}, {@link #RULE}, {@link #RAW_ROW} and {@link #INEXACT}. Rows that say that something is gone break no
     * rule.
     */
    public Dataset<Row> read(SourceTable table, List<EpochManifest> epochs, Judge judge) {
        long rows = slices(table, epochs).mapToLong(TableSlice::rows).sum();
        Dataset<Row> all = files(table, epochs).entrySet().stream()
                .map(group -> read(table, group.getKey(), group.getValue(), judge))
                .reduce(Dataset::unionByName)
                .orElseGet(() -> nothing(table));
        int tasks = (int) (rows / ROWS_PER_TASK) + 1;
        return tasks < all.sparkSession().sparkContext().defaultParallelism() ? all.coalesce(tasks) : all;
    }

    /**
     * Whether no change row of a table breaks one of its rules by itself. Of the rules that only compare, the statistics in
     * bronze's files mostly say so, and no row is read; for the others the columns are that they are about.
     */
    public boolean areRight(SourceTable table, List<EpochManifest> epochs, TableRules rules) {
        return files(table, epochs).entrySet().stream().allMatch(group -> {
            Set<String> present = names(group.getKey());
            Dataset<Row> rows = known(table, group.getKey(), group.getValue()).where(col(OP).isin(OF_ROWS));
            return Stream.of(true, false)
                    .flatMap(compares -> rules.isBroken(present, compares).stream())
                    .allMatch(broken -> rows.where(broken).count() == 0);
        });
    }

    private static Stream<TableSlice> slices(SourceTable table, List<EpochManifest> epochs) {
        return epochs.stream()
                .flatMap(epoch -> Optional.ofNullable(epoch.tables().get(table.name())).stream());
    }

    /** By their schemas, the addresses of the files that epochs have of a table. */
    private Map<BronzeSchema, List<String>> files(SourceTable table, List<EpochManifest> epochs) {
        Map<BronzeSchema, List<String>> files = new LinkedHashMap<>();
        Configuration hadoop = lake.spark().sparkContext().hadoopConfiguration();
        for (EpochManifest epoch : epochs) {
            TableSlice slice = epoch.tables().get(table.name());
            if (slice == null) {
                continue;
            }
            for (DataFile file : slice.files()) {
                BronzeSchema schema = epoch.schemas().get(file.schemaId());
                String address = lake.address(file.key());
                LakeS3FileSystem.announce(new Path(address), file.bytes(), hadoop);
                files.computeIfAbsent(schema, first -> new ArrayList<>()).add(address);
            }
        }
        return files;
    }

    private static Set<String> names(BronzeSchema schema) {
        return schema.columns().stream().map(BronzeColumn::name).collect(Collectors.toSet());
    }

    private Dataset<Row> all(BronzeSchema schema, List<String> files) {
        return lake.spark().read().schema(sparkSchema(schema)).parquet(files.toArray(String[]::new));
    }

    private Dataset<Row> known(SourceTable table, BronzeSchema schema, List<String> files) {
        return all(schema, files).select(known(table, schema));
    }

    private static Column[] known(SourceTable table, BronzeSchema schema) {
        Set<String> present = names(schema);
        return Stream.concat(
                        table.columns().stream().map(column -> known(column, present)),
                        Stream.of(OP, EPOCH, ORDINAL, COMMITTED_AT).map(name -> col(name)))
                .toArray(Column[]::new);
    }

    private Dataset<Row> read(SourceTable table, BronzeSchema schema, List<String> files, Judge judge) {
        Column[] known = known(table, schema);
        Column[] raw =
                schema.columns().stream().map(column -> quoted(column.name())).toArray(Column[]::new);
        Column rawRow = to_json(struct(raw), RAW_ROW_FORMAT);
        Column rule = when(col(OP).isin(OF_ROWS), judge.firstBrokenRule(names(schema)));
        Column[] judged = Stream.concat(
                        Stream.of(known).map(column -> col(name(column))),
                        Stream.of(
                                rule.as(RULE),
                                when(rule.isNotNull(), col(RAW_ROW)).as(RAW_ROW),
                                col(INEXACT)))
                .toArray(Column[]::new);
        return all(schema, files)
                .select(Stream.concat(
                                Stream.of(known),
                                Stream.of(
                                        rawRow.as(RAW_ROW),
                                        inexact(table, schema).as(INEXACT)))
                        .toArray(Column[]::new))
                .select(judged);
    }

    private Dataset<Row> nothing(SourceTable table) {
        String columns = table.columns().stream()
                .map(column -> "`" + column.name() + "` " + column.type().glueType() + ", ")
                .collect(Collectors.joining());
        return lake.spark()
                .createDataFrame(
                        List.of(),
                        StructType.fromDDL(columns + OP + " string, " + EPOCH + " bigint, " + ORDINAL + " bigint, "
                                + COMMITTED_AT + " timestamp, " + RULE + " string, " + RAW_ROW + " string, " + INEXACT
                                + " string"));
    }

    /** The name of the first column, of those with another type than the lake's, whose value the lake cannot hold. */
    private static Column inexact(SourceTable table, BronzeSchema schema) {
        Map<String, String> present =
                schema.columns().stream().collect(Collectors.toMap(BronzeColumn::name, BronzeColumn::glueType));
        Column[] found = table.columns().stream()
                .filter(column -> present.containsKey(column.name()))
                .filter(column -> ColumnFit.of(column.type(), present.get(column.name())) != ColumnFit.ALWAYS)
                .map(column -> when(
                        expr(ColumnFit.inexact("`" + column.name() + "`", column.type(), present.get(column.name()))),
                        lit(column.name())))
                .toArray(Column[]::new);
        return found.length == 0 ? lit(null).cast("string") : coalesce(found);
    }

    private static String name(Column column) {
        return column.named().name();
    }

    private static Column known(SourceColumn column, Set<String> present) {
        Column value = present.contains(column.name()) ? quoted(column.name()) : lit(null);
        return value.cast(column.type().glueType()).as(column.name());
    }

    private static Column quoted(String name) {
        return col("`" + name.replace("`", "``") + "`");
    }

    private static StructType sparkSchema(BronzeSchema schema) {
        return StructType.fromDDL(Stream.concat(schema.columns().stream(), BronzeColumns.ALL.stream())
                .map(column -> "`" + column.name().replace("`", "``") + "` " + column.glueType())
                .collect(Collectors.joining(", ")));
    }
}
