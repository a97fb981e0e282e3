package dev.tenantlake.ingest.bronze;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.BronzeColumns;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.LakeLayout;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Removes the files of an epoch that never got its manifest. Keys begin with the day, the block and then the epoch, so
 * the listing starts after those that count: a few requests a table, however much the lake holds.
 */
public final class OrphanSweep {

    private static final Logger LOG = LoggerFactory.getLogger(OrphanSweep.class);
    private static final String BRONZE = "bronze/";
    /** What the folders of control objects begin with, and no table's does. */
    private static final String CONTROL = BRONZE + "_";

    private static final String DAY = BronzeColumns.INGEST_DATE + "=";
    private static final int DELETES_PER_CALL = 1000;

    private final S3Client s3;
    private final LakeLayout layout;

    public OrphanSweep(S3Client s3, LakeLayout layout) {
        this.s3 = requireNonNull(s3, "s3");
        this.layout = requireNonNull(layout, "layout");
    }

    /**
     * Removes them.
     *
     * @param last the lake's last epoch; empty if it has none
     * @throws LakeException of kind {@code CORRUPT} if there are files of an epoch further on: manifests are missing
     */
    public void sweep(Optional<EpochManifest> last) {
        long epoch = last.map(EpochManifest::epoch).orElse(0L);
        // An epoch that was given up may have been cut on the same day or later, and clocks may differ a little.
        String firstDay = last.map(manifest -> manifest.ingestDate().minusDays(1))
                .map(LocalDate::toString)
                .orElse("");
        List<String> orphans = new ArrayList<>();
        for (String table : folders(BRONZE)) {
            if (table.startsWith(CONTROL)) {
                continue;
            }
            for (String day : folders(table)) {
                if (day.startsWith(table + DAY) && day.compareTo(table + DAY + firstDay) >= 0) {
                    folders(day).stream()
                            .filter(block -> block(block) >= BronzeColumns.epochBlock(epoch + 1))
                            .forEach(block -> orphans.addAll(filesAfter(block, epoch)));
                }
            }
        }
        orphans.forEach(key -> requireNext(key, epoch));
        delete(orphans);
        if (!orphans.isEmpty()) {
            LOG.info("event=orphans_removed epoch={} files={}", epoch + 1, orphans.size());
        }
    }

    private List<String> folders(String prefix) {
        return s3
                .listObjectsV2Paginator(
                        list -> list.bucket(layout.bucket()).prefix(prefix).delimiter("/"))
                .commonPrefixes()
                .stream()
                .map(CommonPrefix::prefix)
                .toList();
    }

    /** The number of a block's folder. */
    private static long block(String folder) {
        String number = folder.substring(folder.lastIndexOf('=') + 1, folder.length() - 1);
        try {
            return Long.parseLong(number);
        } catch (NumberFormatException e) {
            throw new LakeException(
                    LakeException.Kind.CORRUPT,
                    folder + " is none of the lake's folders; expected " + BronzeColumns.EPOCH_BLOCK
                            + "=<number>: move it out of bronze/",
                    e);
        }
    }

    private List<String> filesAfter(String block, long epoch) {
        return s3
                .listObjectsV2Paginator(list -> list.bucket(layout.bucket())
                        .prefix(block)
                        .startAfter(block + String.format("%020d", epoch + 1)))
                .contents()
                .stream()
                .map(S3Object::key)
                .toList();
    }

    private static void requireNext(String key, long epoch) {
        String name = key.substring(key.lastIndexOf('/') + 1);
        if (!name.startsWith(String.format("%020d-", epoch + 1))) {
            throw new LakeException(
                    LakeException.Kind.CORRUPT,
                    "the epoch log ends at epoch " + epoch + " and bronze holds " + key
                            + "; expected no file after epoch " + (epoch + 1)
                            + ": restore the missing manifests below " + LakeLayout.EPOCHS_PREFIX
                            + ", or empty bronze/");
        }
    }

    private void delete(List<String> keys) {
        for (int from = 0; from < keys.size(); from += DELETES_PER_CALL) {
            List<ObjectIdentifier> page = keys.subList(from, Math.min(keys.size(), from + DELETES_PER_CALL)).stream()
                    .map(key -> ObjectIdentifier.builder().key(key).build())
                    .toList();
            s3.deleteObjects(delete -> delete.bucket(layout.bucket()).delete(all -> all.objects(page)));
        }
    }
}
