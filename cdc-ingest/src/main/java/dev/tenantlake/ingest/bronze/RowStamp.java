package dev.tenantlake.ingest.bronze;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.Lsn;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What all rows of one transaction have in common.
 *
 * @param lsn where the transaction ends; of a snapshot, the slot's consistent point
 * @param transactionId its id; 0 of a snapshot
 * @param committedAtMicros when it was committed by the source's clock, in microseconds since the Unix epoch
 */
public record RowStamp(Lsn lsn, long transactionId, long committedAtMicros) {

    public RowStamp {
        requireNonNull(lsn, "lsn");
    }

    public RowStamp(Lsn lsn, long transactionId, Instant committedAt) {
        this(lsn, transactionId, ChronoUnit.MICROS.between(Instant.EPOCH, committedAt));
    }

    public Instant committedAt() {
        return Instant.EPOCH.plus(committedAtMicros, ChronoUnit.MICROS);
    }
}
