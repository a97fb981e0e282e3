package dev.tenantlake.query.grants;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.Principal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AttachedPolicy;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.iam.model.Role;

/**
 * The IAM roles of the analysts. A role without its policy may do nothing at all, whatever Lake Formation has granted to
 * it: the policy is what is given last and taken first.
 */
final class AnalystRoles {

    private static final String POLICY = "tenantlake-analyst";

    private final IamClient iam;
    private final AnalystPolicies policies;
    private final Optional<String> permissionsBoundary;
    private final ChangeLog changes;

    /**
     * The roles of an account.
     *
     * @param permissionsBoundary the ARN of the policy that a new role is bounded by, if there is to be one
     */
    AnalystRoles(IamClient iam, AnalystPolicies policies, Optional<String> permissionsBoundary, ChangeLog changes) {
        this.iam = requireNonNull(iam, "iam");
        this.policies = requireNonNull(policies, "policies");
        this.permissionsBoundary = requireNonNull(permissionsBoundary, "permissionsBoundary");
        this.changes = requireNonNull(changes, "changes");
    }

    /**
     * A role that has the name of an analyst's.
     *
     * @param name the role's name
     * @param arn its ARN
     * @param tenantId the tenant for whom it was made; empty if it is not ours
     * @param trust its trust policy as JSON
     */
    record Existing(String name, String arn, OptionalLong tenantId, String trust) {

        String slug() {
            return name.substring(AnalystNames.ROLE_PREFIX.length());
        }
    }

    /** The roles that there are, by slug. */
    Map<String, Existing> existing() {
        return iam.listRolesPaginator().roles().stream()
                .filter(role -> role.roleName().startsWith(AnalystNames.ROLE_PREFIX))
                .map(AnalystRoles::existing)
                .collect(Collectors.toMap(Existing::slug, Function.identity()));
    }

    /** Makes a role that may do nothing yet. */
    Existing create(Principal.Analyst analyst, long tenantId) {
        Role role = iam.createRole(create -> create.roleName(analyst.roleName())
                        .description(AnalystNames.mark(tenantId))
                        .assumeRolePolicyDocument(policies.trust().json())
                        .permissionsBoundary(permissionsBoundary.orElse(null)))
                .role();
        changes.changed(Change.Action.CREATED, Change.Kind.ROLE, analyst.roleName());
        return existing(role);
    }

    /** Gives a role the trust policy that it is to have, unless it has it. */
    void ensureTrust(Existing role) {
        PolicyDocument wanted = policies.trust();
        if (wanted.isSame(role.trust())) {
            changes.kept();
            return;
        }
        iam.updateAssumeRolePolicy(update -> update.roleName(role.name()).policyDocument(wanted.json()));
        changes.changed(Change.Action.UPDATED, Change.Kind.ROLE, role.name());
    }

    /** The policy of a role as JSON, if it has it. */
    Optional<String> policy(Principal.Analyst analyst) {
        try {
            return Optional.of(decoded(
                    iam.getRolePolicy(get -> get.roleName(analyst.roleName()).policyName(POLICY))
                            .policyDocument()));
        } catch (NoSuchEntityException e) {
            return Optional.empty();
        }
    }

    /** Gives a role the policy that it is to have, unless it has it. */
    void ensurePolicy(Principal.Analyst analyst, Optional<String> present) {
        PolicyDocument wanted = policies.access(analyst);
        if (present.isPresent() && wanted.isSame(present.get())) {
            changes.kept();
            return;
        }
        iam.putRolePolicy(
                put -> put.roleName(analyst.roleName()).policyName(POLICY).policyDocument(wanted.json()));
        changes.changed(
                present.isPresent() ? Change.Action.UPDATED : Change.Action.CREATED,
                Change.Kind.POLICY,
                analyst.roleName());
    }

    /** Takes from a role all that it may do. */
    void disarm(Existing role) {
        for (String policy : iam.listRolePoliciesPaginator(list -> list.roleName(role.name()))
                .policyNames()) {
            iam.deleteRolePolicy(delete -> delete.roleName(role.name()).policyName(policy));
            changes.changed(Change.Action.REMOVED, Change.Kind.POLICY, role.name());
        }
        for (AttachedPolicy policy : iam.listAttachedRolePoliciesPaginator(list -> list.roleName(role.name()))
                .attachedPolicies()) {
            iam.detachRolePolicy(detach -> detach.roleName(role.name()).policyArn(policy.policyArn()));
            changes.changed(Change.Action.REMOVED, Change.Kind.POLICY, role.name() + " " + policy.policyName());
        }
    }

    /** Removes a role that was disarmed. */
    void remove(Existing role) {
        iam.deleteRole(delete -> delete.roleName(role.name()));
        changes.changed(Change.Action.REMOVED, Change.Kind.ROLE, role.name());
    }

    private static Existing existing(Role role) {
        return new Existing(
                role.roleName(),
                role.arn(),
                AnalystNames.markedTenant(role.description()),
                decoded(role.assumeRolePolicyDocument()));
    }

    /** IAM gives documents in the encoding of a URL, in which a plus sign stands for itself. */
    private static String decoded(String document) {
        return document == null ? "" : URLDecoder.decode(document.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
