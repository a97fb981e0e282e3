package dev.tenantlake.query.athena;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What a query took.
 *
 * @param queryId Athena's id of it
 * @param rows how many rows the sink was given
 * @param scannedBytes how many bytes of data the engine read, which is what AWS charges for
 * @param elapsed from the request to the last row, by the clock here
 * @param engine how long the engine worked on it, as Athena says
 */
public record QuerySummary(String queryId, long rows, long scannedBytes, Duration elapsed, Duration engine) {

    public QuerySummary {
        requireNonNull(queryId, "queryId");
        requireNonNull(elapsed, "elapsed");
        requireNonNull(engine, "engine");
    }
}
