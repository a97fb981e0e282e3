package dev.tenantlake.model;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The epochs of the lake, in order: an append-only log whose entries are the manifest objects. One writer appends at a
 * time; a second one finds its number taken and has to stop. Any number of readers follow.
 */
public final class EpochLog {

    private static final int PAGE = 1000;
    private static final Pattern MANIFEST_KEY =
            Pattern.compile(Pattern.quote(LakeLayout.EPOCHS_PREFIX) + "(\\d{20})\\.json");

    private final S3Client s3;
    private final String bucket;

    public EpochLog(S3Client s3, LakeLayout layout) {
        this.s3 = requireNonNull(s3, "s3");
        this.bucket = layout.bucket();
    }

    /** The manifest of the last epoch, or empty if the lake has none. */
    public Optional<EpochManifest> latest() {
        long latest = latestEpoch();
        return latest == 0 ? Optional.empty() : Optional.of(require(latest));
    }

    /**
     * The number of the last epoch, 0 if the lake has none. Takes a logarithmic number of requests: the numbers have no
     * gap, and a listing can start after any of them.
     */
    public long latestEpoch() {
        return latestEpochFrom(0);
    }

    /** As {@link #latestEpoch()}, for a caller who knows that this epoch is there: one request when nothing is new. */
    public long latestEpochFrom(long known) {
        long low = known;
        long high = known;
        for (long step = 0; high == low; step = Math.max(PAGE, 2 * step)) {
            Page page = page(low + step);
            if (page.isEmpty()) {
                high = low + step;
                break;
            }
            low = page.last();
            high = low;
            if (!page.more()) {
                return low;
            }
        }
        // An epoch "low" is there, and none after "high".
        while (low < high) {
            long middle = low + (high - low) / 2;
            Page page = page(middle);
            if (page.isEmpty()) {
                high = middle;
            } else {
                low = page.last();
                if (!page.more()) {
                    return low;
                }
            }
        }
        return low;
    }

    /**
     * The manifests of the epochs after one, in order, at most so many.
     *
     * @throws LakeException of kind {@code CORRUPT} if a number is missing among them
     */
    public List<EpochManifest> after(long epoch, int atMost) {
        List<EpochManifest> manifests = new ArrayList<>();
        Page page = page(epoch);
        while (!page.isEmpty() && manifests.size() < atMost) {
            for (long number : page.numbers()) {
                if (number != epoch + 1) {
                    throw new LakeException(
                            LakeException.Kind.CORRUPT,
                            "the epoch log has a gap: epoch " + (epoch + 1) + " is missing and " + number
                                    + " is there; restore " + LakeLayout.manifestKey(epoch + 1));
                }
                if (manifests.size() == atMost) {
                    return manifests;
                }
                manifests.add(require(number));
                epoch = number;
            }
            page = page(epoch);
        }
        return manifests;
    }

    /** The manifest of an epoch, or empty if the lake does not have it. */
    public Optional<EpochManifest> read(long epoch) {
        String key = LakeLayout.manifestKey(epoch);
        try {
            byte[] json =
                    s3.getObjectAsBytes(get -> get.bucket(bucket).key(key)).asByteArray();
            return Optional.of(LakeJson.read(json, EpochManifest.class, key));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        }
    }

    /**
     * The last epoch whose transactions had all been committed at an instant, by the source's clock; empty if those of the
     * first had not. Takes a logarithmic number of requests: a later epoch was committed later.
     *
     * @param until an epoch that is there; later ones are not looked at
     */
    public Optional<EpochManifest> committedBy(Instant instant, long until) {
        Optional<EpochManifest> last = Optional.empty();
        long before = 0;
        long after = until + 1;
        while (after - before > 1) {
            EpochManifest middle = require(before + (after - before) / 2);
            if (middle.lastCommittedAt().isAfter(instant)) {
                after = middle.epoch();
            } else {
                before = middle.epoch();
                last = Optional.of(middle);
            }
        }
        return last;
    }

    /**
     * Makes an epoch part of the lake, in one atomic step. If the outcome of the request is not known, the log is read
     * back before anything is said.
     *
     * @throws LakeException of kind {@code IN_USE} if the number is taken by another writer: this one must stop
     * @throws SdkException if it failed, or if not even reading back told the outcome: nothing may be cleaned up then
     */
    public void append(EpochManifest manifest) {
        String key = LakeLayout.manifestKey(manifest.epoch());
        byte[] json = LakeJson.bytes(manifest);
        try {
            s3.putObject(
                    put -> put.bucket(bucket)
                            .key(key)
                            .contentType("application/json")
                            .ifNoneMatch("*"),
                    RequestBody.fromBytes(json));
        } catch (S3Exception e) {
            // A retry inside the SDK can find the object that its own first attempt put.
            if (e.statusCode() == 412 || e.statusCode() == 409 || e.statusCode() >= 500) {
                settle(manifest, json, e);
            } else {
                throw e;
            }
        } catch (SdkClientException e) {
            settle(manifest, json, e);
        }
    }

    private void settle(EpochManifest manifest, byte[] json, SdkException cause) {
        Optional<EpochManifest> present = read(manifest.epoch());
        if (present.isEmpty()) {
            throw cause;
        }
        if (!Arrays.equals(LakeJson.bytes(present.get()), json)) {
            throw new LakeException(
                    LakeException.Kind.IN_USE,
                    "epoch " + manifest.epoch()
                            + " was written by another cdc-ingest; this one stops. Let only one run on " + bucket,
                    cause);
        }
    }

    private EpochManifest require(long epoch) {
        return read(epoch)
                .orElseThrow(() -> new LakeException(
                        LakeException.Kind.CORRUPT,
                        "the manifest of epoch " + epoch + " was listed and is gone; restore "
                                + LakeLayout.manifestKey(epoch)));
    }

    /**
     * Epochs that lie one after another in the log.
     *
     * @param numbers theirs, in order
     * @param more whether others follow
     */
    private record Page(List<Long> numbers, boolean more) {

        boolean isEmpty() {
            return numbers.isEmpty();
        }

        long last() {
            return numbers.get(numbers.size() - 1);
        }
    }

    /**
     * Up to {@value #PAGE} epochs after one. Passes over what is no manifest: a store on plain files, as of a laptop, can
     * show an object that is just being put under a name of its own.
     */
    private Page page(long after) {
        String start = LakeLayout.manifestKey(after);
        while (true) {
            String from = start;
            ListObjectsV2Response response = s3.listObjectsV2(list -> list.bucket(bucket)
                    .prefix(LakeLayout.EPOCHS_PREFIX)
                    .startAfter(from)
                    .maxKeys(PAGE));
            List<S3Object> objects = response.contents();
            List<Long> numbers = objects.stream()
                    .map(S3Object::key)
                    .map(MANIFEST_KEY::matcher)
                    .filter(Matcher::matches)
                    .map(key -> Long.parseLong(key.group(1)))
                    .toList();
            boolean more = Boolean.TRUE.equals(response.isTruncated());
            if (!numbers.isEmpty() || !more) {
                return new Page(numbers, more);
            }
            start = objects.get(objects.size() - 1).key();
        }
    }
}
