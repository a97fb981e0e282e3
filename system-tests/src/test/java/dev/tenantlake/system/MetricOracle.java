package dev.tenantlake.system;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.query.metric.Metric;
import dev.tenantlake.query.metric.MetricParameter;
import dev.tenantlake.system.AthenaSession.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a metric has to answer, worked out by Postgres from the shop's own tables: {@code oracle/<metric>.sql}. That SQL
 * is written from the definition in {@code docs/metrics.md} and not from the metric's; where it can, it takes another way
 * to the figure. A parameter stands in it as <code>${name}</code>.
 */
final class MetricOracle {

    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");
    /** More say no more. */
    private static final int DIFFERENCES_SHOWN = 5;

    private final Connection source;

    MetricOracle(Connection source) {
        this.source = requireNonNull(source, "source");
    }

    /** The rows of a metric with these parameters, and the default ones for the rest. */
    Figures expected(Metric metric, Map<String, String> values) {
        try (Statement statement = source.createStatement();
                ResultSet result = statement.executeQuery(sql(metric, values))) {
            ResultSetMetaData meta = result.getMetaData();
            List<String> columns = new ArrayList<>();
            for (int i = 1; i <= meta.getColumnCount(); i++) {
                columns.add(meta.getColumnLabel(i));
            }
            List<List<String>> rows = new ArrayList<>();
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= columns.size(); i++) {
                    row.add(
                            meta.getColumnType(i) == Types.BIT && result.getObject(i) != null
                                    ? String.valueOf(result.getBoolean(i))
                                    : result.getString(i));
                }
                rows.add(row);
            }
            return new Figures(columns, rows);
        } catch (SQLException e) {
            throw new AssertionError("the oracle of " + metric.name() + " failed: " + e.getMessage(), e);
        }
    }

    /** What Athena answered with; that it failed is no answer. */
    static Figures answered(Metric metric, Answer answer) {
        if (answer.failure() != null) {
            throw new AssertionError(metric.name() + " failed: " + answer.failure());
        }
        return new Figures(answer.columns(), answer.rows());
    }

    private static String sql(Metric metric, Map<String, String> values) {
        String file = "/oracle/" + metric.name() + ".sql";
        String sql;
        try (InputStream text = requireNonNull(MetricOracle.class.getResourceAsStream(file), file)) {
            sql = new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (MetricParameter parameter : metric.parameters()) {
            String value = values.getOrDefault(
                    parameter.name(), parameter.defaultValue().orElse(null));
            sql = sql.replace("${" + parameter.name() + "}", parameter.type().literal(value));
        }
        return sql;
    }

    /**
     * Rows of one and the same metric, from the source or from the lake.
     *
     * @param columns their names
     * @param rows the values as text
     */
    record Figures(List<String> columns, List<List<String>> rows) {

        /** Those of one tenant. */
        Figures ofTenant(String slug) {
            int tenant = columns.indexOf("tenant");
            return new Figures(
                    columns,
                    rows.stream().filter(row -> row.get(tenant).equals(slug)).toList());
        }

        /**
         * What others have that these have not, and the other way round, row by row: each cell to the last digit, and
         * each row once. The order of rows does not count.
         *
         * @return one line for each of the first differences; none if they are equal
         */
        List<String> differences(Metric metric, Figures others) {
            if (!columns.equals(others.columns) && !(rows.isEmpty() && others.rows.isEmpty())) {
                return List.of("columns are " + others.columns + ", expected " + columns);
            }
            List<String> differences = new ArrayList<>();
            SortedMap<String, String> expected = byKey(metric.grain(), differences);
            SortedMap<String, String> actual = others.byKey(metric.grain(), differences);
            expected.forEach((key, row) -> {
                String other = actual.remove(key);
                if (!row.equals(other)) {
                    differences.add(Objects.requireNonNullElse(other, key + " is missing") + ", expected " + row);
                }
            });
            actual.forEach((key, row) -> differences.add(row + " is too many"));
            return differences.subList(0, Math.min(DIFFERENCES_SHOWN, differences.size()));
        }

        private SortedMap<String, String> byKey(List<String> grain, List<String> doubles) {
            SortedMap<String, String> byKey = new TreeMap<>();
            for (List<String> row : rows) {
                StringBuilder key = new StringBuilder();
                StringBuilder all = new StringBuilder();
                for (int i = 0; i < columns.size(); i++) {
                    String cell = columns.get(i) + "=" + canonical(row.get(i)) + " ";
                    all.append(cell);
                    if (grain.contains(columns.get(i))) {
                        key.append(cell);
                    }
                }
                if (byKey.put(key.toString(), all.toString()) != null) {
                    doubles.add(key + "is there twice");
                }
            }
            return byKey;
        }

        /** A number without zeros at its end, which the two databases set as they like. */
        private static String canonical(String value) {
            if (value == null || !NUMBER.matcher(value).matches()) {
                return String.valueOf(value);
            }
            BigDecimal number = new BigDecimal(value);
            return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
        }
    }
}
