package dev.tenantlake.etl.gold;

import static dev.tenantlake.model.SourceTable.TENANTS;
import static dev.tenantlake.model.SourceTable.TENANT_PARTITION;
import static java.util.Objects.requireNonNull;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.tenantlake.etl.hudi.HudiCatalog;
import dev.tenantlake.etl.hudi.HudiCommit;
import dev.tenantlake.etl.hudi.HudiFiles;
import dev.tenantlake.etl.hudi.HudiLake;
import dev.tenantlake.etl.hudi.HudiTable;
import dev.tenantlake.etl.hudi.HudiTimeline;
import dev.tenantlake.etl.hudi.HudiWriter;
import dev.tenantlake.etl.silver.SilverTables;
import dev.tenantlake.model.LayerPosition;
import dev.tenantlake.model.SourceTable;
import dev.tenantlake.model.TableQuality;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Keeps {@code gold.data_quality}: of each tenant and silver table how many rows are valid and how many in quarantine, as
 * of the last count of a day. The day is the one, in UTC, on which the source committed what was counted. A count reads
 * the footers of the files that are new since the last one; it is made when what is in quarantine has become more or
 * less, or what is in silver by a tenth, and else now and then.
 */
final class DataQuality {

    private static final int DIGITS = 6;
    private static final StructType ROWS =
            GoldTables.DATA_QUALITY.schema().add(HudiTable.IS_DELETED, DataTypes.BooleanType);
    private static final String BELONGS_TO = TENANT_PARTITION + "=";

    private final HudiLake lake;
    private final HudiCatalog catalog;
    private final Clock clock;
    private final Duration every;
    private final HudiTimeline timeline;
    private final HudiFiles files;
    private final HudiWriter writer;

    private boolean missing;
    private long epoch;
    private Instant countedAt;
    /** What silver said of its tables at the last count. */
    private Map<String, TableQuality> said;

    private LocalDate day;
    /** What the table has of that day. */
    private Map<Subject, TableQuality> standing;

    /**
     * The table; {@link #recover()} is called before anything else.
     *
     * @param every how long a count stands at most while silver goes on
     */
    DataQuality(HudiLake lake, HudiCatalog catalog, Clock clock, Duration every) {
        this.lake = requireNonNull(lake, "lake");
        this.catalog = requireNonNull(catalog, "catalog");
        this.clock = requireNonNull(clock, "clock");
        this.every = requireNonNull(every, "every");
        this.timeline = new HudiTimeline(lake);
        this.files = new HudiFiles(lake);
        this.writer = new HudiWriter(lake);
    }

    /**
     * What is counted.
     *
     * @param tenant null of rows that do not say whose they are
     */
    private record Subject(Long tenant, String table) {}

    /** Learns from the table what it holds. */
    void recover() {
        Optional<HudiCommit> latest = timeline.latest(GoldTables.DATA_QUALITY);
        missing = latest.isEmpty();
        epoch = latest.map(HudiCommit::epoch).orElse(0L);
        countedAt = Instant.EPOCH;
        said = Map.of();
        day = null;
        standing = Map.of();
        if (!missing) {
            catalog.register(GoldTables.DATA_QUALITY, files.partitionsBelow(GoldTables.DATA_QUALITY, ""));
        }
    }

    /** The epoch of the last change. */
    long epoch() {
        return epoch;
    }

    /** Whether it is time to count again. */
    boolean isDue(LayerPosition silver) {
        return silver.epoch() > epoch && !clock.instant().isBefore(countedAt.plus(every)) || isPressing(silver);
    }

    /** Whether what the table has is no picture of silver any more. */
    boolean isPressing(LayerPosition silver) {
        return missing
                || silver.epoch() > epoch
                        && silver.quality().entrySet().stream()
                                .anyMatch(table -> isOtherwise(
                                        table.getValue(), said.getOrDefault(table.getKey(), new TableQuality(0, 0))));
    }

    private static boolean isOtherwise(TableQuality now, TableQuality before) {
        return now.quarantined() != before.quarantined()
                || Math.abs(now.valid() - before.valid()) > before.valid() / 10;
    }

    /** Counts silver's rows as of its epoch, and writes what is otherwise than the table has it. */
    void count(LayerPosition silver) {
        LocalDate now = LocalDate.ofInstant(silver.sourceCommittedAt(), ZoneOffset.UTC);
        if (!now.equals(day)) {
            standing = standing(now);
            day = now;
        }
        Map<Subject, TableQuality> counted = counted(silver.epoch());
        List<Row> rows = new ArrayList<>();
        counted.forEach((subject, quality) -> {
            if (!quality.equals(standing.get(subject))) {
                rows.add(row(subject, quality, silver.epoch(), false));
            }
        });
        standing.forEach((subject, quality) -> {
            if (!counted.containsKey(subject)) {
                rows.add(row(subject, quality, silver.epoch(), true));
            }
        });
        if (!rows.isEmpty() || missing) {
            HudiCommit commit = writer.write(
                    GoldTables.DATA_QUALITY,
                    lake.spark().createDataFrame(rows, ROWS),
                    missing ? HudiWriter.Operation.BULK_INSERT : HudiWriter.Operation.UPSERT,
                    silver.epoch());
            catalog.register(GoldTables.DATA_QUALITY, commit.partitionPaths());
        }
        missing = false;
        epoch = silver.epoch();
        countedAt = clock.instant();
        said = silver.quality();
        standing = counted;
    }

    private Map<Subject, TableQuality> counted(long silverEpoch) {
        Map<Subject, Long> valid = new HashMap<>();
        for (SourceTable table : SourceTable.ALL) {
            if (table.equals(TENANTS)) {
                new SilverSnapshot(lake, silverEpoch)
                        .timeZones()
                        .keySet()
                        .forEach(tenant -> valid.put(new Subject(tenant, table.name()), 1L));
                continue;
            }
            HudiTable silver = SilverTables.of(table);
            files.counts(silver, timeline.at(silver, silverEpoch))
                    .forEach((partition, rows) ->
                            valid.merge(new Subject(tenant(partition), table.name()), rows, Long::sum));
        }
        Map<Subject, Long> broken = new HashMap<>();
        files.read(SilverTables.QUARANTINE, timeline.at(SilverTables.QUARANTINE, silverEpoch), List.of(""))
                .groupBy("tenant_id", "table_name")
                .count()
                .collectAsList()
                .forEach(row -> broken.put(
                        new Subject(row.isNullAt(0) ? null : row.getLong(0), row.getString(1)), row.getLong(2)));
        Map<Subject, TableQuality> counted = new HashMap<>();
        valid.forEach(
                (subject, rows) -> counted.put(subject, new TableQuality(rows, broken.getOrDefault(subject, 0L))));
        broken.forEach((subject, rows) -> counted.putIfAbsent(subject, new TableQuality(0, rows)));
        return counted;
    }

    /** {@code tenant_id=3/month=2026-01/id_block=7} is tenant 3's. */
    private static Long tenant(String partition) {
        return Long.valueOf(partition.substring(BELONGS_TO.length()).split("/")[0]);
    }

    private Map<Subject, TableQuality> standing(LocalDate wanted) {
        Map<Subject, TableQuality> found = new HashMap<>();
        files.read(
                        GoldTables.DATA_QUALITY,
                        timeline.latest(GoldTables.DATA_QUALITY),
                        List.of(SourceTable.MONTH_PARTITION + "=" + YearMonth.from(wanted)))
                .where(col("day").equalTo(lit(wanted)))
                .select("tenant_id", "table_name", "valid_rows", "quarantined_rows")
                .collectAsList()
                .forEach(row -> found.put(
                        new Subject(row.isNullAt(0) ? null : row.getLong(0), row.getString(1)),
                        new TableQuality(row.getLong(2), row.getLong(3))));
        return found;
    }

    /** Rounded down: 1 is all of them. */
    private static BigDecimal share(TableQuality quality) {
        long all = quality.valid() + quality.quarantined();
        return BigDecimal.valueOf(all == 0 ? 1 : quality.valid())
                .divide(BigDecimal.valueOf(Math.max(1, all)), DIGITS, RoundingMode.FLOOR);
    }

    private Row row(Subject subject, TableQuality quality, long silverEpoch, boolean gone) {
        return RowFactory.create(
                subject.tenant(),
                subject.table(),
                day,
                quality.valid(),
                quality.quarantined(),
                share(quality),
                YearMonth.from(day).toString(),
                silverEpoch,
                gone);
    }
}
