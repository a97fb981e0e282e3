package dev.tenantlake.etl.gold;

import static dev.tenantlake.etl.hudi.HudiTable.IS_DELETED;
import static java.util.Objects.requireNonNull;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.tenantlake.etl.hudi.HudiCommit;
import dev.tenantlake.etl.hudi.HudiFiles;
import dev.tenantlake.etl.hudi.HudiLake;
import dev.tenantlake.etl.hudi.HudiTable;
import dev.tenantlake.etl.hudi.HudiTimeline;
import dev.tenantlake.etl.hudi.HudiWriter;
import dev.tenantlake.model.BronzeColumns;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Replaces what a gold table has of some parts, in one commit. */
final class GoldWriter {

    private final HudiTimeline timeline;
    private final HudiFiles files;
    private final HudiWriter writer;

    GoldWriter(HudiLake lake) {
        requireNonNull(lake, "lake");
        this.timeline = new HudiTimeline(lake);
        this.files = new HudiFiles(lake);
        this.writer = new HudiWriter(lake);
    }

    /**
     * Puts these rows in the place of all that the table has of some parts.
     *
     * @param rows the figures of those parts and of no others, without the epoch
     * @return the commit
     */
    HudiCommit replace(HudiTable table, GoldParts parts, Dataset<Row> rows, long epoch) {
        Optional<HudiCommit> present = timeline.latest(table);
        if (present.isEmpty()) {
            return writer.write(table, computed(table, rows, epoch), HudiWriter.Operation.BULK_INSERT, epoch);
        }
        return parts.everything()
                ? replaceMany(table, computed(table, rows, epoch), standing(table, present), epoch)
                : replaceFew(table, rows, files.rows(table, present, parts.partitions(table), parts::has), epoch);
    }

    /** All that the table has, as what is to go. */
    private Dataset<Row> standing(HudiTable table, Optional<HudiCommit> present) {
        return files.read(table, present, List.of(""))
                .withColumn(IS_DELETED, lit(true))
                .select(columns(table));
    }

    private static Dataset<Row> computed(HudiTable table, Dataset<Row> rows, long epoch) {
        return rows.withColumn(BronzeColumns.EPOCH, lit(epoch))
                .withColumn(IS_DELETED, lit(false))
                .select(columns(table));
    }

    /**
     * Figures of some parts are few: what is to be written is made up in memory, and only what is otherwise than the table
     * has it is: most of what an order goes through changes no figure of its day. The epoch is put in there too, since a
     * plan in which it stands is another plan each time, for which Spark generates and compiles its code again.
     */
    private HudiCommit replaceFew(HudiTable table, Dataset<Row> rows, List<Row> standing, long epoch) {
        StructType schema = table.schema().add(IS_DELETED, DataTypes.BooleanType);
        Map<List<Object>, Row> byKey = new HashMap<>();
        standing.forEach(row -> byKey.put(key(table, row), row));
        List<Row> written = new ArrayList<>();
        for (Row row : rows.collectAsList()) {
            Row before = byKey.remove(key(table, row));
            if (before == null || !isEqual(table, before, row)) {
                written.add(computed(schema, row, epoch));
            }
        }
        byKey.values().forEach(row -> written.add(gone(schema, row)));
        return writer.write(
                table, rows.sparkSession().createDataFrame(written, schema), HudiWriter.Operation.UPSERT, epoch);
    }

    private static Row gone(StructType schema, Row row) {
        return RowFactory.create(Stream.of(schema.fieldNames())
                .map(name -> name.equals(IS_DELETED) ? (Object) true : row.<Object>getAs(name))
                .toArray());
    }

    private static Row computed(StructType schema, Row row, long epoch) {
        return RowFactory.create(Stream.of(schema.fieldNames())
                .map(name -> switch (name) {
                    case BronzeColumns.EPOCH -> epoch;
                    case IS_DELETED -> false;
                    default -> row.<Object>getAs(name);
                })
                .toArray());
    }

    private static boolean isEqual(HudiTable table, Row before, Row now) {
        return table.columns().stream()
                .map(column -> column.name())
                .filter(name -> !name.equals(BronzeColumns.EPOCH))
                .allMatch(name -> Objects.equals(before.<Object>getAs(name), now.<Object>getAs(name)));
    }

    private HudiCommit replaceMany(HudiTable table, Dataset<Row> computed, Dataset<Row> standing, long epoch) {
        computed.persist();
        try {
            Dataset<Row> vanished = standing.join(computed, sameKey(table, standing, computed), "left_anti")
                    .select(columns(table));
            return writer.write(table, computed.unionByName(vanished), HudiWriter.Operation.UPSERT, epoch);
        } finally {
            computed.unpersist();
        }
    }

    /** A key may have a null in it, which equals another. */
    private static Column sameKey(HudiTable table, Dataset<Row> left, Dataset<Row> right) {
        return table.recordKey().stream()
                .map(name -> left.col(name).eqNullSafe(right.col(name)))
                .reduce(Column::and)
                .orElseThrow();
    }

    private static List<Object> key(HudiTable table, Row row) {
        return table.recordKey().stream().map(row::<Object>getAs).toList();
    }

    private static Column[] columns(HudiTable table) {
        // A list that Spark made up has no nulls in it, and the table's may have: a file's schema is the table's.
        return Stream.concat(
                        table.columns().stream()
                                .map(column -> col(column.name())
                                        .cast(column.glueType())
                                        .as(column.name())),
                        Stream.of(col(IS_DELETED)))
                .toArray(Column[]::new);
    }
}
