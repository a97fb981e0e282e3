package dev.tenantlake.etl.gold;

import static dev.tenantlake.model.BronzeColumns.OP;
import static dev.tenantlake.model.SourceTable.TENANTS;
import static java.util.Objects.requireNonNull;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.tenantlake.etl.bronze.BronzeReader;
import dev.tenantlake.etl.hudi.HudiFiles;
import dev.tenantlake.etl.hudi.HudiLake;
import dev.tenantlake.etl.hudi.HudiTable;
import dev.tenantlake.etl.hudi.HudiTimeline;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.EpochManifest.TableSlice;
import dev.tenantlake.model.SourceTable;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * One advance of gold over some epochs, and all that several tables are made of: each is read or computed when the first
 * asks for it, and once. For use by several threads at once.
 */
final class GoldRound implements AutoCloseable {

    /** Of so many change rows it is quicker to compute everything anew than to look at each. */
    private static final long MANY = 200_000;

    private final List<EpochManifest> epochs;
    private final SilverSnapshot before;
    private final SilverSnapshot after;
    private final Map<Long, String> zones;
    private final BronzeReader bronze;
    private final Map<SourceTable, Set<String>> columns;
    private final Map<SourceTable, List<Row>> changes = new ConcurrentHashMap<>();
    private final HudiTimeline timeline;
    private final HudiFiles files;
    private final Sales sales = new Sales(this);
    private final Visits visits = new Visits(this);
    private final Buyers buyers = new Buyers(this);
    private final Customers customers = new Customers(this);
    private final Categories categories = new Categories(this);
    private final Lifetimes lifetimes = new Lifetimes(this);

    /**
     * A round.
     *
     * @param from the epoch that gold holds
     * @param epochs those after it, in order, without a gap; none if gold is only built anew
     * @param after silver as it holds the last of them
     * @param zones by tenant, the name of its time zone, by {@code after}
     * @param subjects the tables of gold, also those that sit this round out
     */
    GoldRound(
            HudiLake lake,
            long from,
            List<EpochManifest> epochs,
            SilverSnapshot after,
            Map<Long, String> zones,
            Collection<GoldSubject<?>> subjects) {
        this.epochs = List.copyOf(epochs);
        this.before = new SilverSnapshot(requireNonNull(lake, "lake"), from);
        this.after = requireNonNull(after, "after");
        this.zones = Map.copyOf(zones);
        this.bronze = new BronzeReader(lake);
        this.timeline = new HudiTimeline(lake);
        this.files = new HudiFiles(lake);
        this.columns = new ConcurrentHashMap<>();
        for (GoldSubject<?> subject : subjects) {
            subject.columns()
                    .forEach((table, needed) ->
                            columns.computeIfAbsent(table, GoldRound::placement).addAll(needed));
        }
    }

    private static Set<String> placement(SourceTable table) {
        return new LinkedHashSet<>(table.placementColumns());
    }

    /** Silver as it was before the epochs. */
    SilverSnapshot before() {
        return before;
    }

    /** Silver as it holds the last of the epochs. */
    SilverSnapshot silver() {
        return after;
    }

    /** By tenant, the name of its time zone; a tenant whose row is in quarantine has none. */
    Map<Long, String> zones() {
        return zones;
    }

    /** What the tables of sales are made of. */
    Sales sales() {
        return sales;
    }

    /** What the tables of visits are made of. */
    Visits visits() {
        return visits;
    }

    /** What the tables of cohorts and retention are made of. */
    Buyers buyers() {
        return buyers;
    }

    /** What the tables of acquisition are made of. */
    Customers customers() {
        return customers;
    }

    /** What the tables of categories are made of. */
    Categories categories() {
        return categories;
    }

    /** What the tables of lifetime values are made of. */
    Lifetimes lifetimes() {
        return lifetimes;
    }

    /**
     * What a table of gold has below some paths, before the round or after it: whoever asks wants rows that it does not
     * change.
     */
    Dataset<Row> gold(HudiTable table, Collection<String> paths) {
        return files.read(table, timeline.latest(table), paths);
    }

    /** Whether the epochs hold anything of some tables. */
    boolean touches(SourceTable... tables) {
        return slices(tables).findAny().isPresent();
    }

    /** Whether the epochs hold so much of some tables, or so little in detail, that each change is not to be looked at. */
    boolean isOverwhelmed(SourceTable... tables) {
        return slices(tables).anyMatch(TableSlice::truncated)
                || slices(tables).mapToLong(TableSlice::rows).sum() > MANY;
    }

    /** The tenants that came, went or changed their time zone. */
    Set<Long> movedTenants() {
        if (!touches(TENANTS)) {
            return Set.of();
        }
        Map<Long, String> zonesBefore = before.timeZones();
        Set<Long> tenants = new HashSet<>(zonesBefore.keySet());
        tenants.addAll(zones.keySet());
        tenants.removeIf(tenant -> Objects.equals(zonesBefore.get(tenant), zones.get(tenant)));
        return tenants;
    }

    /** All days of the tenants that have other rows in some tables than before, or another time zone. */
    TenantDays changedTenants(SourceTable... tables) {
        if (isOverwhelmed(tables) || isOverwhelmed(TENANTS)) {
            return TenantDays.EVERYTHING;
        }
        Set<Long> tenants = new HashSet<>(movedTenants());
        for (SourceTable table : tables) {
            for (Row row : changes(table)) {
                Long tenant = row.getAs(table.tenantColumn());
                if (tenant != null) {
                    tenants.add(tenant);
                }
            }
        }
        return new TenantDays(false, tenants, Map.of());
    }

    /**
     * The epochs' change rows of a table, in no order: {@code _op} and, by their names, its key, what its partition comes
     * from, and the columns that any of the round's tables is made of. A row that an update changed is there as it was
     * after that, one that was deleted as it was before.
     */
    List<Row> changes(SourceTable table) {
        return changes.computeIfAbsent(
                table,
                wanted -> touches(wanted)
                        ? bronze.read(wanted, epochs, present -> lit(null).cast("string"))
                                .select(Stream.concat(columns.get(wanted).stream(), Stream.of(OP))
                                        .map(name -> col(name))
                                        .toArray(Column[]::new))
                                .collectAsList()
                        : List.of());
    }

    private Stream<TableSlice> slices(SourceTable... tables) {
        return Stream.of(tables)
                .flatMap(table -> epochs.stream().map(epoch -> epoch.tables().get(table.name())))
                .filter(Objects::nonNull);
    }

    /** Lets go of what it keeps in memory. */
    @Override
    public void close() {
        lifetimes.close();
        categories.close();
        customers.close();
        buyers.close();
        sales.close();
        visits.close();
    }
}
