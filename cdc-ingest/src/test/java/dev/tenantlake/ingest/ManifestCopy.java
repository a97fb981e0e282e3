package dev.tenantlake.ingest;

import dev.tenantlake.model.EpochManifest;
import java.util.Map;

/** A manifest like another. */
final class ManifestCopy {

    private ManifestCopy() {}

    /** One of that number, without rows. */
    static EpochManifest withNumber(EpochManifest manifest, long number) {
        return new EpochManifest(
                number,
                EpochManifest.Kind.STREAM,
                manifest.source(),
                manifest.firstLsn(),
                manifest.lastLsn(),
                manifest.firstCommittedAt(),
                manifest.lastCommittedAt(),
                1,
                manifest.ingestDate(),
                Map.of(),
                Map.of(),
                manifest.loaded(),
                manifest.offset(),
                manifest.writtenAt());
    }
}
