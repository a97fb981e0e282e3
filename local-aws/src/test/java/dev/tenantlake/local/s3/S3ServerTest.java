package dev.tenantlake.local.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenantlake.local.AwsFixture;
import dev.tenantlake.local.identity.Caller;
import dev.tenantlake.model.AwsClients;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class S3ServerTest {

    private static final String BUCKET = AwsFixture.BUCKET;
    private static final int PART = 5 << 20;

    @TempDir
    private static Path directory;

    private AwsFixture aws;
    private S3Client s3;

    @BeforeAll
    void start() {
        aws = new AwsFixture(directory);
        s3 = aws.pipeline().s3();
        aws.createRole("analyst-acme", AwsFixture.analystPolicy("tenantlake-acme"));
    }

    @AfterAll
    void stop() {
        aws.close();
    }

    private void put(S3Client as, String key, String content) {
        as.putObject(put -> put.bucket(BUCKET).key(key), RequestBody.fromString(content));
    }

    private String get(S3Client as, String key) {
        return as.getObjectAsBytes(get -> get.bucket(BUCKET).key(key)).asUtf8String();
    }

    private static void assertStatus(int status, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        e -> assertThat(e.statusCode()).as(e.getMessage()).isEqualTo(status));
    }

    @Test
    void keepsObjects() {
        put(s3, "kept/ä b+c%20.txt", "héllo");

        assertThat(get(s3, "kept/ä b+c%20.txt")).isEqualTo("héllo");
        assertThat(s3.headObject(head -> head.bucket(BUCKET).key("kept/ä b+c%20.txt"))
                        .contentLength())
                .isEqualTo(6);
        s3.deleteObject(delete -> delete.bucket(BUCKET).key("kept/ä b+c%20.txt"));
        assertThatThrownBy(() -> get(s3, "kept/ä b+c%20.txt")).isInstanceOf(NoSuchKeyException.class);
    }

    @Test
    void readsAPartOfAnObject() {
        put(s3, "ranged", "0123456789");

        assertThat(s3.getObjectAsBytes(get -> get.bucket(BUCKET).key("ranged").range("bytes=3-5"))
                        .asUtf8String())
                .isEqualTo("345");
    }

    @Test
    void putsAnObjectOnlyIfItIsNotThere() {
        s3.putObject(put -> put.bucket(BUCKET).key("manifest").ifNoneMatch("*"), RequestBody.fromString("first"));

        assertStatus(
                412,
                () -> s3.putObject(
                        put -> put.bucket(BUCKET).key("manifest").ifNoneMatch("*"), RequestBody.fromString("second")));
        assertThat(get(s3, "manifest")).isEqualTo("first");
    }

    @Test
    void takesLargeObjectsInParts() {
        byte[] content = new byte[2 * PART + 17];
        new Random(1).nextBytes(content);
        String upload = s3.createMultipartUpload(create -> create.bucket(BUCKET).key("large"))
                .uploadId();
        List<CompletedPart> parts = new ArrayList<>();
        for (int number = 1; number <= 3; number++) {
            int from = (number - 1) * PART;
            byte[] part = Arrays.copyOfRange(content, from, Math.min(content.length, from + PART));
            int partNumber = number;
            String tag = s3.uploadPart(
                            it -> it.bucket(BUCKET)
                                    .key("large")
                                    .uploadId(upload)
                                    .partNumber(partNumber),
                            RequestBody.fromBytes(part))
                    .eTag();
            parts.add(CompletedPart.builder().partNumber(number).eTag(tag).build());
        }
        s3.completeMultipartUpload(complete ->
                complete.bucket(BUCKET).key("large").uploadId(upload).multipartUpload(all -> all.parts(parts)));

        assertThat(s3.getObjectAsBytes(get -> get.bucket(BUCKET).key("large")).asByteArray())
                .isEqualTo(content);
    }

    @Test
    void checksWhatItIsGiven() {
        for (ChecksumAlgorithm algorithm :
                List.of(ChecksumAlgorithm.CRC32, ChecksumAlgorithm.CRC32_C, ChecksumAlgorithm.SHA256)) {
            s3.putObject(
                    put -> put.bucket(BUCKET).key("checked").checksumAlgorithm(algorithm),
                    RequestBody.fromString("content"));
            assertThat(get(s3, "checked")).isEqualTo("content");
        }
        assertStatus(
                400,
                () -> s3.putObject(
                        put -> put.bucket(BUCKET).key("checked").checksumCRC32("AAAAAA=="),
                        RequestBody.fromString("content")));
    }

    @Test
    void listsKeysInOrderFromAKeyOn() {
        for (int i = 0; i < 25; i++) {
            put(s3, String.format("listed/%02d.json", i), "x");
        }
        put(s3, "listed/sub/one", "x");

        assertThat(s3
                        .listObjectsV2Paginator(list -> list.bucket(BUCKET)
                                .prefix("listed/")
                                .startAfter("listed/09.json")
                                .maxKeys(4))
                        .contents()
                        .stream()
                        .map(S3Object::key))
                .hasSize(16)
                .startsWith("listed/10.json")
                .isSorted();
        assertThat(s3.listObjectsV2(
                                list -> list.bucket(BUCKET).prefix("listed/").delimiter("/"))
                        .commonPrefixes())
                .singleElement()
                .satisfies(prefix -> assertThat(prefix.prefix()).isEqualTo("listed/sub/"));
    }

    @Test
    void listsNoObjectThatIsStillBeingPut() throws Exception {
        put(s3, "whole/a.parquet", "whole");
        Path file;
        try (Stream<Path> files = Files.walk(directory)) {
            file = files.filter(path -> path.endsWith("whole/a.parquet"))
                    .findFirst()
                    .orElseThrow();
        }
        Files.writeString(file.resolveSibling("b.parquet-" + UUID.randomUUID()), "half");

        assertThat(s3.listObjectsV2(list -> list.bucket(BUCKET).prefix("whole/"))
                        .contents())
                .extracting(S3Object::key)
                .containsExactly("whole/a.parquet");
    }

    @Test
    void removesSeveralObjects() {
        put(s3, "several/1", "x");
        put(s3, "several/2", "x");
        s3.deleteObjects(delete -> delete.bucket(BUCKET)
                .delete(them -> them.objects(
                        ObjectIdentifier.builder().key("several/1").build(),
                        ObjectIdentifier.builder().key("several/2").build())));

        assertThat(s3.listObjectsV2(list -> list.bucket(BUCKET).prefix("several/"))
                        .contents())
                .isEmpty();
    }

    @Test
    void copiesObjects() {
        put(s3, "original", "content");
        s3.copyObject(copy -> copy.sourceBucket(BUCKET)
                .sourceKey("original")
                .destinationBucket(BUCKET)
                .destinationKey("copy"));

        assertThat(get(s3, "copy")).isEqualTo("content");
    }

    @Test
    void letsAnAnalystReachItsResultsAndNothingElse() {
        put(s3, "silver/orders/part.parquet", "secret");
        put(s3, "athena-results/tenantlake-acme/1.csv", "own");
        put(s3, "athena-results/tenantlake-acme-two/1.csv", "another's");
        S3Client analyst = aws.assume("analyst-acme").s3();

        assertThat(get(analyst, "athena-results/tenantlake-acme/1.csv")).isEqualTo("own");
        put(analyst, "athena-results/tenantlake-acme/2.csv", "more");
        assertThat(analyst.listObjectsV2(list -> list.bucket(BUCKET).prefix("athena-results/tenantlake-acme/"))
                        .contents())
                .hasSize(2);
        analyst.deleteObject(delete -> delete.bucket(BUCKET).key("athena-results/tenantlake-acme/2.csv"));

        assertStatus(403, () -> get(analyst, "silver/orders/part.parquet"));
        assertStatus(403, () -> get(analyst, "silver/missing"));
        assertStatus(403, () -> get(analyst, "athena-results/tenantlake-acme-two/1.csv"));
        assertStatus(403, () -> get(analyst, "athena-results/tenantlake-acme/../../silver/orders/part.parquet"));
        assertThatThrownBy(() -> put(analyst, "silver/orders/part.parquet", "x"))
                .isInstanceOf(SdkException.class);
        assertStatus(
                403, () -> analyst.deleteObject(delete -> delete.bucket(BUCKET).key("manifest")));
        assertStatus(
                403,
                () -> analyst.copyObject(copy -> copy.sourceBucket(BUCKET)
                        .sourceKey("silver/orders/part.parquet")
                        .destinationBucket(BUCKET)
                        .destinationKey("athena-results/tenantlake-acme/stolen")));
        assertStatus(
                403,
                () -> analyst.createMultipartUpload(
                        create -> create.bucket(BUCKET).key("silver/x")));
        for (String prefix : List.of("", "silver/", "athena-results/", "athena-results/tenantlake-acme")) {
            assertStatus(
                    403, () -> analyst.listObjectsV2(list -> list.bucket(BUCKET).prefix(prefix)));
            assertStatus(
                    403, () -> analyst.listObjects(list -> list.bucket(BUCKET).prefix(prefix)));
        }
        assertStatus(403, () -> analyst.listBuckets());
        assertStatus(403, () -> analyst.createBucket(create -> create.bucket("another")));
        assertStatus(403, () -> analyst.deleteBucket(delete -> delete.bucket(BUCKET)));
        assertStatus(403, () -> analyst.getBucketAcl(acl -> acl.bucket(BUCKET)));
        assertThat(analyst.deleteObjects(delete -> delete.bucket(BUCKET)
                                .delete(them -> them.objects(ObjectIdentifier.builder()
                                        .key("silver/orders/part.parquet")
                                        .build())))
                        .errors())
                .singleElement()
                .satisfies(error -> assertThat(error.code()).isEqualTo("AccessDenied"));
        assertThat(get(s3, "silver/orders/part.parquet")).isEqualTo("secret");
    }

    @Test
    void keepsObjectsInTheirBucket() throws IOException {
        for (String key : List.of("../outside", "a/../../outside", "../../outside", "a/../../../outside")) {
            assertThatThrownBy(() -> put(s3, key, "x")).as(key).isInstanceOf(S3Exception.class);
        }
        try (Stream<Path> files = Files.walk(directory)) {
            assertThat(files.filter(file -> file.endsWith("outside"))).isEmpty();
        }
    }

    @Test
    void letsTheQueryEngineReadAndNotWrite() {
        put(s3, "read/by/engine", "content");
        S3Client engine = aws.queryEngine().s3();

        assertThat(get(engine, "read/by/engine")).isEqualTo("content");
        assertThat(engine.listObjectsV2(list -> list.bucket(BUCKET).prefix("read/"))
                        .contents())
                .hasSize(1);
        assertThatThrownBy(() -> put(engine, "read/by/engine", "x")).isInstanceOf(SdkException.class);
        assertStatus(
                403, () -> engine.deleteObject(delete -> delete.bucket(BUCKET).key("read/by/engine")));
    }

    @Test
    void refusesWhatIsNotSignedRightly() throws Exception {
        put(s3, "private", "content");
        AwsCredentials pipeline = aws.credentials(Caller.User.PIPELINE);
        AwsClients wrong = aws.clients(AwsBasicCredentials.create(pipeline.accessKeyId(), "wrong"));
        AwsClients unknown = aws.clients(AwsBasicCredentials.create("AKIAUNKNOWN", "wrong"));
        S3Client nobody = S3Client.builder()
                .endpointOverride(aws.s3Endpoint())
                .region(Region.US_EAST_1)
                .httpClient(UrlConnectionHttpClient.create())
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .build();
        for (S3Client client : List.of(wrong.s3(), unknown.s3(), nobody)) {
            assertStatus(403, () -> get(client, "private"));
            // It may close the connection before the body is sent, which is then what the client says.
            assertThatThrownBy(() -> put(client, "private", "x")).isInstanceOf(SdkException.class);
            assertStatus(403, () -> client.listObjectsV2(list -> list.bucket(BUCKET)));
        }
        assertThat(get(s3, "private")).isEqualTo("content");
        nobody.close();
        assertThat(status("/tenantlake/private")).isEqualTo(403);
        assertThat(status("/tenantlake?list-type=2")).isEqualTo(403);
        assertThat(status("/")).isEqualTo(403);
    }

    private int status(String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(aws.s3Endpoint() + path))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
