package dev.tenantlake.local.identity;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenantlake.local.identity.PolicyDocument.Verdict;
import dev.tenantlake.local.wire.AwsFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A role's trust policy: who may assume it. As on AWS, a principal that is named may; the whole account being named, a
 * principal may whose own policies let it. Conditions are refused, as in {@link PolicyDocument}.
 */
final class TrustPolicy {

    private static final Set<String> DOCUMENT_MEMBERS = Set.of("Version", "Id", "Statement");
    private static final Set<String> STATEMENT_MEMBERS = Set.of("Sid", "Effect", "Action", "Principal");
    private static final Set<String> PRINCIPAL_MEMBERS = Set.of("AWS", "Service");
    private static final Set<String> WHOLE_ACCOUNT = Set.of("arn:aws:iam::" + Account.ID + ":root", Account.ID);
    private static final Pattern PRINCIPAL = Pattern.compile(
            "\\d{12}|arn:aws:iam::\\d{12}:(root|user/\\S+|role/\\S+)|arn:aws:sts::\\d{12}:assumed-role/\\S+");

    private final List<Statement> statements;

    private TrustPolicy(List<Statement> statements) {
        this.statements = List.copyOf(statements);
    }

    /** @throws AwsFault {@code MalformedPolicyDocument} if it is not one, or has parts that are not understood */
    static TrustPolicy parse(String json) {
        List<Statement> statements = new ArrayList<>();
        for (JsonNode statement : PolicyDocument.statements(json, DOCUMENT_MEMBERS)) {
            PolicyDocument.requireMembers(statement, STATEMENT_MEMBERS);
            boolean covers = PolicyDocument.texts(statement, "Action").stream()
                    .map(action -> action.toLowerCase(Locale.ROOT))
                    .anyMatch(action -> action.equals("sts:assumerole") || action.equals("sts:*"));
            if (!covers) {
                throw PolicyDocument.malformed("a trust policy's statement has no Action but sts:AssumeRole here");
            }
            statements.add(new Statement(PolicyDocument.effect(statement), principals(statement)));
        }
        return new TrustPolicy(statements);
    }

    /** Whether the caller may assume the role. */
    boolean admits(Caller caller, String roleArn, Permissions permissions) {
        boolean named = false;
        boolean account = false;
        for (Statement statement : statements) {
            boolean names = statement.names(caller);
            boolean namesAccount = statement.principals().stream().anyMatch(WHOLE_ACCOUNT::contains);
            if (statement.effect() == Verdict.DENY && (names || namesAccount)) {
                return false;
            }
            if (statement.effect() == Verdict.ALLOW) {
                named |= names;
                account |= namesAccount;
            }
        }
        return named || account && permissions.allows(caller, "sts:AssumeRole", roleArn);
    }

    private static List<String> principals(JsonNode statement) {
        JsonNode principal = statement.path("Principal");
        if (principal.isTextual() && principal.asText().equals("*")) {
            throw PolicyDocument.malformed("a trust policy that admits everybody is not to be had here");
        }
        if (!principal.isObject() || principal.isEmpty()) {
            throw PolicyDocument.malformed(
                    "a trust policy's statement needs a Principal, such as {\"AWS\": \"arn:…\"}");
        }
        PolicyDocument.requireMembers(principal, PRINCIPAL_MEMBERS);
        if (!principal.has("AWS")) {
            // A service of AWS, none of which assumes roles here.
            return List.of();
        }
        List<String> principals = PolicyDocument.texts(principal, "AWS");
        for (String text : principals) {
            if (!PRINCIPAL.matcher(text).matches() || text.contains("*")) {
                throw PolicyDocument.malformed("Invalid principal in policy: \"AWS\":\"" + text + "\"");
            }
        }
        return principals;
    }

    private record Statement(Verdict effect, List<String> principals) {
        boolean names(Caller caller) {
            return principals.contains(caller.principalArn()) || principals.contains(caller.arn());
        }
    }
}
