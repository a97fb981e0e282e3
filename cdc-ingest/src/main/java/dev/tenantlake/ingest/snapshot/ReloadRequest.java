package dev.tenantlake.ingest.snapshot;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeJson;
import dev.tenantlake.model.LakeLayout;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A request to load a table anew: an object in the lake, which is there until a load epoch that began after it has its
 * manifest.
 *
 * @param table the table's name in the lake
 * @param requestedAt when, by the clock of whoever asked
 */
public record ReloadRequest(String table, Instant requestedAt) {

    public ReloadRequest {
        requireNonNull(table, "table");
        requireNonNull(requestedAt, "requestedAt");
    }

    /** Those that are waiting. */
    public static List<ReloadRequest> list(S3Client s3, LakeLayout layout) {
        return s3
                .listObjectsV2Paginator(list -> list.bucket(layout.bucket()).prefix(LakeLayout.RELOAD_PREFIX))
                .contents()
                .stream()
                .map(S3Object::key)
                .filter(key -> key.endsWith(".json"))
                .flatMap(key -> read(s3, layout, key).stream())
                .toList();
    }

    /** Leaves it in the lake, over one for the same table. */
    public void write(S3Client s3, LakeLayout layout) {
        s3.putObject(
                put -> put.bucket(layout.bucket())
                        .key(LakeLayout.reloadKey(table))
                        .contentType("application/json"),
                RequestBody.fromBytes(LakeJson.bytes(this)));
    }

    /** Removes it, unless another one took its place meanwhile. */
    void remove(S3Client s3, LakeLayout layout) {
        String key = LakeLayout.reloadKey(table);
        if (read(s3, layout, key).filter(this::equals).isPresent()) {
            s3.deleteObject(delete -> delete.bucket(layout.bucket()).key(key));
        }
    }

    private static Optional<ReloadRequest> read(S3Client s3, LakeLayout layout, String key) {
        try {
            byte[] json = s3.getObjectAsBytes(get -> get.bucket(layout.bucket()).key(key))
                    .asByteArray();
            return Optional.of(LakeJson.read(json, ReloadRequest.class, key));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        }
    }
}
