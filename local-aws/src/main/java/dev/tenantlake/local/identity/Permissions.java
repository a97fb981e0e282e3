package dev.tenantlake.local.identity;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.local.identity.PolicyDocument.Verdict;
import dev.tenantlake.local.wire.AwsFault;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Decides whether a caller may do something, as IAM does: a role may do what its policies allow and none of them denies.
 */
public final class Permissions {

    private static final PolicyDocument EVERYTHING = policy("*");
    private static final PolicyDocument DATA = policy("glue:*", "s3:*", "lakeformation:GetDataAccess");
    /** Reads all, and writes the views that an administrator makes by SQL; see GlueTables. */
    private static final PolicyDocument ENGINE = policy(
            "glue:Get*",
            "glue:BatchGet*",
            "glue:CreateTable",
            "glue:UpdateTable",
            "glue:DeleteTable",
            "s3:Get*",
            "s3:List*");

    private final Function<Caller.AssumedRole, List<PolicyDocument>> policies;

    /** @param policies the policies of a role: none if the role is gone */
    public Permissions(Function<Caller.AssumedRole, List<PolicyDocument>> policies) {
        this.policies = requireNonNull(policies, "policies");
    }

    public boolean allows(Caller caller, String action, String resource) {
        boolean allowed = false;
        for (PolicyDocument policy : policies(caller)) {
            Verdict verdict = policy.verdict(action, resource);
            if (verdict == Verdict.DENY) {
                return false;
            }
            allowed |= verdict == Verdict.ALLOW;
        }
        return allowed;
    }

    /** @throws AwsFault {@code AccessDeniedException} if the caller may not */
    public void require(Caller caller, String action, String resource) {
        if (!allows(caller, action, resource)) {
            throw new AwsFault(400, "AccessDeniedException", refusal(caller, action, resource), Map.of());
        }
    }

    /** What a caller is told who may not do something. */
    public static String refusal(Caller caller, String action, String resource) {
        return refusal(caller.arn(), action, resource);
    }

    /** What somebody is told, by the ARN, who may not do something. */
    public static String refusal(String arn, String action, String resource) {
        return "User: " + arn + " is not authorized to perform: " + action + " on resource: " + resource;
    }

    private List<PolicyDocument> policies(Caller caller) {
        if (caller instanceof Caller.AssumedRole role) {
            return policies.apply(role);
        }
        return List.of(
                switch ((Caller.User) caller) {
                    case ADMIN -> EVERYTHING;
                    case PIPELINE -> DATA;
                    case QUERY_ENGINE -> ENGINE;
                });
    }

    private static PolicyDocument policy(String... actions) {
        return PolicyDocument.parse("{\"Statement\":{\"Effect\":\"Allow\",\"Action\":[\""
                + String.join("\",\"", actions) + "\"],\"Resource\":\"*\"}}");
    }
}
