package dev.tenantlake.bench.baseline;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.SourceTable;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/** Reads every row of the shop with COPY in binary form and throws it away: nothing that reads all rows is quicker. */
final class CopyDiscard {

    private final SourceOptions source;
    private final int connections;

    CopyDiscard(SourceOptions source, int connections) {
        this.source = requireNonNull(source, "source");
        this.connections = connections;
    }

    BaselineResult run() throws SQLException, InterruptedException {
        long started = System.nanoTime();
        Queue<String> statements = new ConcurrentLinkedQueue<>();
        try (Connection connection = source.connect()) {
            for (SourceTable table : SourceTable.ALL) {
                statements.addAll(statements(connection, table));
            }
        }
        ExecutorService readers = Executors.newFixedThreadPool(connections);
        try {
            List<Future<Long>> running = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                running.add(readers.submit(() -> read(statements)));
            }
            long rows = 0;
            for (Future<Long> reader : running) {
                rows += reader.get();
            }
            return new BaselineResult(rows, (System.nanoTime() - started) / 1e9);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            readers.shutdownNow();
        }
    }

    /** As many parts of a table as there are connections, by the blocks that its rows lie in. */
    private List<String> statements(Connection connection, SourceTable table) throws SQLException {
        long blocks;
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select pg_relation_size('" + table.qualifiedName()
                        + "') / current_setting('block_size')::bigint")) {
            row.next();
            blocks = row.getLong(1);
        }
        if (connections == 1 || blocks < 100) {
            return List.of("COPY " + table.qualifiedName() + " TO STDOUT (FORMAT binary)");
        }
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            String to = i + 1 == connections ? "" : " AND ctid < '(" + blocks * (i + 1) / connections + ",0)'::tid";
            parts.add("COPY (SELECT * FROM " + table.qualifiedName() + " WHERE ctid >= '(" + blocks * i / connections
                    + ",0)'::tid" + to + ") TO STDOUT (FORMAT binary)");
        }
        return parts;
    }

    private long read(Queue<String> statements) throws SQLException {
        long rows = 0;
        try (Connection connection = source.connect()) {
            for (String copy = statements.poll(); copy != null; copy = statements.poll()) {
                CopyOut out = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(copy);
                while (out.readFromCopy() != null) {
                    // Thrown away.
                }
                rows += out.getHandledRowCount();
            }
        }
        return rows;
    }
}
