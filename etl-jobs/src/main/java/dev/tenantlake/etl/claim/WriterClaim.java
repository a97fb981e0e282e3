package dev.tenantlake.etl.claim;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.LakeLayout;
import dev.tenantlake.model.Layer;
import java.util.UUID;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/**
 * Which job writes a layer: the last one that said so. A Hudi table has one writer, and a second one takes the first
 * one's unfinished commits for those of a dead process and clears them away. So a job that finds that another has
 * claimed the layer stops before its next commit.
 */
public final class WriterClaim {

    private final S3Client s3;
    private final LakeLayout layout;
    private final Layer layer;
    private final String owner = UUID.randomUUID().toString();

    public WriterClaim(S3Client s3, LakeLayout layout, Layer layer) {
        this.s3 = requireNonNull(s3, "s3");
        this.layout = requireNonNull(layout, "layout");
        this.layer = requireNonNull(layer, "layer");
    }

    /** Makes this job the layer's writer. */
    public void take() {
        s3.putObject(put -> put.bucket(layout.bucket()).key(key()), RequestBody.fromString(owner));
    }

    /**
     * Makes sure that this job still is the layer's writer.
     *
     * @throws LakeException of kind {@code IN_USE} if another has become it
     */
    public void check() {
        String present;
        try {
            present = s3.getObjectAsBytes(get -> get.bucket(layout.bucket()).key(key()))
                    .asUtf8String();
        } catch (NoSuchKeyException e) {
            present = "";
        }
        if (!present.equals(owner)) {
            throw new LakeException(
                    LakeException.Kind.IN_USE,
                    "another lake-job has become the writer of " + layer.database()
                            + "; this one stops. Let only one run on " + layout.bucket());
        }
    }

    private String key() {
        return layer.database() + "/_writer";
    }
}
