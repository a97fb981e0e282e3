package dev.tenantlake.local.engine;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where the query engine keeps its files, and what it reads from.
 *
 * @param dataDirectory of {@code local-aws}; the engine uses {@code trino} in it, and nothing else
 * @param cacheDirectory where Trino is kept, shared by all data directories and clones
 * @param awsEndpoint where Glue answers
 * @param s3Endpoint where S3 answers
 * @param region the AWS region of both
 * @param accessKeyId the key with which the engine itself reads Glue and S3, whoever asks
 * @param secretAccessKey its secret
 * @param environment the variables of the process, in which a JDK for Trino is looked for
 */
public record EngineConfig(
        Path dataDirectory,
        Path cacheDirectory,
        URI awsEndpoint,
        URI s3Endpoint,
        String region,
        String accessKeyId,
        String secretAccessKey,
        Map<String, String> environment) {

    public EngineConfig {
        dataDirectory = dataDirectory.toAbsolutePath();
        cacheDirectory = cacheDirectory.toAbsolutePath();
        requireNonNull(awsEndpoint, "awsEndpoint");
        requireNonNull(s3Endpoint, "s3Endpoint");
        requireNonNull(region, "region");
        requireNonNull(accessKeyId, "accessKeyId");
        requireNonNull(secretAccessKey, "secretAccessKey");
        environment = Map.copyOf(environment);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "EngineConfig[dataDirectory=" + dataDirectory + ", cacheDirectory=" + cacheDirectory + ", awsEndpoint="
                + awsEndpoint + ", s3Endpoint=" + s3Endpoint + ", region=" + region + "]";
    }
}
