package dev.tenantlake.etl.silver;

import static dev.tenantlake.etl.bronze.BronzeReader.INEXACT;
import static dev.tenantlake.etl.bronze.BronzeReader.RAW_ROW;
import static dev.tenantlake.model.BronzeColumns.EPOCH;
import static dev.tenantlake.model.BronzeColumns.OP;
import static dev.tenantlake.model.BronzeColumns.ORDINAL;
import static java.util.Objects.requireNonNull;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;

import dev.tenantlake.etl.bronze.BronzeReader;
import dev.tenantlake.etl.hudi.HudiCatalog;
import dev.tenantlake.etl.hudi.HudiCommit;
import dev.tenantlake.etl.hudi.HudiLake;
import dev.tenantlake.etl.hudi.HudiTable;
import dev.tenantlake.etl.hudi.HudiWriter;
import dev.tenantlake.etl.rules.RuleBook;
import dev.tenantlake.etl.rules.TableRules;
import dev.tenantlake.etl.silver.TransitionCheck.Misstep;
import dev.tenantlake.etl.silver.Truncates.Truncate;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.SourceTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Prepares what some epochs do to one silver table, and commits it. */
final class TableStep {

    private static final Logger LOG = LoggerFactory.getLogger(TableStep.class);

    private static final StructType MISSTEPS =
            StructType.fromDDL("epoch bigint, ordinal bigint, rule string, raw string");

    private final HudiLake lake;
    private final RuleBook rules;
    private final BronzeReader bronze;
    private final TransitionCheck transitions;
    private final HudiWriter writer;
    private final HudiCatalog catalog;
    private final Quarantine quarantine;

    TableStep(HudiLake lake, RuleBook rules, HudiCatalog catalog, Quarantine quarantine) {
        this.lake = requireNonNull(lake, "lake");
        this.rules = requireNonNull(rules, "rules");
        this.transitions = new TransitionCheck(lake);
        this.bronze = new BronzeReader(lake);
        this.writer = new HudiWriter(lake);
        this.catalog = requireNonNull(catalog, "catalog");
        this.quarantine = requireNonNull(quarantine, "quarantine");
    }

    /**
     * What is to be committed to a table.
     *
     * @param truncates where in these epochs it lost all that it had
     * @param epoch the last epoch that it holds then
     */
    record Prepared(
            TableProgress progress,
            ChangeSet changes,
            Quarantine.Verdict verdict,
            List<Truncate> truncates,
            HudiWriter.Operation operation,
            long epoch) {

        SourceTable table() {
            return progress.table();
        }
    }

    /**
     * Prepares what the readable ones of some epochs do to a table; empty if they leave it as it is. If it is found that
     * a value cannot be read, the epochs before it are prepared and the table's backlog says where it ends.
     *
     * @param manifests in order; the table's backlog knows them
     * @param last the last of them
     */
    Optional<Prepared> prepare(TableProgress progress, List<EpochManifest> manifests, long last) {
        SourceTable table = progress.table();
        Backlog backlog = progress.backlog();
        List<EpochManifest> epochs = backlog.readable(manifests);
        if (epochs.isEmpty() && !progress.isNew()) {
            return Optional.empty();
        }
        boolean replaced = epochs.stream()
                .anyMatch(epoch -> epoch.tables().get(table.name()).truncated());
        boolean loaded = epochs.size() == 1 && epochs.get(0).replacesTables();
        TableRules asked = rules.of(table);
        Dataset<Row> rows = bronze.read(table, epochs, asked::firstBroken);
        List<Truncate> truncates = replaced ? truncates(table, rows, epochs, loaded) : List.of();
        if (replaced && !loaded) {
            rows = ChangeSet.afterTruncate(rows);
        }
        if (backlog.isDoubtful()) {
            Optional<Backlog.Obstacle> inexact = firstInexact(table, rows);
            if (inexact.isPresent()) {
                backlog.stopAt(inexact.get());
                return prepare(progress, manifests, last);
            }
        }
        ChangeSet changes = loaded
                ? ofLoad(table, asked, rows, epochs)
                : ofStream(table, asked, rows, epochs, replaced ? Optional.empty() : progress.commit());
        HudiWriter.Operation operation = HudiWriter.Operation.UPSERT;
        if (progress.isNew()) {
            operation = HudiWriter.Operation.BULK_INSERT;
        } else if (replaced) {
            operation = HudiWriter.Operation.REPLACE;
        }
        return Optional.of(new Prepared(
                progress,
                changes,
                quarantine.judge(table, changes, past(replaced, loaded), backlog.until(last)),
                truncates,
                operation,
                backlog.until(last)));
    }

    private static Quarantine.Past past(boolean replaced, boolean loaded) {
        if (!replaced) {
            return Quarantine.Past.STAYS;
        }
        return loaded ? Quarantine.Past.IS_LOADED : Quarantine.Past.IS_TRUNCATED;
    }

    /** Every truncate of some epochs, and not only the last: somebody may ask for what was between two. */
    private static List<Truncate> truncates(
            SourceTable table, Dataset<Row> rows, List<EpochManifest> epochs, boolean loaded) {
        if (loaded) {
            // All that a load holds of a table comes after its truncate.
            return List.of(new Truncate(table.name(), epochs.get(0).epoch(), -1));
        }
        return rows.where(col(OP).equalTo("t")).select(EPOCH, ORDINAL).collectAsList().stream()
                .map(row -> new Truncate(table.name(), row.getLong(0), row.getLong(1)))
                .toList();
    }

    private ChangeSet ofLoad(SourceTable table, TableRules asked, Dataset<Row> rows, List<EpochManifest> epochs) {
        ChangeSet changes = ChangeSet.ofLoad(table, rows);
        // It takes less to find that all rows are right, as they mostly are, than to say of each which rule it breaks.
        return bronze.areRight(table, epochs, asked) ? changes.allRight() : changes;
    }

    private ChangeSet ofStream(
            SourceTable table,
            TableRules asked,
            Dataset<Row> rows,
            List<EpochManifest> epochs,
            Optional<HudiCommit> before) {
        long atMost = epochs.stream()
                .mapToLong(epoch -> epoch.tables().get(table.name()).rows())
                .sum();
        ChangeSet changes = ChangeSet.ofStream(table, rows, asked.transitions()).keep(atMost);
        if (asked.transitions().isEmpty()) {
            return changes;
        }
        List<Misstep> missteps = transitions.of(table, asked.transitions(), changes, before);
        return missteps.isEmpty()
                ? changes
                : changes.with(rawRows(table, epochs, missteps)).keep(atMost);
    }

    /** What bronze holds of the rows that took a wrong step. They are few, so they are read again, and not all rows kept. */
    private Dataset<Row> rawRows(SourceTable table, List<EpochManifest> epochs, List<Misstep> missteps) {
        Map<List<Long>, String> wanted = new HashMap<>();
        missteps.forEach(misstep -> wanted.put(List.of(misstep.epoch(), misstep.ordinal()), misstep.rule()));
        List<Row> found = bronze
                .read(table, epochs, columns -> lit("any"))
                .select(EPOCH, ORDINAL, RAW_ROW)
                .where(col(ORDINAL)
                        .isin(missteps.stream().map(Misstep::ordinal).distinct().toArray()))
                .collectAsList()
                .stream()
                .filter(row -> wanted.containsKey(List.of(row.getLong(0), row.getLong(1))))
                .map(row -> RowFactory.create(
                        row.getLong(0),
                        row.getLong(1),
                        wanted.get(List.of(row.getLong(0), row.getLong(1))),
                        row.getString(2)))
                .toList();
        return lake.spark().createDataFrame(found, MISSTEPS);
    }

    private static Optional<Backlog.Obstacle> firstInexact(SourceTable table, Dataset<Row> rows) {
        Row first = rows.where(col(INEXACT).isNotNull())
                .agg(min(struct(col(EPOCH), col(INEXACT))))
                .head();
        if (first.isNullAt(0)) {
            return Optional.empty();
        }
        long epoch = first.getStruct(0).getLong(0);
        return Optional.of(new Backlog.Obstacle(
                epoch,
                "epoch " + epoch + " of " + table.qualifiedName() + " has values in "
                        + first.getStruct(0).getString(1) + " that the lake's type does not hold exactly"));
    }

    /** Commits what was prepared, and has Glue know of it. */
    HudiCommit commit(Prepared prepared) {
        HudiTable silver = SilverTables.of(prepared.table());
        HudiCommit commit = writer.write(
                silver,
                prepared.operation() == HudiWriter.Operation.UPSERT
                        ? prepared.changes().silverRows()
                        : prepared.changes().firstSilverRows(),
                prepared.operation(),
                prepared.epoch());
        catalog.register(silver, commit.partitionPaths());
        LOG.debug(
                "event=table_committed table={} epoch={} operation={} inserted={} updated={} deleted={} partitions={}",
                silver.qualifiedName(),
                prepared.epoch(),
                prepared.operation(),
                commit.inserted(),
                commit.updated(),
                commit.deleted(),
                commit.partitionPaths().size());
        return commit;
    }
}
