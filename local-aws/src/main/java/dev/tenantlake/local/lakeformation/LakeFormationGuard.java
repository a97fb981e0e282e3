package dev.tenantlake.local.lakeformation;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.local.identity.Caller;
import dev.tenantlake.local.identity.Permissions;
import dev.tenantlake.local.wire.AwsFault;

/** Who may ask and change what Lake Formation holds: its administrators, as far as IAM lets them. */
final class LakeFormationGuard {

    private final LakeFormationAccess access;
    private final Permissions permissions;

    LakeFormationGuard(LakeFormationAccess access, Permissions permissions) {
        this.access = requireNonNull(access, "access");
        this.permissions = requireNonNull(permissions, "permissions");
    }

    /** @throws AwsFault {@code AccessDeniedException} if the caller may not */
    void require(Caller caller, String operation) {
        permissions.require(caller, "lakeformation:" + operation, "*");
        if (!access.isAdministrator(caller.principalArn())) {
            throw AwsFault.denied("Insufficient Lake Formation permission(s): " + operation
                    + " is for the data lake's administrators, and " + caller.arn() + " is none");
        }
    }
}
