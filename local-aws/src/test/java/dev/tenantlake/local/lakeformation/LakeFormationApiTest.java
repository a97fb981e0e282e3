package dev.tenantlake.local.lakeformation;

import static dev.tenantlake.local.AwsFixture.roleArn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenantlake.local.AwsFixture;
import dev.tenantlake.local.engine.TableAccess.CellsFilter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.Column;
import software.amazon.awssdk.services.glue.model.Database;
import software.amazon.awssdk.services.glue.model.GlueException;
import software.amazon.awssdk.services.glue.model.Table;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.lakeformation.model.AccessDeniedException;
import software.amazon.awssdk.services.lakeformation.model.AlreadyExistsException;
import software.amazon.awssdk.services.lakeformation.model.BatchPermissionsRequestEntry;
import software.amazon.awssdk.services.lakeformation.model.ColumnWildcard;
import software.amazon.awssdk.services.lakeformation.model.DataCellsFilter;
import software.amazon.awssdk.services.lakeformation.model.DataLakePrincipal;
import software.amazon.awssdk.services.lakeformation.model.EntityNotFoundException;
import software.amazon.awssdk.services.lakeformation.model.InvalidInputException;
import software.amazon.awssdk.services.lakeformation.model.Permission;
import software.amazon.awssdk.services.lakeformation.model.Resource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LakeFormationApiTest {

    private static final String ACME = roleArn("analyst-acme");

    private AwsFixture aws;
    private LakeFormationClient lake;
    private GlueClient glue;

    @BeforeAll
    void start(@TempDir Path directory) {
        aws = new AwsFixture(directory);
        aws.createRole("analyst-acme", AwsFixture.analystPolicy("tenantlake-acme"));
        aws.createRole("analyst-globex", AwsFixture.analystPolicy("tenantlake-globex"));
        connect();
    }

    private void connect() {
        lake = AwsFixture.lakeFormation(aws.admin());
        glue = aws.pipeline().glue();
    }

    @AfterAll
    void stop() {
        aws.close();
    }

    /** Dropping a database takes its tables' filters and grants along. */
    @BeforeEach
    void createTables() {
        glue.deleteDatabase(delete -> delete.name("silver"));
        glue.createDatabase(create -> create.databaseInput(input -> input.name("silver")));
        for (String table : List.of("customers", "orders")) {
            glue.createTable(create -> create.databaseName("silver")
                    .tableInput(input -> input.name(table)
                            .tableType("EXTERNAL_TABLE")
                            .partitionKeys(column("tenant_id", "bigint"))
                            .storageDescriptor(storage -> storage.location("s3://tenantlake/silver/" + table)
                                    .columns(
                                            column("id", "bigint"),
                                            column("name", "string"),
                                            column("email", "string"),
                                            column("total", "decimal(12,2)"),
                                            column("active", "boolean"),
                                            column("created_at", "timestamp"),
                                            column("tags", "array<string>")))));
            glue.createPartition(create -> create.databaseName("silver")
                    .tableName(table)
                    .partitionInput(partition -> partition
                            .values("3")
                            .storageDescriptor(
                                    storage -> storage.location("s3://tenantlake/silver/" + table + "/tenant_id=3")
                                            .columns(column("id", "bigint"), column("email", "string")))));
        }
        glue.createTable(create -> create.databaseName("silver")
                .tableInput(input -> input.name("everything")
                        .tableType("VIRTUAL_VIEW")
                        .storageDescriptor(storage -> storage.columns(column("id", "bigint")))));
    }

    private static Column column(String name, String type) {
        return Column.builder().name(name).type(type).build();
    }

    private static DataCellsFilter.Builder filter(String table, String name) {
        return DataCellsFilter.builder()
                .tableCatalogId(AwsFixture.ACCOUNT)
                .databaseName("silver")
                .tableName(table)
                .name(name)
                .rowFilter(rows -> rows.filterExpression("tenant_id = 3"))
                .columnWildcard(all -> all.excludedColumnNames("name", "email"));
    }

    private void create(DataCellsFilter.Builder filter) {
        lake.createDataCellsFilter(create -> create.tableData(filter.build()));
    }

    private static Resource on(String table, String filter) {
        return Resource.builder()
                .dataCellsFilter(it -> it.tableCatalogId(AwsFixture.ACCOUNT)
                        .databaseName("silver")
                        .tableName(table)
                        .name(filter))
                .build();
    }

    private static Resource on(String table) {
        return Resource.builder()
                .table(it -> it.databaseName("silver").name(table))
                .build();
    }

    private static Consumer<DataLakePrincipal.Builder> principal(String arn) {
        return principal -> principal.dataLakePrincipalIdentifier(arn);
    }

    private void grant(String arn, Resource resource, Permission... permissions) {
        lake.grantPermissions(
                grant -> grant.principal(principal(arn)).resource(resource).permissions(permissions));
    }

    private List<CellsFilter> access(String arn, String table) {
        return aws.tableAccess().filtersOn(arn, "silver", table);
    }

    @Test
    void letsAPrincipalReadWhatItIsGrantedAndNothingElse() {
        create(filter("customers", "acme"));
        grant(ACME, on("customers", "acme"), Permission.SELECT);

        assertThat(access(ACME, "customers"))
                .containsExactly(new CellsFilter(
                        Optional.of("tenant_id = 3"),
                        Set.of("id", "total", "active", "created_at", "tags", "tenant_id")));
        assertThat(access(ACME, "orders")).isEmpty();
        assertThat(access(roleArn("analyst-globex"), "customers")).isEmpty();
        assertThat(access("arn:aws:iam::000000000000:user/pipeline", "customers"))
                .isEmpty();
        assertThat(aws.tableAccess().isAdministrator(ACME)).isFalse();
        assertThat(aws.tableAccess().isAdministrator("arn:aws:iam::000000000000:user/admin"))
                .isTrue();
        assertThat(aws.tableAccess().readsAnyOf(ACME, "silver")).isTrue();
        assertThat(aws.tableAccess().readsAnyOf(ACME, "gold")).isFalse();
    }

    @Test
    void keepsItAllOverARestart() {
        create(filter("customers", "acme"));
        grant(ACME, on("customers", "acme"), Permission.SELECT);
        aws.restart();
        connect();

        assertThat(access(ACME, "customers")).hasSize(1);
        assertThat(lake.getDataCellsFilter(get -> get.tableCatalogId(AwsFixture.ACCOUNT)
                                .databaseName("silver")
                                .tableName("customers")
                                .name("acme"))
                        .dataCellsFilter()
                        .rowFilter()
                        .filterExpression())
                .isEqualTo("tenant_id = 3");
    }

    @Test
    void unitesTheFiltersOfAPrincipal() {
        create(filter("customers", "rows"));
        create(filter("customers", "columns")
                .rowFilter(rows -> rows.allRowsWildcard(all -> {}))
                .columnWildcard((ColumnWildcard) null)
                .columnNames("id", "NAME"));
        grant(ACME, on("customers", "rows"), Permission.SELECT);
        grant(ACME, on("customers", "columns"), Permission.SELECT);

        assertThat(access(ACME, "customers"))
                .containsExactlyInAnyOrder(
                        new CellsFilter(
                                Optional.of("tenant_id = 3"),
                                Set.of("id", "total", "active", "created_at", "tags", "tenant_id")),
                        new CellsFilter(Optional.empty(), Set.of("id", "name")));
    }

    @Test
    void grantsTablesColumnsAndWholeDatabases() {
        grant(ACME, on("orders"), Permission.SELECT);
        assertThat(access(ACME, "orders").get(0).columns()).contains("email", "tenant_id");
        assertThat(access(ACME, "orders").get(0).rows()).isEmpty();

        grant(
                ACME,
                Resource.builder()
                        .tableWithColumns(it ->
                                it.databaseName("silver").name("customers").columnNames("id", "total"))
                        .build(),
                Permission.SELECT);
        assertThat(access(ACME, "customers").get(0).columns()).containsExactlyInAnyOrder("id", "total");

        grant(
                roleArn("analyst-globex"),
                Resource.builder()
                        .table(it -> it.databaseName("silver").tableWildcard(all -> {}))
                        .build(),
                Permission.SELECT);
        assertThat(access(roleArn("analyst-globex"), "customers")).hasSize(1);
        lake.revokePermissions(revoke -> revoke.principal(principal(roleArn("analyst-globex")))
                .resource(resource ->
                        resource.table(it -> it.databaseName("silver").tableWildcard(all -> {})))
                .permissions(Permission.SELECT));
        assertThat(access(roleArn("analyst-globex"), "customers")).isEmpty();
    }

    @Test
    void givesNoReadingWithOtherPermissions() {
        grant(ACME, on("orders"), Permission.DESCRIBE, Permission.ALTER);

        assertThat(access(ACME, "orders")).isEmpty();
    }

    @Test
    void revokesWhatWasGranted() {
        create(filter("customers", "acme"));
        grant(ACME, on("customers", "acme"), Permission.SELECT);
        lake.revokePermissions(revoke -> revoke.principal(principal(ACME))
                .resource(on("customers", "acme"))
                .permissions(Permission.SELECT));

        assertThat(access(ACME, "customers")).isEmpty();
        assertThatThrownBy(() -> lake.revokePermissions(revoke -> revoke.principal(principal(ACME))
                        .resource(on("customers", "acme"))
                        .permissions(Permission.SELECT)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("No permissions revoked");
    }

    @Test
    void listsWhatIsGranted() {
        create(filter("customers", "acme"));
        grant(ACME, on("customers", "acme"), Permission.SELECT);
        grant(ACME, on("orders"), Permission.SELECT, Permission.DESCRIBE);

        assertThat(lake.listPermissions(list -> list.principal(principal(ACME))).principalResourcePermissions())
                .hasSize(2);
        assertThat(lake.listPermissions(list -> list.resource(on("customers", "acme")))
                        .principalResourcePermissions())
                .singleElement()
                .satisfies(permission -> {
                    assertThat(permission.principal().dataLakePrincipalIdentifier())
                            .isEqualTo(ACME);
                    assertThat(permission.resource()).isEqualTo(on("customers", "acme"));
                    assertThat(permission.permissions()).containsExactly(Permission.SELECT);
                });
        assertThat(lake.listPermissionsPaginator(list -> list.maxResults(1)).stream()
                        .flatMap(page -> page.principalResourcePermissions().stream()))
                .hasSize(2);
    }

    @Test
    void grantsSeveralAtOnceAndSaysWhichItCouldNot() {
        create(filter("customers", "acme"));
        BatchPermissionsRequestEntry right = BatchPermissionsRequestEntry.builder()
                .id("right")
                .principal(principal(ACME))
                .resource(on("customers", "acme"))
                .permissions(Permission.SELECT)
                .build();
        BatchPermissionsRequestEntry wrong = right.toBuilder()
                .id("wrong")
                .resource(on("customers", "missing"))
                .build();

        assertThat(lake.batchGrantPermissions(batch -> batch.entries(wrong, right))
                        .failures())
                .singleElement()
                .satisfies(failure -> {
                    assertThat(failure.requestEntry().id()).isEqualTo("wrong");
                    assertThat(failure.error().errorCode()).isEqualTo("EntityNotFoundException");
                });
        assertThat(access(ACME, "customers")).hasSize(1);
        assertThat(lake.batchRevokePermissions(batch -> batch.entries(right)).failures())
                .isEmpty();
        assertThat(access(ACME, "customers")).isEmpty();
    }

    @Test
    void changesAndListsFilters() {
        create(filter("customers", "acme"));
        create(filter("customers", "globex"));
        create(filter("orders", "acme"));
        grant(ACME, on("customers", "acme"), Permission.SELECT);
        lake.updateDataCellsFilter(update -> update.tableData(filter("customers", "acme")
                .rowFilter(rows -> rows.filterExpression("tenant_id = 4"))
                .build()));

        assertThat(access(ACME, "customers").get(0).rows()).contains("tenant_id = 4");
        assertThat(lake.listDataCellsFilter(list ->
                                list.table(table -> table.databaseName("silver").name("customers")))
                        .dataCellsFilters())
                .extracting(DataCellsFilter::name)
                .containsExactly("acme", "globex");
        assertThat(lake.listDataCellsFilterPaginator(list -> list.maxResults(2)).stream()
                        .flatMap(page -> page.dataCellsFilters().stream()))
                .hasSize(3);
    }

    @Test
    void takesGrantsAwayWithTheirFilter() {
        create(filter("customers", "acme"));
        grant(ACME, on("customers", "acme"), Permission.SELECT);
        lake.deleteDataCellsFilter(
                delete -> delete.databaseName("silver").tableName("customers").name("acme"));
        create(filter("customers", "acme"));

        assertThat(access(ACME, "customers")).isEmpty();
    }

    @Test
    void takesFiltersAndGrantsAwayWithTheirTable() {
        create(filter("customers", "acme"));
        grant(ACME, on("customers", "acme"), Permission.SELECT);
        grant(ACME, on("orders"), Permission.SELECT);
        createTables();

        assertThat(access(ACME, "customers")).isEmpty();
        assertThat(access(ACME, "orders")).isEmpty();
        assertThat(lake.listDataCellsFilter(all -> {}).dataCellsFilters()).isEmpty();
    }

    @Test
    void grantsNothingToARoleThatWasMadeAnew() {
        aws.createRole("temporary", AwsFixture.analystPolicy("tenantlake-acme"));
        grant(roleArn("temporary"), on("orders"), Permission.SELECT);
        assertThat(access(roleArn("temporary"), "orders")).hasSize(1);
        var iam = AwsFixture.iam(aws.admin());
        iam.deleteRolePolicy(delete -> delete.roleName("temporary").policyName("lake"));
        iam.deleteRole(delete -> delete.roleName("temporary"));
        assertThat(access(roleArn("temporary"), "orders")).isEmpty();
        aws.createRole("temporary", AwsFixture.analystPolicy("tenantlake-acme"));

        assertThat(access(roleArn("temporary"), "orders")).isEmpty();
        lake.revokePermissions(revoke -> revoke.principal(principal(roleArn("temporary")))
                .resource(on("orders"))
                .permissions(Permission.SELECT));
    }

    @Test
    void showsARoleOfTheCatalogWhatItIsGranted() {
        GlueClient analyst = aws.assume("analyst-acme").glue();
        assertThat(analyst.getDatabases(all -> {}).databaseList()).isEmpty();
        assertThatThrownBy(
                        () -> analyst.getTable(get -> get.databaseName("silver").name("customers")))
                .isInstanceOf(GlueException.class)
                .hasMessageContaining("Insufficient Lake Formation permission");
        create(filter("customers", "acme"));
        grant(ACME, on("customers", "acme"), Permission.SELECT);

        assertThat(analyst.getDatabases(all -> {}).databaseList())
                .extracting(Database::name)
                .containsExactly("silver");
        assertThat(analyst.getTables(get -> get.databaseName("silver")).tableList())
                .extracting(Table::name)
                .containsExactly("customers");
        assertThat(analyst.getTable(get -> get.databaseName("silver").name("customers"))
                        .table()
                        .storageDescriptor()
                        .columns())
                .extracting(Column::name)
                .containsExactly("id", "total", "active", "created_at", "tags");
        assertThat(analyst.getPartitions(get -> get.databaseName("silver").tableName("customers"))
                        .partitions()
                        .get(0)
                        .storageDescriptor()
                        .columns())
                .extracting(Column::name)
                .containsExactly("id");
        assertThatThrownBy(() ->
                        analyst.getPartitions(get -> get.databaseName("silver").tableName("orders")))
                .isInstanceOf(GlueException.class);
        assertThatThrownBy(() -> analyst.deleteTable(
                        delete -> delete.databaseName("silver").name("customers")))
                .isInstanceOf(GlueException.class)
                .hasMessageContaining("not authorized");
    }

    @Test
    void keepsViewsFromEverybodyButAdministrators() {
        assertThatThrownBy(() -> grant(ACME, on("everything"), Permission.SELECT))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("views");
        assertThatThrownBy(() -> create(filter("everything", "acme"))).isInstanceOf(InvalidInputException.class);
        Resource all = Resource.builder()
                .table(it -> it.databaseName("silver").tableWildcard(any -> {}))
                .build();
        grant(ACME, all, Permission.SELECT);

        assertThat(access(ACME, "orders")).hasSize(1);
        assertThat(access(ACME, "everything")).isEmpty();
        assertThat(aws.assume("analyst-acme")
                        .glue()
                        .getTables(get -> get.databaseName("silver"))
                        .tableList())
                .extracting(Table::name)
                .containsExactly("customers", "orders");
        lake.revokePermissions(
                revoke -> revoke.principal(principal(ACME)).resource(all).permissions(Permission.SELECT));
    }

    @Test
    void isForAdministrators() {
        LakeFormationClient analyst = AwsFixture.lakeFormation(aws.assume("analyst-acme"));
        LakeFormationClient pipeline = AwsFixture.lakeFormation(aws.pipeline());

        assertThatThrownBy(() -> analyst.listPermissions(all -> {})).isInstanceOf(AccessDeniedException.class);
        assertThatThrownBy(() -> pipeline.createDataCellsFilter(
                        create -> create.tableData(filter("customers", "acme").build())))
                .isInstanceOf(AccessDeniedException.class);
        assertThat(lake.getDataLakeSettings(all -> {}).dataLakeSettings().dataLakeAdmins())
                .containsExactly(DataLakePrincipal.builder()
                        .dataLakePrincipalIdentifier("arn:aws:iam::000000000000:user/admin")
                        .build());
        assertThatThrownBy(() -> lake.putDataLakeSettings(put -> put.dataLakeSettings(settings -> {})))
                .isInstanceOf(InvalidInputException.class);
    }

    @Test
    void namesItsErrors() {
        create(filter("customers", "acme"));

        assertThatThrownBy(() -> create(filter("customers", "acme"))).isInstanceOf(AlreadyExistsException.class);
        assertThatThrownBy(() -> create(filter("missing", "acme"))).isInstanceOf(EntityNotFoundException.class);
        assertThatThrownBy(() -> lake.getDataCellsFilter(get -> get.tableCatalogId(AwsFixture.ACCOUNT)
                        .databaseName("silver")
                        .tableName("customers")
                        .name("missing")))
                .isInstanceOf(EntityNotFoundException.class);
        assertThatThrownBy(() ->
                        create(filter("customers", "other").columnWildcard(all -> all.excludedColumnNames("missing"))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("missing");
        assertThatThrownBy(() -> create(filter("customers", "other").columnNames("id")))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> create(filter("customers", "other").rowFilter(rows -> {})))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> grant(roleArn("missing"), on("customers", "acme"), Permission.SELECT))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("Invalid principal");
        assertThatThrownBy(() -> grant("IAM_ALLOWED_PRINCIPALS", on("orders"), Permission.ALL))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> grant(ACME, on("customers", "acme"), Permission.ALTER))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> grant(
                        ACME,
                        Resource.builder()
                                .lfTag(tag -> tag.tagKey("tenant").tagValues("acme"))
                                .build(),
                        Permission.DESCRIBE))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("LF-Tags");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tenant_id = 3",
                "tenant_id IN (3, 4) AND NOT active = false",
                "(name LIKE 'a%' OR name IS NOT NULL) AND total BETWEEN 1 AND 2.5",
                "\"name\" <> 'it''s'",
            })
    void takesRowFilters(String expression) {
        create(filter("customers", "other").rowFilter(rows -> rows.filterExpression(expression)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tenant_id = '3'",
                "name = 3",
                "tenant_id = id",
                "lower(name) = 'a'",
                "created_at > '2026-01-01'",
                "tags = 'a'",
                "missing = 1",
                "tenant_id IS NULL",
                "total LIKE 'a%'",
                "active = 1",
                "tenant_id = 3 OR 1 = 1",
                "tenant_id = 3 -- and more",
                "tenant_id = (SELECT 3)",
                "`tenant_id` = 3",
            })
    void refusesRowFilters(String expression) {
        assertThatThrownBy(
                        () -> create(filter("customers", "other").rowFilter(rows -> rows.filterExpression(expression))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("row filter expression");
    }

    @Test
    void refusesALongRowFilter() {
        String values = String.join(
                ", ", IntStream.range(0, 1000).mapToObj(String::valueOf).toList());
        assertThatThrownBy(() -> create(filter("customers", "other")
                        .rowFilter(rows -> rows.filterExpression("tenant_id IN (" + values + ")"))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("2048");
    }

    @Test
    void registersLocations() {
        String arn = "arn:aws:s3:::tenantlake";
        lake.registerResource(register -> register.resourceArn(arn).useServiceLinkedRole(true));

        assertThat(lake.describeResource(describe -> describe.resourceArn(arn))
                        .resourceInfo()
                        .resourceArn())
                .isEqualTo(arn);
        assertThat(lake.listResources(all -> {}).resourceInfoList()).hasSize(1);
        assertThatThrownBy(() -> lake.registerResource(register -> register.resourceArn(arn)))
                .isInstanceOf(AlreadyExistsException.class);
        lake.deregisterResource(deregister -> deregister.resourceArn(arn));
        assertThatThrownBy(() -> lake.describeResource(describe -> describe.resourceArn(arn)))
                .isInstanceOf(EntityNotFoundException.class);
    }
}
