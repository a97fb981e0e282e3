package dev.tenantlake.control.reconciliation;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.AthenaSession;
import dev.tenantlake.model.LakeException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Compares the lake with the source, table by table: silver with the source's own tables, gold with its definitions worked
 * out by Postgres. It asks for figures and moves no rows. Nothing may be written to the source meanwhile, and the lake has
 * to hold all that was.
 */
public final class Reconciliation {

    /** How many tables Athena works on at once. */
    private static final int AT_ONCE = 2;

    private final Connection source;
    private final AthenaSession athena;

    /**
     * @param source a connection to the source
     * @param athena asks as the administrator
     */
    public Reconciliation(Connection source, AthenaSession athena) {
        this.source = requireNonNull(source, "source");
        this.athena = requireNonNull(athena, "athena");
    }

    /** Compares these tables; the comparisons are in their order. */
    public List<Comparison> compare(List<FiguredTable> tables) {
        ExecutorService asking = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<Figures>> lake = new ArrayList<>();
            for (FiguredTable table : tables) {
                lake.add(asking.submit(() -> lakeFigures(table)));
            }
            List<Comparison> comparisons = new ArrayList<>();
            for (int i = 0; i < tables.size(); i++) {
                FiguredTable table = tables.get(i);
                comparisons.add(new Comparison(table.name(), sourceFigures(source, table), result(lake.get(i))));
            }
            return comparisons;
        } finally {
            asking.shutdownNow();
        }
    }

    /** A table's figures in the source. */
    static Figures sourceFigures(Connection source, FiguredTable table) {
        try (Statement statement = source.createStatement();
                ResultSet result = statement.executeQuery(table.inPostgres())) {
            result.next();
            List<String> row = new ArrayList<>();
            for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                row.add(result.getString(i));
            }
            return Figures.of(table, row);
        } catch (SQLException e) {
            throw new LakeException(
                    LakeException.Kind.UNAVAILABLE,
                    "Postgres did not give the figures of " + table.name() + ": " + e.getMessage(),
                    e);
        }
    }

    private Figures lakeFigures(FiguredTable table) {
        return Figures.of(table, athena.ask(table.inAthena()).rows().get(0));
    }

    private static Figures result(Future<Figures> figures) {
        try {
            return figures.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }
}
