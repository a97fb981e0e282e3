package dev.tenantlake.etl.gold;

import static dev.tenantlake.model.SourceTable.ORDERS;
import static dev.tenantlake.model.SourceTable.ORDER_ITEMS;
import static dev.tenantlake.model.SourceTable.TENANTS;
import static java.util.Objects.requireNonNull;

import dev.tenantlake.etl.hudi.HudiTable;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.EpochManifest.BronzeColumn;
import dev.tenantlake.model.EpochManifest.DataFile;
import dev.tenantlake.model.EpochManifest.TableSlice;
import dev.tenantlake.model.LayerPosition.StoppedTable;
import dev.tenantlake.model.SourceTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What stands in the way of gold tables: a silver table that is stopped, or one whose rows lack, since the source
 * dropped or renamed it, a column that the figures are made of. A sum over nulls would be wrong and say nothing.
 */
final class GoldObstacles {

    private static final Map<SourceTable, Set<String>> OF_REVENUE =
            Map.of(TENANTS, Set.of("time_zone"), ORDERS, Set.of("status", "currency", "total_amount", "ordered_at"));
    private static final Map<SourceTable, Set<String>> OF_PRODUCTS = Map.of(
            TENANTS,
            Set.of("time_zone"),
            ORDERS,
            Set.of("status", "currency", "ordered_at"),
            ORDER_ITEMS,
            Set.of("order_id", "product_id", "quantity", "unit_price", "discount_amount"));

    /** By source table and column, the first epoch that holds rows without it, since all rows were last replaced. */
    private final Map<String, Map<String, Long>> missing = new HashMap<>();

    /**
     * What stands in a table's way.
     *
     * @param reason one line
     * @param remedy one line
     */
    record Obstacle(String reason, String remedy) {
        Obstacle {
            requireNonNull(reason, "reason");
            requireNonNull(remedy, "remedy");
        }
    }

    /** Takes note of epochs, in order. */
    void add(List<EpochManifest> manifests) {
        for (EpochManifest manifest : manifests) {
            manifest.tables().forEach((table, slice) -> add(manifest, table, slice));
        }
    }

    private void add(EpochManifest manifest, String table, TableSlice slice) {
        Set<String> needed = new TreeSet<>();
        SourceTable.named(table).ifPresent(known -> {
            needed.addAll(OF_REVENUE.getOrDefault(known, Set.of()));
            needed.addAll(OF_PRODUCTS.getOrDefault(known, Set.of()));
        });
        if (needed.isEmpty()) {
            return;
        }
        Map<String, Long> ofTable = missing.computeIfAbsent(table, first -> new HashMap<>());
        if (slice.truncated()) {
            ofTable.clear();
        }
        for (DataFile file : slice.files()) {
            List<String> present = manifest.schemas().get(file.schemaId()).columns().stream()
                    .map(BronzeColumn::name)
                    .toList();
            needed.stream()
                    .filter(column -> !present.contains(column))
                    .forEach(column -> ofTable.putIfAbsent(column, manifest.epoch()));
        }
    }

    /** Forgets what it took note of. */
    void clear() {
        missing.clear();
    }

    /**
     * Whether something stands in a table's way.
     *
     * @param silver by name, the silver tables that are stopped
     * @return what it is, or empty
     */
    Optional<Obstacle> of(HudiTable gold, Map<String, StoppedTable> silver) {
        Map<SourceTable, Set<String>> needs = gold.equals(GoldTables.REVENUE_DAILY) ? OF_REVENUE : OF_PRODUCTS;
        for (SourceTable table : SourceTable.ALL) {
            if (!needs.containsKey(table)) {
                continue;
            }
            StoppedTable cause = silver.get(table.name());
            if (cause != null) {
                return Optional.of(
                        new Obstacle("silver." + table.name() + " is stopped: " + cause.reason(), cause.remedy()));
            }
            for (Map.Entry<String, Long> column :
                    missing.getOrDefault(table.name(), Map.of()).entrySet()) {
                if (needs.get(table).contains(column.getKey())) {
                    return Optional.of(new Obstacle(
                            "since epoch " + column.getValue() + " rows of " + table.qualifiedName()
                                    + " have no column " + column.getKey() + ", which the figures are made of",
                            "bring the column back in the source, or have the figures do without; then:"
                                    + " cdc-ingest reload " + table.name()));
                }
            }
        }
        return Optional.empty();
    }
}
