package dev.tenantlake.query.grants;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.tenantlake.model.LakeJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * An IAM policy: what it allows, and nothing else.
 *
 * @param statements each allows some actions on some resources
 */
record PolicyDocument(@JsonProperty("Statement") List<Statement> statements) {

    PolicyDocument {
        statements = List.copyOf(statements);
    }

    @JsonProperty("Version")
    String version() {
        return "2012-10-17";
    }

    /** A statement that allows. */
    record Statement(
            @JsonProperty("Sid") String id,
            @JsonProperty("Effect") String effect,

            @JsonProperty("Principal") @JsonInclude(JsonInclude.Include.NON_EMPTY)
            Map<String, List<String>> principals,

            @JsonProperty("Action") List<String> actions,

            @JsonProperty("Resource") @JsonInclude(JsonInclude.Include.NON_EMPTY)
            List<String> resources) {

        Statement {
            principals = Map.copyOf(principals);
            actions = List.copyOf(actions);
            resources = List.copyOf(resources);
        }

        /** Allows the role that has the policy these actions on these resources. */
        static Statement allow(String id, List<String> actions, List<String> resources) {
            return new Statement(id, "Allow", Map.of(), actions, resources);
        }

        /** Allows these principals this action on the role that has the policy. */
        static Statement allowPrincipals(String id, List<String> arns, String action) {
            return new Statement(id, "Allow", Map.of("AWS", arns), List.of(action), List.of());
        }
    }

    String json() {
        return new String(LakeJson.bytes(this), StandardCharsets.UTF_8);
    }

    /** Whether a document that IAM gave says the same. */
    boolean isSame(String json) {
        try {
            return LakeJson.mapper().readTree(json).equals(LakeJson.mapper().readTree(json()));
        } catch (JsonProcessingException e) {
            return false;
        }
    }
}
