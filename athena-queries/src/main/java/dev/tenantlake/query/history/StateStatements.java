package dev.tenantlake.query.history;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.SourceTable;
import dev.tenantlake.query.sql.SqlScanner;
import dev.tenantlake.query.sql.SqlScanner.Kind;
import dev.tenantlake.query.sql.SqlScanner.Token;
import dev.tenantlake.query.sql.Statement;
import dev.tenantlake.query.sql.TableNames;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Makes of a statement over silver and gold the same statement over another state of them: each table that it names is
 * called what an expression before it is called, {@code WITH silver_orders AS (…)}, and nothing else of it is changed. It
 * stays one statement, which any client can send to Athena; whose rows it sees is decided by who does.
 */
public final class StateStatements {

    private static final Set<String> DATABASES = Set.of(Layer.SILVER.database(), Layer.GOLD.database());

    private final LakeSchema schema;
    private final GoldDefinitions gold;
    private final boolean isAdministrator;

    /**
     * Statements for somebody.
     *
     * @param isAdministrator whether the one who asks sees the sensitive columns
     */
    public StateStatements(LakeSchema schema, GoldDefinitions gold, boolean isAdministrator) {
        this.schema = requireNonNull(schema, "schema");
        this.gold = requireNonNull(gold, "gold");
        this.isAdministrator = isAdministrator;
    }

    /**
     * A statement in another state. A question mark for the epoch comes before all others.
     *
     * @throws LakeException of kind {@code WRONG_USAGE} if it is none that this can be done to
     */
    public Statement in(AskedState state, Statement statement) {
        Token first = firstOf(statement.sql());
        if (!first.is("select") && !first.is("with")) {
            throw new LakeException(
                    LakeException.Kind.WRONG_USAGE,
                    "the statement begins with '" + first.text()
                            + "': expected SELECT or WITH, which alone can be asked of another state of the lake");
        }
        TableNames named = new TableNames(statement.sql(), DATABASES);
        Map<String, String> expressions = expressions(state, named);
        if (expressions.isEmpty()) {
            return statement;
        }
        String prelude = expressions.entrySet().stream()
                .map(expression ->
                        expression.getKey() + " AS (\n" + expression.getValue().indent(4) + ")")
                .collect(Collectors.joining(",\n"));
        Map<String, String> names = names(named, named.tables());
        names.values().retainAll(expressions.keySet());
        String sql = named.replaced(names);
        // Nothing before the first word is moved, so that it stands where it stood.
        int body = first.start();
        if (first.is("with")) {
            int end = body + first.text().length();
            Token next = firstOf(sql.substring(end));
            if (next.is("recursive")) {
                end += next.start() + next.text().length();
            }
            return new Statement(
                    sql.substring(0, end) + " " + prelude + "," + sql.substring(end), statement.parameters());
        }
        return new Statement(
                sql.substring(0, body) + "WITH " + prelude + "\n" + sql.substring(body), statement.parameters());
    }

    /** A whole silver table in another state; empty if silver or bronze does not have it. */
    public Optional<Statement> of(SourceTable table, AskedState state) {
        SilverState silver = new SilverState(schema, table, isAdministrator);
        if (!silver.isKnown()) {
            return Optional.empty();
        }
        return Optional.of(in(state, new Statement("SELECT * FROM silver." + table.name(), List.of())));
    }

    /** Whether all tables that a statement over {@code database.table} names needs are there. */
    public boolean knows(List<String> tables) {
        try {
            return silverBehind(new LinkedHashSet<>(tables)).stream()
                    .allMatch(table -> new SilverState(schema, table, isAdministrator).isKnown());
        } catch (LakeException e) {
            return false;
        }
    }

    /** By their names, in an order in which each uses those before it alone, the expressions that a statement needs. */
    private Map<String, String> expressions(AskedState state, TableNames named) {
        Set<String> tables = named.tables();
        Set<SourceTable> silver = silverBehind(tables);
        if (silver.isEmpty()) {
            return Map.of();
        }
        Map<String, String> expressions = new LinkedHashMap<>();
        if (state instanceof AskedState.AsOfParameter) {
            requireFree(named, SilverState.EPOCH);
            expressions.put(SilverState.EPOCH, SilverState.epoch());
        }
        for (SourceTable table : silver) {
            SilverState of = new SilverState(schema, table, isAdministrator);
            if (!of.isKnown()) {
                throw new LakeException(
                        LakeException.Kind.WRONG_USAGE,
                        "silver." + table.name() + " is not there, or bronze does not have it: expected both");
            }
            String name = name(named, "silver." + table.name());
            if (state instanceof AskedState.AsOf moment) {
                expressions.put(name, of.asOf(moment));
            } else if (state instanceof AskedState.Live live && live.held().containsKey(table.name())) {
                String newer = name(named, "newer." + table.name());
                expressions.put(newer, of.newer(live.held().get(table.name()), live.latest()));
                expressions.put(name, of.merged(newer));
            }
        }
        for (String table : goldBehind(tables)) {
            TableNames inside = inside(table);
            Map<String, String> names = names(named, inside.tables());
            names.values().retainAll(expressions.keySet());
            expressions.put(name(named, table), inside.replaced(names));
        }
        return expressions;
    }

    /** The gold tables that these need, those that definitions name among them: each after the ones that its own names. */
    private Set<String> goldBehind(Set<String> tables) {
        Set<String> gold = new LinkedHashSet<>();
        for (String table : tables) {
            if (isGold(table)) {
                gold.addAll(goldBehind(inside(table).tables()));
                gold.add(table);
            }
        }
        return gold;
    }

    /** The silver tables that these need, gold's among them, a table after those that its foreign keys point to. */
    private Set<SourceTable> silverBehind(Set<String> tables) {
        Set<String> silver = new TreeSet<>(tables);
        goldBehind(tables).forEach(table -> silver.addAll(inside(table).tables()));
        silver.removeIf(StateStatements::isGold);
        for (String table : silver) {
            if (SourceTable.named(table.substring(table.indexOf('.') + 1)).isEmpty()) {
                throw new LakeException(
                        LakeException.Kind.WRONG_USAGE,
                        table + " is known as it is now alone: expected one of "
                                + SourceTable.ALL.stream()
                                        .map(source -> "silver." + source.name())
                                        .collect(Collectors.joining(", ")));
            }
        }
        return SourceTable.ALL.stream()
                .filter(source -> silver.contains("silver." + source.name()))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static boolean isGold(String table) {
        return table.startsWith(Layer.GOLD.database() + ".");
    }

    /** The names in a gold table's definition. */
    private TableNames inside(String table) {
        return gold.of(table.substring(table.indexOf('.') + 1))
                .map(definition -> new TableNames(definition, DATABASES))
                .orElseThrow(() -> new LakeException(
                        LakeException.Kind.WRONG_USAGE,
                        table + " is known as it is now alone: expected one of "
                                + gold.sql().keySet().stream()
                                        .map(name -> "gold." + name)
                                        .collect(Collectors.joining(", "))));
    }

    private static Map<String, String> names(TableNames statement, Set<String> tables) {
        Map<String, String> names = new LinkedHashMap<>();
        tables.forEach(table -> names.put(table, name(statement, table)));
        return names;
    }

    /** {@code silver_orders}, with an underscore more where the statement has that name for something else. */
    private static String name(TableNames statement, String table) {
        String name = table.replace('.', '_');
        while (statement.uses(name)) {
            name += "_";
        }
        return name;
    }

    private static void requireFree(TableNames statement, String name) {
        if (statement.uses(name)) {
            throw new LakeException(
                    LakeException.Kind.WRONG_USAGE, "the statement names something " + name + ": call it otherwise");
        }
    }

    private static Token firstOf(String sql) {
        return SqlScanner.scan(sql).stream()
                .filter(token -> token.kind() != Kind.COMMENT)
                .findFirst()
                .orElseThrow(() -> new LakeException(LakeException.Kind.WRONG_USAGE, "the SQL is empty"));
    }
}
