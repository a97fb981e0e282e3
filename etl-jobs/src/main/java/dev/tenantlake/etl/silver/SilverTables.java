package dev.tenantlake.etl.silver;

import dev.tenantlake.etl.hudi.HudiTable;
import dev.tenantlake.model.BronzeColumns;
import dev.tenantlake.model.CatalogTable.Column;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.SourceColumn;
import dev.tenantlake.model.SourceTable;
import java.util.ArrayList;
import java.util.List;

/** The Hudi tables of silver. */
public final class SilverTables {

    /** Rows that break a rule, of all tables. */
    public static final HudiTable QUARANTINE = new HudiTable(
            Layer.SILVER,
            "quarantine",
            List.of("table_name", "tenant_id", "record_key"),
            List.of(),
            List.of(
                    new Column("tenant_id", "bigint"),
                    new Column("table_name", "string"),
                    new Column("record_key", "string"),
                    new Column("rule", "string"),
                    new Column("raw_row", "string"),
                    new Column("op", "string"),
                    new Column("epoch", "bigint"),
                    new Column("committed_at", "timestamp")));

    /** When which row was held back in {@link #QUARANTINE}; it holds nothing of the row, so that it can be granted. */
    public static final HudiTable QUARANTINE_HISTORY = new HudiTable(
            Layer.SILVER,
            "quarantine_history",
            List.of("table_name", "tenant_id", "record_key", "from_epoch"),
            List.of(),
            List.of(
                    new Column("tenant_id", "bigint"),
                    new Column("table_name", "string"),
                    new Column("record_key", "string"),
                    new Column("from_epoch", "bigint"),
                    new Column("until_epoch", "bigint")));

    /** Where in the order of bronze which table lost all the rows that it had; no tenant's, since it is everybody's. */
    public static final HudiTable TRUNCATES = new HudiTable(
            Layer.SILVER,
            "truncates",
            List.of("table_name", "epoch", "ordinal"),
            List.of(),
            List.of(
                    new Column("table_name", "string"),
                    new Column("epoch", "bigint"),
                    new Column("ordinal", "bigint")));

    /** The tables that no table of the source stands behind. */
    public static final List<HudiTable> KEPT_BESIDE = List.of(QUARANTINE, QUARANTINE_HISTORY, TRUNCATES);

    private SilverTables() {}

    /**
     * The silver table of a source table: its columns, its month and block if it is partitioned by them, and the epoch and
     * the time of the commit that gave a row its present form.
     */
    public static HudiTable of(SourceTable source) {
        List<Column> columns = new ArrayList<>();
        for (SourceColumn column : source.columns()) {
            columns.add(new Column(column.name(), column.type().glueType()));
        }
        for (String derived : source.derivedColumns()) {
            columns.add(new Column(derived, derived.equals(SourceTable.MONTH_PARTITION) ? "string" : "bigint"));
        }
        columns.add(new Column(BronzeColumns.EPOCH, "bigint"));
        columns.add(new Column(BronzeColumns.COMMITTED_AT, "timestamp"));
        return new HudiTable(Layer.SILVER, source.name(), source.primaryKey(), source.partitionColumns(), columns);
    }
}
