package dev.tenantlake.source.restore;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * An epoch that the lake holds.
 *
 * @param number its number
 * @param committedAt when its last transaction was committed, by the source's clock
 */
record PastEpoch(long number, Instant committedAt) {

    PastEpoch {
        requireNonNull(committedAt, "committedAt");
    }
}
