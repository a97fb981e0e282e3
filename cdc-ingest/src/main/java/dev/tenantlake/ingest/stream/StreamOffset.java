package dev.tenantlake.ingest.stream;

import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.Lsn;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What of Debezium's offset is kept in a manifest, and how a run resumes from it.
 *
 * <p>An offset is only ever that of a transaction's END, so its one position says it all: everything before it is in the
 * lake, and Postgres, told to start there, sends the transactions that end after it, whole and from their BEGIN. Left
 * out is {@code lsn_proc}: with it Debezium would first read ahead, in memory, to the end of the first transaction to
 * find the place that the server knows by itself. Left out are the event counters, which are of a transaction that has
 * ended.
 */
public final class StreamOffset {

    private static final String LSN = "lsn";
    /** What Debezium confirms to the server. */
    private static final String COMMIT_LSN = "lsn_commit";

    private static final String TRANSACTION_ID = "txId";
    private static final String COMMITTED_AT_MICROS = "ts_usec";

    private StreamOffset() {}

    /** Of the offset of an END event, what a manifest keeps. */
    static Map<String, Object> ofEnd(Map<String, ?> offset) {
        Map<String, Object> kept = new LinkedHashMap<>();
        kept.put(LSN, lsn(offset).value());
        kept.put(COMMIT_LSN, lsn(offset).value());
        kept.put(TRANSACTION_ID, transactionId(offset));
        kept.put(COMMITTED_AT_MICROS, committedAtMicros(offset));
        return kept;
    }

    /** The offset of a point between two transactions: with it a run goes on with those that end after it. */
    public static Map<String, Object> of(Lsn point) {
        return Map.of(LSN, point.value(), COMMIT_LSN, point.value());
    }

    /**
     * Where to go on after an epoch: for a snapshot, at the slot's consistent point.
     *
     * @throws LakeException of kind {@code CORRUPT} if the epoch's offset is not that of its end
     */
    static Map<String, Object> after(EpochManifest manifest) {
        if (manifest.kind() == EpochManifest.Kind.SNAPSHOT) {
            return of(manifest.lastLsn());
        }
        Map<String, Object> offset = manifest.offset().orElse(Map.of());
        if (!(offset.get(LSN) instanceof Number lsn)
                || lsn.longValue() != manifest.lastLsn().value()) {
            throw new LakeException(
                    LakeException.Kind.CORRUPT,
                    "the manifest of epoch " + manifest.epoch() + " ends at " + manifest.lastLsn()
                            + " and its offset is " + offset
                            + "; expected the offset of that end: restore the manifest");
        }
        return offset;
    }

    static Lsn lsn(Map<String, ?> offset) {
        return new Lsn((Long) offset.get(LSN));
    }

    static long transactionId(Map<String, ?> offset) {
        return (Long) offset.get(TRANSACTION_ID);
    }

    static long committedAtMicros(Map<String, ?> offset) {
        return (Long) offset.get(COMMITTED_AT_MICROS);
    }
}
