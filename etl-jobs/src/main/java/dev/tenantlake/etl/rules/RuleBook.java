package dev.tenantlake.etl.rules;

import static dev.tenantlake.etl.rules.RulesDocument.oneOf;
import static java.util.Objects.requireNonNull;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;

import dev.tenantlake.etl.rules.RulesDocument.Rule;
import dev.tenantlake.etl.rules.RulesDocument.Section;
import dev.tenantlake.model.ColumnType;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.SourceColumn;
import dev.tenantlake.model.SourceTable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * The rules of all tables. The lake's own are a file among its classes; a file of the operator's takes their place for
 * the tables that it names. What silver cannot hold a row without is asked whatever a file says: a key, a tenant, and
 * dates in a range that a calendar can show, which the infinities of Postgres are not in.
 */
public final class RuleBook {

    private static final String STANDARD = "rules.yaml";
    private static final Set<ColumnType> NUMBERS = Set.of(ColumnType.BIGINT, ColumnType.INTEGER, ColumnType.MONEY);
    private static final Set<ColumnType> DATES = Set.of(ColumnType.INSTANT, ColumnType.DATE);
    private static final String TIME_ZONE = "time_zone";

    private final String origin;
    private final Map<String, Section> sections;
    private final double minValidShare;
    private final boolean withTransitions;
    private final Map<SourceTable, TableRules> rules = new ConcurrentHashMap<>();

    private RuleBook(String origin, Map<String, Section> sections, double minValidShare, boolean withTransitions) {
        this.origin = requireNonNull(origin, "origin");
        this.sections = Map.copyOf(sections);
        this.minValidShare = minValidShare;
        this.withTransitions = withTransitions;
        SourceTable.ALL.forEach(this::of);
    }

    /** The lake's own rules. */
    public static RuleBook standard() {
        try (InputStream file = RuleBook.class.getResourceAsStream("/" + STANDARD)) {
            RulesDocument document =
                    RulesDocument.read(new String(file.readAllBytes(), StandardCharsets.UTF_8), STANDARD);
            return new RuleBook(STANDARD, document.tables(), document.minValidShare(), true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * These rules with those of a file in the place of them for each table that it names, and with its share of valid rows
     * if it has one.
     *
     * @throws LakeException of kind {@code WRONG_USAGE} if the file cannot be read or asks what cannot be asked
     */
    public RuleBook with(Path file) {
        String yaml;
        try {
            yaml = Files.readString(file);
        } catch (NoSuchFileException e) {
            throw wrong("there is no file " + file + ": expected one of rules, as docs/data-quality.md has it", e);
        } catch (IOException e) {
            throw wrong("the rules in " + file + " cannot be read: " + e.getMessage(), e);
        }
        return with(yaml, file.toString());
    }

    /**
     * As {@link #with(Path)}, with what is in a file.
     *
     * @param from what the file is called in a message
     */
    public RuleBook with(String yaml, String from) {
        RulesDocument document = RulesDocument.read(yaml, from);
        Set<String> known = SourceTable.ALL.stream().map(SourceTable::name).collect(Collectors.toSet());
        document.tables().keySet().stream()
                .filter(name -> !known.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw wrong(from + ": there is no table " + name + ": expected " + oneOf(known), null);
                });
        Map<String, Section> merged = new HashMap<>(sections);
        merged.putAll(document.tables());
        double share = document.minValidShare() == null ? minValidShare : document.minValidShare();
        return new RuleBook(from, merged, share, withTransitions);
    }

    /** These rules with another share of valid rows for the tables that have none of their own. */
    public RuleBook withMinValidShare(double share) {
        return new RuleBook("--min-valid-share", sections, share, withTransitions);
    }

    /** These rules without those on which values may follow which. */
    public RuleBook withoutTransitions() {
        return new RuleBook(origin, sections, minValidShare, false);
    }

    /**
     * Has Spark look at what is asked.
     *
     * @throws LakeException of kind {@code WRONG_USAGE} if a condition is none of Spark's SQL over the table's columns
     */
    public void check(SparkSession spark) {
        for (SourceTable table : SourceTable.ALL) {
            StructType columns = StructType.fromDDL(table.columns().stream()
                    .map(column -> "`" + column.name() + "` " + column.type().glueType())
                    .collect(Collectors.joining(", ")));
            for (RowRule rule : of(table).rows()) {
                // Spark's exceptions are checked ones, which Scala does not declare.
                try {
                    spark.createDataFrame(List.of(), columns).where(rule.broken());
                } catch (Exception e) {
                    throw wrong(at(table, rule.name()) + ": " + firstLine(e), e);
                }
            }
        }
    }

    /** What is asked of a table; of columns that a model of it does not have, nothing is. */
    public TableRules of(SourceTable table) {
        return rules.computeIfAbsent(table, this::rules);
    }

    private TableRules rules(SourceTable table) {
        Section section = Optional.ofNullable(sections.get(table.name()))
                .orElseThrow(() -> wrong(origin + " has no rules of " + table.name(), null));
        List<RowRule> rows = new ArrayList<>();
        Set<String> required = new HashSet<>(section.required());
        required.forEach(column -> column(table, "required", column));
        required.addAll(table.placementColumns());
        required.add(table.tenantColumn());
        for (SourceColumn column : table.columns()) {
            if (required.contains(column.name())) {
                rows.add(new RowRule(
                        column.name() + "_missing",
                        Optional.of(column.name()),
                        col(column.name()).isNull(),
                        true));
            }
            if (DATES.contains(column.type())) {
                rows.add(new RowRule(
                        column.name() + "_out_of_range",
                        Optional.empty(),
                        not(inCalendar(column.name(), column.type().glueType())),
                        true));
            }
        }
        section.rules()
                .forEach((name, rule) -> broken(table, name, rule)
                        .ifPresent(broken -> rows.add(new RowRule(name, Optional.empty(), broken, compares(rule)))));
        double share = section.minValidShare() == null ? minValidShare : section.minValidShare();
        if (!(share >= 0 && share <= 1)) {
            throw wrong(
                    origin + ": the share of valid rows of " + table.name() + " is " + share
                            + ": expected a number from 0 to 1, such as 0.99",
                    null);
        }
        return new TableRules(
                rows,
                withTransitions ? transitions(table, section) : List.of(),
                references(table, section),
                unique(table, section),
                share);
    }

    /** Holds for a date that has a month which a partition can be named after. */
    public static Column inCalendar(String column, String type) {
        return expr(column + " >= " + type + "'1900-01-01' and " + column + " < " + type + "'2200-01-01'");
    }

    private static boolean compares(Rule rule) {
        return Stream.of(rule.holds(), rule.oneOf(), rule.matches(), rule.longest(), rule.is())
                .allMatch(Objects::isNull);
    }

    /** When a rule is broken; empty if it is of a column that this model of the table does not have. */
    private Optional<Column> broken(SourceTable table, String name, Rule rule) {
        String at = at(table, name);
        List<Column> broken = new ArrayList<>();
        if (rule.holds() != null) {
            broken.add(not(condition(at, rule.holds())));
        }
        boolean asks = Stream.of(
                        rule.atLeast(),
                        rule.moreThan(),
                        rule.atMost(),
                        rule.lessThan(),
                        rule.oneOf(),
                        rule.matches(),
                        rule.longest(),
                        rule.is())
                .anyMatch(part -> part != null);
        if (asks != (rule.column() != null)) {
            throw wrong(
                    at
                            + (asks
                                    ? " says of no column what it asks: expected column"
                                    : " asks nothing of its column: expected at_least, more_than, at_most, less_than,"
                                            + " one_of, matches, longest or is"),
                    null);
        }
        if (asks) {
            Optional<SourceColumn> found = column(table, "rules." + name, rule.column());
            if (found.isEmpty()) {
                return Optional.empty();
            }
            SourceColumn column = found.get();
            Column value = col(column.name());
            bound(at, "at_least", column, rule.atLeast()).ifPresent(bound -> broken.add(value.lt(bound)));
            bound(at, "more_than", column, rule.moreThan()).ifPresent(bound -> broken.add(value.leq(bound)));
            bound(at, "at_most", column, rule.atMost()).ifPresent(bound -> broken.add(value.gt(bound)));
            bound(at, "less_than", column, rule.lessThan()).ifPresent(bound -> broken.add(value.geq(bound)));
            if (rule.oneOf() != null) {
                broken.add(not(text(at, "one_of", column).isin(rule.oneOf().toArray())));
            }
            if (rule.matches() != null) {
                broken.add(not(text(at, "matches", column).rlike("\\A(?:" + pattern(at, rule.matches()) + ")\\z")));
            }
            if (rule.longest() != null) {
                broken.add(length(text(at, "longest", column)).gt(rule.longest()));
            }
            if (rule.is() != null) {
                if (!rule.is().equals(TIME_ZONE)) {
                    throw wrong(at + ".is is " + rule.is() + ": expected " + TIME_ZONE, null);
                }
                broken.add(not(text(at, "is", column)
                        .isin(ZoneId.getAvailableZoneIds().stream().sorted().toArray())));
            }
        }
        return broken.stream().reduce(Column::or).or(() -> {
            throw wrong(at + " asks nothing", null);
        });
    }

    private List<Transitions> transitions(SourceTable table, Section section) {
        List<Transitions> transitions = new ArrayList<>();
        section.transitions()
                .forEach((name, next) -> column(table, "transitions", name).ifPresent(column -> {
                    text(origin + ": tables." + table.name(), "transitions", column);
                    next.forEach((from, to) -> to.stream()
                            .filter(value -> !next.containsKey(value))
                            .findFirst()
                            .ifPresent(value -> {
                                throw wrong(
                                        origin + ": tables." + table.name() + ".transitions." + name + "." + from
                                                + " leads to " + value + ", of which is not said what may follow it:"
                                                + " expected " + value + ": [] if nothing may",
                                        null);
                            }));
                    transitions.add(new Transitions(
                            name,
                            next.entrySet().stream()
                                    .collect(Collectors.toMap(
                                            Map.Entry::getKey, entry -> Set.copyOf(entry.getValue())))));
                }));
        return transitions;
    }

    private List<Reference> references(SourceTable table, Section section) {
        List<Reference> references = new ArrayList<>();
        section.references()
                .forEach((name, to) -> column(table, "references", name)
                        .ifPresent(column -> references.add(new Reference(
                                name,
                                SourceTable.named(to)
                                        .orElseThrow(() -> wrong(
                                                origin + ": tables." + table.name() + ".references." + name
                                                        + ": there is no table " + to,
                                                null))))));
        return references;
    }

    private List<Uniqueness> unique(SourceTable table, Section section) {
        return section.unique().stream()
                .filter(columns -> columns.stream()
                        .allMatch(name -> column(table, "unique", name).isPresent()))
                .map(Uniqueness::new)
                .toList();
    }

    /** The column of that name; empty if this model of the table does not have it, though the present one does. */
    private Optional<SourceColumn> column(SourceTable table, String at, String name) {
        SourceTable present = SourceTable.named(table.name()).orElse(table);
        Optional<SourceColumn> found = named(table, name);
        if (found.isEmpty() && named(present, name).isEmpty()) {
            throw wrong(
                    origin + ": tables." + table.name() + "." + at + " names a column " + name + ", which "
                            + table.qualifiedName() + " does not have: expected "
                            + oneOf(present.columns().stream()
                                    .map(SourceColumn::name)
                                    .toList()),
                    null);
        }
        return found;
    }

    private static Optional<SourceColumn> named(SourceTable table, String name) {
        return table.columns().stream()
                .filter(column -> column.name().equals(name))
                .findFirst();
    }

    private Optional<Column> bound(String at, String word, SourceColumn column, String text) {
        if (text == null) {
            return Optional.empty();
        }
        BiFunction<String, Exception, LakeException> refused = (expected, cause) -> wrong(
                at + "." + word + " is " + text + ": expected " + expected + ", since " + column.name() + " is of type "
                        + column.type().glueType(),
                cause);
        try {
            if (NUMBERS.contains(column.type())) {
                BigDecimal number = new BigDecimal(text);
                return Optional.of(
                        switch (column.type()) {
                            case BIGINT -> lit(number.longValueExact());
                            case INTEGER -> lit(number.intValueExact());
                            default -> lit(number);
                        });
            }
            if (column.type() == ColumnType.DATE) {
                return Optional.of(lit(LocalDate.parse(text)));
            }
            if (column.type() == ColumnType.INSTANT) {
                return Optional.of(lit(Instant.parse(text)));
            }
        } catch (ArithmeticException | NumberFormatException e) {
            throw refused.apply("a number", e);
        } catch (DateTimeException e) {
            throw refused.apply(
                    column.type() == ColumnType.DATE
                            ? "a day, such as 2026-01-31"
                            : "an instant, such as 2026-01-31T00:00:00Z",
                    e);
        }
        throw wrong(
                at + "." + word + " asks for an order of " + column.name() + ", which is of type "
                        + column.type().glueType() + ": expected a column of numbers or dates",
                null);
    }

    private Column text(String at, String word, SourceColumn column) {
        if (!column.type().glueType().equals("string")) {
            throw wrong(
                    at + "." + word + " asks for text, and " + column.name() + " is of type "
                            + column.type().glueType(),
                    null);
        }
        return col(column.name());
    }

    private static Column condition(String at, String sql) {
        try {
            return expr(sql);
        } catch (Exception e) {
            throw wrong(at + ".holds is no condition of Spark's SQL: " + firstLine(e), e);
        }
    }

    private static String pattern(String at, String regex) {
        try {
            return Pattern.compile(regex).pattern();
        } catch (PatternSyntaxException e) {
            throw wrong(at + ".matches is no regular expression: " + e.getDescription(), e);
        }
    }

    private String at(SourceTable table, String rule) {
        return origin + ": tables." + table.name() + ".rules." + rule;
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private static LakeException wrong(String message, Exception cause) {
        return new LakeException(LakeException.Kind.WRONG_USAGE, message, cause);
    }
}
