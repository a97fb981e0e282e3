package dev.tenantlake.local.s3;

import java.util.List;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Keeps objects out of listings that are still being put. S3 shows an object when it is whole; S3Proxy's store of files
 * keeps one that is being put beside the others, under its key with a random UUID behind it, and a query that listed it
 * would read half a file.
 */
final class WholeObjects {

    private static final Pattern BEING_PUT =
            Pattern.compile(".*-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", Pattern.DOTALL);

    private WholeObjects() {}

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
