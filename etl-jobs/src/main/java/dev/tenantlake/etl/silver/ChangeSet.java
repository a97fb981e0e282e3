package dev.tenantlake.etl.silver;

import static dev.tenantlake.etl.bronze.BronzeReader.RAW_ROW;
import static dev.tenantlake.etl.bronze.BronzeReader.RULE;
import static dev.tenantlake.model.BronzeColumns.EPOCH;
import static dev.tenantlake.model.BronzeColumns.OP;
import static dev.tenantlake.model.BronzeColumns.ORDINAL;
import static dev.tenantlake.model.SourceTable.ID_BLOCK_PARTITION;
import static dev.tenantlake.model.SourceTable.MONTH_PARTITION;
import static dev.tenantlake.model.SourceTable.ROWS_PER_BLOCK;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_join;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import dev.tenantlake.etl.hudi.HudiTable;
import dev.tenantlake.etl.rules.RuleBook;
import dev.tenantlake.etl.rules.Transitions;
import dev.tenantlake.model.SourceTable;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.DataTypes;

/**
 * What the change rows of some epochs come to: for every key and partition that they name, what is to become of the
 * row there.
 */
final class ChangeSet {

    /** The row's key as text: the values of its key's columns with slashes between them. */
    static final String RECORD_KEY = "_record_key";

    /** Whether the row is the newest of its key; of a key's rows in other partitions, each only says that it left. */
    private static final String NEWEST = "_newest";

    /**
     * The row's versions in these epochs, the newest first: {@code _op}, whether it breaks no rule by itself, and the values
     * whose transitions are judged. No more than {@link #MOST_VERSIONS}, or a row that changes all the time would cost the
     * square of its versions.
     */
    static final String VERSIONS = "_versions";

    /** So many versions of a row are judged one after the other; of more, the last ones. */
    static final int MOST_VERSIONS = 64;

    private static final String MISSTEP = "_misstep";
    private static final String MISSTEP_ROW = "_misstep_row";

    /** So many rows are small beside the heap, whatever is in them. */
    private static final long FEW = 5_000;

    private static final Column[] NEWEST_FIRST = {
        col(EPOCH).desc(), col(ORDINAL).desc()
    };

    private final SourceTable table;
    private final Dataset<Row> rows;
    /** What this one was made of, and is let go of with it. */
    private final Optional<ChangeSet> origin;

    private ChangeSet(SourceTable table, Dataset<Row> rows) {
        this(table, rows, Optional.empty());
    }

    private ChangeSet(SourceTable table, Dataset<Row> rows, Optional<ChangeSet> origin) {
        this.table = table;
        this.rows = rows;
        this.origin = origin;
    }

    /** The change set of rows of which there is one per key: those of a load. */
    static ChangeSet ofLoad(SourceTable table, Dataset<Row> bronze) {
        return new ChangeSet(
                table, placed(table, bronze.where(col(OP).notEqual("t"))).withColumn(NEWEST, lit(true)));
    }

    /**
     * The change set of any change rows but truncates.
     *
     * @param transitions those that are to be judged; each row then has its {@link #VERSIONS}
     */
    static ChangeSet ofStream(SourceTable table, Dataset<Row> bronze, List<Transitions> transitions) {
        Column[] key = table.primaryKey().stream().map(name -> col(name)).toArray(Column[]::new);
        WindowSpec ofKey = Window.partitionBy(key).orderBy(NEWEST_FIRST);
        Dataset<Row> ranked = placed(table, bronze)
                .withColumn(NEWEST, row_number().over(ofKey).equalTo(1));
        if (!transitions.isEmpty()) {
            Column[] version = Stream.concat(
                            Stream.of(col(OP), col(RULE).isNull()),
                            transitions.stream().map(judged -> col(judged.column())))
                    .toArray(Column[]::new);
            ranked = ranked.withColumn(
                    VERSIONS,
                    collect_list(struct(version)).over(ofKey.rowsBetween(Window.currentRow(), MOST_VERSIONS - 1)));
        }
        if (table.monthColumn().isEmpty()) {
            return new ChangeSet(table, ranked.where(col(NEWEST)));
        }
        WindowSpec ofPlace = Window.partitionBy(Stream.concat(Arrays.stream(key), Stream.of(col(MONTH_PARTITION)))
                        .toArray(Column[]::new))
                .orderBy(NEWEST_FIRST);
        return new ChangeSet(
                table,
                ranked.withColumn("_rank", row_number().over(ofPlace))
                        .where(col("_rank").equalTo(1))
                        .drop("_rank"));
    }

    /** The change rows after the last truncate, of rows of which one is a truncate. */
    static Dataset<Row> afterTruncate(Dataset<Row> bronze) {
        Row last = bronze.where(col(OP).equalTo("t"))
                .agg(max(struct(col(EPOCH), col(ORDINAL))))
                .head()
                .getStruct(0);
        return bronze.where(col(EPOCH)
                .gt(last.getLong(0))
                .or(col(EPOCH).equalTo(last.getLong(0)).and(col(ORDINAL).gt(last.getLong(1)))));
    }

    /**
     * Keeps the rows, so that they are read once whatever is asked of them; {@link #release} lets them go. Of a few, what
     * is asked then needs no task and no generated code.
     *
     * @param atMost how many there are at most
     */
    ChangeSet keep(long atMost) {
        return new ChangeSet(
                table,
                atMost > FEW
                        ? rows.persist()
                        : rows.sparkSession().createDataFrame(rows.collectAsList(), rows.schema()),
                origin);
    }

    void release() {
        rows.unpersist();
        origin.ifPresent(ChangeSet::release);
    }

    /**
     * The rows whose newest version is an update that breaks no rule by itself: {@code id}, the partition columns, {@code
     * _epoch}, {@code _ordinal} and {@link #VERSIONS}.
     */
    Dataset<Row> updated() {
        return rows.where(col(NEWEST).and(col(OP).equalTo("u")).and(col(RULE).isNull()))
                .where(isPlaced(table))
                .select(Stream.concat(
                                Stream.concat(Stream.of("id"), table.partitionColumns().stream()),
                                Stream.of(EPOCH, ORDINAL, VERSIONS))
                        .map(name -> col(name))
                        .toArray(Column[]::new));
    }

    /**
     * This change set with some rows broken that by themselves are not.
     *
     * @param missteps {@code _epoch}, {@code _ordinal}, the rule and the raw row of each
     */
    ChangeSet with(Dataset<Row> missteps) {
        Dataset<Row> found = missteps.toDF(EPOCH, ORDINAL, MISSTEP, MISSTEP_ROW);
        Dataset<Row> marked = rows.join(found, new String[] {EPOCH, ORDINAL}, "left")
                .withColumn(RULE, coalesce(col(RULE), col(MISSTEP)))
                .withColumn(RAW_ROW, coalesce(col(RAW_ROW), col(MISSTEP_ROW)))
                .drop(MISSTEP, MISSTEP_ROW);
        return new ChangeSet(table, marked, Optional.of(this));
    }

    /** This change set where it is known that none of its rows breaks a rule: that need not be asked of them again. */
    ChangeSet allRight() {
        return new ChangeSet(table, rows.withColumn(RULE, lit(null).cast(DataTypes.StringType)), origin);
    }

    /** What is to be written to the silver table: its columns, and whether the row is to go. */
    Dataset<Row> silverRows() {
        return rows.where(isPlaced(table)).select(silverColumns(isGone()));
    }

    /** The rows that a table has which had none before. */
    Dataset<Row> firstSilverRows() {
        return rows.where(isGone().equalTo(false).and(isPlaced(table))).select(silverColumns(lit(false)));
    }

    /** The newest row of each key, with its {@link #RECORD_KEY}, {@code _op}, rule and raw row. */
    Dataset<Row> newestOfKeys() {
        Column[] key = table.primaryKey().stream()
                .map(name -> expr("coalesce(cast(" + name + " as string), 'null')"))
                .toArray(Column[]::new);
        return rows.where(col(NEWEST)).withColumn(RECORD_KEY, array_join(array(key), "/"));
    }

    private static Column isGone() {
        Column gone = col(OP).equalTo("d").or(col(RULE).isNotNull()).or(expr("not " + NEWEST));
        return when(gone, true).otherwise(false);
    }

    private Column[] silverColumns(Column isDeleted) {
        HudiTable silver = SilverTables.of(table);
        return Stream.concat(
                        silver.columns().stream().map(column -> col(column.name())),
                        Stream.of(isDeleted.as(HudiTable.IS_DELETED)))
                .toArray(Column[]::new);
    }

    private static Dataset<Row> placed(SourceTable table, Dataset<Row> bronze) {
        Dataset<Row> dated = table.monthColumn()
                .map(instant -> bronze.withColumn(
                        MONTH_PARTITION, when(RuleBook.inCalendar(instant, "timestamp"), Months.of(instant))))
                .orElse(bronze);
        return table.partitionColumns().contains(ID_BLOCK_PARTITION)
                ? dated.withColumn(ID_BLOCK_PARTITION, expr("id div " + ROWS_PER_BLOCK))
                : dated;
    }

    /** A row without a key or a month was never in silver, and cannot be. */
    private static Column isPlaced(SourceTable table) {
        // Whether a row has a month is asked of its instant: that is said before the month is looked up.
        Stream<Column> month =
                table
                        .monthColumn()
                        .map(instant -> coalesce(RuleBook.inCalendar(instant, "timestamp"), lit(false)))
                        .stream();
        Stream<Column> key = Stream.concat(table.primaryKey().stream(), Stream.of(table.tenantColumn()))
                .distinct()
                .map(name -> col(name).isNotNull());
        return Stream.concat(key, month).reduce(Column::and).orElseThrow();
    }
}
