package dev.tenantlake.etl.hudi;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.CatalogTable;
import dev.tenantlake.model.CatalogTable.Column;
import dev.tenantlake.model.LakeLayout;
import dev.tenantlake.model.Layer;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.StructType;

/**
 * A Hudi table of the lake.
 *
 * @param layer the layer that it is in
 * @param name its name
 * @param recordKey the names of the columns that identify a row
 * @param partitionColumns outermost first; their values are also columns of the files
 * @param columns all columns in order, partition columns among them, with their types in Glue's terms
 */
public record HudiTable(
        Layer layer, String name, List<String> recordKey, List<String> partitionColumns, List<Column> columns) {

    /** Whether a row that is written takes the row with its key out of the table; a column of every file. */
    public static final String IS_DELETED = "_hoodie_is_deleted";

    /** Athena then reads the table with its own Hudi reader, which knows more versions of Hudi. */
    private static final Map<String, String> PARAMETERS =
            Map.of("athena_enable_native_hudi_connector_implementation", "true");

    public HudiTable {
        requireNonNull(layer, "layer");
        requireNonNull(name, "name");
        recordKey = List.copyOf(recordKey);
        partitionColumns = List.copyOf(partitionColumns);
        columns = List.copyOf(columns);
    }

    /** {@code silver.orders}. */
    public String qualifiedName() {
        return layer.database() + "." + name;
    }

    /** The key of the table's folder in the lake's bucket, without a slash at its end. */
    public String key() {
        String prefix = LakeLayout.tablePrefix(layer, name);
        return prefix.substring(0, prefix.length() - 1);
    }

    /** The columns of the files that the lake's readers know, in Spark's terms. */
    public StructType schema() {
        return StructType.fromDDL(columns.stream()
                .map(column -> "`" + column.name() + "` " + column.glueType())
                .collect(Collectors.joining(", ")));
    }

    /** What Glue is to know of the table. */
    public CatalogTable catalogTable() {
        return new CatalogTable(
                layer,
                name,
                CatalogTable.Format.HUDI,
                columns.stream()
                        .filter(column -> !partitionColumns.contains(column.name()))
                        .toList(),
                partitionColumns.stream().map(this::column).toList(),
                PARAMETERS);
    }

    private Column column(String wanted) {
        return columns.stream()
                .filter(column -> column.name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(qualifiedName() + " has no column " + wanted));
    }
}
