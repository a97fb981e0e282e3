package dev.tenantlake.source.seed;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.SourceColumn;
import dev.tenantlake.model.SourceTable;
import dev.tenantlake.source.console.Progress;
import dev.tenantlake.source.database.ShopSchema;
import dev.tenantlake.source.database.SourceDatabase;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.copy.PGCopyOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills the shop with the history of a plan, in one transaction: whoever reads sees all of it or nothing, and a seed
 * that fails leaves nothing behind.
 */
final class Seeder {

    private static final Logger LOG = LoggerFactory.getLogger(Seeder.class);
    /** Any number will do, as long as nobody else locks the same: "tenant" in ASCII. */
    static final long SEED_LOCK = 0x74656E616E74L;

    private static final int COPY_BUFFER = 1 << 18;
    private static final int ROWS_PER_STEP = 1_000;

    private final SourceDatabase database;

    Seeder(SourceDatabase database) {
        this.database = requireNonNull(database, "database");
    }

    /**
     * Migrates and seeds.
     *
     * @param clean whether the rows that are there are removed first
     * @throws LakeException of kind {@code UNFIT} if there are rows and {@code clean} is not asked for; {@code IN_USE} if
     *     another seed is running; others as {@link SourceDatabase#failure} says
     */
    SeedReport seed(SeedPlan plan, boolean clean, Progress progress) {
        long started = System.nanoTime();
        new ShopSchema(database).migrate();
        try (Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            List<SeedReport.Table> tables = new ArrayList<>();
            try (Statement statement = connection.createStatement()) {
                claim(statement, clean);
                List<ForeignKey> foreignKeys = dropForeignKeys(statement);
                ShopHistory history = new ShopHistory(plan);
                for (SourceTable table : SourceTable.ALL) {
                    tables.add(copy(connection.unwrap(PGConnection.class), table, history.rows(table), progress));
                }
                progress.begin("checking");
                addForeignKeys(statement, foreignKeys);
                makeRoomForMore(statement);
                connection.commit();
            }
            Duration time = Duration.ofNanos(System.nanoTime() - started);
            return SeedReport.of(plan, tables, time);
        } catch (SQLException e) {
            throw failure(e);
        } catch (IOException e) {
            throw e.getCause() instanceof SQLException sql ? failure(sql) : new UncheckedIOException(e);
        }
    }

    /** Makes sure that nobody else seeds, and that there is nothing in the way. */
    private void claim(Statement statement, boolean clean) throws SQLException {
        if (!isTrue(statement, "SELECT pg_try_advisory_xact_lock(" + SEED_LOCK + ")")) {
            throw new LakeException(
                    LakeException.Kind.IN_USE, "another seed of " + database + " is running: wait for it, or stop it");
        }
        for (SourceTable table : SourceTable.ALL) {
            if (!clean && isTrue(statement, "SELECT EXISTS (SELECT FROM " + table.qualifiedName() + ")")) {
                throw new LakeException(
                        LakeException.Kind.UNFIT,
                        "the shop in " + database + " has rows already, in " + table.qualifiedName()
                                + ": seed --clean removes all of them and seeds anew");
            }
        }
        // Everybody else waits until the seed is done. All at once, so that nobody can be waited for in a circle.
        statement.execute("SET LOCAL lock_timeout = '15s'");
        statement.execute("LOCK TABLE " + tables() + " IN ACCESS EXCLUSIVE MODE");
        if (clean) {
            /*
             * TRUNCATE, not DELETE: a DELETE would put every old row into the change stream, and leave it behind in the
             * tables' files. A TRUNCATE is one change per table, takes no time, and is undone with the transaction like
             * any other change. RESTART IDENTITY, so that nothing of the old rows is left.
             */
            statement.execute("TRUNCATE " + tables() + " RESTART IDENTITY");
        }
    }

    /**
     * Takes the foreign keys away while rows are loaded. Checked once for all rows, when they are added again, they cost
     * a fiftieth of what they cost row by row. All within the transaction: nobody else ever sees the tables without.
     */
    private static List<ForeignKey> dropForeignKeys(Statement statement) throws SQLException {
        List<ForeignKey> foreignKeys = new ArrayList<>();
        try (ResultSet found = statement.executeQuery("""
                SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
                FROM pg_constraint
                WHERE contype = 'f' AND connamespace = '%s'::regnamespace
                ORDER BY oid
                """.formatted(SourceTable.SCHEMA))) {
            while (found.next()) {
                foreignKeys.add(new ForeignKey(found.getString(1), found.getString(2), found.getString(3)));
            }
        }
        for (ForeignKey foreignKey : foreignKeys) {
            statement.execute("ALTER TABLE " + foreignKey.table() + " DROP CONSTRAINT " + foreignKey.name());
        }
        return foreignKeys;
    }

    private static void addForeignKeys(Statement statement, List<ForeignKey> foreignKeys) throws SQLException {
        for (ForeignKey foreignKey : foreignKeys) {
            statement.execute("ALTER TABLE " + foreignKey.table() + " ADD CONSTRAINT " + foreignKey.name() + " "
                    + foreignKey.definition());
        }
    }

    /** Sets the ids that come next past those of the seed, and tells the planner what is in the tables. */
    private static void makeRoomForMore(Statement statement) throws SQLException {
        for (SourceTable table : SourceTable.ALL) {
            statement.execute("SELECT setval(pg_get_serial_sequence('%s', 'id'), (SELECT max(id) FROM %s))"
                    .formatted(table.qualifiedName(), table.qualifiedName()));
        }
        statement.execute("ANALYZE " + tables());
    }

    private static SeedReport.Table copy(
            PGConnection connection, SourceTable table, Iterator<? extends Row> rows, Progress progress)
            throws SQLException, IOException {
        long started = System.nanoTime();
        progress.begin(table.name());
        String columns = table.columns().stream().map(SourceColumn::name).collect(Collectors.joining(", "));
        long count = 0;
        try (OutputStream out = new PGCopyOutputStream(
                connection, "COPY " + table.qualifiedName() + " (" + columns + ") FROM STDIN", COPY_BUFFER)) {
            CopyText text = new CopyText(out, table.columns().size());
            while (rows.hasNext()) {
                text.row(rows.next());
                if (++count % ROWS_PER_STEP == 0) {
                    progress.advance(ROWS_PER_STEP);
                }
            }
        }
        progress.advance(count % ROWS_PER_STEP);
        Duration time = Duration.ofNanos(System.nanoTime() - started);
        progress.end(table.name(), count, time);
        LOG.debug("event=table_seeded table={} rows={} millis={}", table.name(), count, time.toMillis());
        return new SeedReport.Table(table.name(), count, time);
    }

    private LakeException failure(SQLException e) {
        LakeException known = database.failure(e);
        return new LakeException(known.kind(), known.getMessage() + "; nothing was seeded", e);
    }

    private static boolean isTrue(Statement statement, String query) throws SQLException {
        try (ResultSet result = statement.executeQuery(query)) {
            result.next();
            return result.getBoolean(1);
        }
    }

    private static String tables() {
        return SourceTable.ALL.stream().map(SourceTable::qualifiedName).collect(Collectors.joining(", "));
    }

    private record ForeignKey(String table, String name, String definition) {}
}
