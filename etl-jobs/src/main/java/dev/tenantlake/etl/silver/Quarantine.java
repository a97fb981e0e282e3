package dev.tenantlake.etl.silver;

import static dev.tenantlake.etl.bronze.BronzeReader.RAW_ROW;
import static dev.tenantlake.etl.bronze.BronzeReader.RULE;
import static dev.tenantlake.etl.silver.ChangeSet.RECORD_KEY;
import static dev.tenantlake.model.BronzeColumns.COMMITTED_AT;
import static dev.tenantlake.model.BronzeColumns.EPOCH;
import static dev.tenantlake.model.BronzeColumns.OP;
import static java.util.Objects.requireNonNull;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.tenantlake.etl.hudi.HudiCommit;
import dev.tenantlake.etl.hudi.HudiFiles;
import dev.tenantlake.etl.hudi.HudiLake;
import dev.tenantlake.etl.hudi.HudiTable;
import dev.tenantlake.etl.hudi.HudiTimeline;
import dev.tenantlake.etl.hudi.HudiWriter;
import dev.tenantlake.etl.silver.QuarantineHistory.Key;
import dev.tenantlake.model.SourceTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The rows that break a rule: {@code silver.quarantine}. Which rows those are is remembered, for of every change that
 * comes it has to be known whether it takes a row out.
 */
final class Quarantine {

    private static final StructType ROWS =
            SilverTables.QUARANTINE.schema().add(HudiTable.IS_DELETED, DataTypes.BooleanType);

    /** So many keys are more to compare with, one by one, than there are rows. */
    private static final int MANY = 1_000;

    private final HudiLake lake;
    private final HudiTimeline timeline;
    private final HudiFiles files;
    private final HudiWriter writer;
    private final QuarantineHistory history;

    /** By table name, of each quarantined row's key its tenant, which may be null. */
    private final Map<String, Map<String, Long>> quarantined = new HashMap<>();

    private boolean exists;

    Quarantine(HudiLake lake) {
        this.lake = requireNonNull(lake, "lake");
        this.timeline = new HudiTimeline(lake);
        this.files = new HudiFiles(lake);
        this.writer = new HudiWriter(lake);
        this.history = new QuarantineHistory(lake);
    }

    /**
     * What a table's change set does to the quarantine.
     *
     * @param broken the rows that it puts in
     * @param mended by their keys, those that it takes out, and the epoch of what did
     */
    record Verdict(SourceTable table, List<Row> broken, Map<String, Long> mended) {
        Verdict {
            requireNonNull(table, "table");
            broken = List.copyOf(broken);
            mended = Map.copyOf(mended);
        }
    }

    /** What becomes of the rows that a table has. */
    enum Past {
        /** They stay, but for those that change. */
        STAYS,
        /** They go, and other changes come before and after. */
        IS_TRUNCATED,
        /** They go, and the change set is all that the table has since. */
        IS_LOADED
    }

    /** Reads from the table which rows are quarantined. */
    void load() {
        quarantined.clear();
        // Of a commit that died between the two tables, the one that is written first may have what the other has not.
        history.load().forEach((key, span) -> add(key.table(), key.record(), span.tenant()));
        Optional<HudiCommit> commit = timeline.latest(SilverTables.QUARANTINE);
        exists = commit.isPresent();
        files.read(SilverTables.QUARANTINE, commit, List.of(""))
                .select("table_name", "record_key", "tenant_id", "epoch")
                .collectAsList()
                .forEach(row -> {
                    add(row.getString(0), row.getString(1), tenant(row, 2));
                    // One that was put in by a version that kept no history, or by a commit that is repeated.
                    history.begin(new Key(row.getString(0), row.getString(1)), tenant(row, 2), row.getLong(3));
                });
    }

    /**
     * Which rows a change set puts in, and which it takes out.
     *
     * @param last the last epoch of the change set
     */
    Verdict judge(SourceTable table, ChangeSet changes, Past past, long last) {
        Map<String, Long> inside = quarantined.getOrDefault(table.name(), Map.of());
        Column wanted = col(RULE).isNotNull();
        if (!inside.isEmpty() && past != Past.IS_LOADED) {
            wanted = inside.size() > MANY
                    ? lit(true)
                    : wanted.or(col(RECORD_KEY).isin(inside.keySet().toArray()));
        }
        List<Row> broken = new ArrayList<>();
        Map<String, Long> mended = new HashMap<>();
        if (past != Past.STAYS) {
            inside.keySet().forEach(key -> mended.put(key, last));
        }
        // Of a load that is all right, none can be wanted for a rule, and none is read.
        changes.newestOfKeys()
                .where(wanted)
                .select(
                        col(table.tenantColumn()),
                        lit(table.name()),
                        col(RECORD_KEY),
                        col(RULE),
                        col(RAW_ROW),
                        col(OP),
                        col(EPOCH),
                        col(COMMITTED_AT),
                        lit(false))
                .collectAsList()
                .forEach(row -> {
                    if (!row.isNullAt(3)) {
                        broken.add(row);
                    } else if (inside.containsKey(row.getString(2))) {
                        mended.put(row.getString(2), row.getLong(6));
                    }
                });
        broken.forEach(row -> mended.remove(row.getString(2)));
        return new Verdict(table, broken, mended);
    }

    /** Brings the table and its history to what the verdicts say, in one commit of each if there is anything to do. */
    void apply(List<Verdict> verdicts, long epoch) {
        for (Verdict verdict : verdicts) {
            String table = verdict.table().name();
            verdict.broken()
                    .forEach(row -> history.begin(new Key(table, row.getString(2)), tenant(row, 0), row.getLong(6)));
            verdict.mended().forEach((key, since) -> history.end(new Key(table, key), since));
        }
        history.write(epoch);
        List<Row> rows = new ArrayList<>();
        for (Verdict verdict : verdicts) {
            rows.addAll(verdict.broken());
            Map<String, Long> inside = quarantined.getOrDefault(verdict.table().name(), Map.of());
            for (String key : verdict.mended().keySet()) {
                rows.add(RowFactory.create(
                        inside.get(key), verdict.table().name(), key, null, null, null, epoch, null, true));
            }
        }
        if (rows.isEmpty() && exists) {
            return;
        }
        Dataset<Row> written = lake.spark().createDataFrame(rows, ROWS);
        writer.write(
                SilverTables.QUARANTINE,
                written,
                exists ? HudiWriter.Operation.UPSERT : HudiWriter.Operation.BULK_INSERT,
                epoch);
        exists = true;
        for (Verdict verdict : verdicts) {
            String name = verdict.table().name();
            verdict.broken().forEach(row -> add(name, row.getString(2), tenant(row, 0)));
            verdict.mended().keySet().forEach(quarantined.getOrDefault(name, Map.of())::remove);
        }
    }

    /** How many rows are quarantined. */
    int size() {
        return quarantined.values().stream().mapToInt(Map::size).sum();
    }

    /** How many rows of a table are quarantined. */
    int size(String table) {
        return quarantined.getOrDefault(table, Map.of()).size();
    }

    private void add(String table, String key, Long tenant) {
        quarantined.computeIfAbsent(table, name -> new HashMap<>()).put(key, tenant);
    }

    private static Long tenant(Row row, int column) {
        return row.isNullAt(column) ? null : row.getLong(column);
    }
}
