package dev.tenantlake.query.athena;

import java.util.List;

/** Takes a query's result as it comes. */
public interface ResultSink {

    /** Called once, before the rows; the list is empty for a statement that has no result. */
    void columns(List<ResultColumn> columns);

    /**
     * The next rows. A value is its text as Athena shows it, or null.
     *
     * @return false if no more are wanted
     */
    boolean rows(List<List<String>> rows);
}
