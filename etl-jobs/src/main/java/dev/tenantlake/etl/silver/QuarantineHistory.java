package dev.tenantlake.etl.silver;

import static java.util.Objects.requireNonNull;
import static org.apache.spark.sql.functions.col;

import dev.tenantlake.etl.hudi.HudiCommit;
import dev.tenantlake.etl.hudi.HudiFiles;
import dev.tenantlake.etl.hudi.HudiLake;
import dev.tenantlake.etl.hudi.HudiTable;
import dev.tenantlake.etl.hudi.HudiTimeline;
import dev.tenantlake.etl.hudi.HudiWriter;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * When which row was held back: {@code silver.quarantine_history}. A span begins with the epoch of the version that broke a
 * rule and ends before that of the version that broke none, so that whoever asks for an epoch learns which keys silver did
 * not have. It knows what silver knew: of the versions that one commit took in together, the newest alone was judged.
 */
final class QuarantineHistory {

    private static final StructType ROWS =
            SilverTables.QUARANTINE_HISTORY.schema().add(HudiTable.IS_DELETED, DataTypes.BooleanType);

    private final HudiLake lake;
    private final HudiTimeline timeline;
    private final HudiFiles files;
    private final HudiWriter writer;

    /** The spans that have not ended. */
    private final Map<Key, Span> open = new HashMap<>();
    /** What is to be written, by what identifies a row there. */
    private final Map<List<Object>, Row> unwritten = new LinkedHashMap<>();

    private boolean exists;

    QuarantineHistory(HudiLake lake) {
        this.lake = requireNonNull(lake, "lake");
        this.timeline = new HudiTimeline(lake);
        this.files = new HudiFiles(lake);
        this.writer = new HudiWriter(lake);
    }

    /**
     * A row of the source.
     *
     * @param table its table's name
     * @param record its key as text, as {@link ChangeSet#RECORD_KEY} has it
     */
    record Key(String table, String record) {
        Key {
            requireNonNull(table, "table");
            requireNonNull(record, "record");
        }
    }

    /**
     * Since when a row has been held back.
     *
     * @param tenant whose it is, which may be null
     * @param from the epoch of the version that broke a rule
     */
    record Span(Long tenant, long from) {}

    /** Reads which spans have not ended. */
    Map<Key, Span> load() {
        open.clear();
        unwritten.clear();
        Optional<HudiCommit> commit = timeline.latest(SilverTables.QUARANTINE_HISTORY);
        exists = commit.isPresent();
        files.read(SilverTables.QUARANTINE_HISTORY, commit, List.of(""))
                .where(col("until_epoch").isNull())
                .select("table_name", "record_key", "tenant_id", "from_epoch")
                .collectAsList()
                .forEach(row -> open.put(
                        new Key(row.getString(0), row.getString(1)),
                        new Span(row.isNullAt(2) ? null : row.getLong(2), row.getLong(3))));
        return Map.copyOf(open);
    }

    /** A row is held back, from this epoch on if it was not before. */
    void begin(Key key, Long tenant, long epoch) {
        if (!open.containsKey(key)) {
            Span span = new Span(tenant, epoch);
            open.put(key, span);
            put(key, span, null);
        }
    }

    /** A row is held back no more, from this epoch on. */
    void end(Key key, long epoch) {
        Span span = open.remove(key);
        if (span != null) {
            put(key, span, epoch);
        }
    }

    private void put(Key key, Span span, Long until) {
        unwritten.put(
                List.of(key, span),
                RowFactory.create(span.tenant(), key.table(), key.record(), span.from(), until, false));
    }

    /** Writes what has begun and ended, in one commit if anything has; the same again changes nothing. */
    void write(long epoch) {
        if (unwritten.isEmpty() && exists) {
            return;
        }
        writer.write(
                SilverTables.QUARANTINE_HISTORY,
                lake.spark().createDataFrame(List.copyOf(unwritten.values()), ROWS),
                exists ? HudiWriter.Operation.UPSERT : HudiWriter.Operation.BULK_INSERT,
                epoch);
        exists = true;
        unwritten.clear();
    }
}
