package dev.tenantlake.query.grants;

import static java.util.Objects.requireNonNull;

/**
 * A tenant as the lake's {@code tenants} table has it.
 *
 * @param id its id: what the rows of its data carry
 * @param slug its name in the names of roles and workgroups
 */
public record Tenant(long id, String slug) {

    public Tenant {
        requireNonNull(slug, "slug");
    }
}
