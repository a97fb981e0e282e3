package dev.tenantlake.etl.silver;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.etl.hudi.HudiLake;
import dev.tenantlake.etl.hudi.HudiTable;
import dev.tenantlake.etl.hudi.HudiTimeline;
import dev.tenantlake.etl.hudi.HudiWriter;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Where the source's tables lost all their rows: {@code silver.truncates}. In bronze a truncate is a row of no tenant, which
 * no analyst sees; whoever asks for the past has to know of it.
 */
final class Truncates {

    private static final StructType ROWS =
            SilverTables.TRUNCATES.schema().add(HudiTable.IS_DELETED, DataTypes.BooleanType);

    private final HudiLake lake;
    private final HudiTimeline timeline;
    private final HudiWriter writer;

    private boolean exists;

    Truncates(HudiLake lake) {
        this.lake = requireNonNull(lake, "lake");
        this.timeline = new HudiTimeline(lake);
        this.writer = new HudiWriter(lake);
    }

    /**
     * A table's rows went that came before this.
     *
     * @param table the table's name
     * @param epoch the epoch in which they did
     * @param ordinal the last place in its order of which none is left; -1 if all that the epoch holds came after
     */
    record Truncate(String table, long epoch, long ordinal) {
        Truncate {
            requireNonNull(table, "table");
        }
    }

    /** Learns whether the table is there. */
    void load() {
        exists = timeline.latest(SilverTables.TRUNCATES).isPresent();
    }

    /** Notes truncates, in one commit if there are any; the same ones again change nothing. */
    void add(List<Truncate> truncates, long epoch) {
        if (truncates.isEmpty() && exists) {
            return;
        }
        List<Row> rows = truncates.stream()
                .map(truncate -> RowFactory.create(truncate.table(), truncate.epoch(), truncate.ordinal(), false))
                .toList();
        writer.write(
                SilverTables.TRUNCATES,
                lake.spark().createDataFrame(rows, ROWS),
                exists ? HudiWriter.Operation.UPSERT : HudiWriter.Operation.BULK_INSERT,
                epoch);
        exists = true;
    }
}
