package dev.tenantlake.etl.gold;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.etl.rules.RuleBook;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.EpochManifest.BronzeColumn;
import dev.tenantlake.model.EpochManifest.DataFile;
import dev.tenantlake.model.EpochManifest.TableSlice;
import dev.tenantlake.model.LayerPosition;
import dev.tenantlake.model.LayerPosition.StoppedTable;
import dev.tenantlake.model.SourceTable;
import dev.tenantlake.model.TableQuality;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What stands in the way of gold tables: a silver table that is stopped, or one whose rows lack, since the source
 * dropped or renamed it, a column that the figures are made of, or one of whose rows too many are in quarantine. A sum over
 * nulls, or over half of the rows, would be wrong and say nothing.
 */
final class GoldObstacles {

    private static final TableQuality NOTHING_WRONG = new TableQuality(0, 0);

    private final RuleBook rules;

    /** By source table, the columns that any figures are made of. */
    private final Map<SourceTable, Set<String>> needed = new HashMap<>();

    /** By source table and column, the first epoch that holds rows without it, since all rows were last replaced. */
    private final Map<String, Map<String, Long>> missing = new HashMap<>();

    /**
     * Obstacles.
     *
     * @param rules say how many rows of a silver table have to be valid
     * @param subjects the tables of gold
     */
    GoldObstacles(RuleBook rules, Collection<GoldSubject<?>> subjects) {
        this.rules = requireNonNull(rules, "rules");
        subjects.forEach(subject -> subject.columns()
                .forEach((table, columns) ->
                        needed.computeIfAbsent(table, first -> new TreeSet<>()).addAll(columns)));
    }

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
        Set<String> columns = SourceTable.named(table)
                .map(known -> needed.getOrDefault(known, Set.of()))
                .orElse(Set.of());
        if (columns.isEmpty()) {
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
            columns.stream()
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
     * @param silver as it is to be computed from
     * @return what it is, or empty
     */
    Optional<Obstacle> of(GoldSubject<?> gold, LayerPosition silver) {
        Map<SourceTable, Set<String>> needs = gold.columns();
        for (SourceTable table : SourceTable.ALL) {
            if (!needs.containsKey(table)) {
                continue;
            }
            StoppedTable cause = silver.stopped().get(table.name());
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
            double share =
                    silver.quality().getOrDefault(table.name(), NOTHING_WRONG).validShare();
            double least = rules.of(table).minValidShare();
            if (share < least) {
                return Optional.of(new Obstacle(
                        "of the rows of silver." + table.name() + " " + percent(share) + " are valid, and at least "
                                + percent(least) + " have to be",
                        "mend the rows that are in silver.quarantine at the source: the figures follow by themselves when"
                                + " enough of them are valid; or ask for fewer (min_valid_share of the rules)"));
            }
        }
        return Optional.empty();
    }

    /** Rounded down, so that what is too little does not look like enough. */
    private static String percent(double share) {
        BigDecimal percent = BigDecimal.valueOf(share).movePointRight(2).setScale(2, RoundingMode.FLOOR);
        return percent.stripTrailingZeros().toPlainString() + " %";
    }
}
