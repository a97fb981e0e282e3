package dev.tenantlake.model;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** Reads and writes how far each layer is, what was found in silver, and for which tenants the grants stand. */
public final class LayerPositions {

    private final S3Client s3;
    private final String bucket;

    public LayerPositions(S3Client s3, LakeLayout layout) {
        this.s3 = requireNonNull(s3, "s3");
        this.bucket = layout.bucket();
    }

    /** How far a layer is, or empty if it holds no epoch as a whole. */
    public Optional<LayerPosition> read(Layer layer) {
        return read(LakeLayout.positionKey(layer), LayerPosition.class);
    }

    /** Says how far a layer is; what was said before is replaced in one step. */
    public void write(LayerPosition position) {
        write(LakeLayout.positionKey(position.layer()), position);
    }

    /** For which tenants the grants stand, or empty if they were never applied. */
    public Optional<GrantsPosition> readGrants() {
        return read(LakeLayout.GRANTS_POSITION_KEY, GrantsPosition.class);
    }

    /** Says for which tenants the grants stand; what was said before is replaced in one step. */
    public void writeGrants(GrantsPosition position) {
        write(LakeLayout.GRANTS_POSITION_KEY, position);
    }

    /** What the last look at all rows of silver has found, or empty if there was none. */
    public Optional<SilverAudit> readAudit() {
        return read(LakeLayout.AUDIT_KEY, SilverAudit.class);
    }

    /** Says what a look at all rows of silver has found; what was said before is replaced in one step. */
    public void writeAudit(SilverAudit audit) {
        write(LakeLayout.AUDIT_KEY, audit);
    }

    private <T> Optional<T> read(String key, Class<T> type) {
        try {
            byte[] json =
                    s3.getObjectAsBytes(get -> get.bucket(bucket).key(key)).asByteArray();
            return Optional.of(LakeJson.read(json, type, key));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        }
    }

    private void write(String key, Object position) {
        s3.putObject(
                put -> put.bucket(bucket).key(key).contentType("application/json"),
                RequestBody.fromBytes(LakeJson.bytes(position)));
    }
}
