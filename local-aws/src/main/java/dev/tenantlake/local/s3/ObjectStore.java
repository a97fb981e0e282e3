package dev.tenantlake.local.s3;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.gaul.s3proxy.blobstore.BlobStore;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/** S3 for the other services of this process: the same objects, without the way over HTTP, and unguarded. */
public final class ObjectStore {

    private final BlobStore store;

    ObjectStore(BlobStore store) {
        this.store = requireNonNull(store, "store");
    }

    public boolean hasBucket(String bucket) {
        return store.containerExists(bucket);
    }

    /** Puts what a file holds. */
    public void put(S3Location location, Path file, String contentType) {
        try (InputStream content = Files.newInputStream(file)) {
            store.putBlob(
                    PutObjectRequest.builder()
                            .bucket(location.bucket())
                            .key(location.key())
                            .contentType(contentType)
                            .contentLength(Files.size(file))
                            .build(),
                    content);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + location, e);
        }
    }

    /** Reads an object from a byte on; empty if there is no such object. */
    public Optional<InputStream> read(S3Location location, long from) {
        try {
            GetObjectRequest.Builder request =
                    GetObjectRequest.builder().bucket(location.bucket()).key(location.key());
            if (from > 0) {
                request.range("bytes=" + from + "-");
            }
            return Optional.ofNullable(store.getBlob(request.build()));
        } catch (NoSuchKeyException | NoSuchBucketException e) {
            return Optional.empty();
        }
    }
}
