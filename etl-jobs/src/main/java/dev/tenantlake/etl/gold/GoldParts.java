package dev.tenantlake.etl.gold;

import dev.tenantlake.etl.hudi.HudiTable;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Parts of a gold table that are computed anew and replaced as a whole, rows that vanish included. */
interface GoldParts {

    /** Whether there are none. */
    boolean isEmpty();

    /** Whether it is all of the table, also what it has of tenants that are gone. */
    boolean everything();

    /**
     * Those rows that are of these parts.
     *
     * @param rows with the key of the table, at least
     */
    Dataset<Row> of(Dataset<Row> rows);

    /** Whether a row with the key of the table is of these parts. */
    boolean has(Row row);

    /** The paths, or their beginnings, of the partitions that can have such rows; not asked of everything. */
    List<String> partitions(HudiTable table);
}
