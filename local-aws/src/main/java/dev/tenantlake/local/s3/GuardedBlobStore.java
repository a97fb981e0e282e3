package dev.tenantlake.local.s3;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.local.identity.Caller;
import dev.tenantlake.local.identity.Permissions;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.gaul.s3proxy.S3ErrorCode;
import org.gaul.s3proxy.S3ProxyException;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadBucketRequest;
import software.amazon.awssdk.services.s3.model.HeadBucketResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * The store as one caller may use it. What is not checked here is not open to it. Since conditions such as
 * {@code s3:prefix} are not to be had in a policy here, a role lists but what it may read: listing a prefix takes
 * {@code s3:ListBucket} on the bucket, and {@code s3:GetObject} on everything below the prefix.
 */
final class GuardedBlobStore extends ForwardingBlobStore {

    private final BlobStore store;
    private final Caller caller;
    private final Permissions permissions;

    GuardedBlobStore(BlobStore store, Caller caller, Permissions permissions) {
        super(store);
        this.store = requireNonNull(store, "store");
        this.caller = requireNonNull(caller, "caller");
        this.permissions = requireNonNull(permissions, "permissions");
    }

    /** Reached by every operation that is not overridden here. */
    @Override
    public BlobStore delegate() {
        throw denied("s3:*", "*");
    }

    @Override
    public HeadBucketResponse headBucket(HeadBucketRequest request) {
        require("s3:ListBucket", arn(request.bucket()));
        return store.headBucket(request);
    }

    @Override
    public ListObjectsV2Response list(ListObjectsV2Request request) {
        require("s3:ListBucket", arn(request.bucket()));
        String prefix = Optional.ofNullable(request.prefix()).orElse("");
        // Of the objects below the prefix, this one stands for all: no other than a wildcard of a policy matches it.
        require("s3:GetObject", arn(request.bucket(), prefix + "*"));
        return store.list(request);
    }

    @Override
    public HeadObjectResponse blobMetadata(HeadObjectRequest request) {
        require("s3:GetObject", arn(request.bucket(), request.key()));
        return store.blobMetadata(request);
    }

    @Override
    public boolean blobExists(String bucket, String key) {
        require("s3:GetObject", arn(bucket, key));
        return store.blobExists(bucket, key);
    }

    @Override
    public ResponseInputStream<GetObjectResponse> getBlob(GetObjectRequest request) {
        require("s3:GetObject", arn(request.bucket(), request.key()));
        return store.getBlob(request);
    }

    @Override
    public PutObjectResponse putBlob(PutObjectRequest request, InputStream content) {
        require("s3:PutObject", arn(request.bucket(), request.key()));
        return store.putBlob(request, content);
    }

    @Override
    public CopyObjectResponse copyBlob(CopyObjectRequest request) {
        require("s3:GetObject", arn(request.sourceBucket(), request.sourceKey()));
        require("s3:PutObject", arn(request.destinationBucket(), request.destinationKey()));
        return store.copyBlob(request);
    }

    @Override
    public DeleteObjectResponse removeBlob(DeleteObjectRequest request) {
        require("s3:DeleteObject", arn(request.bucket(), request.key()));
        return store.removeBlob(request);
    }

    @Override
    public MultipartUpload initiateMultipartUpload(CreateMultipartUploadRequest request) {
        require("s3:PutObject", arn(request.bucket(), request.key()));
        return store.initiateMultipartUpload(request);
    }

    @Override
    public UploadPartResponse uploadMultipartPart(
            MultipartUpload upload, UploadPartRequest request, InputStream content) {
        require("s3:PutObject", arn(upload));
        return store.uploadMultipartPart(upload, request, content);
    }

    @Override
    public CompleteMultipartUploadResponse completeMultipartUpload(
            MultipartUpload upload, CompleteMultipartUploadRequest request) {
        require("s3:PutObject", arn(upload));
        return store.completeMultipartUpload(upload, request);
    }

    @Override
    public void abortMultipartUpload(MultipartUpload upload) {
        require("s3:PutObject", arn(upload));
        store.abortMultipartUpload(upload);
    }

    @Override
    public List<Part> listMultipartUpload(MultipartUpload upload) {
        require("s3:PutObject", arn(upload));
        return store.listMultipartUpload(upload);
    }

    @Override
    public long getMinimumMultipartPartSize() {
        return store.getMinimumMultipartPartSize();
    }

    @Override
    public boolean supportsVersioning() {
        return store.supportsVersioning();
    }

    @Override
    public boolean supportsServerSideEncryption() {
        return store.supportsServerSideEncryption();
    }

    @Override
    public boolean supportsBucketEncryption() {
        return store.supportsBucketEncryption();
    }

    /** The store is shared by all callers. */
    @Override
    public void close() {}

    private void require(String action, String resource) {
        // An object is a file: a key that climbs out of its folder would be another object's.
        boolean climbs = Arrays.asList(resource.split("/", -1)).contains("..");
        if (climbs || !permissions.allows(caller, action, resource)) {
            throw denied(action, resource);
        }
    }

    private S3ProxyException denied(String action, String resource) {
        return new S3ProxyException(S3ErrorCode.ACCESS_DENIED, Permissions.refusal(caller, action, resource));
    }

    private static String arn(String bucket) {
        return "arn:aws:s3:::" + bucket;
    }

    private static String arn(String bucket, String key) {
        return "arn:aws:s3:::" + bucket + "/" + key;
    }

    private static String arn(MultipartUpload upload) {
        return arn(upload.containerName(), upload.blobName());
    }
}
