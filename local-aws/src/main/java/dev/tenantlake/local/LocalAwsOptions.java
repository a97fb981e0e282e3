package dev.tenantlake.local;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import java.nio.file.Path;
import java.util.regex.Pattern;

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

    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

    /** @throws LakeException of kind {@code WRONG_USAGE} if the bucket's name is none */
    public LocalAwsOptions {
        requireNonNull(dataDirectory, "dataDirectory");
        requireNonNull(bucket, "bucket");
        requireNonNull(cacheDirectory, "cacheDirectory");
        if (!BUCKET.matcher(bucket).matches()) {
            throw new LakeException(
                    LakeException.Kind.WRONG_USAGE,
                    "'" + bucket + "' is not a bucket's name: expected 3 to 63 lower-case letters, digits, dots and"
                            + " hyphens");
        }
    }
}
