package dev.tenantlake.etl.gold;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;

import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Rows by the values of a column. */
final class Among {

    /**
     * Of more values, a condition is dearer than a join: Spark hands it to Parquet as well, in the settings of each file
     * that it opens, and of a hundred thousand events that is nine megabytes to pack and unpack for each.
     */
    private static final int FEW = 1_000;

    private Among() {}

    /** Those rows whose column has one of some values. */
    static Dataset<Row> rows(Dataset<Row> rows, String column, Set<?> values) {
        if (values.size() <= FEW) {
            return rows.where(col(column).isInCollection(values));
        }
        List<Row> list = values.stream().map(value -> RowFactory.create(value)).toList();
        StructType type = new StructType(new StructField[] {rows.schema().apply(column)});
        Dataset<Row> wanted = rows.sparkSession().createDataFrame(list, type);
        return rows.join(broadcast(wanted), new String[] {column}, "left_semi");
    }
}
