package dev.tenantlake.query.output;

import dev.tenantlake.query.athena.ResultSink;
import java.io.PrintWriter;

/** How a result is printed. */
public enum OutputFormat {
    /** For a person: aligned columns. */
    TABLE,
    /** Comma-separated values with a header line; a null is empty. */
    CSV,
    /** An array of objects, one for each row. */
    JSON;

    /** Prints in this format. Nothing is held back but for the table, which is aligned by the page. */
    public ResultPrinter printer(PrintWriter out) {
        return switch (this) {
            case TABLE -> new TablePrinter(out);
            case CSV -> new CsvPrinter(out);
            case JSON -> new JsonPrinter(out);
        };
    }

    /** A sink that has an end. */
    public interface ResultPrinter extends ResultSink {
        /** Called once, after the last row of a result that was read to its end. */
        void end();
    }
}
