package dev.tenantlake.local.glue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenantlake.local.AwsFixture;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.AccessDeniedException;
import software.amazon.awssdk.services.glue.model.AlreadyExistsException;
import software.amazon.awssdk.services.glue.model.Column;
import software.amazon.awssdk.services.glue.model.ConcurrentModificationException;
import software.amazon.awssdk.services.glue.model.Database;
import software.amazon.awssdk.services.glue.model.EntityNotFoundException;
import software.amazon.awssdk.services.glue.model.InvalidInputException;
import software.amazon.awssdk.services.glue.model.Partition;
import software.amazon.awssdk.services.glue.model.PartitionInput;
import software.amazon.awssdk.services.glue.model.PartitionValueList;
import software.amazon.awssdk.services.glue.model.Table;
import software.amazon.awssdk.services.glue.model.TableInput;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GlueApiTest {

    private AwsFixture aws;
    private GlueClient glue;

    @BeforeAll
    void start(@TempDir Path directory) {
        aws = new AwsFixture(directory);
        glue = aws.pipeline().glue();
    }

    @AfterAll
    void stop() {
        aws.close();
    }

    @BeforeEach
    void createTable() {
        if (glue.getDatabases(all -> {}).databaseList().stream()
                .anyMatch(database -> database.name().equals("test"))) {
            glue.deleteDatabase(delete -> delete.name("test"));
        }
        glue.createDatabase(create -> create.databaseInput(input -> input.name("Test")));
        glue.createTable(create -> create.databaseName("test").tableInput(orders()));
    }

    private static TableInput orders() {
        return TableInput.builder()
                .name("Orders")
                .tableType("EXTERNAL_TABLE")
                .parameters(Map.of("classification", "parquet"))
                .partitionKeys(column("tenant_id", "bigint"), column("month", "string"))
                .storageDescriptor(storage -> storage.location("s3://tenantlake/test/orders")
                        .columns(column("id", "bigint"), column("email", "string")))
                .build();
    }

    private static Column column(String name, String type) {
        return Column.builder().name(name).type(type).build();
    }

    private static PartitionInput partition(String... values) {
        return PartitionInput.builder()
                .values(values)
                .storageDescriptor(
                        storage -> storage.location("s3://tenantlake/test/orders/" + String.join("/", values))
                                .columns(column("id", "bigint")))
                .build();
    }

    private static PartitionValueList values(String... values) {
        return PartitionValueList.builder().values(values).build();
    }

    private void createPartitions(String... months) {
        for (String tenant : List.of("3", "4", "12")) {
            glue.batchCreatePartition(create -> create.databaseName("test")
                    .tableName("orders")
                    .partitionInputList(Arrays.stream(months)
                            .map(month -> partition(tenant, month))
                            .toList()));
        }
    }

    private List<List<String>> find(String expression) {
        return glue
                .getPartitions(
                        get -> get.databaseName("test").tableName("orders").expression(expression))
                .partitions()
                .stream()
                .map(Partition::values)
                .map(List::copyOf)
                .toList();
    }

    @Test
    void hasTheLakesDatabases() {
        assertThat(glue.getDatabases(all -> {}).databaseList())
                .extracting(Database::name)
                .contains("bronze", "silver", "gold");
        assertThat(glue.getDatabase(get -> get.name("silver")).database().locationUri())
                .isEqualTo("s3://tenantlake/silver/");
    }

    @Test
    void keepsATableAsItWasGiven() {
        Table table =
                glue.getTable(get -> get.databaseName("TEST").name("ORDERS")).table();

        assertThat(table.name()).isEqualTo("orders");
        assertThat(table.databaseName()).isEqualTo("test");
        assertThat(table.storageDescriptor().columns())
                .isEqualTo(orders().storageDescriptor().columns());
        assertThat(table.partitionKeys()).isEqualTo(orders().partitionKeys());
        assertThat(table.parameters()).isEqualTo(orders().parameters());
        assertThat(table.createTime()).isNotNull();
        assertThat(table.versionId()).isEqualTo("0");
    }

    @Test
    void namesItsErrors() {
        assertThatThrownBy(() -> glue.getDatabase(get -> get.name("missing")))
                .isInstanceOf(EntityNotFoundException.class);
        assertThatThrownBy(() -> glue.getTable(get -> get.databaseName("test").name("missing")))
                .isInstanceOf(EntityNotFoundException.class)
                .hasMessageContaining("missing");
        assertThatThrownBy(() -> glue.getTables(get -> get.databaseName("missing")))
                .isInstanceOf(EntityNotFoundException.class);
        assertThatThrownBy(() -> glue.createDatabase(create -> create.databaseInput(input -> input.name("test"))))
                .isInstanceOf(AlreadyExistsException.class);
        assertThatThrownBy(() ->
                        glue.createTable(create -> create.databaseName("test").tableInput(orders())))
                .isInstanceOf(AlreadyExistsException.class);
        assertThatThrownBy(() -> glue.getPartition(
                        get -> get.databaseName("test").tableName("orders").partitionValues("3", "2026-01")))
                .isInstanceOf(EntityNotFoundException.class);
        assertThatThrownBy(() -> glue.createPartition(create ->
                        create.databaseName("test").tableName("orders").partitionInput(partition("3"))))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> glue.createDatabase(create -> create.databaseInput(input -> input.name(""))))
                .isInstanceOf(InvalidInputException.class);
    }

    @Test
    void namesAnOperationThatItDoesNotKnow() {
        assertThatThrownBy(() -> glue.getCrawlers(all -> {}))
                .isInstanceOfSatisfying(
                        AwsServiceException.class,
                        e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("UnknownOperationException"))
                .hasMessageContaining("GetCrawlers");
    }

    @Test
    void countsATablesVersions() {
        TableInput wider = orders().toBuilder()
                .storageDescriptor(storage -> storage.columns(column("id", "bigint"), column("note", "string")))
                .build();
        glue.updateTable(update -> update.databaseName("test").tableInput(wider).versionId("0"));

        Table table =
                glue.getTable(get -> get.databaseName("test").name("orders")).table();
        assertThat(table.storageDescriptor().columns()).extracting(Column::name).containsExactly("id", "note");
        assertThat(table.versionId()).isEqualTo("1");
        assertThat(glue.getTableVersions(get -> get.databaseName("test").tableName("orders"))
                        .tableVersions())
                .singleElement()
                .satisfies(version -> assertThat(version.versionId()).isEqualTo("1"));
        assertThatThrownBy(() -> glue.updateTable(
                        update -> update.databaseName("test").tableInput(wider).versionId("0")))
                .isInstanceOf(ConcurrentModificationException.class);
    }

    @Test
    void listsTablesByPages() {
        for (int i = 0; i < 5; i++) {
            String name = "items_" + i;
            glue.createTable(create -> create.databaseName("test").tableInput(input -> input.name(name)));
        }
        assertThat(glue.getTablesPaginator(get -> get.databaseName("test").maxResults(2)).stream()
                        .flatMap(page -> page.tableList().stream())
                        .map(Table::name))
                .containsExactly("items_0", "items_1", "items_2", "items_3", "items_4", "orders");
        assertThat(glue.getTables(get -> get.databaseName("test").expression("items_*"))
                        .tableList())
                .hasSize(5);
        assertThatThrownBy(() -> glue.getTables(get -> get.databaseName("test").nextToken("!")))
                .isInstanceOf(InvalidInputException.class);
    }

    @Test
    void findsPartitionsByExpression() {
        createPartitions("2026-01", "2026-02");

        assertThat(find("((tenant_id = '3'))")).containsExactly(List.of("3", "2026-01"), List.of("3", "2026-02"));
        assertThat(find("tenant_id >= 4 AND month = '2026-01'"))
                .containsExactlyInAnyOrder(List.of("4", "2026-01"), List.of("12", "2026-01"));
        assertThat(find("(tenant_id in (3, 12)) and (month > '2026-01')"))
                .containsExactlyInAnyOrder(List.of("3", "2026-02"), List.of("12", "2026-02"));
        assertThat(find("")).hasSize(6);
        assertThatThrownBy(() -> find("email = 'a'")).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> find("tenant_id = 'x'")).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void sharesPartitionsOutBySegment() {
        createPartitions("2026-01", "2026-02", "2026-03");
        Set<List<String>> seen = new HashSet<>();
        for (int i = 0; i < 5; i++) {
            int number = i;
            glue
                    .getPartitionsPaginator(get -> get.databaseName("test")
                            .tableName("orders")
                            .maxResults(1)
                            .segment(segment -> segment.segmentNumber(number).totalSegments(5)))
                    .stream()
                    .flatMap(page -> page.partitions().stream())
                    .forEach(partition -> assertThat(seen.add(List.copyOf(partition.values())))
                            .isTrue());
        }
        assertThat(seen).hasSize(9);
    }

    @Test
    void saysWhichPartitionsOfABatchWereThere() {
        createPartitions("2026-01");

        assertThat(glue.batchCreatePartition(create -> create.databaseName("test")
                                .tableName("orders")
                                .partitionInputList(partition("3", "2026-01"), partition("3", "2026-02")))
                        .errors())
                .singleElement()
                .satisfies(error -> {
                    assertThat(error.partitionValues()).containsExactly("3", "2026-01");
                    assertThat(error.errorDetail().errorCode()).isEqualTo("AlreadyExistsException");
                });
        assertThat(find("tenant_id = 3")).hasSize(2);
    }

    @Test
    void takesOneHundredPartitionsAtOnceAndNoMore() {
        List<PartitionInput> inputs = IntStream.range(0, 101)
                .mapToObj(i -> partition(String.valueOf(i), "2026-01"))
                .toList();
        assertThatThrownBy(() -> glue.batchCreatePartition(create ->
                        create.databaseName("test").tableName("orders").partitionInputList(inputs)))
                .isInstanceOf(AwsServiceException.class);

        glue.batchCreatePartition(
                create -> create.databaseName("test").tableName("orders").partitionInputList(inputs.subList(0, 100)));
        assertThat(find("month = '2026-01'")).hasSize(100);
    }

    @Test
    void changesAndRemovesPartitions() {
        createPartitions("2026-01");
        glue.updatePartition(update -> update.databaseName("test")
                .tableName("orders")
                .partitionValueList("3", "2026-01")
                .partitionInput(partition("5", "2026-01")));
        glue.deletePartition(
                delete -> delete.databaseName("test").tableName("orders").partitionValues("4", "2026-01"));

        assertThat(find("month = '2026-01'"))
                .containsExactlyInAnyOrder(List.of("5", "2026-01"), List.of("12", "2026-01"));
        assertThat(glue.batchGetPartition(get -> get.databaseName("test")
                                .tableName("orders")
                                .partitionsToGet(values("5", "2026-01"), values("3", "2026-01")))
                        .partitions())
                .singleElement()
                .satisfies(partition -> {
                    assertThat(partition.storageDescriptor().location())
                            .isEqualTo("s3://tenantlake/test/orders/5/2026-01");
                    assertThat(partition.creationTime()).isNotNull();
                });
        assertThat(glue.batchDeletePartition(delete -> delete.databaseName("test")
                                .tableName("orders")
                                .partitionsToDelete(values("5", "2026-01"), values("3", "2026-01")))
                        .errors())
                .singleElement()
                .satisfies(error -> assertThat(error.errorDetail().errorCode()).isEqualTo("EntityNotFoundException"));
    }

    @Test
    void dropsATableWithItsPartitions() {
        createPartitions("2026-01");
        glue.deleteTable(delete -> delete.databaseName("test").name("orders"));
        glue.createTable(create -> create.databaseName("test").tableInput(orders()));

        assertThat(find("tenant_id > 0")).isEmpty();
    }

    @Test
    void survivesARestart() {
        createPartitions("2026-01");
        aws.restart();
        glue = aws.pipeline().glue();

        assertThat(glue.getTable(get -> get.databaseName("test").name("orders"))
                        .table()
                        .parameters())
                .isEqualTo(orders().parameters());
        assertThat(find("month = '2026-01'")).hasSize(3);
    }

    @Test
    void hasNoStatisticsAndNoFunctions() {
        assertThat(glue.getColumnStatisticsForTable(get ->
                                get.databaseName("test").tableName("orders").columnNames("id"))
                        .columnStatisticsList())
                .isEmpty();
        assertThat(glue.getUserDefinedFunctions(get -> get.databaseName("test").pattern(".*"))
                        .userDefinedFunctions())
                .isEmpty();
    }

    @Test
    void letsTheQueryEngineWriteViewsAndNothingElse() {
        GlueClient engine = aws.queryEngine().glue();
        TableInput view = TableInput.builder()
                .name("orders_view")
                .tableType("VIRTUAL_VIEW")
                .viewOriginalText("/* Presto View: */")
                .build();

        engine.createTable(create -> create.databaseName("test").tableInput(view));
        engine.deleteTable(delete -> delete.databaseName("test").name("orders_view"));
        assertThatThrownBy(() -> engine.createTable(create -> create.databaseName("test")
                        .tableInput(orders().toBuilder().name("more").build())))
                .isInstanceOf(AccessDeniedException.class);
        assertThatThrownBy(() ->
                        engine.deleteTable(delete -> delete.databaseName("test").name("orders")))
                .isInstanceOf(AccessDeniedException.class);
        assertThatThrownBy(() -> engine.deleteDatabase(delete -> delete.name("test")))
                .isInstanceOf(AccessDeniedException.class);
    }
}
