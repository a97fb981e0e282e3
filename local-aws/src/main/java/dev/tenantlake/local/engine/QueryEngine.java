package dev.tenantlake.local.engine;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Runs SQL as a principal. Athena's front stands before it; nothing else reaches it. */
public interface QueryEngine extends AutoCloseable {

    /**
     * Runs a statement to its end, row by row into the sink, on the calling thread.
     *
     * @throws QueryFailedException if the engine refuses or fails it, or if it is cancelled
     */
    Statistics run(Statement statement, Sink sink);

    /** Whether it can run statements by now; one that is given to it before is run when it can. */
    State state();

    /** Why it failed to start, if {@link #state()} is {@code FAILED}. */
    Optional<String> failure();

    @Override
    void close();

    /** What is to be run, and as whom. */
    record Statement(
            String id,
            String principalArn,
            String sql,
            String catalog,
            Optional<String> database,
            List<String> parameters,
            Cancellation cancellation) {}

    /** Lets another thread end a statement. */
    final class Cancellation {
        private volatile boolean requested;

        public void request() {
            requested = true;
        }

        public boolean isRequested() {
            return requested;
        }
    }

    /** Takes a statement's result as it comes. */
    interface Sink {
        /** Called once, before the first row. */
        void columns(List<Column> columns);

        /** One row; a value is its text as Athena shows it, or null. */
        void row(List<String> values);
    }

    /** A column of a result: its name and its Athena type, {@code varchar}, {@code decimal(12,2)} … */
    record Column(String name, String type) {}

    /** What a statement took. */
    record Statistics(long scannedBytes, Duration queued, Duration engine, boolean isQuery) {}

    /** Where the engine is. */
    enum State {
        STARTING,
        READY,
        FAILED
    }

    /** A statement that did not run to its end; the message is for the one who wrote it. */
    final class QueryFailedException extends RuntimeException {
        private final Category category;

        public QueryFailedException(Category category, String message) {
            super(message);
            this.category = category;
        }

        public Category category() {
            return category;
        }

        /** Whose fault it is. */
        public enum Category {
            /** The statement: it does not parse, names what is not there, or is not permitted. */
            USER,
            /** The engine or what it reads from. */
            SYSTEM,
            /** It was cancelled. */
            CANCELLED
        }
    }
}
