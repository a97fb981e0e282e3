package dev.tenantlake.control.demo;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.control.demo.FigureColumn.Type;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.SourceTable;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A table of the lake, and the relation in Postgres whose figures it must have: for silver the source table, for gold what
 * its definition says, worked out by Postgres and not by the code of the job.
 *
 * @param name the table in Athena, {@code database.table}
 * @param source a relation of Postgres: a table's name or a query in parentheses
 * @param columns those that are compared
 */
record FiguredTable(String name, String source, List<FigureColumn> columns) {

    /** What separates columns, and what stands for a null; control characters that no value of the shop holds. */
    private static final String SEPARATOR = "chr(31)";

    private static final String NULL = "chr(30)";

    private static final FiguredTable REVENUE_DAILY = new FiguredTable(
            "gold.revenue_daily",
            """
            (select o.tenant_id, (o.ordered_at at time zone t.time_zone)::date as day, o.currency,
                    count(*) as orders,
                    sum(o.total_amount)::numeric(18,2) as revenue,
                    coalesce(sum(o.total_amount) filter (where o.status = 'refunded'), 0)::numeric(18,2) as refunds,
                    round(sum(o.total_amount) / count(*), 2)::numeric(18,2) as average_order_value
               from shop.orders o
               join shop.tenants t on t.id = o.tenant_id
              where o.status not in ('pending', 'cancelled')
              group by 1, 2, 3)""",
            List.of(
                    new FigureColumn("tenant_id", Type.INTEGER),
                    new FigureColumn("day", Type.DATE),
                    new FigureColumn("currency", Type.TEXT),
                    new FigureColumn("orders", Type.INTEGER),
                    new FigureColumn("revenue", Type.DECIMAL),
                    new FigureColumn("refunds", Type.DECIMAL),
                    new FigureColumn("average_order_value", Type.DECIMAL)));

    private static final FiguredTable PRODUCT_DAILY = new FiguredTable(
            "gold.product_daily",
            """
            (select o.tenant_id, (o.ordered_at at time zone t.time_zone)::date as day, i.product_id, o.currency,
                    count(distinct o.id) as orders,
                    sum(i.quantity) as units,
                    sum(i.quantity * i.unit_price)::numeric(18,2) as gross_amount,
                    sum(i.discount_amount)::numeric(18,2) as discount_amount,
                    sum(i.quantity * i.unit_price - i.discount_amount)::numeric(18,2) as revenue
               from shop.order_items i
               join shop.orders o on o.tenant_id = i.tenant_id and o.id = i.order_id
               join shop.tenants t on t.id = o.tenant_id
              where o.status not in ('pending', 'cancelled')
              group by 1, 2, 3, 4)""",
            List.of(
                    new FigureColumn("tenant_id", Type.INTEGER),
                    new FigureColumn("day", Type.DATE),
                    new FigureColumn("product_id", Type.INTEGER),
                    new FigureColumn("currency", Type.TEXT),
                    new FigureColumn("orders", Type.INTEGER),
                    new FigureColumn("units", Type.INTEGER),
                    new FigureColumn("gross_amount", Type.DECIMAL),
                    new FigureColumn("discount_amount", Type.DECIMAL),
                    new FigureColumn("revenue", Type.DECIMAL)));

    FiguredTable {
        requireNonNull(name, "name");
        requireNonNull(source, "source");
        columns = List.copyOf(columns);
    }

    /** Every table of silver that has one of the source, and every table of gold. */
    static List<FiguredTable> all() {
        return Stream.concat(
                        SourceTable.ALL.stream().map(FiguredTable::ofSilver), Stream.of(REVENUE_DAILY, PRODUCT_DAILY))
                .toList();
    }

    /** The silver table that must equal a source table in every column. */
    static FiguredTable ofSilver(SourceTable table) {
        return new FiguredTable(
                Layer.SILVER.database() + "." + table.name(),
                table.qualifiedName(),
                table.columns().stream()
                        .map(column -> new FigureColumn(column.name(), Type.of(column.type())))
                        .toList());
    }

    /** The columns that are summed. */
    List<FigureColumn> numbers() {
        return columns.stream().filter(column -> column.type().isNumber()).toList();
    }

    /** A query whose one row is the figures of the source: the rows, each number's sum, the hash. */
    String inPostgres() {
        String text = columns.stream()
                .map(column -> "coalesce(" + column.inPostgres() + ", " + NULL + ")")
                .collect(Collectors.joining(" || " + SEPARATOR + " || "));
        return "select count(*)"
                + numbers().stream()
                        .map(column -> ", coalesce(sum(" + column.name() + "::numeric), 0)")
                        .collect(Collectors.joining())
                // The first 60 bits of each row's MD5: their sum is exact, and no order of rows matters to it.
                + ", coalesce(sum(('x' || substr(md5(" + text + "), 1, 15))::bit(60)::bigint::numeric), 0)"
                + " from " + source + " figured";
    }

    /** The same query for Athena. */
    String inAthena() {
        String text = columns.stream()
                .map(column -> "coalesce(" + column.inAthena() + ", " + NULL + ")")
                .collect(Collectors.joining(" || " + SEPARATOR + " || "));
        return "select count(*)"
                + numbers().stream()
                        .map(column -> ", coalesce(sum(" + wide(column) + "), 0)")
                        .collect(Collectors.joining())
                + ", coalesce(sum(cast(from_base(substr(to_hex(md5(to_utf8(" + text
                + "))), 1, 15), 16) as decimal(38, 0))), 0)"
                + " from " + name;
    }

    private static String wide(FigureColumn column) {
        return "cast(" + column.name() + " as " + (column.type() == Type.INTEGER ? "decimal(38, 0)" : "decimal(38, 2)")
                + ")";
    }
}
