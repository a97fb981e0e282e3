package dev.tenantlake.query.history;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.EpochLog;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.LayerPosition;
import dev.tenantlake.model.LayerPosition.StoppedTable;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.regex.Pattern;

/** Finds the epoch that somebody means, among those that silver holds, and what bronze has beyond them. */
public final class EpochFinder {

    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

    private final EpochLog log;
    private final LayerPosition silver;

    /** @param silver how far silver is: of a later epoch it is not known yet which rows it holds back */
    public EpochFinder(EpochLog log, LayerPosition silver) {
        this.log = requireNonNull(log, "log");
        this.silver = requireNonNull(silver, "silver");
    }

    /**
     * The epoch that is meant.
     *
     * @param asked its number, or an instant such as {@code 2026-11-14T09:00:00Z}: then the last epoch whose transactions
     *     were all committed at or before it, by the source's clock
     * @throws LakeException of kind {@code WRONG_USAGE} if it is neither, or lies before the first epoch or after the last
     */
    public EpochManifest find(String asked) {
        if (NUMBER.matcher(asked).matches()) {
            long epoch = Long.parseLong(asked);
            if (epoch < 1 || epoch > silver.epoch()) {
                throw outside(asked);
            }
            return manifest(epoch);
        }
        Instant instant;
        try {
            instant = Instant.parse(asked);
        } catch (DateTimeParseException e) {
            throw new LakeException(
                    LakeException.Kind.WRONG_USAGE,
                    "--as-of is '" + asked
                            + "': expected an instant such as 2026-11-14T09:00:00Z, or the number of an epoch",
                    e);
        }
        if (instant.isAfter(silver.sourceCommittedAt())) {
            throw outside(asked);
        }
        return log.committedBy(instant, silver.epoch()).orElseThrow(() -> outside(asked));
    }

    private LakeException outside(String asked) {
        return new LakeException(
                LakeException.Kind.WRONG_USAGE,
                "--as-of is '" + asked + "': expected an epoch from 1, committed until "
                        + manifest(1).lastCommittedAt() + ", to " + silver.epoch() + ", committed until "
                        + silver.sourceCommittedAt() + ", which is the last that silver holds");
    }

    private EpochManifest manifest(long epoch) {
        return log.read(epoch)
                .orElseThrow(() -> new LakeException(
                        LakeException.Kind.CORRUPT, "the manifest of epoch " + epoch + " is not in bronze/_epochs"));
    }

    /**
     * What bronze has beyond silver now. A stopped table stays as silver has it: what stands in silver's way would stand in
     * a query's.
     *
     * @throws LakeException of kind {@code UNAVAILABLE} if a table lost all its rows there, which has to be taken in first
     */
    public Beyond beyond() {
        List<EpochManifest> manifests = log.after(silver.epoch(), Integer.MAX_VALUE);
        Map<String, Long> held = new HashMap<>();
        for (EpochManifest manifest : manifests) {
            for (Entry<String, EpochManifest.TableSlice> slice :
                    manifest.tables().entrySet()) {
                if (slice.getValue().truncated()) {
                    throw new LakeException(
                            LakeException.Kind.UNAVAILABLE,
                            "epoch " + manifest.epoch() + " replaces all rows of " + slice.getKey()
                                    + ", and silver does not hold it yet: ask again in a moment, or without --live");
                }
                held.put(slice.getKey(), silver.epoch());
            }
        }
        Map<String, StoppedTable> stopped = silver.stopped();
        held.keySet().removeAll(stopped.keySet());
        return manifests.isEmpty()
                ? new Beyond(new AskedState.Live(Map.of(), silver.epoch()), silver.epoch(), silver.sourceCommittedAt())
                : new Beyond(
                        new AskedState.Live(
                                held, manifests.get(manifests.size() - 1).epoch()),
                        silver.epoch(),
                        manifests.get(manifests.size() - 1).lastCommittedAt());
    }

    /**
     * Silver with what bronze has beyond it.
     *
     * @param state to ask for
     * @param held the last epoch that silver holds
     * @param committedAt when the last transaction of the two was committed, by the source's clock
     */
    public record Beyond(AskedState.Live state, long held, Instant committedAt) {
        public Beyond {
            requireNonNull(state, "state");
            requireNonNull(committedAt, "committedAt");
        }
    }
}
