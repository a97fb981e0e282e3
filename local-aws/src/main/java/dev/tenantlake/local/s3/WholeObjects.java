package dev.tenantlake.local.s3;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.regex.Pattern;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Keeps objects out of listings that are still being put. S3 shows an object when it is whole; S3Proxy's store of files
 * keeps one that is being put beside the others, under its key with a random UUID behind it, and a query that listed it
 * would read half a file.
 */
final class WholeObjects extends ForwardingBlobStore {

    private static final Pattern BEING_PUT =
            Pattern.compile(".*-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", Pattern.DOTALL);

    private final BlobStore store;

    WholeObjects(BlobStore store) {
        super(store);
        this.store = requireNonNull(store, "store");
    }

    @Override
    public ListObjectsV2Response list(ListObjectsV2Request request) {
        return of(store.list(request));
    }

    /** The listing without them. */
    static ListObjectsV2Response of(ListObjectsV2Response listing) {
        List<S3Object> whole = listing.contents().stream()
                .filter(object -> !BEING_PUT.matcher(object.key()).matches())
                .toList();
        return whole.size() == listing.contents().size()
                ? listing
                : listing.toBuilder().contents(whole).build();
    }
}
