package dev.tenantlake.local.athena;

import dev.tenantlake.local.engine.QueryEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * An engine that knows a few statements: {@code SELECT rows N}, {@code SELECT values}, {@code SHOW TABLES},
 * {@code SELECT forever}, {@code SELECT wrong}, {@code SELECT broken} and {@code SELECT much}.
 */
final class FakeEngine implements QueryEngine {

    private final List<Statement> statements = Collections.synchronizedList(new ArrayList<>());
    private volatile State state = State.READY;
    private volatile String failure;

    void is(State newState, String newFailure) {
        failure = newFailure;
        state = newState;
    }

    List<Statement> statements() {
        return statements;
    }

    @Override
    public Statistics run(Statement statement, Sink sink) {
        statements.add(statement);
        String sql = statement.sql();
        if (sql.startsWith("SELECT rows ")) {
            sink.columns(List.of(new Column("n", "bigint"), new Column("text", "varchar")));
            for (int i = 1; i <= Integer.parseInt(sql.substring("SELECT rows ".length())); i++) {
                sink.row(List.of(String.valueOf(i), "row " + i));
            }
        } else if (sql.equals("SELECT values")) {
            sink.columns(List.of(new Column("amount", "decimal(12,2)"), new Column("text", "varchar")));
            sink.row(List.of("1.50", "a \"quoted\", text\nof two lines äö€"));
            sink.row(Arrays.asList(null, ""));
            sink.row(Arrays.asList("2.00", null));
        } else if (sql.equals("SELECT one null")) {
            sink.columns(List.of(new Column("only", "varchar")));
            sink.row(Collections.singletonList(null));
            sink.row(List.of("x"));
        } else if (sql.equals("SHOW TABLES")) {
            sink.columns(List.of(new Column("tab_name", "varchar")));
            sink.row(List.of("orders"));
            sink.row(List.of("customers"));
        } else if (sql.equals("DESCRIBE orders")) {
            sink.columns(List.of(new Column("col_name", "varchar"), new Column("data_type", "varchar")));
            sink.row(List.of("id", "bigint"));
        } else if (sql.equals("SELECT forever")) {
            while (!statement.cancellation().isRequested()) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
            throw new QueryFailedException(QueryFailedException.Category.CANCELLED, "Query cancelled by user");
        } else if (sql.equals("SELECT wrong")) {
            throw new QueryFailedException(
                    QueryFailedException.Category.USER,
                    "COLUMN_NOT_FOUND: line 1:8: Column 'wrong' cannot be resolved");
        } else if (sql.equals("SELECT broken")) {
            throw new IllegalStateException("out of luck");
        }
        return new Statistics(sql.equals("SELECT much") ? 20_000_000 : 1234, Duration.ZERO, Duration.ofMillis(5), true);
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    public Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public void close() {
        state = State.FAILED;
    }
}
