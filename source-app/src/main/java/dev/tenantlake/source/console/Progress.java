package dev.tenantlake.source.console;

import java.io.PrintStream;
import java.time.Duration;

/** Shows a person, on standard error, how far a long command is. */
public interface Progress extends AutoCloseable {

    /** The next part has begun. */
    void begin(String part);

    /** So many more rows of the part are done. */
    void advance(long rows);

    /** The part is done. */
    void end(String part, long rows, Duration time);

    @Override
    void close();

    /**
     * A bar that moves if standard error is a terminal, else a line for each part.
     *
     * @param total about how many rows there are in all
     */
    static Progress onStandardError(String task, long total) {
        return Terminal.isStandardError()
                ? new ProgressBarOnTerminal(task, total)
                : new ProgressLines(task, System.err);
    }

    /** A line for each part. */
    static Progress lines(String task, PrintStream out) {
        return new ProgressLines(task, out);
    }
}
