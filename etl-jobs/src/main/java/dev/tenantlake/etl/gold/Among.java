package dev.tenantlake.etl.gold;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;

import java.util.Collection;
import java.util.List;
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
    static final int FEW = 1_000;

    private Among() {}

    /** Those rows whose column has one of some values. */
    static Dataset<Row> rows(Dataset<Row> rows, String column, Collection<?> values) {
        if (values.size() <= FEW) {
            return rows.where(col(column).isInCollection(values));
        }
        List<Row> distinct = values.stream()
                .distinct()
                .map(value -> RowFactory.create(value))
                .toList();
        Dataset<Row> wanted = rows.sparkSession().createDataFrame(distinct, new StructType(new StructField[] {
            rows.schema().apply(column)
        }));
        return rows.join(broadcast(wanted), new String[] {column}, "left_semi");
    }
}
