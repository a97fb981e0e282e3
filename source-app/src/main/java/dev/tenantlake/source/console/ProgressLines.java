package dev.tenantlake.source.console;

import static java.util.Objects.requireNonNull;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** A line for each part, when it is done: for a log. */
final class ProgressLines implements Progress {

    private final String task;
    private final PrintStream out;

    ProgressLines(String task, PrintStream out) {
        this.task = requireNonNull(task, "task");
        this.out = requireNonNull(out, "out");
    }

    @Override
    public void begin(String part) {
        // It is said when it is done.
    }

    @Override
    public void advance(long rows) {
        // It is said when the part is done.
    }

    @Override
    public void end(String part, long rows, Duration time) {
        out.println(
                String.format(Locale.ROOT, "%s: %s, %,d rows in %.1f s", task, part, rows, time.toMillis() / 1000.0));
    }

    @Override
    public void close() {
        out.flush();
    }
}
