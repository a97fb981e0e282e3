package dev.tenantlake.model;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Optional;

/**
 * Which lake, and where its services answer. An endpoint and credentials are all that differ between a laptop and AWS:
 * without the endpoints, the SDK finds AWS' own. Credentials come from the SDK's standard chain and are not held here.
 *
 * @param bucket the lake's bucket: {@value #BUCKET}, {@code tenantlake} unless set
 * @param region the AWS region: {@value #REGION}, {@code us-east-1} unless set
 * @param endpoint where all services but S3 answer: {@value #ENDPOINT}
 * @param s3Endpoint where S3 answers: {@value #S3_ENDPOINT}, else as {@code endpoint}
 */
public record LakeConfig(String bucket, String region, Optional<URI> endpoint, Optional<URI> s3Endpoint) {

    public static final String BUCKET = "TENANTLAKE_BUCKET";
    public static final String REGION = "AWS_REGION";
    public static final String ENDPOINT = "AWS_ENDPOINT_URL";
    public static final String S3_ENDPOINT = "AWS_ENDPOINT_URL_S3";

    public LakeConfig {
        requireNonNull(bucket, "bucket");
        requireNonNull(region, "region");
        requireNonNull(endpoint, "endpoint");
        requireNonNull(s3Endpoint, "s3Endpoint");
    }

    /** The configuration that the process's environment gives. */
    public static LakeConfig fromEnvironment() {
        return from(System.getenv());
    }

    /**
     * The configuration that these variables give.
     *
     * @throws LakeException of kind {@code WRONG_USAGE} if one of them has a value that cannot be used
     */
    public static LakeConfig from(Map<String, String> environment) {
        Optional<URI> endpoint = address(environment, ENDPOINT);
        return new LakeConfig(
                setting(environment, BUCKET).orElse("tenantlake"),
                setting(environment, REGION).orElse("us-east-1"),
                endpoint,
                address(environment, S3_ENDPOINT).or(() -> endpoint));
    }

    public LakeLayout layout() {
        return new LakeLayout(bucket);
    }

    private static Optional<String> setting(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    private static Optional<URI> address(Map<String, String> environment, String name) {
        return setting(environment, name).map(value -> {
            try {
                URI uri = new URI(value);
                if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                    return uri;
                }
            } catch (URISyntaxException e) {
                // Said below, in our words.
            }
            throw new LakeException(
                    LakeException.Kind.WRONG_USAGE,
                    name + " is '" + value + "': expected an http or https address such as http://127.0.0.1:4870");
        });
    }
}
