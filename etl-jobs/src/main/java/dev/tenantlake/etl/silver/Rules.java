package dev.tenantlake.etl.silver;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import dev.tenantlake.model.ColumnType;
import dev.tenantlake.model.SourceColumn;
import dev.tenantlake.model.SourceTable;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;

/**
 * What silver asks of a row. Every table's required columns have a value and its dates lie in a range that a calendar
 * can show, which the infinities of Postgres do not; the rest is listed here table by table.
 */
final class Rules {

    private static final String MISSING = "_missing";

    private static final Rule CURRENCY = new Rule("currency_malformed", "currency not rlike '^[A-Z]{3}$'");

    private static final Map<SourceTable, List<Rule>> OWN = Map.of(
            SourceTable.TENANTS,
            List.of(
                    new Rule("slug_malformed", "slug not rlike '^[a-z0-9]+(-[a-z0-9]+)*$' or length(slug) > 40"),
                    CURRENCY,
                    new Rule("time_zone_unknown", "time_zone not in (" + timeZones() + ")")),
            SourceTable.PRODUCTS,
            List.of(notNegative("unit_price"), notNegative("unit_cost")),
            SourceTable.ORDERS,
            List.of(
                    oneOf("status", "pending", "paid", "shipped", "delivered", "cancelled", "refunded"),
                    CURRENCY,
                    notNegative("total_amount")),
            SourceTable.ORDER_ITEMS,
            List.of(
                    new Rule("quantity_not_positive", "quantity <= 0"),
                    notNegative("unit_price"),
                    notNegative("discount_amount"),
                    new Rule("discount_exceeds_price", "discount_amount > quantity * unit_price")),
            SourceTable.SUBSCRIPTIONS,
            List.of(oneOf("status", "active", "paused", "cancelled"), notNegative("monthly_amount")),
            SourceTable.INVOICES,
            List.of(oneOf("status", "open", "paid", "void", "refunded"), notNegative("amount")));

    private Rules() {}

    /** The rules of a table, in the order in which a row is held against them. */
    static List<Rule> of(SourceTable table) {
        List<Rule> rules = new ArrayList<>();
        for (SourceColumn column : table.columns()) {
            if (!column.nullable()) {
                rules.add(new Rule(column.name() + MISSING, column.name() + " is null"));
            }
            if (column.type() == ColumnType.INSTANT) {
                rules.add(outOfRange(column, "timestamp"));
            }
            if (column.type() == ColumnType.DATE) {
                rules.add(outOfRange(column, "date"));
            }
        }
        rules.addAll(OWN.getOrDefault(table, List.of()));
        return rules;
    }

    /**
     * The name of the first rule that a row breaks, or null. A column that the source has dropped is missing from no
     * row.
     *
     * @param present the columns that the row came with
     */
    static Column firstBroken(SourceTable table, Set<String> present) {
        return coalesce(of(table).stream()
                .filter(rule -> !rule.name().endsWith(MISSING) || present.contains(withoutSuffix(rule)))
                .map(rule -> when(expr(rule.brokenWhen()), lit(rule.name())))
                .toArray(Column[]::new));
    }

    /** An SQL condition that holds for an instant that has a month which a partition can be named after. */
    static String inRange(String column, String type) {
        return column + " >= " + type + "'1900-01-01' and " + column + " < " + type + "'2200-01-01'";
    }

    private static Rule outOfRange(SourceColumn column, String type) {
        return new Rule(column.name() + "_out_of_range", "not (" + inRange(column.name(), type) + ")");
    }

    private static Rule notNegative(String column) {
        return new Rule(column + "_negative", column + " < 0");
    }

    private static Rule oneOf(String column, String... values) {
        return new Rule(column + "_unknown", column + " not in ('" + String.join("', '", values) + "')");
    }

    private static String timeZones() {
        return ZoneId.getAvailableZoneIds().stream()
                .sorted()
                .map(zone -> "'" + zone + "'")
                .collect(Collectors.joining(", "));
    }

    private static String withoutSuffix(Rule rule) {
        return rule.name().substring(0, rule.name().length() - MISSING.length());
    }
}
