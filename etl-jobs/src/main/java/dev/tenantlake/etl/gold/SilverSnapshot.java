package dev.tenantlake.etl.gold;

import static dev.tenantlake.model.SourceTable.ID_BLOCK_PARTITION;
import static dev.tenantlake.model.SourceTable.MONTH_PARTITION;
import static dev.tenantlake.model.SourceTable.TENANT_PARTITION;
import static java.util.Objects.requireNonNull;

import dev.tenantlake.etl.hudi.HudiCommit;
import dev.tenantlake.etl.hudi.HudiFiles;
import dev.tenantlake.etl.hudi.HudiLake;
import dev.tenantlake.etl.hudi.HudiTimeline;
import dev.tenantlake.etl.hudi.Spans;
import dev.tenantlake.etl.silver.SilverTables;
import dev.tenantlake.model.SourceTable;
import java.time.YearMonth;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Silver as it held one epoch, whatever was written to it since. */
final class SilverSnapshot {

    private final HudiTimeline timeline;
    private final HudiFiles files;
    private final long epoch;

    /** Which commit of each table holds the epoch: that does not change while it is read. */
    private final Map<SourceTable, Optional<HudiCommit>> commits = new ConcurrentHashMap<>();

    SilverSnapshot(HudiLake lake, long epoch) {
        requireNonNull(lake, "lake");
        this.timeline = new HudiTimeline(lake);
        this.files = new HudiFiles(lake);
        this.epoch = epoch;
    }

    /** All rows of a table. */
    Dataset<Row> all(SourceTable table) {
        return read(table, List.of(""));
    }

    /** The rows of some tenants of a table. */
    Dataset<Row> ofTenants(SourceTable table, Collection<Long> tenants) {
        return read(table, paths(tenants));
    }

    /** The rows of a table of all tenants that some days are of. */
    Dataset<Row> of(SourceTable table, TenantDays days) {
        return days.everything() ? all(table) : ofTenants(table, days.tenants());
    }

    /** At least those rows of some tenants of a table that are within some spans. */
    Dataset<Row> ofTenants(SourceTable table, Collection<Long> tenants, Spans wanted) {
        return read(table, paths(tenants), wanted);
    }

    /**
     * The rows that a table has below some paths.
     *
     * @param paths of partitions, or of what partitions have in common, such as {@link #partition(long, YearMonth)}; one
     *     that is not there has no rows
     */
    Dataset<Row> read(SourceTable table, Collection<String> paths) {
        return files.read(SilverTables.of(table), commit(table), paths);
    }

    /** At least those rows of a table below some paths that are within some spans. */
    Dataset<Row> read(SourceTable table, Collection<String> paths, Spans wanted) {
        return files.read(SilverTables.of(table), commit(table), paths, wanted);
    }

    /** The commit with which a table holds the epoch, or empty if it has none. */
    Optional<HudiCommit> commit(SourceTable table) {
        return commits.computeIfAbsent(table, key -> timeline.at(SilverTables.of(key), epoch));
    }

    /** By tenant, the name of its time zone. */
    Map<Long, String> timeZones() {
        Map<Long, String> zones = new HashMap<>();
        read(SourceTable.TENANTS, List.of(""))
                .select("id", "time_zone")
                .collectAsList()
                .forEach(row -> zones.put(row.getLong(0), row.getString(1)));
        return zones;
    }

    private static List<String> paths(Collection<Long> tenants) {
        return tenants.stream().map(SilverSnapshot::partition).toList();
    }

    /** The path of a tenant's partitions. */
    static String partition(long tenant) {
        return TENANT_PARTITION + "=" + tenant;
    }

    /** The path of the partitions of a tenant's month, in UTC. */
    static String partition(long tenant, YearMonth month) {
        return partition(tenant) + "/" + MONTH_PARTITION + "=" + month;
    }

    /** The path of the one partition that has a row of a big table, by its month in UTC and its id. */
    static String partition(long tenant, YearMonth month, long id) {
        return partition(tenant, month) + "/" + ID_BLOCK_PARTITION + "="
                + Math.floorDiv(id, SourceTable.ROWS_PER_BLOCK);
    }
}
