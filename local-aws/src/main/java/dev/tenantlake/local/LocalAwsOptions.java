package dev.tenantlake.local;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * How local-aws is to be run.
 *
 * @param dataDirectory what it keeps everything in
 * @param port of the AWS services; S3's and Postgres' follow it; 0 for any that are free
 * @param bucket the lake's bucket, made if it is not there
 * @param queryEngine whether to start the query engine behind Athena
 * @param durable whether Postgres' commits are to survive the machine going down
 * @param cacheDirectory where unpacked programs lie
 */
public record LocalAwsOptions(
        Path dataDirectory, int port, String bucket, boolean queryEngine, boolean durable, Path cacheDirectory) {

    public LocalAwsOptions {
        requireNonNull(dataDirectory, "dataDirectory");
        requireNonNull(bucket, "bucket");
        requireNonNull(cacheDirectory, "cacheDirectory");
    }
}
