package dev.tenantlake.local.s3;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An object or a prefix in S3, {@code s3://bucket/key}. */
public record S3Location(String bucket, String key) {

    private static final Pattern FORM =
            Pattern.compile("s3://(?<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(?<key>.*))?");

    public S3Location {
        requireNonNull(bucket, "bucket");
        requireNonNull(key, "key");
    }

    /** The location that a text spells, or empty if it spells none. */
    public static Optional<S3Location> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String key = matcher.group("key");
        return Optional.of(new S3Location(matcher.group("bucket"), key == null ? "" : key));
    }

    /** What lies below it under a name. */
    public S3Location resolve(String name) {
        return new S3Location(bucket, key.isEmpty() || key.endsWith("/") ? key + name : key + "/" + name);
    }

    /** The same location with something appended to its key. */
    public S3Location plus(String suffix) {
        return new S3Location(bucket, key + suffix);
    }

    /** As IAM's policies name it. */
    public String arn() {
        return "arn:aws:s3:::" + bucket + "/" + key;
    }

    @Override
    public String toString() {
        return "s3://" + bucket + "/" + key;
    }
}
