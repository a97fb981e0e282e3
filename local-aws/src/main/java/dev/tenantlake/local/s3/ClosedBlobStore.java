package dev.tenantlake.local.s3;

import org.gaul.s3proxy.S3ErrorCode;
import org.gaul.s3proxy.S3ProxyException;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import software.amazon.awssdk.services.s3.model.BucketCannedACL;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;

/** What a request without a signature gets to see: S3Proxy asks it whether a bucket or an object is public, and none is. */
final class ClosedBlobStore extends ForwardingBlobStore {

    ClosedBlobStore(BlobStore store) {
        super(store);
    }

    @Override
    public BlobStore delegate() {
        throw new S3ProxyException(S3ErrorCode.ACCESS_DENIED);
    }

    @Override
    public BucketCannedACL getContainerAccess(String bucket) {
        return BucketCannedACL.PRIVATE;
    }

    @Override
    public ObjectCannedACL getBlobAccess(String bucket, String key) {
        return ObjectCannedACL.PRIVATE;
    }

    @Override
    public ObjectCannedACL getBlobAccess(String bucket, String key, String version) {
        return ObjectCannedACL.PRIVATE;
    }
}
