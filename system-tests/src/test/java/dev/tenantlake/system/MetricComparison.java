package dev.tenantlake.system;

import static dev.tenantlake.system.SourceDatabase.connect;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenantlake.query.metric.Metric;
import dev.tenantlake.query.metric.MetricCatalog;
import dev.tenantlake.query.sql.Statement;
import dev.tenantlake.system.MetricOracle.Figures;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** Holds what a lake answers to its metrics against what its source comes to. */
final class MetricComparison {

    static final MetricCatalog METRICS = MetricCatalog.load();

    private MetricComparison() {}

    /** All metrics, asked with nothing given. */
    static Map<Metric, Map<String, String>> withDefaults() {
        Map<Metric, Map<String, String>> asked = new LinkedHashMap<>();
        METRICS.all().forEach(metric -> asked.put(metric, Map.of()));
        return asked;
    }

    /** All metrics, asked with the values with which their faults show. */
    static Map<Metric, Map<String, String>> withValuesOfTheFaults() {
        Map<Metric, Map<String, String>> asked = new LinkedHashMap<>();
        MetricFault.ALL.forEach(fault -> asked.put(METRICS.named(fault.metric()), fault.values()));
        return asked;
    }

    /** What each metric has to answer, by the source that these variables name. */
    static Map<Metric, Figures> expected(Map<String, String> environment, Map<Metric, Map<String, String>> asked)
            throws SQLException {
        Map<Metric, Figures> expected = new LinkedHashMap<>();
        try (Connection source = connect(environment)) {
            MetricOracle oracle = new MetricOracle(source);
            asked.forEach((metric, values) -> expected.put(metric, oracle.expected(metric, values)));
        }
        return expected;
    }

    /** By the names of the metrics whose answers differ from what is expected, how they do; all tenants, all rows. */
    static Map<String, List<String>> differences(
            AthenaSession asking, Map<Metric, Map<String, String>> asked, Map<Metric, Figures> expected) {
        Map<String, List<String>> differences = new ConcurrentSkipListMap<>();
        asked.entrySet().parallelStream().forEach(question -> {
            Metric metric = question.getKey();
            Figures due = expected.get(metric);
            assertThat(due.rows()).as(metric.name()).isNotEmpty();
            List<String> different = due.differences(metric, ask(asking, metric, question.getValue()));
            if (!different.isEmpty()) {
                differences.put(metric.name(), different);
            }
        });
        return differences;
    }

    private static Figures ask(AthenaSession asking, Metric metric, Map<String, String> values) {
        Statement statement = metric.statement(values);
        return MetricOracle.answered(metric, asking.query(statement.sql(), statement.parameters()));
    }
}
