package dev.tenantlake.query.grants;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenantlake.model.LakeJson;
import dev.tenantlake.model.LakeLayout;
import dev.tenantlake.model.Principal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnalystPoliciesTest {

    private static final Account ACCOUNT = new Account("aws", "123456789012", "eu-west-1");

    private final AnalystPolicies policies = new AnalystPolicies(ACCOUNT, new LakeLayout("lake"), List.of());

    @Test
    void letsAnAnalystUseOneWorkgroupAndOneResultsPrefix() throws IOException {
        JsonNode document = LakeJson.mapper()
                .readTree(policies.access(new Principal.Analyst("acme")).json());
        assertThat(document.get("Version").textValue()).isEqualTo("2012-10-17");
        assertThat(resources(document, "athena:StartQueryExecution"))
                .containsExactly("arn:aws:athena:eu-west-1:123456789012:workgroup/tenantlake-acme");
        assertThat(resources(document, "s3:GetObject"))
                .containsExactly("arn:aws:s3:::lake/athena-results/tenantlake-acme/*");
        assertThat(resources(document, "s3:PutObject"))
                .containsExactly("arn:aws:s3:::lake/athena-results/tenantlake-acme/*");
        assertThat(resources(document, "lakeformation:GetDataAccess")).containsExactly("*");
    }

    @Test
    void letsAnAnalystReadTheCatalogOfTheLayersAndNoOther() throws IOException {
        JsonNode document = LakeJson.mapper()
                .readTree(policies.access(new Principal.Analyst("acme")).json());
        assertThat(resources(document, "glue:GetTable"))
                .containsExactlyInAnyOrder(
                        "arn:aws:glue:eu-west-1:123456789012:catalog",
                        "arn:aws:glue:eu-west-1:123456789012:database/bronze",
                        "arn:aws:glue:eu-west-1:123456789012:table/bronze/*",
                        "arn:aws:glue:eu-west-1:123456789012:database/silver",
                        "arn:aws:glue:eu-west-1:123456789012:table/silver/*",
                        "arn:aws:glue:eu-west-1:123456789012:database/gold",
                        "arn:aws:glue:eu-west-1:123456789012:table/gold/*");
    }

    @Test
    void allowsNoActionByAWildcardAndNoneThatChangesTheLake() throws IOException {
        JsonNode document = LakeJson.mapper()
                .readTree(policies.access(new Principal.Analyst("acme")).json());
        List<String> actions = new ArrayList<>();
        for (JsonNode statement : document.get("Statement")) {
            assertThat(statement.get("Effect").textValue()).isEqualTo("Allow");
            assertThat(statement.has("Principal")).isFalse();
            statement.get("Action").forEach(action -> actions.add(action.textValue()));
        }
        assertThat(actions)
                .doesNotHaveDuplicates()
                .noneMatch(action -> action.contains("*"))
                .noneMatch(
                        action -> action.matches("(glue|lakeformation|athena|iam):(Create|Update|Delete|Put|Grant).*"))
                .doesNotContain("s3:ListBucket", "s3:DeleteObject", "sts:AssumeRole");
    }

    @Test
    void isAssumedByTheAccountsOwnOrByWhoIsNamed() throws IOException {
        assertThat(LakeJson.mapper().readTree(policies.trust().json()))
                .isEqualTo(LakeJson.mapper().readTree("""
                {"Version":"2012-10-17","Statement":[{"Sid":"Assume","Effect":"Allow",
                "Principal":{"AWS":["arn:aws:iam::123456789012:root"]},"Action":["sts:AssumeRole"]}]}"""));
        AnalystPolicies named = new AnalystPolicies(
                ACCOUNT, new LakeLayout("lake"), List.of("arn:aws:iam::1:role/b", "arn:aws:iam::1:role/a"));
        assertThat(LakeJson.mapper()
                        .readTree(named.trust().json())
                        .at("/Statement/0/Principal/AWS")
                        .toString())
                .isEqualTo("[\"arn:aws:iam::1:role/a\",\"arn:aws:iam::1:role/b\"]");
    }

    @Test
    void isTheSameHoweverItIsWritten() {
        PolicyDocument trust = policies.trust();
        assertThat(trust.isSame(trust.json().replace("\":", "\" :\n "))).isTrue();
        assertThat(trust.isSame(trust.json().replace("Allow", "Deny"))).isFalse();
        assertThat(trust.isSame("not a document")).isFalse();
        assertThat(trust.isSame("")).isFalse();
    }

    private static List<String> resources(JsonNode document, String action) {
        List<String> resources = new ArrayList<>();
        for (JsonNode statement : document.get("Statement")) {
            for (JsonNode allowed : statement.get("Action")) {
                if (allowed.textValue().equals(action)) {
                    statement.get("Resource").forEach(resource -> resources.add(resource.textValue()));
                }
            }
        }
        return resources;
    }
}
