package dev.tenantlake.local.identity;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.tenantlake.local.wire.AwsFault;
import dev.tenantlake.model.LakeJson;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * An IAM policy that says what may be done with what. The parts of IAM's language that are not understood here, such as
 * conditions, are refused when the policy is stored: a part that is passed over would permit more than was meant.
 */
public final class PolicyDocument {

    private static final Set<String> DOCUMENT_MEMBERS = Set.of("Version", "Id", "Statement");
    private static final Set<String> STATEMENT_MEMBERS = Set.of("Sid", "Effect", "Action", "Resource");

    private final List<Statement> statements;

    private PolicyDocument(List<Statement> statements) {
        this.statements = List.copyOf(statements);
    }

    /**
     * Reads a policy.
     *
     * @throws AwsFault {@code MalformedPolicyDocument} if it is not one, or has parts that are not understood
     */
    public static PolicyDocument parse(String json) {
        List<Statement> statements = new ArrayList<>();
        for (JsonNode statement : statements(json, DOCUMENT_MEMBERS)) {
            requireMembers(statement, STATEMENT_MEMBERS);
            statements.add(new Statement(
                    effect(statement),
                    patterns(statement, "Action", Pattern.CASE_INSENSITIVE),
                    patterns(statement, "Resource", 0)));
        }
        return new PolicyDocument(statements);
    }

    /** What the policy says of an action on a resource. */
    public Verdict verdict(String action, String resource) {
        Verdict verdict = Verdict.SILENT;
        for (Statement statement : statements) {
            if (statement.covers(action, resource)) {
                if (statement.effect() == Verdict.DENY) {
                    return Verdict.DENY;
                }
                verdict = Verdict.ALLOW;
            }
        }
        return verdict;
    }

    /** The statements of a policy in JSON; one alone may stand without its list. */
    static List<JsonNode> statements(String json, Set<String> members) {
        JsonNode document;
        try {
            document = LakeJson.mapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw malformed("the policy is not JSON");
        }
        if (document == null || !document.isObject()) {
            throw malformed("the policy is not a JSON object");
        }
        requireMembers(document, members);
        if (document.has("Version") && !document.get("Version").asText().equals("2012-10-17")) {
            throw malformed("the policy's Version must be 2012-10-17");
        }
        JsonNode statement = document.get("Statement");
        List<JsonNode> statements = new ArrayList<>();
        if (statement != null && statement.isArray()) {
            statement.forEach(statements::add);
        } else if (statement != null) {
            statements.add(statement);
        }
        if (statements.isEmpty() || !statements.stream().allMatch(JsonNode::isObject)) {
            throw malformed("the policy has no Statement");
        }
        return statements;
    }

    static void requireMembers(JsonNode node, Set<String> members) {
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!members.contains(name)) {
                throw malformed("local-aws does not understand '" + name + "' in a policy, and passes over nothing;"
                        + " it understands " + members.stream().sorted().toList());
            }
        }
    }

    static Verdict effect(JsonNode statement) {
        return switch (statement.path("Effect").asText()) {
            case "Allow" -> Verdict.ALLOW;
            case "Deny" -> Verdict.DENY;
            default -> throw malformed("a statement's Effect must be Allow or Deny");
        };
    }

    /** The texts of a member that is a text or a list of texts. */
    static List<String> texts(JsonNode statement, String member) {
        JsonNode value = statement.path(member);
        List<String> texts = new ArrayList<>();
        if (value.isTextual()) {
            texts.add(value.asText());
        } else if (value.isArray()) {
            value.forEach(element -> texts.add(element.asText()));
        }
        if (texts.isEmpty() || texts.contains("")) {
            throw malformed("a statement's " + member + " must be a text or a list of texts");
        }
        return texts;
    }

    private static List<Pattern> patterns(JsonNode statement, String member, int flags) {
        return texts(statement, member).stream()
                .map(text -> wildcards(text, flags))
                .toList();
    }

    /** {@code *} stands for any characters, {@code ?} for any one. */
    private static Pattern wildcards(String text, int flags) {
        StringBuilder regex = new StringBuilder();
        for (char c : text.toCharArray()) {
            regex.append(
                    switch (c) {
                        case '*' -> ".*";
                        case '?' -> ".";
                        default -> Pattern.quote(String.valueOf(c));
                    });
        }
        return Pattern.compile(regex.toString(), flags | Pattern.DOTALL);
    }

    static AwsFault malformed(String message) {
        return AwsFault.of("MalformedPolicyDocument", message);
    }

    /** What a policy says of a request. */
    public enum Verdict {
        ALLOW,
        DENY,
        /** Nothing, so it is for others to allow. */
        SILENT;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private record Statement(Verdict effect, List<Pattern> actions, List<Pattern> resources) {
        Statement {
            requireNonNull(effect, "effect");
        }

        boolean covers(String action, String resource) {
            return actions.stream().anyMatch(pattern -> pattern.matcher(action).matches())
                    && resources.stream()
                            .anyMatch(pattern -> pattern.matcher(resource).matches());
        }
    }
}
