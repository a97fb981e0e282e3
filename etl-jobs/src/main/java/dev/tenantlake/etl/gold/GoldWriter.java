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
import dev.tenantlake.model.LakeException;
import java.util.List;
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
            writer.write(table, computed, HudiWriter.Operation.BULK_INSERT, epoch);
        } else {
            computed.persist();
            try {
                Dataset<Row> vanished = days.of(files.read(table, present, partitions(table, days)))
                        .withColumn(IS_DELETED, lit(true))
                        .select(columns(table))
                        .join(computed, table.recordKey().toArray(String[]::new), "left_anti")
                        .select(columns(table));
                writer.write(table, computed.unionByName(vanished), HudiWriter.Operation.UPSERT, epoch);
            } finally {
                computed.unpersist();
            }
        }
        return timeline.latest(table)
                .filter(made -> made.epoch() == epoch)
                .orElseThrow(() -> new LakeException(
                        LakeException.Kind.IN_USE,
                        "the commit of epoch " + epoch + " to " + table.qualifiedName()
                                + " is not its last one: is another job writing to it?"));
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
