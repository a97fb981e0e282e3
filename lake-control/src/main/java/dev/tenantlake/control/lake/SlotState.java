package dev.tenantlake.control.lake;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;
import java.util.Optional;

/**
 * How the lake's replication slot is. Postgres keeps write-ahead log for it until bronze holds what is in it, up to a
 * limit; beyond that the slot is lost, and what it had not given with it.
 *
 * @param name its name
 * @param active whether somebody reads from it
 * @param lagBytes of write-ahead log that its reader has not confirmed
 * @param retainedBytes of write-ahead log that Postgres keeps for it
 * @param limitBytes how much it keeps at most, {@code max_slot_wal_keep_size}; empty if there is no limit but the disk
 * @param walStatus whether Postgres still has what the slot needs: {@code reserved}, {@code extended}, {@code
 *     unreserved} or {@code lost}
 * @param readerDelaySeconds what its reader last took from receiving a transaction until that was durable, 0 if it is idle
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record SlotState(
        String name,
        boolean active,
        long lagBytes,
        long retainedBytes,
        Optional<Long> limitBytes,
        String walStatus,
        double readerDelaySeconds) {

    private static final double WARNING = 0.5;
    private static final double ALARM = 0.8;
    private static final double MIB = 1 << 20;

    public SlotState {
        requireNonNull(name, "name");
        requireNonNull(limitBytes, "limitBytes");
        requireNonNull(walStatus, "walStatus");
    }

    /** One line on what is wrong with it, or what soon will be. */
    @JsonProperty
    public Optional<String> alarm() {
        if (walStatus.equals("lost")) {
            return Optional.of(
                    "ALARM: the slot " + name + " is lost: Postgres has removed log that bronze does not hold;"
                            + " cdc-ingest has to load the tables anew, and its log says how far it is");
        }
        double used = limitBytes.map(limit -> retainedBytes / (double) limit).orElse(0.0);
        if (used >= ALARM) {
            return Optional.of("ALARM: " + share(used) + "; beyond it the slot is lost and the tables are loaded anew: "
                    + (active ? "see why cdc-ingest does not keep up" : "get cdc-ingest to run")
                    + ", or raise max_slot_wal_keep_size");
        }
        if (used >= WARNING) {
            return Optional.of("warning: " + share(used)
                    + (active ? "; cdc-ingest does not keep up" : "; cdc-ingest does not read it"));
        }
        return active
                ? Optional.empty()
                : Optional.of("nobody reads the slot " + name + ": cdc-ingest does not stream");
    }

    private String share(double used) {
        return String.format(
                Locale.ROOT,
                "Postgres keeps %.0f MiB of log for the slot %s, %.0f %% of its limit of %.0f MiB",
                retainedBytes / MIB,
                name,
                used * 100,
                limitBytes.orElseThrow() / MIB);
    }
}
