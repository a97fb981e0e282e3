package dev.tenantlake.etl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenantlake.etl.hudi.HudiCommit;
import dev.tenantlake.etl.hudi.HudiFiles;
import dev.tenantlake.etl.hudi.HudiLake;
import dev.tenantlake.etl.hudi.HudiTable;
import dev.tenantlake.etl.hudi.HudiTimeline;
import dev.tenantlake.etl.hudi.HudiWriter;
import dev.tenantlake.etl.hudi.HudiWriter.Operation;
import dev.tenantlake.model.CatalogTable.Column;
import dev.tenantlake.model.Layer;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.s3.model.S3Object;

/** What is written by Spark's tasks, however many rows it is, and what by this process alone, come to the same. */
@ExtendWith(LakeExtension.class)
class HudiWriterTest {

    private static final HudiTable STOCK = new HudiTable(
            Layer.SILVER,
            "stock",
            List.of("tenant_id", "id"),
            List.of("tenant_id", "month"),
            List.of(
                    new Column("tenant_id", "bigint"),
                    new Column("id", "bigint"),
                    new Column("value", "decimal(18,2)"),
                    new Column("month", "string")));
    private static final HudiTable PRICES = new HudiTable(
            Layer.SILVER,
            "prices",
            List.of("id"),
            List.of(),
            List.of(new Column("id", "bigint"), new Column("value", "decimal(18,2)")));
    private static final StructType ROWS = STOCK.schema().add(HudiTable.IS_DELETED, DataTypes.BooleanType);

    @Test
    void bringsATableToTheSameByTasksAndWithoutThem(TestLake lake) {
        write(lake, Operation.BULK_INSERT, 1, spread(lake, stock(1, 1), stock(2, 1), stock(3, 1), stock(2, 2)));
        assertThat(values(lake, 1))
                .isEqualTo(Map.of(
                        "1/2026-01/1", "1.00", "1/2026-02/2", "1.00", "2/2026-02/2", "2.00", "1/2026-01/3", "1.00"));

        // One is changed, one goes, one comes beside others, one to a partition that was not there, one was never
        // there.
        Row[] changes = {stock(1, 1, "7.50", false), gone(3, 1), stock(5, 1), stock(4, 3), gone(9, 9)};
        HudiCommit commit = write(lake, Operation.UPSERT, 2, spread(lake, changes));
        assertThat(List.of(commit.inserted(), commit.updated(), commit.deleted()))
                .isEqualTo(List.of(2L, 1L, 1L));
        Map<String, String> byTasks = values(lake, 2);
        assertThat(byTasks)
                .isEqualTo(Map.of(
                        "1/2026-01/1", "7.50",
                        "1/2026-02/2", "1.00",
                        "2/2026-02/2", "2.00",
                        "1/2026-01/5", "1.00",
                        "3/2026-02/4", "3.00"));
        assertThat(filesOf(lake, commit)).isEqualTo(2);

        HudiCommit small = write(lake, Operation.UPSERT, 3, few(lake, stock(5, 1, "8.00", false), gone(2, 2)));
        assertThat(List.of(small.inserted(), small.updated(), small.deleted())).isEqualTo(List.of(0L, 1L, 1L));
        Map<String, String> expected = new TreeMap<>(byTasks);
        expected.put("1/2026-01/5", "8.00");
        expected.remove("2/2026-02/2");
        assertThat(values(lake, 3)).isEqualTo(expected);
        assertThat(values(restarted(lake), 3)).isEqualTo(expected);
        assertThat(values(restarted(lake), 1)).hasSize(4);
        assertThat(lake.rows(STOCK)).hasSize(expected.size());
    }

    @Test
    void leavesNothingOfWhatItReplaces(TestLake lake) {
        write(lake, Operation.BULK_INSERT, 1, spread(lake, stock(1, 1), stock(2, 1), stock(2, 2)));
        write(lake, Operation.REPLACE, 2, spread(lake, stock(1, 1, "5.00", false), stock(1, 3)));
        Map<String, String> replaced = Map.of("1/2026-01/1", "5.00", "3/2026-01/1", "3.00");

        for (HudiLake present : List.of(lake.hudi(), restarted(lake))) {
            assertThat(values(present, 2)).isEqualTo(replaced);
            assertThat(values(present, 1)).hasSize(3);
        }
        assertThat(lake.rows(STOCK)).hasSize(2);

        // To a partition that was left empty rows come again.
        write(lake, Operation.UPSERT, 3, few(lake, stock(2, 2, "9.00", false)));
        assertThat(values(lake, 3)).hasSize(3).containsEntry("2/2026-02/2", "9.00");
        assertThat(values(restarted(lake), 3)).hasSize(3).containsEntry("2/2026-02/2", "9.00");
    }

    @Test
    void keepsATableWithoutPartitionsInOneFile(TestLake lake) {
        StructType rows = PRICES.schema().add(HudiTable.IS_DELETED, DataTypes.BooleanType);
        HudiWriter writer = new HudiWriter(lake.hudi());
        List<Row> prices = List.of(price(1, "1.00", false), price(2, "2.00", false), price(3, "3.00", false));
        writer.write(PRICES, spread(lake, prices, rows), Operation.BULK_INSERT, 1);
        HudiCommit commit =
                writer.write(PRICES, spread(lake, List.of(price(2, "0.00", true)), rows), Operation.UPSERT, 2);
        assertThat(commit.deleted()).isEqualTo(1);
        assertThat(commit.partitionPaths()).isEqualTo(Set.of(""));
        assertThat(lake.rows(PRICES)).extracting(row -> row.get("id")).containsExactlyInAnyOrder(1L, 3L);
    }

    @Test
    void makesATableThatNothingIsWrittenTo(TestLake lake) {
        HudiCommit commit = write(lake, Operation.BULK_INSERT, 4, spread(lake));
        assertThat(commit.rows()).isZero();
        assertThat(new HudiTimeline(restarted(lake)).latest(STOCK))
                .map(HudiCommit::epoch)
                .hasValue(4L);
    }

    /** A job that fails has begun a commit, which the next one clears away. */
    @Test
    void isNotThereIfATaskFails(TestLake lake) {
        write(lake, Operation.BULK_INSERT, 1, spread(lake, stock(1, 1), stock(2, 2)));
        Dataset<Row> failing = spread(lake, stock(1, 1, "4.00", false), stock(2, 2, "4.00", false))
                .selectExpr(
                        "tenant_id",
                        "if(id = 2, raise_error('torn'), id) as id",
                        "value",
                        "month",
                        HudiTable.IS_DELETED);
        assertThatThrownBy(() -> write(lake, Operation.UPSERT, 2, failing)).hasMessageContaining("torn");
        assertThat(values(restarted(lake), 2)).containsValues("1.00", "2.00");

        write(lake, Operation.UPSERT, 2, spread(lake, stock(2, 2, "6.00", false)));
        assertThat(values(restarted(lake), 2)).isEqualTo(Map.of("1/2026-01/1", "1.00", "2/2026-02/2", "6.00"));
        assertThat(lake.rows(STOCK)).hasSize(2);
    }

    private static HudiCommit write(TestLake lake, Operation operation, long epoch, Dataset<Row> rows) {
        HudiCommit commit = new HudiWriter(lake.hudi()).write(STOCK, rows, operation, epoch);
        assertThat(commit.epoch()).isEqualTo(epoch);
        return commit;
    }

    private static Row stock(long id, long tenant) {
        return stock(id, tenant, tenant + ".00", false);
    }

    private static Row gone(long id, long tenant) {
        return stock(id, tenant, "0.00", true);
    }

    /** Ids with an even number are of February. */
    private static Row stock(long id, long tenant, String value, boolean isDeleted) {
        return RowFactory.create(tenant, id, new BigDecimal(value), id % 2 == 0 ? "2026-02" : "2026-01", isDeleted);
    }

    private static Row price(long id, String value, boolean isDeleted) {
        return RowFactory.create(id, new BigDecimal(value), isDeleted);
    }

    private static Dataset<Row> few(TestLake lake, Row... rows) {
        return lake.hudi().spark().createDataFrame(List.of(rows), ROWS);
    }

    private static Dataset<Row> spread(TestLake lake, Row... rows) {
        return spread(lake, List.of(rows), ROWS);
    }

    /** Rows of which Spark does not know how many they are. */
    private static Dataset<Row> spread(TestLake lake, List<Row> rows, StructType schema) {
        return lake.hudi()
                .spark()
                .createDataFrame(
                        JavaSparkContext.fromSparkContext(lake.hudi().spark().sparkContext())
                                .parallelize(rows, 3),
                        schema);
    }

    private static HudiLake restarted(TestLake lake) {
        return new HudiLake(lake.hudi().spark(), lake.hudi().address(""));
    }

    private static Map<String, String> values(TestLake lake, long epoch) {
        return values(lake.hudi(), epoch);
    }

    /** By tenant, month and id, the value. */
    private static Map<String, String> values(HudiLake lake, long epoch) {
        HudiFiles files = new HudiFiles(lake);
        return files.read(STOCK, new HudiTimeline(lake).at(STOCK, epoch), List.of("")).collectAsList().stream()
                .collect(Collectors.toMap(
                        row -> row.getAs("tenant_id") + "/" + row.getAs("month") + "/" + row.getAs("id"),
                        row -> row.getAs("value").toString()));
    }

    private static long filesOf(TestLake lake, HudiCommit commit) {
        return lake
                .s3()
                .listObjectsV2Paginator(
                        list -> list.bucket(lake.layout().bucket()).prefix(STOCK.key() + "/tenant_id="))
                .contents()
                .stream()
                .map(S3Object::key)
                .filter(key -> key.endsWith("_" + commit.instant() + ".parquet"))
                .count();
    }
}
