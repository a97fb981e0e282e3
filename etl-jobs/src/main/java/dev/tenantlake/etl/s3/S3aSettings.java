package dev.tenantlake.etl.s3;

import dev.tenantlake.model.LakeConfig;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How Hadoop's S3 client is to reach the lake: as the AWS SDK does with the same configuration and the same chain of
 * credentials. The names are those of Hadoop 3.4's documentation of the S3A connector.
 */
public final class S3aSettings {

    private S3aSettings() {}

    /** Hadoop's settings, by name. */
    public static Map<String, String> of(LakeConfig config) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put(
                "fs.s3a.aws.credentials.provider",
                "software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider");
        settings.put("fs.s3a.endpoint.region", config.region());
        config.s3Endpoint().ifPresent(endpoint -> settings.putAll(at(endpoint)));

        settings.put("fs.s3a.impl", LakeS3FileSystem.class.getName());

        // Objects are never replaced but by the lake's own single writer, and a job retries by itself.
        settings.put("fs.s3a.change.detection.mode", "none");
        settings.put("fs.s3a.performance.flags", "*");
        // Files are small: to ask first whether one will be taken is one request more.
        settings.put("fs.s3a.connection.expect.continue", "false");
        settings.put("fs.s3a.attempts.maximum", "3");
        settings.put("fs.s3a.retry.limit", "3");
        settings.put("fs.s3a.retry.interval", "200ms");
        settings.put("fs.s3a.connection.establish.timeout", "15s");
        settings.put("fs.s3a.audit.enabled", "false");
        settings.put("fs.s3a.fast.upload.buffer", "bytebuffer");
        settings.put("fs.s3a.multipart.size", "32M");
        return settings;
    }

    /** An endpoint of one's own has no host name per bucket. */
    private static Map<String, String> at(URI endpoint) {
        return Map.of(
                "fs.s3a.endpoint", endpoint.toString(),
                "fs.s3a.path.style.access", "true",
                "fs.s3a.connection.ssl.enabled", Boolean.toString("https".equals(endpoint.getScheme())));
    }
}
