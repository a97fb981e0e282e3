package dev.tenantlake.etl.hudi;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.Catalog;
import dev.tenantlake.model.Layer;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** Registers the Hudi tables and their partitions in Glue, and calls Glue only when there is something new. */
public final class HudiCatalog {

    private final Catalog catalog;

    public HudiCatalog(Catalog catalog) {
        this.catalog = requireNonNull(catalog, "catalog");
    }

    /** Creates the layer's database if it is not there. */
    public synchronized void ensureDatabase(Layer layer) {
        catalog.ensureDatabase(layer);
    }

    /**
     * Registers a table as it is, and those of these partitions that are not registered.
     *
     * @param partitionPaths as paths below the table
     */
    public synchronized void register(HudiTable table, Collection<String> partitionPaths) {
        catalog.ensureTable(table.catalogTable());
        if (!table.partitionColumns().isEmpty() && !partitionPaths.isEmpty()) {
            catalog.ensurePartitions(
                    table.catalogTable(),
                    partitionPaths.stream().map(HudiCatalog::values).toList());
        }
    }

    /** {@code tenant_id=3/month=2026-01/id_block=7} has the values 3, 2026-01 and 7. */
    private static List<String> values(String partitionPath) {
        return Arrays.stream(partitionPath.split("/"))
                .map(part -> part.substring(part.indexOf('=') + 1))
                .toList();
    }
}
