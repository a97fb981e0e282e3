package dev.tenantlake.model;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;

/**
 * For which tenants, and on which tables, the grants stand.
 *
 * @param tenantsEpoch the epoch of the last change to silver's {@code tenants} that they take into account
 * @param appliedAt when they were last brought in step, by the clock of who did
 * @param tables that they are given on, {@code database.table}, in alphabetical order
 * @param slugs of the tenants whose analysts have their grants, in alphabetical order
 */
public record GrantsPosition(long tenantsEpoch, Instant appliedAt, List<String> tables, List<String> slugs) {

    public GrantsPosition {
        requireNonNull(appliedAt, "appliedAt");
        tables = List.copyOf(tables);
        slugs = List.copyOf(slugs);
    }
}
