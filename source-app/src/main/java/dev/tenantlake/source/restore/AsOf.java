package dev.tenantlake.source.restore;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;

/** Which earlier state is meant. */
sealed interface AsOf {

    /** The end of an epoch. */
    record OfEpoch(long number) implements AsOf {}

    /** All that had been committed by then, by the source's clock. */
    record OfInstant(Instant instant) implements AsOf {
        public OfInstant {
            requireNonNull(instant, "instant");
        }
    }

    /**
     * Reads an epoch's number, or an instant of ISO 8601 with its offset from UTC.
     *
     * @throws LakeException of kind {@code WRONG_USAGE} if it is neither
     */
    static AsOf parse(String text) {
        try {
            return text.matches("\\d{1,18}")
                    ? new OfEpoch(Long.parseLong(text))
                    : new OfInstant(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeParseException e) {
            throw new LakeException(
                    LakeException.Kind.WRONG_USAGE,
                    "--as-of is '" + text + "': expected an epoch's number such as 812, or an instant with its offset"
                            + " such as 2026-11-14T09:00:00Z",
                    e);
        }
    }
}
