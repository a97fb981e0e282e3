package dev.tenantlake.query.grants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.CatalogTable;
import dev.tenantlake.model.GrantsPosition;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.LakeLayout;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.LayerPosition;
import dev.tenantlake.model.LayerPositions;
import dev.tenantlake.model.Lsn;
import dev.tenantlake.model.Principal;
import dev.tenantlake.model.SourceTable;
import dev.tenantlake.query.command.StopRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.athena.AthenaClient;
import software.amazon.awssdk.services.athena.model.WorkGroup;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.Column;
import software.amazon.awssdk.services.lakeformation.model.Permission;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sts.model.StsException;

class LakeGrantsTest {

    private static final Tenant ACME = new Tenant(3, "acme-tools");
    private static final Tenant BETA = new Tenant(4, "beta");
    private static final String ACME_ROLE = "tenantlake-analyst-acme-tools";
    private static final String BETA_ROLE = "tenantlake-analyst-beta";
    private static final String TRUST = """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow",
            "Principal":{"AWS":"arn:aws:iam::000000000000:root"},"Action":"sts:AssumeRole"}]}""";

    private static LakeUnderTest lake;
    private static AccessAudit audit;

    @BeforeAll
    static void start(@TempDir Path directory) {
        lake = new LakeUnderTest(directory);
        audit = new AccessAudit(lake.services(), lake.admin().config().layout());
        lake.addSilver(SourceTable.TENANTS);
        lake.addSilver(SourceTable.CUSTOMERS);
        lake.addGold("revenue_daily");
    }

    @AfterAll
    static void stop() {
        lake.close();
    }

    @BeforeEach
    void withoutTenants() {
        lake.apply();
    }

    @Test
    void givesEachTenantsAnalystThatTenantsRowsAndNotTheSensitiveColumns() {
        GrantsReport report = lake.apply(ACME, BETA);
        assertThat(report.slugs()).containsExactly("acme-tools", "beta");
        assertThat(report.tables()).containsExactly("gold.revenue_daily", "silver.customers", "silver.tenants");
        assertThat(audit.access())
                .containsEntry(
                        ACME_ROLE,
                        List.of(
                                "describe gold",
                                "describe silver",
                                "gold.revenue_daily tenant_id = 3",
                                "silver.customers tenant_id = 3 without [email, name, phone]",
                                "silver.tenants id = 3"))
                .containsEntry(
                        BETA_ROLE,
                        List.of(
                                "describe gold",
                                "describe silver",
                                "gold.revenue_daily tenant_id = 4",
                                "silver.customers tenant_id = 4 without [email, name, phone]",
                                "silver.tenants id = 4"));
        assertThat(audit.filters())
                .contains("customers/tenantlake_acme_tools_customers", "revenue_daily/tenantlake_beta_revenue_daily");
        WorkGroup workgroup = lake.services()
                .athena()
                .getWorkGroup(get -> get.workGroup("tenantlake-acme-tools"))
                .workGroup();
        assertThat(workgroup.configuration().enforceWorkGroupConfiguration()).isTrue();
        assertThat(workgroup.configuration().bytesScannedCutoffPerQuery()).isEqualTo(10_000_000_000L);
        assertThat(workgroup.configuration().resultConfiguration().outputLocation())
                .isEqualTo("s3://tenantlake/athena-results/tenantlake-acme-tools/");
    }

    @Test
    void changesNothingTheSecondTime() {
        GrantsReport first = lake.apply(ACME, BETA);
        assertThat(first.changes()).extracting(Change::action).containsOnly(Change.Action.CREATED);
        GrantsReport second = lake.apply(BETA, ACME);
        assertThat(second.changes()).isEmpty();
        assertThat(second.kept()).isGreaterThan(first.changes().size() - 1);
        assertThat(second.summary()).startsWith("2 tenants, 3 tables: 0 changed (");
    }

    @Test
    void letsAnAnalystReachNothingButWhatIsItsOwn() {
        lake.apply(ACME, BETA);
        leaveResult("tenantlake-acme-tools");
        leaveResult("tenantlake-beta");
        try (AwsClients analyst = lake.admin().as(new Principal.Analyst("beta"));
                S3Client s3 = analyst.s3();
                GlueClient glue = analyst.glue();
                AthenaClient athena = analyst.configure(AthenaClient.builder()).build()) {
            athena.getWorkGroup(get -> get.workGroup("tenantlake-beta"));
            assertDenied(() -> athena.getWorkGroup(get -> get.workGroup("tenantlake-acme-tools")));
            assertDenied(() -> athena.startQueryExecution(
                    start -> start.queryString("SELECT 1").workGroup("tenantlake")));
            assertThat(s3.getObjectAsBytes(
                                    get -> get.bucket("tenantlake").key("athena-results/tenantlake-beta/result.csv"))
                            .asUtf8String())
                    .isEqualTo("1");
            assertDenied(() -> s3.getObject(
                    get -> get.bucket("tenantlake").key("athena-results/tenantlake-acme-tools/result.csv")));
            assertDenied(() -> s3.putObject(
                    put -> put.bucket("tenantlake").key("athena-results/tenantlake-acme-tools/x.csv"),
                    RequestBody.fromString("x")));
            assertDenied(() -> s3.getObject(get -> get.bucket("tenantlake").key("grants/_position.json")));
            assertDenied(() -> s3.listObjectsV2(list -> list.bucket("tenantlake")));
            assertDenied(() -> glue.getTables(get -> get.databaseName("default")));
            assertDenied(() -> athena.createPreparedStatement(create ->
                    create.workGroup("tenantlake-beta").statementName("mine").queryStatement("SELECT 1")));
            assertDenied(() -> athena.startQueryExecution(
                    start -> start.queryString("PREPARE mine FROM SELECT 1").workGroup("tenantlake-beta")));
            assertDenied(() -> athena.startQueryExecution(
                    start -> start.queryString("DEALLOCATE PREPARE mine").workGroup("tenantlake-beta")));
            athena.listPreparedStatements(list -> list.workGroup("tenantlake-beta"));
            assertThat(glue.getTable(get -> get.databaseName("silver").name("tenants"))
                            .table()
                            .name())
                    .isEqualTo("tenants");
        }
    }

    @Test
    void letsThePipelineActAsNoAnalyst() {
        lake.apply(ACME);
        try (AwsClients pipeline = lake.clients("pipeline");
                AwsClients analyst = pipeline.as(new Principal.Analyst("acme-tools"))) {
            assertThatThrownBy(() -> analyst.credentials().resolveCredentials()).isInstanceOf(StsException.class);
        }
    }

    @Test
    void takesEverythingFromATenantThatIsGoneAndNothingFromOthers() {
        lake.services()
                .iam()
                .createRole(create -> create.roleName("tenantlake-analyst-of-somebody-else")
                        .assumeRolePolicyDocument(TRUST)
                        .description("Ours, not yours"));
        lake.services()
                .athena()
                .createWorkGroup(
                        create -> create.name("tenantlake-of-somebody-else").description("Ours"));
        lake.apply(ACME, BETA);
        leaveResult("tenantlake-acme-tools");
        leaveResult("tenantlake-beta");

        GrantsReport report = lake.apply(BETA);

        assertThat(report.changes()).extracting(Change::action).containsOnly(Change.Action.REMOVED);
        assertThat(report.changes())
                .extracting(Change::kind)
                .contains(
                        Change.Kind.ROLE,
                        Change.Kind.POLICY,
                        Change.Kind.GRANT,
                        Change.Kind.FILTER,
                        Change.Kind.RESULTS,
                        Change.Kind.WORKGROUP);
        assertThat(audit.access()).containsOnlyKeys(BETA_ROLE, "tenantlake-analyst-of-somebody-else");
        assertThat(audit.workgroups())
                .contains("tenantlake", "tenantlake-beta", "tenantlake-of-somebody-else")
                .doesNotContain("tenantlake-acme-tools");
        assertThat(audit.filters()).noneMatch(filter -> filter.contains("acme"));
        assertThat(audit.hasResults(ACME_ROLE)).isFalse();
        assertThat(audit.hasResults(BETA_ROLE)).isTrue();
        assertThat(lake.apply(BETA).changes()).isEmpty();

        lake.services().iam().deleteRole(delete -> delete.roleName("tenantlake-analyst-of-somebody-else"));
        lake.services().athena().deleteWorkGroup(delete -> delete.workGroup("tenantlake-of-somebody-else"));
    }

    @Test
    void leavesNothingOfATenantToTheNextOneWithItsSlug() {
        lake.apply(ACME, BETA);
        leaveResult("tenantlake-acme-tools");
        GrantsReport report = lake.apply(new Tenant(9, ACME.slug()), BETA);
        assertThat(audit.access().get(ACME_ROLE))
                .containsExactly(
                        "describe gold",
                        "describe silver",
                        "gold.revenue_daily tenant_id = 9",
                        "silver.customers tenant_id = 9 without [email, name, phone]",
                        "silver.tenants id = 9");
        assertThat(audit.hasResults(ACME_ROLE)).isFalse();
        assertThat(report.changes())
                .contains(
                        new Change(Change.Action.REMOVED, Change.Kind.ROLE, ACME_ROLE),
                        new Change(Change.Action.CREATED, Change.Kind.ROLE, ACME_ROLE));
        assertThat(report.changes()).noneMatch(change -> change.name().contains("beta"));
    }

    @Test
    void followsTheTablesThatComeAndGo() {
        lake.apply(ACME);
        lake.addGold("product_daily");
        assertThat(lake.apply(ACME).changes())
                .containsExactly(
                        new Change(
                                Change.Action.CREATED,
                                Change.Kind.FILTER,
                                "gold.product_daily/tenantlake_acme_tools_product_daily"),
                        new Change(
                                Change.Action.CREATED,
                                Change.Kind.GRANT,
                                "select on gold.product_daily/tenantlake_acme_tools_product_daily to " + ACME_ROLE));
        lake.drop(Layer.GOLD, "product_daily");
        lake.apply(ACME);
        assertThat(audit.filters()).noneMatch(filter -> filter.contains("product_daily"));
        assertThat(audit.access().get(ACME_ROLE)).noneMatch(grant -> grant.contains("product_daily"));
        assertThat(lake.apply(ACME).changes()).isEmpty();
    }

    @Test
    void withholdsTablesThatNoFilterCanDivide() {
        List<CatalogTable.Column> id = List.of(new CatalogTable.Column("id", "bigint"));
        List<CatalogTable.Column> tenant = List.of(new CatalogTable.Column("tenant_id", "bigint"));
        lake.add(Layer.SILVER, "quarantine", id, tenant);
        lake.add(Layer.GOLD, "exchange_rates", id, List.of());
        lake.add(Layer.GOLD, "oddly_typed", id, List.of(new CatalogTable.Column("tenant_id", "string")));
        lake.add(Layer.BRONZE, "carts", id, tenant);
        lake.services()
                .glue()
                .createTable(create -> create.databaseName("gold")
                        .tableInput(view -> view.name("all_revenue")
                                .tableType("VIRTUAL_VIEW")
                                .storageDescriptor(storage -> storage.columns(Column.builder()
                                        .name("tenant_id")
                                        .type("bigint")
                                        .build()))));
        LakeTables tables = lake.grants(List::of).observe().tables();
        assertThat(tables.granted())
                .extracting(GrantableTable::qualifiedName)
                .containsExactly("gold.revenue_daily", "silver.customers", "silver.tenants");
        assertThat(tables.withheld())
                .containsOnlyKeys(
                        "silver.quarantine",
                        "gold.exchange_rates",
                        "gold.oddly_typed",
                        "gold.all_revenue",
                        "bronze.carts");
        lake.apply(ACME);
        assertThat(audit.filters())
                .containsExactly(
                        "customers/tenantlake_acme_tools_customers",
                        "revenue_daily/tenantlake_acme_tools_revenue_daily",
                        "tenants/tenantlake_acme_tools_tenants");
        lake.drop(Layer.SILVER, "quarantine");
        lake.drop(Layer.GOLD, "exchange_rates");
        lake.drop(Layer.GOLD, "oddly_typed");
        lake.drop(Layer.GOLD, "all_revenue");
        lake.drop(Layer.BRONZE, "carts");
    }

    @Test
    void grantsTheHistoryOfTheColumnsThatTheModelKnows() {
        lake.addBronze(SourceTable.CUSTOMERS, "customers", "passport_number");
        lake.addBronze(SourceTable.CUSTOMERS, "customers__2");
        lake.add(
                Layer.SILVER,
                "truncates",
                List.of(
                        new CatalogTable.Column("table_name", "string"),
                        new CatalogTable.Column("epoch", "bigint"),
                        new CatalogTable.Column("ordinal", "bigint")),
                List.of());
        lake.apply(ACME);
        String columns = " tenant_id = 3 only [_committed_at, _epoch, _lsn, _op, _ordinal, _tx_id, acquired_via,"
                + " birth_date, country, created_at, epoch_block, id, ingest_date, segment, tenant_id, updated_at]";
        assertThat(audit.access().get(ACME_ROLE))
                .contains(
                        "bronze.customers" + columns,
                        "bronze.customers__2" + columns,
                        "describe bronze",
                        "silver.truncates all rows only [epoch, ordinal, table_name]");

        assertThat(statement("tenantlake", "as_of_customers"))
                .contains("birth_date", "email", "bronze.customers__2", "silver.truncates");
        assertThat(statement("tenantlake-acme-tools", "as_of_customers"))
                .contains("birth_date")
                .doesNotContain("email", "passport_number");
        assertThat(lake.apply(ACME).changes()).isEmpty();

        lake.services()
                .athena()
                .updatePreparedStatement(update -> update.workGroup("tenantlake-acme-tools")
                        .statementName("as_of_customers")
                        .queryStatement("SELECT 1"));
        assertThat(lake.apply(ACME).changes())
                .containsExactly(new Change(
                        Change.Action.UPDATED, Change.Kind.STATEMENT, "tenantlake-acme-tools/as_of_customers"));

        for (String table : List.of("customers", "customers__2")) {
            lake.drop(Layer.BRONZE, table);
        }
        lake.drop(Layer.SILVER, "truncates");
        assertThat(lake.apply(ACME).changes())
                .contains(
                        new Change(Change.Action.REMOVED, Change.Kind.STATEMENT, "tenantlake/as_of_customers"),
                        new Change(
                                Change.Action.REMOVED, Change.Kind.STATEMENT, "tenantlake-acme-tools/as_of_customers"));
        assertThat(audit.access().get(ACME_ROLE)).noneMatch(grant -> grant.contains("bronze"));
    }

    private static String statement(String workgroup, String name) {
        return lake.services()
                .athena()
                .getPreparedStatement(get -> get.workGroup(workgroup).statementName(name))
                .preparedStatement()
                .queryStatement();
    }

    @Test
    void takesBackWhatWasWidenedByHand() {
        lake.apply(ACME);
        List<String> right = audit.access().get(ACME_ROLE);
        String arn = "arn:aws:iam::000000000000:role/" + ACME_ROLE;
        lake.services()
                .lakeFormation()
                .grantPermissions(grant -> grant.principal(principal -> principal.dataLakePrincipalIdentifier(arn))
                        .resource(resource -> resource.table(
                                table -> table.databaseName("silver").name("customers")))
                        .permissions(Permission.SELECT, Permission.DESCRIBE));
        lake.services()
                .lakeFormation()
                .updateDataCellsFilter(update -> update.tableData(filter -> filter.tableCatalogId("000000000000")
                        .databaseName("gold")
                        .tableName("revenue_daily")
                        .name("tenantlake_acme_tools_revenue_daily")
                        .rowFilter(rows -> rows.allRowsWildcard(all -> all.build()))
                        .columnWildcard(columns -> columns.build())));
        lake.services()
                .lakeFormation()
                .updateDataCellsFilter(update -> update.tableData(filter -> filter.tableCatalogId("000000000000")
                        .databaseName("silver")
                        .tableName("customers")
                        .name("tenantlake_acme_tools_customers")
                        .rowFilter(rows -> rows.filterExpression("tenant_id = 3"))
                        .columnWildcard(columns -> columns.build())));
        lake.services()
                .iam()
                .putRolePolicy(put ->
                        put.roleName(ACME_ROLE).policyName("tenantlake-analyst").policyDocument("""
                        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}"""));
        lake.services()
                .athena()
                .updateWorkGroup(update -> update.workGroup("tenantlake-acme-tools")
                        .configurationUpdates(configuration -> configuration.enforceWorkGroupConfiguration(false)));

        GrantsReport report = lake.apply(ACME);

        assertThat(audit.access().get(ACME_ROLE)).isEqualTo(right);
        assertThat(report.changes())
                .extracting(change -> change.action() + " " + change.kind())
                .containsExactlyInAnyOrder(
                        "removed grant", "updated filter", "updated filter", "updated policy", "updated workgroup");
        assertThat(lake.apply(ACME).changes()).isEmpty();
    }

    @Test
    void grantsAnewWhatWasGrantedToARoleThatSomebodyRemoved() {
        lake.apply(ACME);
        lake.services()
                .iam()
                .deleteRolePolicy(delete -> delete.roleName(ACME_ROLE).policyName("tenantlake-analyst"));
        lake.services().iam().deleteRole(delete -> delete.roleName(ACME_ROLE));
        lake.apply(ACME);
        assertThat(audit.access().get(ACME_ROLE)).hasSize(5);
        try (AwsClients analyst = lake.admin().as(new Principal.Analyst("acme-tools"));
                GlueClient glue = analyst.glue()) {
            assertThat(glue.getTable(get -> get.databaseName("silver").name("tenants"))
                            .table()
                            .name())
                    .isEqualTo("tenants");
        }
        assertThat(lake.apply(ACME).changes()).isEmpty();
    }

    @Test
    void refusesTheTenantsThatCannotHaveAnAnalystAndServesTheOthers() {
        lake.services()
                .iam()
                .createRole(
                        create -> create.roleName("tenantlake-analyst-taken").assumeRolePolicyDocument(TRUST));
        GrantsReport report = lake.apply(
                BETA,
                new Tenant(5, "taken"),
                new Tenant(6, "Not A Slug"),
                new Tenant(7, "twice"),
                new Tenant(8, "twice"));
        assertThat(report.slugs()).containsExactly("beta");
        assertThat(report.refused()).containsOnlyKeys("taken", "Not A Slug", "twice");
        assertThat(report.refused().get("taken"))
                .isEqualTo("role tenantlake-analyst-taken is there and Tenantlake did not make it");
        assertThat(audit.access()).containsOnlyKeys(BETA_ROLE, "tenantlake-analyst-taken");
        assertThat(audit.access().get("tenantlake-analyst-taken")).isEmpty();
        lake.services().iam().deleteRole(delete -> delete.roleName("tenantlake-analyst-taken"));
    }

    @Test
    void saysInTheLakeForWhomTheGrantsStand() {
        LayerPositions positions =
                new LayerPositions(lake.services().s3(), lake.admin().config().layout());
        positions.write(silver(17));
        GrantsReport report = lake.apply(BETA, ACME);
        assertThat(report.tables()).contains("gold.revenue_daily", "silver.tenants");
        assertThat(positions.readGrants())
                .hasValueSatisfying(position -> assertThat(position)
                        .isEqualTo(new GrantsPosition(
                                17, position.appliedAt(), report.tables(), List.of("acme-tools", "beta"))));
    }

    /**
     * Every call that changes something fails once, while a tenant goes, another takes over its slug, and a table is
     * added. Whatever the call, nobody has at that moment what is not theirs, and the next run completes it.
     */
    @Test
    void leavesNothingWiderWhereverItEndsAndCompletesItTheNextTime() {
        Tenant successor = new Tenant(9, ACME.slug());
        AtomicInteger callsLeft = new AtomicInteger(Integer.MAX_VALUE);
        List<String> ends = new ArrayList<>();
        try (LakeServices failing = lake.services(new FailingChanges(callsLeft))) {
            boolean ended = true;
            for (int calls = 0; ended; calls++) {
                lake.apply(ACME);
                leaveResult("tenantlake-acme-tools");
                lake.addGold("product_daily");
                LakeGrants grants = lake.grants(failing, () -> List.of(successor));
                callsLeft.set(calls);
                try {
                    grants.apply(grants.observe());
                    ended = false;
                } catch (CallFailed e) {
                    ends.add(e.getMessage());
                }
                assertThat(audit.breaches(Map.of(ACME_ROLE, ACME.id())))
                        .as("after the calls before " + ends)
                        .isEmpty();
                lake.apply(successor);
                assertThat(audit.access())
                        .as("completed after the calls before " + ends)
                        .isEqualTo(Map.of(
                                ACME_ROLE,
                                List.of(
                                        "describe gold",
                                        "describe silver",
                                        "gold.product_daily tenant_id = 9",
                                        "gold.revenue_daily tenant_id = 9",
                                        "silver.customers tenant_id = 9 without [email, name, phone]",
                                        "silver.tenants id = 9")));
                assertThat(audit.filters()).hasSize(4);
                assertThat(audit.hasResults(ACME_ROLE)).isFalse();
                lake.drop(Layer.GOLD, "product_daily");
            }
        }
        assertThat(ends)
                .hasSizeGreaterThan(20)
                .contains(
                        "DeleteRolePolicy",
                        "RevokePermissions",
                        "DeleteDataCellsFilter",
                        "DeleteRole",
                        "DeleteWorkGroup",
                        "CreateRole",
                        "CreateDataCellsFilter",
                        "GrantPermissions",
                        "CreateWorkGroup",
                        "PutRolePolicy");
    }

    @Test
    void appliesAgainWhenTenantsOrTablesChangeAndEndsWhenAsked() throws InterruptedException {
        LayerPositions positions =
                new LayerPositions(lake.services().s3(), lake.admin().config().layout());
        positions.write(silver(21));
        AtomicReference<List<Tenant>> tenants = new AtomicReference<>(List.of(ACME));
        BlockingQueue<GrantsReport> reports = new LinkedBlockingQueue<>();
        StopRequest stop = new StopRequest();
        GrantsWatch watch = new GrantsWatch(lake.grants(tenants::get), reports::add, Duration.ofMillis(20));
        CompletableFuture<Void> watching = CompletableFuture.runAsync(() -> watch.run(stop));
        assertThat(reports.poll(60, TimeUnit.SECONDS).slugs()).containsExactly("acme-tools");

        tenants.set(List.of(ACME, BETA));
        positions.write(silver(22));
        assertThat(reports.poll(60, TimeUnit.SECONDS).slugs()).containsExactly("acme-tools", "beta");
        assertThat(positions.readGrants().orElseThrow().tenantsEpoch()).isEqualTo(22);

        lake.addGold("product_daily");
        assertThat(reports.poll(60, TimeUnit.SECONDS).tables()).contains("gold.product_daily");

        stop.make();
        watching.join();
        assertThat(reports).isEmpty();
        lake.drop(Layer.GOLD, "product_daily");
    }

    @Test
    void triesAgainWhatFailed() throws InterruptedException {
        AtomicInteger failures = new AtomicInteger(2);
        BlockingQueue<GrantsReport> reports = new LinkedBlockingQueue<>();
        StopRequest stop = new StopRequest();
        TenantDirectory directory = () -> {
            if (failures.getAndDecrement() > 0) {
                throw new LakeException(LakeException.Kind.UNAVAILABLE, "not up yet");
            }
            return List.of(ACME);
        };
        GrantsWatch watch = new GrantsWatch(lake.grants(directory), reports::add, Duration.ofMillis(20));
        CompletableFuture<Void> watching = CompletableFuture.runAsync(() -> watch.run(stop));
        assertThat(reports.poll(60, TimeUnit.SECONDS).slugs()).containsExactly("acme-tools");
        stop.make();
        watching.join();
    }

    private static void leaveResult(String workgroup) {
        lake.services()
                .s3()
                .putObject(
                        put -> put.bucket("tenantlake").key(LakeLayout.resultsPrefix(workgroup) + "result.csv"),
                        RequestBody.fromString("1"));
    }

    private static LayerPosition silver(long tenantsEpoch) {
        return new LayerPosition(
                Layer.SILVER,
                tenantsEpoch + 5,
                Lsn.parse("0/1"),
                Instant.EPOCH,
                Instant.EPOCH,
                Instant.EPOCH,
                Map.of("tenants", tenantsEpoch, "orders", tenantsEpoch + 5),
                Map.of());
    }

    private static void assertDenied(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        AwsServiceException.class,
                        refusal -> assertThat(refusal.awsErrorDetails().errorCode())
                                .startsWith("AccessDenied"));
    }

    /** Thrown in place of a call that changes something. */
    private static final class CallFailed extends RuntimeException {
        CallFailed(String operation) {
            super(operation);
        }
    }

    /** Lets so many calls through that change something, and no more. */
    private record FailingChanges(AtomicInteger callsLeft) implements ExecutionInterceptor {
        @Override
        public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
            String operation = context.request().getClass().getSimpleName().replaceFirst("Request$", "");
            if (operation.matches("(Create|Put|Update|Delete|Grant|Revoke).*") && callsLeft.getAndDecrement() <= 0) {
                throw new CallFailed(operation);
            }
        }
    }
}
