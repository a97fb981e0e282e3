package dev.tenantlake.query.grants;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.Principal;
import dev.tenantlake.model.SourceTable;
import dev.tenantlake.query.history.AskedState;
import dev.tenantlake.query.history.GoldDefinitions;
import dev.tenantlake.query.history.LakeSchema;
import dev.tenantlake.query.history.StateStatements;
import dev.tenantlake.query.metric.Metric;
import dev.tenantlake.query.metric.MetricCatalog;
import dev.tenantlake.query.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import software.amazon.awssdk.services.athena.AthenaClient;
import software.amazon.awssdk.services.athena.model.PreparedStatement;
import software.amazon.awssdk.services.athena.model.PreparedStatementSummary;

/**
 * The prepared statements of a workgroup, through which any Athena client asks for the past: {@code as_of_<table>} of each
 * silver table, {@code as_of_<metric>}, and {@code epoch_at}, which says what epoch an instant was in. They grant nothing:
 * whoever executes one sees what he would see if he wrote it himself.
 */
final class PreparedQueries {

    private static final String MARK = "Made by Tenantlake";
    private static final String PREFIX = "as_of_";
    private static final String EPOCH_AT = "epoch_at";
    /** How many statements one BatchGetPreparedStatement call takes, by the Athena API reference. */
    private static final int STATEMENTS_PER_CALL = 50;

    private final AthenaClient athena;
    private final List<Metric> metrics;
    private final GoldDefinitions gold;
    private final ChangeLog changes;

    PreparedQueries(AthenaClient athena, List<Metric> metrics, GoldDefinitions gold, ChangeLog changes) {
        this.athena = requireNonNull(athena, "athena");
        this.metrics = List.copyOf(metrics);
        this.gold = requireNonNull(gold, "gold");
        this.changes = requireNonNull(changes, "changes");
    }

    /** Those of the lake that this version of the software knows of. */
    static PreparedQueries of(AthenaClient athena, ChangeLog changes) {
        return new PreparedQueries(athena, MetricCatalog.load().all(), GoldDefinitions.load(), changes);
    }

    /** Brings the statements in a principal's workgroup in step with the tables that there are. */
    void ensure(Principal principal, LakeSchema schema) {
        SortedMap<String, String> wanted = wanted(schema, principal instanceof Principal.Admin);
        Map<String, PreparedStatement> present = present(principal.workgroup());
        wanted.forEach((name, sql) -> ensure(principal.workgroup(), name, sql, present.get(name)));
        present.values().stream()
                .filter(statement -> !wanted.containsKey(statement.statementName()))
                .filter(statement -> MARK.equals(statement.description()))
                .forEach(statement -> remove(principal.workgroup(), statement.statementName()));
    }

    private SortedMap<String, String> wanted(LakeSchema schema, boolean isAdministrator) {
        StateStatements statements = new StateStatements(schema, gold, isAdministrator);
        AskedState asOf = new AskedState.AsOfParameter();
        SortedMap<String, String> wanted = new TreeMap<>();
        for (SourceTable table : SourceTable.ALL) {
            statements.of(table, asOf).ifPresent(statement -> wanted.put(PREFIX + table.name(), statement.sql()));
        }
        for (Metric metric : metrics) {
            if (statements.knows(metric.tables())) {
                Statement statement = statements.in(asOf, new Statement(metric.sql(), List.of()));
                wanted.put(PREFIX + metric.name(), statement.sql());
            }
        }
        schema.epochAt().ifPresent(sql -> wanted.put(EPOCH_AT, sql));
        return wanted;
    }

    private Map<String, PreparedStatement> present(String workgroup) {
        List<String> names = athena.listPreparedStatementsPaginator(list -> list.workGroup(workgroup)).stream()
                .flatMap(page -> page.preparedStatements().stream())
                .map(PreparedStatementSummary::statementName)
                .filter(name -> name.startsWith(PREFIX) || name.equals(EPOCH_AT))
                .toList();
        List<PreparedStatement> statements = new ArrayList<>();
        for (int from = 0; from < names.size(); from += STATEMENTS_PER_CALL) {
            List<String> some = names.subList(from, Math.min(names.size(), from + STATEMENTS_PER_CALL));
            statements.addAll(athena.batchGetPreparedStatement(
                            get -> get.workGroup(workgroup).preparedStatementNames(some))
                    .preparedStatements());
        }
        Map<String, PreparedStatement> byName = new TreeMap<>();
        statements.forEach(statement -> byName.put(statement.statementName(), statement));
        return byName;
    }

    private void ensure(String workgroup, String name, String sql, PreparedStatement present) {
        if (present == null) {
            athena.createPreparedStatement(create -> create.workGroup(workgroup)
                    .statementName(name)
                    .queryStatement(sql)
                    .description(MARK));
            changes.changed(Change.Action.CREATED, Change.Kind.STATEMENT, workgroup + "/" + name);
        } else if (!sql.equals(present.queryStatement()) || !MARK.equals(present.description())) {
            athena.updatePreparedStatement(update -> update.workGroup(workgroup)
                    .statementName(name)
                    .queryStatement(sql)
                    .description(MARK));
            changes.changed(Change.Action.UPDATED, Change.Kind.STATEMENT, workgroup + "/" + name);
        } else {
            changes.kept();
        }
    }

    private void remove(String workgroup, String name) {
        athena.deletePreparedStatement(delete -> delete.workGroup(workgroup).statementName(name));
        changes.changed(Change.Action.REMOVED, Change.Kind.STATEMENT, workgroup + "/" + name);
    }
}
