package dev.tenantlake.local;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * The file that says where everything answers. It is there while it does, and no longer.
 *
 * @param queryEngineFailure why the query engine failed, if it did
 */
record ReadyFile(
        long pid,
        URI awsEndpoint,
        URI s3Endpoint,
        Postgres postgres,
        String region,
        String accountId,
        String bucket,
        QueryEngineState queryEngine,
        String queryEngineFailure) {

    /** Where Postgres answers; its password is in the file {@code pgpass}. */
    record Postgres(String host, int port, String database, String user) {}

    /** Where the query engine is; {@code OFF} if it was not to be started. */
    enum QueryEngineState {
        STARTING,
        READY,
        FAILED,
        OFF
    }

    ReadyFile {
        requireNonNull(awsEndpoint, "awsEndpoint");
        requireNonNull(s3Endpoint, "s3Endpoint");
        requireNonNull(postgres, "postgres");
        requireNonNull(queryEngine, "queryEngine");
    }

    ReadyFile with(QueryEngineState state, Optional<String> failure) {
        return new ReadyFile(
                pid, awsEndpoint, s3Endpoint, postgres, region, accountId, bucket, state, failure.orElse(null));
    }

    /** Writes it in one step. */
    void write(Path file) {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.writeString(fresh, LakeJson.pretty(this) + "\n", StandardCharsets.UTF_8);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + file, e);
        }
    }
}
