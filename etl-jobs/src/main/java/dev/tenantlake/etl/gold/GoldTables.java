package dev.tenantlake.etl.gold;

import static dev.tenantlake.model.SourceTable.MONTH_PARTITION;
import static dev.tenantlake.model.SourceTable.TENANT_PARTITION;

import dev.tenantlake.etl.hudi.HudiTable;
import dev.tenantlake.model.CatalogTable.Column;
import dev.tenantlake.model.Layer;
import java.util.List;

/** The Hudi tables of gold. */
public final class GoldTables {

    /** What a tenant's customers bought on a day, by currency. */
    public static final HudiTable REVENUE_DAILY = new HudiTable(
            Layer.GOLD,
            "revenue_daily",
            List.of("tenant_id", "day", "currency"),
            List.of("tenant_id"),
            List.of(
                    new Column("tenant_id", "bigint"),
                    new Column("day", "date"),
                    new Column("currency", "string"),
                    new Column("orders", "bigint"),
                    new Column("revenue", "decimal(18,2)"),
                    new Column("refunds", "decimal(18,2)"),
                    new Column("average_order_value", "decimal(18,2)"),
                    new Column("_epoch", "bigint")));

    /** How each product of a tenant sold on a day, by currency. The month is the day's, {@code 2026-11}. */
    public static final HudiTable PRODUCT_DAILY = new HudiTable(
            Layer.GOLD,
            "product_daily",
            List.of("tenant_id", "day", "product_id", "currency"),
            List.of(TENANT_PARTITION, MONTH_PARTITION),
            List.of(
                    new Column("tenant_id", "bigint"),
                    new Column("day", "date"),
                    new Column("product_id", "bigint"),
                    new Column("currency", "string"),
                    new Column("orders", "bigint"),
                    new Column("units", "bigint"),
                    new Column("gross_amount", "decimal(18,2)"),
                    new Column("discount_amount", "decimal(18,2)"),
                    new Column("revenue", "decimal(18,2)"),
                    new Column("month", "string"),
                    new Column("_epoch", "bigint")));

    /** How many rows of each silver table of a tenant were valid when they were last counted on a day, and how many not. */
    public static final HudiTable DATA_QUALITY = new HudiTable(
            Layer.GOLD,
            "data_quality",
            List.of("tenant_id", "table_name", "day"),
            List.of(MONTH_PARTITION),
            List.of(
                    new Column("tenant_id", "bigint"),
                    new Column("table_name", "string"),
                    new Column("day", "date"),
                    new Column("valid_rows", "bigint"),
                    new Column("quarantined_rows", "bigint"),
                    new Column("valid_share", "decimal(7,6)"),
                    new Column("month", "string"),
                    new Column("_epoch", "bigint")));

    /** The tables of figures, which stand for one epoch together. */
    static final List<HudiTable> FIGURES = List.of(REVENUE_DAILY, PRODUCT_DAILY);

    /** Every table of gold. */
    public static final List<HudiTable> ALL = List.of(REVENUE_DAILY, PRODUCT_DAILY, DATA_QUALITY);

    private GoldTables() {}
}
