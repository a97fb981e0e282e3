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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Replaces what a gold table has of some days, in one commit. */
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
     * Puts these rows in the place of all that the table has of some days.
     *
     * @param rows the figures of those days and of no others, without the epoch
     * @return the commit
     */
    HudiCommit replace(HudiTable table, TenantDays days, Dataset<Row> rows, long epoch) {
        Optional<HudiCommit> present = timeline.latest(table);
        Dataset<Row> computed = rows.withColumn(BronzeColumns.EPOCH, lit(epoch))
                .withColumn(IS_DELETED, lit(false))
                .select(columns(table));
        if (present.isEmpty()) {
            return writer.write(table, computed, HudiWriter.Operation.BULK_INSERT, epoch);
        }
        Dataset<Row> standing = days.of(files.read(table, present, partitions(table, days)))
                .withColumn(IS_DELETED, lit(true))
                .select(columns(table));
        return days.everything()
                ? replaceMany(table, computed, standing, epoch)
                : replaceFew(table, computed, standing, epoch);
    }

    /** Figures of some days are few: what is to be written is made up in memory. */
    private HudiCommit replaceFew(HudiTable table, Dataset<Row> computed, Dataset<Row> standing, long epoch) {
        Map<List<Object>, Row> byKey = new HashMap<>();
        standing.collectAsList().forEach(row -> byKey.put(key(table, row), row));
        computed.collectAsList().forEach(row -> byKey.put(key(table, row), row));
        Dataset<Row> written = computed.sparkSession().createDataFrame(List.copyOf(byKey.values()), computed.schema());
        return writer.write(table, written, HudiWriter.Operation.UPSERT, epoch);
    }

    private HudiCommit replaceMany(HudiTable table, Dataset<Row> computed, Dataset<Row> standing, long epoch) {
        computed.persist();
        try {
            Dataset<Row> vanished = standing.join(computed, table.recordKey().toArray(String[]::new), "left_anti")
                    .select(columns(table));
            return writer.write(table, computed.unionByName(vanished), HudiWriter.Operation.UPSERT, epoch);
        } finally {
            computed.unpersist();
        }
    }

    private static List<Object> key(HudiTable table, Row row) {
        return table.recordKey().stream().map(row::<Object>getAs).toList();
    }

    private List<String> partitions(HudiTable table, TenantDays days) {
        return days.everything()
                ? files.partitionsBelow(table, "")
                : days.tenants().stream().map(SilverSnapshot::partition).toList();
    }

    private static Column[] columns(HudiTable table) {
        return Stream.concat(table.columns().stream().map(column -> col(column.name())), Stream.of(col(IS_DELETED)))
                .toArray(Column[]::new);
    }
}
