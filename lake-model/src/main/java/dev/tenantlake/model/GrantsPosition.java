package dev.tenantlake.model;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;

/**
 * For which tenants the grants stand.
 *
 * @param tenantsEpoch the epoch of the last change to silver's {@code tenants} that they take into account
 * @param appliedAt when they were last brought in step, by the clock of who did
 * @param slugs of the tenants whose analysts have their grants, in alphabetical order
 */
public record GrantsPosition(long tenantsEpoch, Instant appliedAt, List<String> slugs) {

    public GrantsPosition {
        requireNonNull(appliedAt, "appliedAt");
        slugs = List.copyOf(slugs);
    }
}
