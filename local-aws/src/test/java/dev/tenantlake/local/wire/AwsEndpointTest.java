package dev.tenantlake.local.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenantlake.local.AwsFixture;
import dev.tenantlake.local.identity.Caller;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;

/** What goes over the wire, by a client that is not the SDK's. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AwsEndpointTest {

    private static final String JSON = "application/x-amz-json-1.1";
    private static final String FORM = "application/x-www-form-urlencoded; charset=utf-8";

    private final HttpClient http = HttpClient.newHttpClient();
    private AwsFixture aws;

    @BeforeAll
    void start(@TempDir Path directory) {
        aws = new AwsFixture(directory);
    }

    @AfterAll
    void stop() {
        aws.close();
    }

    private HttpResponse<String> send(HttpRequest.Builder request, String body)
            throws IOException, InterruptedException {
        return http.send(
                request.POST(HttpRequest.BodyPublishers.ofString(body)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder unsigned(String path) {
        return HttpRequest.newBuilder(URI.create(aws.endpoint() + path));
    }

    private HttpRequest.Builder signed(String service, String path, String target, String body) {
        SdkHttpRequest.Builder request = SdkHttpRequest.builder()
                .uri(URI.create(aws.endpoint() + path))
                .method(SdkHttpMethod.POST)
                .putHeader("Content-Type", target.isEmpty() ? FORM : JSON);
        if (!target.isEmpty()) {
            request.putHeader("X-Amz-Target", target);
        }
        SdkHttpRequest signed = AwsV4HttpSigner.create()
                .sign(sign -> sign.identity(aws.credentials(Caller.User.ADMIN))
                        .request(request.build())
                        .payload(() -> new ByteArrayInputStream(body.getBytes(UTF_8)))
                        .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, service)
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "us-east-1"))
                .request();
        HttpRequest.Builder sent = HttpRequest.newBuilder(signed.getUri());
        signed.forEachHeader((name, values) -> {
            if (!name.equalsIgnoreCase("host")) {
                values.forEach(value -> sent.header(name, value));
            }
        });
        return sent;
    }

    @Test
    void answersASignedRequest() throws Exception {
        HttpResponse<String> json = send(signed("glue", "/", "AWSGlue.GetDatabases", "{}"), "{}");
        assertThat(json.statusCode()).isEqualTo(200);
        assertThat(json.headers().firstValue("Content-Type")).contains(JSON);
        assertThat(json.headers().firstValue("x-amzn-RequestId")).isPresent();
        assertThat(json.body()).contains("\"Name\":\"silver\"");

        String form = "Action=GetCallerIdentity&Version=2011-06-15";
        HttpResponse<String> xml = send(signed("sts", "/", "", form), form);
        assertThat(xml.statusCode()).isEqualTo(200);
        assertThat(xml.body())
                .contains("<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">")
                .contains("<Arn>arn:aws:iam::000000000000:user/admin</Arn>");
    }

    @Test
    void refusesARequestThatWasChangedAfterItWasSigned() throws Exception {
        HttpRequest.Builder signed = signed("glue", "/", "AWSGlue.GetDatabase", "{\"Name\":\"silver\"}");
        HttpResponse<String> otherBody = send(signed, "{\"Name\":\"gold\"}");
        assertThat(otherBody.statusCode()).isEqualTo(403);
        assertThat(otherBody.body()).contains("\"__type\":\"SignatureDoesNotMatch\"");

        HttpRequest.Builder otherTarget = signed("glue", "/", "AWSGlue.GetDatabase", "{\"Name\":\"silver\"}")
                .setHeader("X-Amz-Target", "AWSGlue.DeleteDatabase");
        assertThat(send(otherTarget, "{\"Name\":\"silver\"}").body()).contains("SignatureDoesNotMatch");

        HttpRequest.Builder otherQuery =
                signed("glue", "/", "AWSGlue.GetDatabases", "{}").uri(URI.create(aws.endpoint() + "/?a=b"));
        assertThat(send(otherQuery, "{}").body()).contains("SignatureDoesNotMatch");
    }

    @Test
    void refusesASignatureOfAnotherService() throws Exception {
        HttpResponse<String> response = send(signed("kms", "/", "AWSGlue.GetDatabases", "{}"), "{}");

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(response.body()).contains("SignatureDoesNotMatch");
    }

    @Test
    void refusesUnsignedRequestsInTheProtocolOfTheService() throws Exception {
        for (String target : List.of("AWSGlue.GetDatabases", "AmazonAthena.ListWorkGroups")) {
            HttpResponse<String> response =
                    send(unsigned("/").header("Content-Type", JSON).header("X-Amz-Target", target), "{}");
            assertThat(response.statusCode()).isEqualTo(403);
            assertThat(response.body()).contains("\"__type\":\"MissingAuthenticationToken\"");
        }
        HttpResponse<String> rest = send(unsigned("/ListPermissions"), "{}");
        assertThat(rest.statusCode()).isEqualTo(403);
        assertThat(rest.headers().firstValue("x-amzn-ErrorType")).contains("MissingAuthenticationToken");
        for (String action : List.of("GetCallerIdentity", "ListRoles")) {
            HttpResponse<String> response = send(unsigned("/").header("Content-Type", FORM), "Action=" + action);
            assertThat(response.statusCode()).isEqualTo(403);
            assertThat(response.body()).contains("<Code>MissingAuthenticationToken</Code>");
        }
        assertThat(send(unsigned("/anything"), "").statusCode()).isEqualTo(403);
    }

    @Test
    void refusesABodyThatIsNotOfTheProtocol() throws Exception {
        HttpResponse<String> response = send(signed("glue", "/", "AWSGlue.GetDatabases", "[1"), "[1");
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("SerializationException");

        String form = "Version=2011-06-15";
        assertThat(send(signed("sts", "/", "", form), form).body()).contains("<Code>MissingAction</Code>");
    }
}
