package dev.tenantlake.ingest.snapshot;

import dev.tenantlake.ingest.source.PublishedTable;
import dev.tenantlake.model.LakeJson;
import dev.tenantlake.model.LakeLayout;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/**
 * The lake's note of which tables it was loaded from, each by its identity in the source. A table that was dropped and
 * created again, or taken out of the publication for a while, has another one: changes of it may be missing, and it has to
 * be loaded anew. The note is written after the load, so after a crash in between a table is loaded once more.
 *
 * @param identities by name of the table
 */
public record PublishedTables(Map<String, String> identities) {

    public PublishedTables {
        identities = Map.copyOf(identities);
    }

    /** The note of these tables. */
    public static PublishedTables of(Collection<PublishedTable> tables) {
        return new PublishedTables(Map.of()).with(tables);
    }

    /** This, with these tables as they are now. */
    PublishedTables with(Collection<PublishedTable> tables) {
        Map<String, String> all = new TreeMap<>(identities);
        tables.forEach(table -> all.put(table.name(), table.identity()));
        return new PublishedTables(all);
    }

    /** Whether it is another table than that which the lake was loaded from. */
    boolean isAnother(PublishedTable table) {
        return !table.identity().equals(identities.get(table.name()));
    }

    static Optional<PublishedTables> read(S3Client s3, LakeLayout layout) {
        try {
            byte[] json = s3.getObjectAsBytes(get -> get.bucket(layout.bucket()).key(LakeLayout.PUBLISHED_TABLES_KEY))
                    .asByteArray();
            return Optional.of(LakeJson.read(json, PublishedTables.class, LakeLayout.PUBLISHED_TABLES_KEY));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        }
    }

    /** Leaves the note in the lake, over one that is there. */
    public void write(S3Client s3, LakeLayout layout) {
        s3.putObject(
                put -> put.bucket(layout.bucket())
                        .key(LakeLayout.PUBLISHED_TABLES_KEY)
                        .contentType("application/json"),
                RequestBody.fromBytes(LakeJson.bytes(this)));
    }
}
