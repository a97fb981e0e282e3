package dev.tenantlake.etl;

import dev.tenantlake.etl.bronze.BatchLimit;
import dev.tenantlake.etl.bronze.EpochFeed;
import dev.tenantlake.etl.claim.WriterClaim;
import dev.tenantlake.etl.gold.GoldStage;
import dev.tenantlake.etl.hudi.HudiCatalog;
import dev.tenantlake.etl.hudi.HudiLake;
import dev.tenantlake.etl.hudi.HudiTable;
import dev.tenantlake.etl.hudi.HudiTimeline;
import dev.tenantlake.etl.parallel.TablePool;
import dev.tenantlake.etl.rules.RuleBook;
import dev.tenantlake.etl.silver.SilverStage;
import dev.tenantlake.model.Catalog;
import dev.tenantlake.model.EpochLog;
import dev.tenantlake.model.LakeLayout;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.LayerPosition;
import dev.tenantlake.model.LayerPositions;
import dev.tenantlake.model.SourceTable;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.Partition;
import software.amazon.awssdk.services.glue.model.Table;
import software.amazon.awssdk.services.s3.S3Client;

/** A lake that nothing was written to yet, in a bucket of its own, with a source that writes to it. */
final class TestLake {

    private final SparkSession spark;
    private final S3Client s3;
    private final GlueClient glue;
    private final LakeLayout layout;
    private final HudiLake hudi;
    private final TablePool pool;
    private final Source source;

    TestLake(SparkSession spark, S3Client s3, GlueClient glue, LakeLayout layout, TablePool pool) {
        this.spark = spark;
        this.s3 = s3;
        this.glue = glue;
        this.layout = layout;
        this.pool = pool;
        this.hudi = new HudiLake(spark, "s3a://" + layout.bucket() + "/");
        this.source = new Source(s3, layout);
    }

    Source source() {
        return source;
    }

    HudiLake hudi() {
        return hudi;
    }

    S3Client s3() {
        return s3;
    }

    GlueClient glue() {
        return glue;
    }

    LakeLayout layout() {
        return layout;
    }

    HudiTimeline timeline() {
        return new HudiTimeline(hudi);
    }

    /** A silver stage as a process has it that was just started. */
    SilverStage silver() {
        return silver(SourceTable.ALL);
    }

    /** A silver stage as a process has it that was just started and has this model of the source's tables. */
    SilverStage silver(List<SourceTable> sources) {
        return silver(sources, RuleBook.standard());
    }

    /** A silver stage as a process has it that was just started and asks this of the rows. */
    SilverStage silver(RuleBook rules) {
        return silver(SourceTable.ALL, rules);
    }

    private SilverStage silver(List<SourceTable> sources, RuleBook rules) {
        SilverStage stage = new SilverStage(
                hudi,
                rules,
                new EpochFeed(new EpochLog(s3, layout)),
                positions(),
                new WriterClaim(s3, layout, Layer.SILVER),
                new HudiCatalog(new Catalog(glue, layout)),
                pool,
                Clock.systemUTC(),
                new BatchLimit(500, 1_000_000),
                sources);
        stage.recover();
        return stage;
    }

    /** A gold stage as a process has it that was just started. */
    GoldStage gold(boolean rebuild) {
        return gold(RuleBook.standard(), rebuild);
    }

    /** A gold stage as a process has it that was just started and asks this of the rows. */
    GoldStage gold(RuleBook rules, boolean rebuild) {
        return gold(rules, Duration.ZERO, rebuild);
    }

    /** A gold stage as a process has it that was just started, and in which tables that trail stand for so long. */
    GoldStage gold(RuleBook rules, Duration every, boolean rebuild) {
        GoldStage stage = new GoldStage(
                hudi,
                rules,
                new EpochFeed(new EpochLog(s3, layout)),
                positions(),
                new WriterClaim(s3, layout, Layer.GOLD),
                new HudiCatalog(new Catalog(glue, layout)),
                pool,
                Clock.systemUTC(),
                every,
                rebuild);
        stage.recover();
        return stage;
    }

    LayerPositions positions() {
        return new LayerPositions(s3, layout);
    }

    LayerPosition position(Layer layer) {
        return positions().read(layer).orElseThrow();
    }

    /** Forgets how far a layer is, as a death before the position was written would. */
    void losePosition(Layer layer) {
        s3.deleteObject(delete -> delete.bucket(layout.bucket()).key(LakeLayout.positionKey(layer)));
    }

    /** Takes the last commit of a table away, as a death just before it would have. */
    void loseLastCommit(HudiTable table) {
        String instant = timeline().latest(table).orElseThrow().instant();
        s3.deleteObject(delete -> delete.bucket(layout.bucket()).key(table.key() + "/.hoodie/" + instant + ".commit"));
    }

    /** What Glue knows of a table. */
    Table table(String database, String name) {
        return glue.getTable(get -> get.databaseName(database).name(name)).table();
    }

    /** The values of the partitions that Glue knows of a table. */
    List<List<String>> partitions(String database, String table) {
        return glue.getPartitionsPaginator(get -> get.databaseName(database).tableName(table)).stream()
                .flatMap(page -> page.partitions().stream())
                .map(Partition::values)
                .map(List::copyOf)
                .toList();
    }

    /**
     * The rows of a table, read as anybody reads Hudi with Spark; by column name, nulls left out. A list of structs is
     * one of lists.
     */
    List<Map<String, Object>> rows(HudiTable table) {
        Dataset<Row> read = spark.read()
                .format("hudi")
                .option("hoodie.metadata.enable", "false")
                .load(hudi.address(table));
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Row row : read.collectAsList()) {
            Map<String, Object> values = new HashMap<>();
            table.columns().forEach(column -> {
                Object value = column.glueType().startsWith("array<struct<")
                        ? lists(row.getList(row.fieldIndex(column.name())))
                        : row.getAs(column.name());
                if (value != null) {
                    values.put(column.name(), value);
                }
            });
            rows.add(values);
        }
        return rows;
    }

    private static List<List<Object>> lists(List<Row> structs) {
        return structs.stream()
                .map(struct -> IntStream.range(0, struct.size())
                        .mapToObj(i -> struct.get(i))
                        .toList())
                .toList();
    }
}
