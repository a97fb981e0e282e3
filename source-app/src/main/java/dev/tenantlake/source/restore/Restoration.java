package dev.tenantlake.source.restore;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.SourceTable;
import dev.tenantlake.source.database.SourceDatabase;
import dev.tenantlake.source.restore.RowChange.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One restore of a tenant's table: a session of the source in which the rows as they were lie beside those of now.
 * {@link #plan} says what would change; {@link #apply} finds the same anew, and changes it, in one transaction.
 */
final class Restoration implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Restoration.class);
    /** How often a transaction is begun anew whose rows somebody else has changed meanwhile. */
    private static final int ATTEMPTS = 5;

    private static final int SLUGS_IN_A_LINE = 10;

    private final SourceDatabase database;
    private final Connection connection;
    private final RestoreRequest request;
    private final PastEpoch epoch;
    private final long tenantId;
    private final RestoredColumns columns;
    private final RowDifferences differences;

    private Restoration(
            SourceDatabase database,
            Connection connection,
            RestoreRequest request,
            PastEpoch epoch,
            long tenantId,
            RestoredColumns columns) {
        this.database = requireNonNull(database, "database");
        this.connection = requireNonNull(connection, "connection");
        this.request = requireNonNull(request, "request");
        this.epoch = requireNonNull(epoch, "epoch");
        this.tenantId = tenantId;
        this.columns = requireNonNull(columns, "columns");
        this.differences = new RowDifferences(request.table(), columns.names(), tenantId, request.keepNew());
    }

    /**
     * Brings the rows as they were to the source's session. Nothing that others see changes.
     *
     * @throws LakeException of kind {@code WRONG_USAGE} if there is no such tenant or epoch; {@code UNFIT} if the rows as
     *     they were are not known as a whole and exactly
     */
    static Restoration begin(SourceDatabase database, TableHistory history, RestoreRequest request) {
        Connection connection = database.connect();
        try {
            return begin(database, connection, history, request);
        } catch (SQLException e) {
            close(connection);
            throw unchanged(database.failure(e), e);
        } catch (RuntimeException e) {
            close(connection);
            throw e;
        }
    }

    private static Restoration begin(
            SourceDatabase database, Connection connection, TableHistory history, RestoreRequest request)
            throws SQLException {
        SourceTable table = request.table();
        PastEpoch epoch = history.epoch(request.asOf());
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TIME ZONE 'UTC'");
        }
        OptionalLong now = tenantId(connection, request.tenant());
        OptionalLong known = now.isPresent() ? now : history.tenantId(request.tenant(), epoch.number());
        if (known.isEmpty()) {
            throw new LakeException(
                    LakeException.Kind.WRONG_USAGE,
                    "no tenant has, or had at epoch " + epoch.number() + ", the slug '" + request.tenant()
                            + "': expected one of " + String.join(", ", slugs(connection)));
        }
        long tenantId = known.getAsLong();

        RestoredColumns columns = RestoredColumns.of(connection, table);
        PastRows past;
        try (Stream<PastRow> rows = history.rows(table, tenantId, epoch.number())) {
            past = PastRows.load(connection, table, columns.names(), rows);
        }
        past.except(history.heldBack(table, tenantId, epoch.number()));
        for (long changed : past.outermostEpochs()) {
            columns = columns.in(history.columns(table, changed), "not every row had it at epoch " + epoch.number());
        }
        return new Restoration(database, connection, request, epoch, tenantId, columns);
    }

    private static OptionalLong tenantId(Connection connection, String slug) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT id FROM " + SourceTable.TENANTS.qualifiedName() + " WHERE slug = ?")) {
            select.setString(1, slug);
            try (ResultSet result = select.executeQuery()) {
                return result.next() ? OptionalLong.of(result.getLong(1)) : OptionalLong.empty();
            }
        }
    }

    /** The first slugs, and an ellipsis if there are more. */
    private static List<String> slugs(Connection connection) throws SQLException {
        List<String> slugs = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT slug FROM " + SourceTable.TENANTS.qualifiedName()
                        + " ORDER BY slug LIMIT " + (SLUGS_IN_A_LINE + 1))) {
            while (result.next()) {
                slugs.add(slugs.size() < SLUGS_IN_A_LINE ? result.getString(1) : "…");
            }
        }
        return slugs;
    }

    /** What would be changed, as of one moment. */
    RestorePlan plan() {
        try {
            return inOneTransaction(statement -> found(statement, false));
        } catch (SQLException e) {
            throw unchanged(database.failure(e), e);
        }
    }

    /**
     * Changes it, and compares again: what is found in the end is that nothing differs any more.
     *
     * @throws LakeException of kind {@code UNFIT} if the source's constraints do not let it, {@code IN_USE} if somebody
     *     else keeps changing the rows; nothing is changed then
     */
    RestorePlan apply() {
        for (int attempt = 1; ; attempt++) {
            try {
                return inOneTransaction(this::applied);
            } catch (SQLException e) {
                if (!isOvertaken(e)) {
                    throw refused(e);
                }
                if (attempt == ATTEMPTS) {
                    throw new LakeException(
                            LakeException.Kind.IN_USE,
                            "the rows of " + request.tenant() + " in "
                                    + request.table().qualifiedName()
                                    + " kept changing meanwhile: stop what writes to them, and try again; nothing was"
                                    + " changed",
                            e);
                }
                LOG.debug("event=restore_overtaken attempt={} reason=\"{}\"", attempt, e.getMessage());
            }
        }
    }

    /** The changes of the last plan, or of what was applied, by kind and key; at most so many of each kind. */
    void changes(long atMost, Consumer<RowChange> reader) {
        try {
            differences.read(connection, atMost, reader);
        } catch (SQLException e) {
            throw database.failure(e);
        }
    }

    private RestorePlan applied(Statement statement) throws SQLException {
        SourceTable table = request.table();
        statement.execute("SET LOCAL lock_timeout = '15s'");
        // Nobody else changes them until the end, nor refers anew to one that goes. Those of other tenants are left
        // alone.
        statement.execute("SELECT count(*) FROM (SELECT FROM %s WHERE %s = %d FOR UPDATE) AS locked"
                .formatted(table.qualifiedName(), table.tenantColumn(), tenantId));
        RestorePlan plan = found(statement, true);
        plan.obstacle().ifPresent(obstacle -> {
            throw new LakeException(LakeException.Kind.UNFIT, obstacle + "; nothing was changed");
        });
        if (!plan.isEmpty()) {
            new TableRewrite(table, columns.names()).write(statement);
        }
        long remaining = differences.remaining(statement);
        if (remaining > 0) {
            throw new LakeException(
                    LakeException.Kind.MISMATCH,
                    remaining + " rows of " + table.qualifiedName() + " would not be as they were, as if a trigger of"
                            + " the source changed them again: look at its triggers; nothing was changed");
        }
        return plan;
    }

    private RestorePlan found(Statement statement, boolean applied) throws SQLException {
        differences.find(statement);
        Map<Kind, Long> counts = differences.counts(statement);
        RowDifferences.Staying staying = differences.staying(statement);
        References.Findings references = new References(request, epoch, columns.names()).look(statement);
        long before;
        try (ResultSet result = statement.executeQuery("SELECT count(*) FROM " + PastRows.TABLE)) {
            result.next();
            before = result.getLong(1);
        }
        return new RestorePlan(
                request.tenant(),
                tenantId,
                request.table().name(),
                epoch.number(),
                epoch.committedAt(),
                request.keepNew(),
                counts.get(Kind.INSERT),
                counts.get(Kind.UPDATE),
                counts.get(Kind.DELETE),
                before - counts.get(Kind.INSERT) - counts.get(Kind.UPDATE),
                staying.newer(),
                staying.heldBack(),
                differences.updatedColumns(statement),
                columns.leftOut(),
                references.alsoChanged(),
                references.obstacle(),
                applied);
    }

    /** What is done with a statement of a transaction. */
    @FunctionalInterface
    private interface Work {
        RestorePlan in(Statement statement) throws SQLException;
    }

    /** All of it sees the source as of one moment, and is committed or leaves nothing behind. */
    private RestorePlan inOneTransaction(Work work) throws SQLException {
        connection.setAutoCommit(false);
        boolean done = false;
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
            RestorePlan plan = work.in(statement);
            commit();
            done = true;
            return plan;
        } finally {
            if (!done && !connection.isClosed()) {
                connection.rollback();
            }
            if (!connection.isClosed()) {
                connection.setAutoCommit(true);
            }
        }
    }

    private void commit() throws SQLException {
        try {
            connection.commit();
        } catch (SQLException e) {
            if (e.getSQLState() != null && e.getSQLState().startsWith("08")) {
                throw new LakeException(
                        LakeException.Kind.UNAVAILABLE,
                        "Postgres at " + database
                                + " did not answer the commit, so it is not known whether the rows are"
                                + " as they were: see by the same command without --apply",
                        e);
            }
            throw e;
        }
    }

    /** Whether somebody else was quicker, so that trying again can help: by SQLSTATE. */
    private static boolean isOvertaken(SQLException e) {
        return "40001".equals(e.getSQLState()) || "40P01".equals(e.getSQLState());
    }

    private LakeException refused(SQLException e) {
        // Class 23: a constraint.
        if (e.getSQLState() != null && e.getSQLState().startsWith("23") && e instanceof PSQLException refusal) {
            ServerErrorMessage said = refusal.getServerErrorMessage();
            return new LakeException(
                    LakeException.Kind.UNFIT,
                    "Postgres does not take the rows of " + request.table().qualifiedName() + " as they were: "
                            + said.getMessage()
                            + (said.getDetail() == null
                                    ? ""
                                    : " (" + said.getDetail().replaceAll("\\s+", " ") + ")")
                            + "; nothing was changed",
                    e);
        }
        return unchanged(database.failure(e), e);
    }

    private static LakeException unchanged(LakeException known, SQLException cause) {
        return new LakeException(known.kind(), known.getMessage() + "; nothing was changed", cause);
    }

    @Override
    public void close() {
        close(connection);
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.debug("event=connection_not_closed reason=\"{}\"", e.getMessage());
        }
    }
}
