package dev.tenantlake.ingest.snapshot;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.LakeJson;
import dev.tenantlake.model.LakeLayout;
import dev.tenantlake.model.Lsn;
import java.util.Optional;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/**
 * The lake's note that it began to read a snapshot, and through which slot. Until the snapshot's manifest is there, it
 * tells a slot that an unfinished snapshot left behind, which is to be dropped, from one that belongs to somebody else,
 * which is not.
 *
 * @param source whose snapshot it is
 * @param consistentLsn the slot's consistent point; empty until the slot is there
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record SnapshotMarker(EpochManifest.Source source, Optional<Lsn> consistentLsn) {

    private static final String KEY = LakeLayout.SNAPSHOT_MARKER_KEY;

    public SnapshotMarker {
        requireNonNull(source, "source");
        requireNonNull(consistentLsn, "consistentLsn");
    }

    /** Reads the lake's note, or empty if there is none. */
    public static Optional<SnapshotMarker> read(S3Client s3, LakeLayout layout) {
        try {
            byte[] json = s3.getObjectAsBytes(get -> get.bucket(layout.bucket()).key(KEY))
                    .asByteArray();
            return Optional.of(LakeJson.read(json, SnapshotMarker.class, KEY));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        }
    }

    /** Leaves the note in the lake, over one that is there. */
    public void write(S3Client s3, LakeLayout layout) {
        s3.putObject(
                put -> put.bucket(layout.bucket()).key(KEY).contentType("application/json"),
                RequestBody.fromBytes(LakeJson.bytes(this)));
    }

    /** Removes the note, if there is one. */
    public static void remove(S3Client s3, LakeLayout layout) {
        s3.deleteObject(delete -> delete.bucket(layout.bucket()).key(KEY));
    }
}
