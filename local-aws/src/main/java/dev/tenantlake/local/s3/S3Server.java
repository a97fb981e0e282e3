package dev.tenantlake.local.s3;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.local.identity.AccessKey;
import dev.tenantlake.local.identity.AccessKeys;
import dev.tenantlake.local.identity.Caller;
import dev.tenantlake.local.identity.Permissions;
import dev.tenantlake.model.LakeException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.gaul.s3proxy.AccessGrant;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** S3 on a loopback port, with each bucket a folder and each object a file. What a caller may do, IAM's policies say. */
public final class S3Server implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(S3Server.class);
    private static final int THREADS = 64;

    private final BlobStore store;
    private final AccessKeys keys;
    private final Permissions permissions;
    private final Clock clock;
    private final S3Proxy proxy;

    private S3Server(BlobStore store, AccessKeys keys, Permissions permissions, Clock clock, int port) {
        this.store = requireNonNull(store, "store");
        this.keys = requireNonNull(keys, "keys");
        this.permissions = requireNonNull(permissions, "permissions");
        this.clock = requireNonNull(clock, "clock");
        // Nobody has this key. It turns authentication on; whose key a request is signed with, the locator finds.
        String nobody = AccessKey.random(40);
        this.proxy = S3Proxy.builder()
                .blobStore(GuardedBlobStore.closed(store))
                .awsAuthentication(AuthenticationType.AWS_V4, nobody, nobody)
                .endpoint(URI.create("http://127.0.0.1:" + port))
                .ignoreUnknownHeaders(true)
                .jettyMaxThreads(THREADS)
                .stopTimeout(1000)
                .build();
        proxy.setBlobStoreLocator((identity, bucket, key) -> grant(identity));
    }

    /**
     * Serves a folder.
     *
     * @param port 0 for one that is free
     * @throws LakeException of kind {@code IN_USE} if it cannot listen
     */
    public static S3Server start(Path directory, AccessKeys keys, Permissions permissions, Clock clock, int port) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new LakeException(LakeException.Kind.UNFIT, "cannot create " + directory + ": " + e.getMessage(), e);
        }
        BlobStore store = new FilesystemNio2BlobStore(directory.toString());
        S3Server server = new S3Server(store, keys, permissions, clock, port);
        try {
            server.proxy.start();
        } catch (Exception e) {
            throw new LakeException(
                    LakeException.Kind.IN_USE, "cannot listen on port " + port + " of 127.0.0.1: " + e.getMessage(), e);
        }
        return server;
    }

    /** Makes a bucket if it is not there. */
    public void ensureBucket(String bucket) {
        if (!store.containerExists(bucket)) {
            store.createContainer(bucket);
            LOG.info("event=bucket_created bucket={}", bucket);
        }
    }

    /** The objects, for the other services of this process. */
    public ObjectStore objects() {
        return new ObjectStore(store);
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + proxy.getPort());
    }

    private AccessGrant grant(String accessKeyId) {
        return keys.find(accessKeyId == null ? "" : accessKeyId)
                .filter(key -> key.expires().isEmpty()
                        || clock.instant().isBefore(key.expires().get()))
                .map(key -> new AccessGrant(key.secret(), storeOf(key.caller())))
                .orElse(null);
    }

    private BlobStore storeOf(Caller caller) {
        return caller == Caller.User.ADMIN || caller == Caller.User.PIPELINE
                ? new WholeObjects(store)
                : GuardedBlobStore.of(store, caller, permissions);
    }

    @Override
    public void close() {
        try {
            proxy.stop();
        } catch (Exception e) {
            LOG.warn("event=s3_stop_failed error={}", e.toString());
        }
    }
}
