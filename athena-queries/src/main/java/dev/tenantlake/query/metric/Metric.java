package dev.tenantlake.query.metric;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import dev.tenantlake.query.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A figure that the lake answers with: its SQL and what one has to know to read its result. The SQL names no tenant for
 * security's sake: whose rows it sees is decided by who runs it.
 *
 * @param name its name, and that of its file
 * @param answers the question that it answers
 * @param subject what it is about
 * @param grain the result's columns that tell one row from another
 * @param tables the tables that it reads, {@code database.table}
 * @param charts how its figures are drawn, the most telling first
 * @param parameters that it takes
 * @param notes how its figures are counted, where one could count otherwise
 * @param sql in Athena's dialect, engine version 3; it begins with SELECT or WITH
 * @param bindings the names of the parameters that the SQL's question marks stand for, in order
 */
public record Metric(
        String name,
        String answers,
        Subject subject,
        List<String> grain,
        List<String> tables,
        List<MetricChart> charts,
        List<MetricParameter> parameters,
        List<String> notes,
        String sql,
        List<String> bindings) {

    public Metric {
        requireNonNull(name, "name");
        requireNonNull(answers, "answers");
        requireNonNull(subject, "subject");
        grain = List.copyOf(grain);
        tables = List.copyOf(tables);
        charts = List.copyOf(charts);
        parameters = List.copyOf(parameters);
        notes = List.copyOf(notes);
        requireNonNull(sql, "sql");
        bindings = List.copyOf(bindings);
    }

    /** The same metric with another SQL, which has the same question marks. */
    public Metric withSql(String other) {
        return new Metric(name, answers, subject, grain, tables, charts, parameters, notes, other, bindings);
    }

    /** The parameter of that name, if it takes one. */
    public Optional<MetricParameter> parameter(String parameterName) {
        return parameters.stream()
                .filter(parameter -> parameter.name().equals(parameterName))
                .findFirst();
    }

    /**
     * The statement that answers the question with these values; what is not given is as it is by default.
     *
     * @param values by the parameters' names
     * @throws LakeException of kind {@code WRONG_USAGE} if one is unknown, missing or not a value of its type
     */
    public Statement statement(Map<String, String> values) {
        for (String given : values.keySet()) {
            if (parameter(given).isEmpty()) {
                throw new LakeException(
                        LakeException.Kind.WRONG_USAGE,
                        "metric " + name + " has no parameter '" + given + "': expected "
                                + (parameters.isEmpty() ? "none" : "one of " + parameterNames()));
            }
        }
        List<String> literals = new ArrayList<>();
        for (String binding : bindings) {
            literals.add(literal(parameter(binding).orElseThrow(), values));
        }
        return new Statement(sql, literals);
    }

    private String literal(MetricParameter parameter, Map<String, String> values) {
        String value = Optional.ofNullable(values.get(parameter.name()))
                .or(parameter::defaultValue)
                .orElseThrow(() -> new LakeException(
                        LakeException.Kind.WRONG_USAGE,
                        "metric " + name + " needs --param " + parameter.name() + "=VALUE: expected "
                                + parameter.type().expectation()));
        try {
            return parameter.type().literal(value);
        } catch (IllegalArgumentException e) {
            throw new LakeException(
                    LakeException.Kind.WRONG_USAGE,
                    "parameter " + parameter.name() + " of metric " + name + " is '" + value + "': " + e.getMessage(),
                    e);
        }
    }

    private String parameterNames() {
        return parameters.stream().map(MetricParameter::name).collect(Collectors.joining(", "));
    }
}
