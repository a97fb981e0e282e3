package dev.tenantlake.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.EntityNotFoundException;
import software.amazon.awssdk.services.glue.model.Table;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;

/** The layers that are made from bronze, and can be made from it again. Bronze is none of them. */
public final class DerivedLayers {

    /** Figures go before what they are computed of. */
    private static final List<Layer> LAYERS = List.of(Layer.GOLD, Layer.SILVER);

    private final S3Client s3;
    private final GlueClient glue;
    private final LakeLayout layout;

    public DerivedLayers(S3Client s3, GlueClient glue, LakeLayout layout) {
        this.s3 = requireNonNull(s3, "s3");
        this.glue = requireNonNull(glue, "glue");
        this.layout = requireNonNull(layout, "layout");
    }

    /**
     * Removes all that is in them: what Glue knows of them, then their objects with their positions. No job may be writing
     * them. The grants go with Glue's tables, and so does the record that they stand. If it ends half-way, it is to be done
     * again before a job runs.
     *
     * @return how many objects the layers had
     * @throws LakeException of kind {@code UNFIT}, with nothing removed, if bronze's first epoch is not there
     */
    public long clear() {
        if (new EpochLog(s3, layout).read(1).isEmpty()) {
            throw new LakeException(
                    LakeException.Kind.UNFIT,
                    "bronze does not have its first epoch (" + layout.uri(LakeLayout.manifestKey(1))
                            + "), so silver and gold cannot be made from it; nothing was removed");
        }
        s3.deleteObject(delete -> delete.bucket(layout.bucket()).key(LakeLayout.GRANTS_POSITION_KEY));
        LAYERS.forEach(this::forgetTables);
        return LAYERS.stream().mapToLong(this::removeObjects).sum();
    }

    private void forgetTables(Layer layer) {
        List<Table> tables;
        try {
            tables = glue.getTablesPaginator(get -> get.databaseName(layer.database())).stream()
                    .flatMap(page -> page.tableList().stream())
                    .toList();
        } catch (EntityNotFoundException e) {
            // A lake without the layer.
            return;
        }
        tables.forEach(table ->
                glue.deleteTable(delete -> delete.databaseName(layer.database()).name(table.name())));
    }

    /** A page of the listing is as many as one call deletes. */
    private long removeObjects(Layer layer) {
        String prefix = layer.database() + "/";
        return s3.listObjectsV2Paginator(list -> list.bucket(layout.bucket()).prefix(prefix)).stream()
                .filter(page -> !page.contents().isEmpty())
                .mapToLong(page -> {
                    List<ObjectIdentifier> keys = page.contents().stream()
                            .map(object ->
                                    ObjectIdentifier.builder().key(object.key()).build())
                            .toList();
                    s3.deleteObjects(delete -> delete.bucket(layout.bucket()).delete(these -> these.objects(keys)));
                    return keys.size();
                })
                .sum();
    }
}
