package dev.tenantlake.etl.gold;

import dev.tenantlake.etl.hudi.HudiTable;
import dev.tenantlake.model.SourceTable;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A table of gold's figures: what it is made of, which parts of it some epochs touch, and how the figures of parts are
 * computed. It holds no state: all that it needs is in the {@link GoldRound}.
 *
 * @param <P> what its parts are
 */
interface GoldSubject<P extends GoldParts> {

    /** The table, with a column {@code _epoch} for the epoch at which a row became what it is. */
    HudiTable table();

    /**
     * By silver table, the columns that the figures are made of, or that say which parts a row touches; keys and partition
     * columns need not be named. Without one of them the table stops.
     */
    Map<SourceTable, Set<String>> columns();

    /**
     * Whether the table follows silver only now and then, and when there is nothing else to do. One whose figures take
     * orders of all times to compute does: it would cost each commit more than the one before.
     */
    default boolean isTrailing() {
        return false;
    }

    /** The whole table. */
    P everything();

    /** The parts that lie otherwise after the round's epochs than before, and perhaps some that do not. */
    P touched(GoldRound round);

    /**
     * The figures of some parts, and of no others, as silver is after the round.
     *
     * @return rows with the table's columns but {@code _epoch}
     */
    Dataset<Row> figures(GoldRound round, P wanted);
}
