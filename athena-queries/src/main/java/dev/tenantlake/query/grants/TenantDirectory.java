package dev.tenantlake.query.grants;

import java.util.List;

/** Says which tenants there are. */
@FunctionalInterface
public interface TenantDirectory {

    /** All tenants that there are now; none if it is known that there are none. */
    List<Tenant> tenants();
}
