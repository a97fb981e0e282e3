package dev.tenantlake.query.history;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import dev.tenantlake.model.BronzeColumns;
import dev.tenantlake.model.SourceTable;
import dev.tenantlake.query.history.LakeSchema.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The SELECT of a silver table in another state than the one that it holds. Its columns are the table's own, in its order.
 *
 * <p>Of each key the newest version counts, by (_epoch, _ordinal), that came after the last truncate, unless it is a delete
 * or silver held the row back for a rule. A row that moved is in bronze a delete and a create, so its key says enough.
 */
final class SilverState {

    /** The name of the expression that has the epoch, where a question mark stands for it. */
    static final String EPOCH = "as_of";

    /** As many as any bigint has, all of which may be nines. */
    private static final int DIGITS = 18;

    private static final String HELD_BACK = "silver.quarantine_history";
    private static final String TRUNCATES = "silver.truncates";

    private final LakeSchema schema;
    private final SourceTable source;
    private final List<Column> columns;
    /** The columns but keys that bronze has, or had, under another type. */
    private final Set<Column> retyped;

    /** @param isAdministrator whether the one who asks sees the sensitive columns */
    SilverState(LakeSchema schema, SourceTable source, boolean isAdministrator) {
        this.schema = requireNonNull(schema, "schema");
        this.source = requireNonNull(source, "source");
        Set<String> hidden = isAdministrator ? Set.of() : Set.copyOf(source.sensitiveColumns());
        this.columns = schema.silver(source).stream()
                .filter(column -> !hidden.contains(column.name()))
                .toList();
        this.retyped = columns.stream()
                .filter(column -> !isDerived(column) && !source.primaryKey().contains(column.name()))
                .filter(column -> schema.bronze(source).values().stream()
                        .flatMap(List::stream)
                        .anyMatch(present -> present.name().equals(column.name())
                                && !present.glueType().equals(column.glueType())))
                .collect(Collectors.toSet());
    }

    /** Whether silver and bronze have the table. */
    boolean isKnown() {
        return !columns.isEmpty() && !schema.bronze(source).isEmpty();
    }

    /** The table as of an epoch. */
    String asOf(AskedState.AsOf moment) {
        return """
                SELECT %s
                FROM (
                %s
                ) AS version
                %sWHERE version._age = 1 AND version._op <> 'd'%s""".formatted(
                        values(),
                        indented(
                                moment instanceof AskedState.AsOfEpoch known
                                        ? ranked(
                                                changes("epoch_block <= " + BronzeColumns.epochBlock(known.epoch())
                                                        + " AND _epoch <= " + known.epoch() + " AND "),
                                                since("(SELECT BIGINT '" + known.epoch() + "' AS epoch)"))
                                        : ranked(changes(""), since(EPOCH))),
                        schema.has(HELD_BACK) ? heldBack() : "",
                        schema.has(HELD_BACK) ? " AND held_back.record_key IS NULL" : "");
    }

    /** What bronze has beyond an epoch: the newest version of each key, with its {@code _op}. */
    String newer(long held, long latest) {
        String blocks = "epoch_block BETWEEN " + BronzeColumns.epochBlock(held + 1) + " AND "
                + BronzeColumns.epochBlock(latest) + " AND ";
        return """
                SELECT %s, version._op
                FROM (
                %s
                ) AS version
                WHERE version._age = 1""".formatted(
                values(),
                indented(ranked(changes(blocks + "_epoch > " + held + " AND _epoch <= " + latest + " AND "), "")));
    }

    /** The table with those versions merged in. */
    String merged(String newer) {
        return """
                SELECT %s
                FROM silver.%s AS held
                WHERE NOT EXISTS (SELECT 1 FROM %s AS newer WHERE %s)
                UNION ALL
                SELECT %s
                FROM %s
                WHERE _op <> 'd'""".formatted(
                        names("held."),
                        source.name(),
                        newer,
                        source.primaryKey().stream()
                                .map(key -> "newer." + key + " = held." + key)
                                .collect(joining(" AND ")),
                        names(""),
                        newer);
    }

    /**
     * The epoch that a question mark stands for. Athena takes one in a WHERE clause alone, where it yields no value; so it is
     * asked for each of its digits.
     */
    static String epoch() {
        return """
                SELECT sum(digit * place) AS epoch
                FROM UNNEST(sequence(BIGINT '0', BIGINT '9')) AS digits (digit)
                CROSS JOIN (VALUES %s) AS places (place)
                WHERE CAST(? /* epoch */ AS bigint) / place %% 10 = digit""".formatted(LongStream.iterate(1, place -> 10 * place)
                .limit(DIGITS)
                .mapToObj(place -> "BIGINT '" + place + "'")
                .collect(joining(", ")));
    }

    /** The changes from all bronze tables that have some; the range is the beginning of a condition, or empty. */
    private String changes(String range) {
        return schema.bronze(source).entrySet().stream()
                .map(form -> change(form.getKey(), form.getValue(), range))
                .collect(joining("\nUNION ALL\n"));
    }

    /** The changes that a bronze table has, with silver's columns in silver's types. */
    private String change(String form, List<Column> present, String range) {
        Map<String, String> types = present.stream().collect(Collectors.toMap(Column::name, Column::glueType));
        List<String> values = new ArrayList<>();
        for (Column column : columns) {
            if (!isDerived(column)) {
                values.add(value(column, types.get(column.name())));
            }
            if (retyped.contains(column)) {
                values.add(unfit(column, types.get(column.name())));
            }
        }
        return "SELECT " + String.join(", ", values) + ", _ordinal, _op\nFROM " + form + "\nWHERE " + range
                + "_op <> 't'";
    }

    private String value(Column column, String presentType) {
        if (column.glueType().equals(presentType)) {
            return column.name();
        }
        return (retyped.contains(column) ? "TRY_CAST(" : "CAST(") + (presentType == null ? "NULL" : column.name())
                + " AS " + athenaType(column.glueType()) + ") AS " + column.name();
    }

    /** The value as text if it is one that silver's type does not hold; null otherwise. */
    private static String unfit(Column column, String presentType) {
        String value = presentType == null || presentType.equals(column.glueType())
                ? "CAST(NULL AS varchar)"
                : "CASE WHEN TRY_CAST(" + column.name() + " AS " + athenaType(column.glueType())
                        + ") IS NULL THEN CAST(" + column.name() + " AS varchar) END";
        return value + " AS " + unfitName(column);
    }

    private static String unfitName(Column column) {
        return "_unfit_" + column.name();
    }

    /**
     * The values of versions that count. Only one of these fails for a value that silver's type does not hold: an older or a
     * newer version is none of the question's business.
     */
    private String values() {
        return columns.stream()
                .map(column -> retyped.contains(column)
                        ? "CASE WHEN version.%2$s IS NULL OR version._op = 'd' THEN version.%1$s ELSE CAST(version.%2$s AS %3$s) END AS %1$s"
                                .formatted(column.name(), unfitName(column), athenaType(column.glueType()))
                        : "version." + column.name())
                .collect(joining(", "));
    }

    private static String athenaType(String glueType) {
        return switch (glueType) {
            case "string" -> "varchar";
            case "int" -> "integer";
            default -> glueType;
        };
    }

    /** Lets the changes through that came after the last truncate up to an epoch, which is given by a relation. */
    private String since(String epoch) {
        if (!schema.has(TRUNCATES)) {
            return "\nCROSS JOIN " + epoch + " AS asked\nWHERE change._epoch <= asked.epoch";
        }
        return """

                CROSS JOIN (
                    SELECT
                        max(asked.epoch) AS last_epoch,
                        max(loss.epoch) AS epoch,
                        max_by(loss.ordinal, ROW(loss.epoch, loss.ordinal)) AS ordinal
                    FROM %s AS asked
                    CROSS JOIN (
                        SELECT epoch, ordinal FROM %s WHERE table_name = '%s'
                        UNION ALL
                        SELECT 0, -1
                    ) AS loss
                    WHERE loss.epoch <= asked.epoch
                ) AS truncated
                WHERE change._epoch <= truncated.last_epoch
                    AND (
                        change._epoch > truncated.epoch
                        OR (change._epoch = truncated.epoch AND change._ordinal > truncated.ordinal)
                    )""".formatted(epoch, TRUNCATES, source.name());
    }

    /** Every version with its age among those of its key, 1 for the newest. */
    private String ranked(String changes, String restriction) {
        return """
                SELECT
                    %s,
                    change._op,
                    row_number() OVER (PARTITION BY %s ORDER BY change._epoch DESC, change._ordinal DESC) AS _age
                FROM (
                %s
                ) AS change%s""".formatted(
                Stream.concat(
                                columns.stream().map(this::derived),
                                columns.stream().filter(retyped::contains).map(column -> "change." + unfitName(column)))
                        .collect(joining(", ")),
                source.primaryKey().stream().map(key -> "change." + key).collect(joining(", ")),
                indented(changes),
                restriction);
    }

    private boolean isDerived(Column column) {
        return source.derivedColumns().contains(column.name());
    }

    private String derived(Column column) {
        if (!isDerived(column)) {
            return "change." + column.name();
        }
        return column.name().equals(SourceTable.MONTH_PARTITION)
                ? "date_format(change." + source.monthColumn().orElseThrow() + ", '%Y-%m') AS " + column.name()
                : "change.id / " + SourceTable.ROWS_PER_BLOCK + " AS " + column.name();
    }

    private String heldBack() {
        return """
                LEFT JOIN (
                    SELECT record_key, from_epoch, until_epoch
                    FROM %s
                    WHERE table_name = '%s'
                ) AS held_back
                    ON held_back.record_key = %s
                    AND held_back.from_epoch <= version._epoch
                    AND (held_back.until_epoch IS NULL OR held_back.until_epoch > version._epoch)
                """.formatted(
                        HELD_BACK,
                        source.name(),
                        source.primaryKey().stream()
                                .map(key -> "CAST(version." + key + " AS varchar)")
                                .collect(joining(" || '/' || ")));
    }

    private String names(String of) {
        return columns.stream().map(column -> of + column.name()).collect(joining(", "));
    }

    private static String indented(String sql) {
        return sql.indent(4).stripTrailing();
    }
}
