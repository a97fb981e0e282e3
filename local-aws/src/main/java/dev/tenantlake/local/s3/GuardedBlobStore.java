package dev.tenantlake.local.s3;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.local.identity.Caller;
import dev.tenantlake.local.identity.Permissions;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.gaul.s3proxy.S3ErrorCode;
import org.gaul.s3proxy.S3ProxyException;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.BucketCannedACL;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.CreateBucketResponse;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketEncryptionRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketEncryptionResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.GetBucketAclRequest;
import software.amazon.awssdk.services.s3.model.GetBucketAclResponse;
import software.amazon.awssdk.services.s3.model.GetBucketEncryptionRequest;
import software.amazon.awssdk.services.s3.model.GetBucketEncryptionResponse;
import software.amazon.awssdk.services.s3.model.GetBucketVersioningRequest;
import software.amazon.awssdk.services.s3.model.GetBucketVersioningResponse;
import software.amazon.awssdk.services.s3.model.GetObjectAclRequest;
import software.amazon.awssdk.services.s3.model.GetObjectAclResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadBucketRequest;
import software.amazon.awssdk.services.s3.model.HeadBucketResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListBucketsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.PutBucketEncryptionRequest;
import software.amazon.awssdk.services.s3.model.PutBucketEncryptionResponse;
import software.amazon.awssdk.services.s3.model.PutBucketVersioningRequest;
import software.amazon.awssdk.services.s3.model.PutBucketVersioningResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * The store as somebody may use it who may not do everything. What is not checked here is refused. Since conditions such as
 * {@code s3:prefix} are not to be had in a policy here, a role lists but what it may read: listing a prefix takes
 * {@code s3:ListBucket} on the bucket, and {@code s3:GetObject} on everything below the prefix.
 */
final class GuardedBlobStore extends ForwardingBlobStore {

    private final BlobStore store;
    private final BiPredicate<String, String> allowed;
    private final String who;

    private GuardedBlobStore(BlobStore store, BiPredicate<String, String> allowed, String who) {
        // S3Proxy asks a forwarding store what it forwards to, and goes by the kind of that.
        super(store);
        this.store = requireNonNull(store, "store");
        this.allowed = requireNonNull(allowed, "allowed");
        this.who = requireNonNull(who, "who");
    }

    /** The store as a caller may use it. */
    static BlobStore of(BlobStore store, Caller caller, Permissions permissions) {
        return new GuardedBlobStore(
                store, (action, resource) -> permissions.allows(caller, action, resource), caller.arn());
    }

    /** The store as it is shown to nobody. */
    static BlobStore closed(BlobStore store) {
        return new GuardedBlobStore(store, (action, resource) -> false, "anonymous");
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
        return WholeObjects.of(store.list(request));
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

    @Override
    public ListBucketsResponse list() {
        throw denied("s3:ListAllMyBuckets", "*");
    }

    @Override
    public CreateBucketResponse createContainer(CreateBucketRequest request) {
        throw denied("s3:CreateBucket", arn(request.bucket()));
    }

    @Override
    public BucketCannedACL getContainerAccess(String bucket) {
        throw denied("s3:GetBucketAcl", arn(bucket));
    }

    @Override
    public GetBucketAclResponse getContainerAcl(GetBucketAclRequest request) {
        throw denied("s3:GetBucketAcl", arn(request.bucket()));
    }

    @Override
    public void setContainerAccess(String bucket, BucketCannedACL access) {
        throw denied("s3:PutBucketAcl", arn(bucket));
    }

    @Override
    public void clearContainer(ListObjectsV2Request request) {
        throw denied("s3:DeleteBucket", arn(request.bucket()));
    }

    @Override
    public void deleteContainer(String bucket) {
        throw denied("s3:DeleteBucket", arn(bucket));
    }

    @Override
    public void deleteBucket(String bucket) {
        throw denied("s3:DeleteBucket", arn(bucket));
    }

    @Override
    public GetBucketVersioningResponse getBucketVersioning(GetBucketVersioningRequest request) {
        throw denied("s3:GetBucketVersioning", arn(request.bucket()));
    }

    @Override
    public PutBucketVersioningResponse putBucketVersioning(PutBucketVersioningRequest request) {
        throw denied("s3:PutBucketVersioning", arn(request.bucket()));
    }

    @Override
    public ListObjectVersionsResponse listVersions(ListObjectVersionsRequest request) {
        throw denied("s3:ListBucketVersions", arn(request.bucket()));
    }

    @Override
    public GetBucketEncryptionResponse getBucketEncryption(GetBucketEncryptionRequest request) {
        throw denied("s3:GetEncryptionConfiguration", arn(request.bucket()));
    }

    @Override
    public PutBucketEncryptionResponse putBucketEncryption(PutBucketEncryptionRequest request) {
        throw denied("s3:PutEncryptionConfiguration", arn(request.bucket()));
    }

    @Override
    public DeleteBucketEncryptionResponse deleteBucketEncryption(DeleteBucketEncryptionRequest request) {
        throw denied("s3:PutEncryptionConfiguration", arn(request.bucket()));
    }

    @Override
    public ObjectCannedACL getBlobAccess(String bucket, String key) {
        throw denied("s3:GetObjectAcl", arn(bucket, key));
    }

    @Override
    public ObjectCannedACL getBlobAccess(String bucket, String key, String version) {
        throw denied("s3:GetObjectAcl", arn(bucket, key));
    }

    @Override
    public GetObjectAclResponse getBlobAcl(GetObjectAclRequest request) {
        throw denied("s3:GetObjectAcl", arn(request.bucket(), request.key()));
    }

    @Override
    public void setBlobAccess(String bucket, String key, ObjectCannedACL access) {
        throw denied("s3:PutObjectAcl", arn(bucket, key));
    }

    @Override
    public void setBlobAccess(String bucket, String key, ObjectCannedACL access, String version) {
        throw denied("s3:PutObjectAcl", arn(bucket, key));
    }

    @Override
    public List<software.amazon.awssdk.services.s3.model.MultipartUpload> listMultipartUploads(String bucket) {
        throw denied("s3:ListBucketMultipartUploads", arn(bucket));
    }

    /** The store is shared by all callers. */
    @Override
    public void close() {}

    private void require(String action, String resource) {
        // An object is a file: a key that climbs out of its folder would be another object's.
        boolean climbs = Arrays.asList(resource.split("/", -1)).contains("..");
        if (climbs || !allowed.test(action, resource)) {
            throw denied(action, resource);
        }
    }

    private S3ProxyException denied(String action, String resource) {
        return new S3ProxyException(S3ErrorCode.ACCESS_DENIED, Permissions.refusal(who, action, resource));
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
