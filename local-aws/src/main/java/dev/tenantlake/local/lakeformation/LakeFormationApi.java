package dev.tenantlake.local.lakeformation;

import dev.tenantlake.local.glue.GlueCatalog;
import dev.tenantlake.local.identity.Permissions;
import dev.tenantlake.local.identity.Roles;
import dev.tenantlake.local.wire.AwsApi;
import dev.tenantlake.local.wire.JsonApi;
import dev.tenantlake.local.wire.JsonOperation;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;

/** Lake Formation: data cells filters, permissions by name, and the data lake's settings. */
public final class LakeFormationApi {

    private LakeFormationApi() {}

    /** The service's API. */
    public static AwsApi create(
            LakeFormationState state,
            LakeFormationAccess access,
            GlueCatalog catalog,
            Roles roles,
            Permissions permissions,
            Clock clock) {
        LakeFormationGuard guard = new LakeFormationGuard(access, permissions);
        Map<String, JsonOperation> operations = new HashMap<>();
        operations.putAll(new FilterOperations(state, catalog, guard).operations());
        operations.putAll(new GrantOperations(state, access, catalog, roles, guard, clock).operations());
        operations.putAll(new SettingsOperations(state, guard, clock).operations());
        return JsonApi.rest("lakeformation", "InvalidInputException", operations);
    }
}
