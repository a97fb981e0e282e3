package dev.tenantlake.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;

/**
 * A table as the Glue Data Catalog is to know it.
 *
 * @param layer whose database it is in
 * @param name its name
 * @param format what its files are
 * @param columns the columns of the files that queries see, partition columns not among them
 * @param partitionColumns outermost first
 * @param parameters further table parameters; never a schema, which would show the columns that a filter hides
 */
public record CatalogTable(
        Layer layer,
        String name,
        Format format,
        List<Column> columns,
        List<Column> partitionColumns,
        Map<String, String> parameters) {

    public CatalogTable {
        requireNonNull(layer, "layer");
        requireNonNull(name, "name");
        requireNonNull(format, "format");
        columns = List.copyOf(columns);
        partitionColumns = List.copyOf(partitionColumns);
        parameters = Map.copyOf(parameters);
    }

    /**
     * A column in Glue.
     *
     * @param name its name
     * @param glueType its type in Hive's terms
     */
    public record Column(String name, String glueType) {
        public Column {
            requireNonNull(name, "name");
            requireNonNull(glueType, "glueType");
        }
    }

    /** What a table's files are, by the classes with which Hive and Athena read them. */
    public enum Format {
        PARQUET("org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"),
        HUDI("org.apache.hudi.hadoop.HoodieParquetInputFormat");

        private final String inputFormat;

        Format(String inputFormat) {
            this.inputFormat = inputFormat;
        }

        String inputFormat() {
            return inputFormat;
        }

        String outputFormat() {
            return "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat";
        }

        String serializer() {
            return "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe";
        }
    }
}
