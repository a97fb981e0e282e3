package dev.tenantlake.query.metric;

import dev.tenantlake.query.sql.SqlScanner;
import dev.tenantlake.query.sql.SqlScanner.Kind;
import dev.tenantlake.query.sql.SqlScanner.Token;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads a metric's file: a header in comments, then one statement. The module's README describes the format. What a
 * reader could not rely on is refused: a parameter that is declared and not used, a table that is read and not named, a
 * question mark that does not say what it stands for. What several metrics say may stand in a part, which a file
 * includes; what is read is the whole.
 */
final class MetricFile {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");
    private static final Pattern FIELD =
            Pattern.compile("-- (metric|answers|subject|grain|tables|chart|parameter|note): (.+)");
    private static final Pattern CONTINUATION = Pattern.compile("--   +(\\S.*)");
    private static final Pattern PARAMETER =
            Pattern.compile("([a-z][a-z0-9_]*) ([a-z]+(?:\\([^)]*\\))?)(?: = (\\S+))?; (.+)");
    private static final Pattern INCLUDE = Pattern.compile("( *)-- include: ([a-z][a-z0-9_]*)");
    /** An include, or what looks like one. */
    private static final Pattern ANY_INCLUDE = Pattern.compile("--\\s*include\\s*:.*", Pattern.CASE_INSENSITIVE);

    private static final Pattern PLACEHOLDER_NAME = Pattern.compile("/\\* ([a-z][a-z0-9_]*) \\*/");
    private static final Set<String> DATABASES = Set.of("bronze", "silver", "gold");
    /** The words that begin a clause of a query. */
    private static final Set<String> CLAUSES =
            Set.of("select", "from", "on", "where", "group", "having", "window", "order", "limit", "offset", "fetch");

    private final String file;
    private final Map<String, String> parts;
    private final List<Field> fields = new ArrayList<>();
    private String sql = "";

    private MetricFile(String file, Map<String, String> parts) {
        this.file = file;
        this.parts = parts;
    }

    /**
     * Reads a file.
     *
     * @param file its name, {@code <metric>.sql}
     * @param parts by their names, the texts that it may include
     * @throws MalformedMetricException if it is not as it has to be
     */
    static Metric parse(String file, String text, Map<String, String> parts) {
        MetricFile metric = new MetricFile(file, parts);
        metric.split(text);
        return metric.read();
    }

    private record Field(String key, String value) {}

    private void split(String text) {
        List<String> lines = text.lines().toList();
        int line = 0;
        for (; line < lines.size() && lines.get(line).startsWith("--"); line++) {
            Matcher field = FIELD.matcher(lines.get(line));
            Matcher continuation = CONTINUATION.matcher(lines.get(line));
            if (field.matches()) {
                fields.add(new Field(field.group(1), field.group(2).strip()));
            } else if (continuation.matches() && !fields.isEmpty()) {
                Field last = fields.remove(fields.size() - 1);
                fields.add(new Field(
                        last.key(), last.value() + " " + continuation.group(1).strip()));
            } else {
                throw malformed("line " + (line + 1) + " is not a field of the header: " + lines.get(line));
            }
        }
        sql = lines.subList(line, lines.size()).stream()
                .map(this::whole)
                .collect(Collectors.joining("\n"))
                .strip();
    }

    /** A line of the SQL, or if it is an include, the part's lines, as far to the right as it is. */
    private String whole(String line) {
        Matcher include = INCLUDE.matcher(line);
        if (!include.matches()) {
            return line;
        }
        String part = parts.get(include.group(2));
        if (part == null) {
            throw malformed("it includes '" + include.group(2) + "': expected one of "
                    + String.join(", ", new TreeSet<>(parts.keySet())));
        }
        return part.strip()
                .lines()
                .map(included -> included.isEmpty() ? included : include.group(1) + included)
                .collect(Collectors.joining("\n"));
    }

    private Metric read() {
        String name = one("metric");
        if (!NAME.matcher(name).matches() || !file.equals(name + ".sql")) {
            throw malformed("metric is '" + name + "': expected the file's name without .sql, in lower case");
        }
        String answers = one("answers");
        if (!answers.endsWith("?")) {
            throw malformed("answers is '" + answers + "': expected a question");
        }
        Subject subject = subject();
        List<String> grain = list("grain");
        List<String> tables = list("tables");
        List<MetricParameter> parameters = parameters();
        List<Token> tokens = SqlScanner.scan(sql);
        requireWhole(tokens);
        requireOneQuery(tokens);
        requireTables(new TreeSet<>(tables), tokens);
        requireNamed("grain", grain, tokens);
        List<MetricChart> charts = charts();
        charts.forEach(chart -> requireNamed("chart", chart.columns(), tokens));
        List<String> bindings = bindings(tokens);
        requireUsed(parameters, bindings);
        return new Metric(name, answers, subject, grain, tables, charts, parameters, all("note"), sql, bindings);
    }

    private Subject subject() {
        String name = one("subject");
        return Subject.named(name)
                .orElseThrow(() -> malformed("subject is '" + name + "': expected one of "
                        + Arrays.stream(Subject.values()).map(Subject::toString).collect(Collectors.joining(", "))));
    }

    private List<MetricChart> charts() {
        List<MetricChart> charts = new ArrayList<>();
        for (String text : all("chart")) {
            try {
                charts.add(MetricChart.parse(text));
            } catch (IllegalArgumentException e) {
                throw malformed("chart is '" + text + "': " + e.getMessage());
            }
        }
        if (charts.isEmpty()) {
            throw malformed("the header has no field 'chart': expected one at least");
        }
        return charts;
    }

    private List<MetricParameter> parameters() {
        List<MetricParameter> parameters = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String text : all("parameter")) {
            Matcher parts = PARAMETER.matcher(text);
            if (!parts.matches()) {
                throw malformed("parameter is '" + text + "': expected NAME TYPE = DEFAULT; MEANING");
            }
            String name = parts.group(1);
            if (!names.add(name)) {
                throw malformed("parameter " + name + " is declared twice");
            }
            if (name.equals("tenant") || name.equals("tenant_id")) {
                throw malformed("parameter " + name + ": whose rows a query sees is decided by who runs it");
            }
            Optional<String> defaultValue = Optional.ofNullable(parts.group(3));
            try {
                ParameterType type = ParameterType.parse(parts.group(2));
                defaultValue.ifPresent(type::literal);
                parameters.add(new MetricParameter(name, type, defaultValue, parts.group(4)));
            } catch (IllegalArgumentException e) {
                throw malformed("parameter " + name + ": " + e.getMessage());
            }
        }
        return parameters;
    }

    /** Of a part's lines none is an include, nor is what follows something else in its line. */
    private void requireWhole(List<Token> tokens) {
        for (Token token : tokens) {
            if (token.kind() == Kind.COMMENT
                    && ANY_INCLUDE.matcher(token.text()).matches()) {
                throw malformed("'" + token.text()
                        + "' includes nothing: expected -- include: NAME in a line of its own, and none in a part");
            }
        }
    }

    private void requireOneQuery(List<Token> tokens) {
        if (tokens.stream().noneMatch(token -> token.kind() != Kind.COMMENT)) {
            throw malformed("there is no SQL after the header");
        }
        if (!tokens.get(0).is("select") && !tokens.get(0).is("with")) {
            throw malformed("the SQL begins with '" + tokens.get(0).text() + "': expected SELECT or WITH");
        }
        if (tokens.stream().anyMatch(token -> token.is(";"))) {
            throw malformed("the SQL holds a semicolon: expected one statement without any");
        }
    }

    private void requireTables(Set<String> declared, List<Token> tokens) {
        Set<String> read = new TreeSet<>();
        for (int i = 0; i + 2 < tokens.size(); i++) {
            String database = tokens.get(i).text().toLowerCase(Locale.ROOT);
            if (DATABASES.contains(database) && tokens.get(i + 1).is(".")) {
                read.add(database + "." + tokens.get(i + 2).text());
            }
        }
        if (!read.equals(declared)) {
            throw malformed("tables are " + declared + ": the SQL reads " + read);
        }
        for (String table : read) {
            if (table.startsWith("bronze.")) {
                throw malformed("it reads " + table + ", which analysts are not granted");
            }
        }
    }

    private void requireNamed(String field, List<String> columns, List<Token> tokens) {
        for (String column : columns) {
            if (tokens.stream().noneMatch(token -> token.is(column))) {
                throw malformed(field + " names " + column + ", which the SQL does not");
            }
        }
    }

    /** Each question mark says in a comment what it stands for, and stands where Athena takes one: in a WHERE clause. */
    private List<String> bindings(List<Token> tokens) {
        List<String> bindings = new ArrayList<>();
        Deque<String> clauses = new ArrayDeque<>(List.of(""));
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            if (token.is("(")) {
                clauses.push(clauses.peek());
            } else if (token.is(")") && clauses.size() > 1) {
                clauses.pop();
            } else if (token.kind() == Kind.WORD
                    && CLAUSES.contains(token.text().toLowerCase(Locale.ROOT))) {
                clauses.pop();
                clauses.push(token.text().toLowerCase(Locale.ROOT));
            } else if (token.kind() == Kind.PARAMETER) {
                Matcher name = PLACEHOLDER_NAME.matcher(
                        i + 1 < tokens.size() ? tokens.get(i + 1).text() : "");
                if (!name.matches()) {
                    throw malformed("a question mark does not say what it stands for: expected ? /* name */");
                }
                if (!"where".equals(clauses.peek())) {
                    throw malformed("? /* " + name.group(1) + " */ is outside a WHERE clause, where Athena takes none");
                }
                bindings.add(name.group(1));
            }
        }
        return bindings;
    }

    private void requireUsed(List<MetricParameter> parameters, List<String> bindings) {
        Set<String> declared = new TreeSet<>();
        parameters.forEach(parameter -> declared.add(parameter.name()));
        Set<String> used = new TreeSet<>(bindings);
        if (!declared.equals(used)) {
            throw malformed("parameters are " + declared + ": the SQL uses " + used);
        }
    }

    private String one(String key) {
        List<String> values = all(key);
        if (values.size() != 1) {
            throw malformed("the header has " + values.size() + " fields '" + key + "': expected one");
        }
        return values.get(0);
    }

    private List<String> list(String key) {
        Set<String> items = new LinkedHashSet<>();
        for (String item : one(key).split(",")) {
            if (item.isBlank() || !items.add(item.strip())) {
                throw malformed(key + " names one thing twice, or nothing");
            }
        }
        return List.copyOf(items);
    }

    private List<String> all(String key) {
        return fields.stream()
                .filter(field -> field.key().equals(key))
                .map(Field::value)
                .toList();
    }

    private MalformedMetricException malformed(String message) {
        return new MalformedMetricException(file, message);
    }
}
