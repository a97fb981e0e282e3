package dev.tenantlake.system;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.SourceTable;
import dev.tenantlake.query.metric.Metric;
import dev.tenantlake.query.sql.Statement;
import dev.tenantlake.system.AthenaSession.Answer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;

/**
 * What the silver tables held and the metrics answered to somebody when the lake was at an epoch, every row and column of
 * it, to be compared with what the lake says of that epoch later.
 */
final class RememberedLake {

    private final long epoch;
    private final List<Metric> metrics;
    private final Map<String, List<String>> answers;

    private RememberedLake(long epoch, List<Metric> metrics, Map<String, List<String>> answers) {
        this.epoch = epoch;
        this.metrics = List.copyOf(metrics);
        this.answers = Map.copyOf(requireNonNull(answers, "answers"));
    }

    /** Asks everything now, while the lake is at that epoch. */
    static RememberedLake of(AthenaSession asking, long epoch, List<Metric> metrics) {
        Map<String, Statement> questions = new LinkedHashMap<>();
        for (SourceTable table : SourceTable.ALL) {
            questions.put(table.name(), new Statement("SELECT * FROM silver." + table.name(), List.of()));
        }
        metrics.forEach(metric -> questions.put(metric.name(), metric.statement(Map.of())));
        return new RememberedLake(epoch, metrics, answers(asking, questions));
    }

    /** The same tables and fewer metrics. */
    RememberedLake with(List<Metric> fewer) {
        return new RememberedLake(epoch, fewer, answers);
    }

    long epoch() {
        return epoch;
    }

    /** What silver held of a table, or a metric answered: the columns' names and the rows. */
    List<String> answer(String name) {
        return answers.get(name);
    }

    /** The tables and metrics of which the workgroup's prepared statements say something else. */
    Map<String, List<String>> differencesInPreparedStatements(AthenaSession asking) {
        Map<String, Statement> questions = new LinkedHashMap<>();
        for (SourceTable table : SourceTable.ALL) {
            questions.put(table.name(), execution(table.name(), List.of()));
        }
        metrics.forEach(metric -> questions.put(
                metric.name(),
                execution(metric.name(), metric.statement(Map.of()).parameters())));
        return differences(asking, questions);
    }

    private Statement execution(String name, List<String> parameters) {
        List<String> values = new ArrayList<>(List.of(Long.toString(epoch)));
        values.addAll(parameters);
        return new Statement("EXECUTE as_of_" + name + " USING " + String.join(", ", values), List.of());
    }

    /** The tables and metrics of which the same statements say something else, once they were changed like this. */
    Map<String, List<String>> differences(AthenaSession asking, Function<Statement, Statement> changed) {
        Map<String, Statement> questions = new LinkedHashMap<>();
        for (SourceTable table : SourceTable.ALL) {
            questions.put(
                    table.name(), changed.apply(new Statement("SELECT * FROM silver." + table.name(), List.of())));
        }
        metrics.forEach(metric -> questions.put(metric.name(), changed.apply(metric.statement(Map.of()))));
        return differences(asking, questions);
    }

    private Map<String, List<String>> differences(AthenaSession asking, Map<String, Statement> questions) {
        Map<String, List<String>> different = new ConcurrentSkipListMap<>();
        answers(asking, questions).forEach((name, rows) -> {
            if (!rows.equals(answers.get(name))) {
                List<String> missing = new ArrayList<>(answers.get(name));
                missing.removeAll(Set.copyOf(rows));
                List<String> added = new ArrayList<>(rows);
                added.removeAll(Set.copyOf(answers.get(name)));
                different.put(name, List.of("missing " + few(missing), "added " + few(added)));
            }
        });
        return different;
    }

    private static List<String> few(List<String> rows) {
        return rows.subList(0, Math.min(3, rows.size()));
    }

    private static Map<String, List<String>> answers(AthenaSession asking, Map<String, Statement> questions) {
        Map<String, List<String>> answers = new ConcurrentSkipListMap<>();
        questions.entrySet().parallelStream().forEach(question -> {
            Answer answer =
                    asking.query(question.getValue().sql(), question.getValue().parameters());
            if (answer.failure() != null) {
                throw new AssertionError(question.getKey() + ": " + answer.failure());
            }
            List<String> rows = new ArrayList<>();
            rows.add(answer.columns().toString());
            answer.rows().stream().map(List::toString).sorted().forEach(rows::add);
            answers.put(question.getKey(), rows);
        });
        return answers;
    }
}
