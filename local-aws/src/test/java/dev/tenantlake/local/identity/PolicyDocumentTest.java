package dev.tenantlake.local.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenantlake.local.identity.PolicyDocument.Verdict;
import dev.tenantlake.local.wire.AwsFault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyDocumentTest {

    private static final PolicyDocument POLICY = PolicyDocument.parse("""
            {"Version": "2012-10-17", "Statement": [
              {"Effect": "Allow", "Action": ["s3:Get*", "athena:StartQueryExecution"],
                "Resource": ["arn:aws:s3:::lake/results/a?/*", "arn:aws:athena:*:*:workgroup/one"]},
              {"Sid": "no", "Effect": "Deny", "Action": "s3:*", "Resource": "*secret*"}]}""");

    @ParameterizedTest
    @CsvSource({
        "s3:GetObject, arn:aws:s3:::lake/results/a1/x/y, ALLOW",
        "S3:GETOBJECT, arn:aws:s3:::lake/results/a1/, ALLOW",
        "s3:GetObject, arn:aws:s3:::lake/results/a1, SILENT",
        "s3:GetObject, arn:aws:s3:::lake/results/a/x, SILENT",
        "s3:GetObject, arn:aws:s3:::LAKE/results/a1/x, SILENT",
        "s3:PutObject, arn:aws:s3:::lake/results/a1/x, SILENT",
        "s3:GetObject, arn:aws:s3:::lake/results/a1/secret, DENY",
        "athena:StartQueryExecution, arn:aws:athena:us-east-1:000000000000:workgroup/one, ALLOW",
        "athena:StartQueryExecution, arn:aws:athena:us-east-1:000000000000:workgroup/one-more, SILENT",
        "xs3:GetObject, arn:aws:s3:::lake/results/a1/x, SILENT",
    })
    void says(String action, String resource, Verdict verdict) {
        assertThat(POLICY.verdict(action, resource)).isEqualTo(verdict);
    }

    @Test
    void takesAStatementWithoutItsList() {
        PolicyDocument policy =
                PolicyDocument.parse("{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}}");

        assertThat(policy.verdict("glue:GetTable", "anything")).isEqualTo(Verdict.ALLOW);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no json",
                "[]",
                "{}",
                "{\"Statement\": []}",
                "{\"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"*\"}]}",
                "{\"Statement\": [{\"Effect\": \"Maybe\", \"Action\": \"*\", \"Resource\": \"*\"}]}",
                "{\"Version\": \"2008-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\"}]}",
            })
    void refusesWhatIsNoPolicy(String json) {
        assertMalformed(json);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"Condition\": {\"StringLike\": {\"s3:prefix\": \"a/*\"}}",
                "\"NotAction\": \"s3:*\"",
                "\"NotResource\": \"*\"",
                "\"Principal\": \"*\"",
            })
    void refusesWhatItWouldHaveToPassOver(String member) {
        assertMalformed("{\"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"s3:*\", \"Resource\": \"*\", " + member
                + "}]}");
    }

    private static void assertMalformed(String json) {
        assertThatThrownBy(() -> PolicyDocument.parse(json))
                .isInstanceOfSatisfying(
                        AwsFault.class, fault -> assertThat(fault.code()).isEqualTo("MalformedPolicyDocument"));
    }
}
