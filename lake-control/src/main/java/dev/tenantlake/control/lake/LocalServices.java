package dev.tenantlake.control.lake;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/**
 * What local-aws says of itself in its ready file, which is there while Postgres, S3 and the AWS endpoint answer.
 *
 * @param pid its process id
 * @param awsEndpoint where all AWS services but S3 answer
 * @param s3Endpoint where S3 answers
 * @param postgres where Postgres answers
 * @param region the AWS region that it stands for
 * @param bucket the lake's bucket
 * @param queryEngine how Athena's engine is
 * @param queryEngineFailure one line on why that failed, if it did
 */
public record LocalServices(
        long pid,
        URI awsEndpoint,
        URI s3Endpoint,
        Postgres postgres,
        String region,
        String bucket,
        QueryEngine queryEngine,
        Optional<String> queryEngineFailure) {

    /** How Athena's engine is. */
    public enum QueryEngine {
        STARTING,
        READY,
        FAILED,
        OFF
    }

    /**
     * Where Postgres answers.
     *
     * @param host its host
     * @param port its port
     * @param database the source's database
     * @param user whom to connect as
     */
    public record Postgres(String host, int port, String database, String user) {
        public Postgres {
            requireNonNull(host, "host");
            requireNonNull(database, "database");
            requireNonNull(user, "user");
        }
    }

    public LocalServices {
        requireNonNull(awsEndpoint, "awsEndpoint");
        requireNonNull(s3Endpoint, "s3Endpoint");
        requireNonNull(postgres, "postgres");
        requireNonNull(region, "region");
        requireNonNull(bucket, "bucket");
        requireNonNull(queryEngine, "queryEngine");
        requireNonNull(queryEngineFailure, "queryEngineFailure");
    }

    /** What the ready file says, or empty if there is none. A local-aws that was killed leaves its own behind. */
    public static Optional<LocalServices> read(DataDirectory directory) {
        try {
            return Optional.of(LakeJson.read(
                    Files.readAllBytes(directory.localAwsFile()),
                    LocalServices.class,
                    directory.localAwsFile().toString()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
