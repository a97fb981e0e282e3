package dev.tenantlake.local.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenantlake.local.identity.AccessKey;
import dev.tenantlake.local.identity.Caller;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With the requests and signatures of AWS' published test suite for Signature Version 4. */
class SignatureVerifierTest {

    private static final Instant SIGNED_AT = Instant.parse("2015-08-30T12:36:00Z");
    private static final AccessKey KEY =
            AccessKey.of(Caller.User.ADMIN, "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    private static final String GET_VANILLA = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";

    private final SignatureVerifier verifier = verifierAt(SIGNED_AT);

    @ParameterizedTest
    @CsvSource({
        "GET, '', 5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
        "POST, '', 5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
        "GET, Param1=value1, a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb",
        "GET, Param2=value2&Param1=value1, b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
    })
    void acceptsThePublishedRequests(String method, String query, String signature) {
        AwsRequest request = new AwsRequest(method, "/", query, headers("host;x-amz-date", signature), new byte[0]);

        assertThat(verifier.verify(request, "service").caller()).isEqualTo(Caller.User.ADMIN);
    }

    @Test
    void trimsAndCollapsesTheValuesOfHeaders() {
        Map<String, List<String>> headers = headers(
                "host;my-header1;my-header2;x-amz-date",
                "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736");
        headers.put("my-header1", List.of(" value1"));
        headers.put("my-header2", List.of(" \"a   b   c\""));

        verifier.verify(new AwsRequest("GET", "/", "", headers, new byte[0]), "service");
    }

    @Test
    void signsTheBody() {
        Map<String, List<String>> headers = headers(
                "content-type;host;x-amz-date", "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a");
        headers.put("content-type", List.of("application/x-www-form-urlencoded"));

        verifier.verify(new AwsRequest("POST", "/", "", headers, "Param1=value1".getBytes(UTF_8)), "service");

        assertRefused(
                new AwsRequest("POST", "/", "", headers, "Param1=value2".getBytes(UTF_8)), "SignatureDoesNotMatch");
    }

    @ParameterizedTest
    @CsvSource({"/./, /", "/example/.., /", "//, /", "/./example, /example"})
    void normalisesThePath(String path, String normalised) {
        Map<String, List<String>> headers = headers("host;x-amz-date", GET_VANILLA);
        String canonical = CanonicalRequest.of(new AwsRequest("GET", path, "", headers, new byte[0]), List.of("host"));

        assertThat(canonical.lines().toList().get(1)).isEqualTo(normalised);
    }

    @Test
    void refusesARequestWithoutASignature() {
        assertRefused(
                new AwsRequest("GET", "/", "", Map.of("host", List.of("example.amazonaws.com")), new byte[0]),
                "MissingAuthenticationToken");
    }

    @Test
    void refusesAnAuthorizationOfAnotherForm() {
        Map<String, List<String>> headers = headers("host;x-amz-date", GET_VANILLA);
        headers.put("authorization", List.of("Basic YWRtaW46YWRtaW4="));

        assertRefused(new AwsRequest("GET", "/", "", headers, new byte[0]), "IncompleteSignature");
    }

    @Test
    void refusesAnUnknownKey() {
        Map<String, List<String>> headers = headers("host;x-amz-date", GET_VANILLA);
        headers.put(
                "authorization", List.of(headers.get("authorization").get(0).replace("AKIDEXAMPLE", "AKIDANOTHER")));

        assertRefused(new AwsRequest("GET", "/", "", headers, new byte[0]), "InvalidClientTokenId");
    }

    @Test
    void refusesAnotherSignature() {
        assertRefused(vanilla(GET_VANILLA.replace('5', '6')), "SignatureDoesNotMatch");
    }

    @ParameterizedTest
    @CsvSource({"-901", "901"})
    void refusesARequestThatIsNotOfNow(int seconds) {
        assertRefused(verifierAt(SIGNED_AT.plusSeconds(seconds)), vanilla(GET_VANILLA), "service", "RequestExpired");
    }

    @ParameterizedTest
    @CsvSource({"-899", "899"})
    void allowsForClocksThatDiffer(int seconds) {
        assertThat(verifierAt(SIGNED_AT.plusSeconds(seconds)).verify(vanilla(GET_VANILLA), "service"))
                .isEqualTo(KEY);
    }

    @Test
    void refusesASignatureForAnotherService() {
        assertRefused(verifier, vanilla(GET_VANILLA), "glue", "SignatureDoesNotMatch");
    }

    @Test
    void refusesASignatureForAnotherRegion() {
        SignatureVerifier elsewhere =
                new SignatureVerifier(id -> Optional.of(KEY), "eu-west-1", Clock.fixed(SIGNED_AT, ZoneOffset.UTC));

        assertRefused(elsewhere, vanilla(GET_VANILLA), "service", "SignatureDoesNotMatch");
    }

    @Test
    void refusesAHeaderOfAwsThatIsNotSigned() {
        Map<String, List<String>> headers = headers("host;x-amz-date", GET_VANILLA);
        headers.put("x-amz-target", List.of("AWSGlue.DeleteTable"));

        assertRefused(new AwsRequest("GET", "/", "", headers, new byte[0]), "SignatureDoesNotMatch");
    }

    @Test
    void refusesABodyThatIsNotTheOneThatIsNamed() {
        Map<String, List<String>> headers = headers("host;x-amz-content-sha256;x-amz-date", GET_VANILLA);
        headers.put("x-amz-content-sha256", List.of("UNSIGNED-PAYLOAD"));

        assertRefused(new AwsRequest("GET", "/", "", headers, new byte[0]), "SignatureDoesNotMatch");
    }

    @Test
    void refusesASessionsKeyWithoutItsToken() {
        AccessKey session = session(SIGNED_AT.plus(Duration.ofHours(1)));
        SignatureVerifier ofSession =
                new SignatureVerifier(id -> Optional.of(session), "us-east-1", Clock.fixed(SIGNED_AT, ZoneOffset.UTC));

        assertRefused(ofSession, vanilla(GET_VANILLA), "service", "InvalidClientTokenId");
    }

    @Test
    void refusesASessionThatHasEnded() {
        AccessKey session = session(SIGNED_AT);
        Map<String, List<String>> headers = headers("host;x-amz-date;x-amz-security-token", GET_VANILLA);
        headers.put("x-amz-security-token", List.of(session.sessionToken().orElseThrow()));
        SignatureVerifier ofSession =
                new SignatureVerifier(id -> Optional.of(session), "us-east-1", Clock.fixed(SIGNED_AT, ZoneOffset.UTC));

        assertRefused(ofSession, new AwsRequest("GET", "/", "", headers, new byte[0]), "service", "ExpiredToken");
    }

    private static AccessKey session(Instant expires) {
        return new AccessKey(
                KEY.id(),
                KEY.secret(),
                Optional.of("token"),
                Optional.of(expires),
                new Caller.AssumedRole("analyst", "/", "AROAEXAMPLE", "test"));
    }

    private void assertRefused(AwsRequest request, String code) {
        assertRefused(verifier, request, "service", code);
    }

    private static void assertRefused(SignatureVerifier verifier, AwsRequest request, String service, String code) {
        assertThatThrownBy(() -> verifier.verify(request, service)).isInstanceOfSatisfying(AwsFault.class, fault -> {
            assertThat(fault.code()).isEqualTo(code);
            assertThat(fault.status()).isEqualTo(403);
        });
    }

    private static AwsRequest vanilla(String signature) {
        return new AwsRequest("GET", "/", "", headers("host;x-amz-date", signature), new byte[0]);
    }

    private static Map<String, List<String>> headers(String signed, String signature) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        headers.put("host", List.of("example.amazonaws.com"));
        headers.put("x-amz-date", List.of("20150830T123600Z"));
        headers.put(
                "authorization",
                List.of(
                        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders="
                                + signed + ", Signature=" + signature));
        return headers;
    }

    private static SignatureVerifier verifierAt(Instant now) {
        Map<String, AccessKey> keys = new HashMap<>(Map.of(KEY.id(), KEY));
        return new SignatureVerifier(
                id -> Optional.ofNullable(keys.get(id)), "us-east-1", Clock.fixed(now, ZoneOffset.UTC));
    }
}
