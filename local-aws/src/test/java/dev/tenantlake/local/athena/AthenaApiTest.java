package dev.tenantlake.local.athena;

import static dev.tenantlake.local.AwsFixture.roleArn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenantlake.local.AwsFixture;
import dev.tenantlake.local.engine.QueryEngine;
import dev.tenantlake.model.AwsClients;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.athena.AthenaClient;
import software.amazon.awssdk.services.athena.model.AthenaException;
import software.amazon.awssdk.services.athena.model.ColumnInfo;
import software.amazon.awssdk.services.athena.model.Datum;
import software.amazon.awssdk.services.athena.model.GetQueryResultsResponse;
import software.amazon.awssdk.services.athena.model.InvalidRequestException;
import software.amazon.awssdk.services.athena.model.PreparedStatementSummary;
import software.amazon.awssdk.services.athena.model.QueryExecution;
import software.amazon.awssdk.services.athena.model.QueryExecutionState;
import software.amazon.awssdk.services.athena.model.ResourceNotFoundException;
import software.amazon.awssdk.services.athena.model.Row;
import software.amazon.awssdk.services.athena.model.StartQueryExecutionRequest;
import software.amazon.awssdk.services.athena.model.StatementType;
import software.amazon.awssdk.services.athena.model.Tag;
import software.amazon.awssdk.services.athena.model.WorkGroup;
import software.amazon.awssdk.services.athena.model.WorkGroupState;
import software.amazon.awssdk.services.athena.model.WorkGroupSummary;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AthenaApiTest {

    private static final String ADMIN = "tenantlake";
    private static final String ACME = "tenantlake-acme";

    private final FakeEngine engine = new FakeEngine();
    private AwsFixture aws;
    private AthenaClient athena;
    private AwsClients analyst;

    @BeforeAll
    void start(@TempDir Path directory) {
        aws = new AwsFixture(directory);
        for (String slug : List.of("acme", "globex")) {
            aws.createRole("analyst-" + slug, AwsFixture.analystPolicy("tenantlake-" + slug));
            AwsFixture.athena(aws.admin())
                    .createWorkGroup(create -> create.name("tenantlake-" + slug)
                            .configuration(configuration -> configuration
                                    .enforceWorkGroupConfiguration(true)
                                    .resultConfiguration(results -> results.outputLocation(
                                            "s3://tenantlake/athena-results/tenantlake-" + slug + "/"))));
        }
    }

    @AfterAll
    void stop() {
        aws.close();
    }

    @BeforeEach
    void connect() {
        aws.use(engine);
        engine.is(QueryEngine.State.READY, null);
        athena = AwsFixture.athena(aws.admin());
        analyst = aws.assume("analyst-acme");
    }

    private String submit(AthenaClient as, String workgroup, String sql) {
        return submit(as, start -> start.workGroup(workgroup).queryString(sql));
    }

    private String submit(AthenaClient as, Consumer<StartQueryExecutionRequest.Builder> start) {
        return as.startQueryExecution(start).queryExecutionId();
    }

    private QueryExecution execution(AthenaClient as, String id) {
        return as.getQueryExecution(get -> get.queryExecutionId(id)).queryExecution();
    }

    private QueryExecution await(AthenaClient as, String id, QueryExecutionState state) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        QueryExecution execution = execution(as, id);
        while (execution.status().state() != state && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            execution = execution(as, id);
        }
        assertThat(execution.status().state())
                .as(execution.status().stateChangeReason())
                .isEqualTo(state);
        return execution;
    }

    private String run(AthenaClient as, String workgroup, String sql) {
        String id = submit(as, workgroup, sql);
        await(as, id, QueryExecutionState.SUCCEEDED);
        return id;
    }

    private static List<List<String>> rows(GetQueryResultsResponse results) {
        return results.resultSet().rows().stream()
                .map(Row::data)
                .map(data -> data.stream().map(Datum::varCharValue).toList())
                .toList();
    }

    private static void assertDenied(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        AthenaException.class,
                        e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("AccessDeniedException"));
    }

    @Test
    void answersAQuery() {
        String id = run(athena, ADMIN, "SELECT values");

        GetQueryResultsResponse results = athena.getQueryResults(get -> get.queryExecutionId(id));
        assertThat(rows(results))
                .containsExactly(
                        List.of("amount", "text"),
                        List.of("1.50", "a \"quoted\", text\nof two lines äö€"),
                        Arrays.asList(null, ""),
                        Arrays.asList("2.00", null));
        ColumnInfo amount = results.resultSet().resultSetMetadata().columnInfo().get(0);
        assertThat(amount.name()).isEqualTo("amount");
        assertThat(amount.type()).isEqualTo("decimal");
        assertThat(amount.precision()).isEqualTo(12);
        assertThat(amount.scale()).isEqualTo(2);
        assertThat(results.nextToken()).isNull();
    }

    @Test
    void leavesTheResultInS3AsAthenaDoes() {
        QueryExecution execution = execution(athena, run(athena, ADMIN, "SELECT values"));

        assertThat(execution.resultConfiguration().outputLocation())
                .isEqualTo("s3://tenantlake/athena-results/tenantlake/" + execution.queryExecutionId() + ".csv");
        assertThat(aws.admin()
                        .s3()
                        .getObjectAsBytes(get -> get.bucket(AwsFixture.BUCKET)
                                .key("athena-results/tenantlake/" + execution.queryExecutionId() + ".csv"))
                        .asUtf8String())
                .isEqualTo("""
                        "amount","text"
                        "1.50","a ""quoted"", text
                        of two lines äö€"
                        ,""
                        "2.00",
                        """);
    }

    @Test
    void handsResultsOutByPages() {
        String id = run(athena, ADMIN, "SELECT rows 2500");

        List<GetQueryResultsResponse> pages = athena.getQueryResultsPaginator(get -> get.queryExecutionId(id)).stream()
                .toList();
        assertThat(pages).hasSize(3);
        List<List<String>> rows =
                pages.stream().flatMap(page -> rows(page).stream()).toList();
        assertThat(rows).hasSize(2501);
        assertThat(rows.get(0)).containsExactly("n", "text");
        for (int i = 1; i <= 2500; i++) {
            assertThat(rows.get(i)).containsExactly(String.valueOf(i), "row " + i);
        }
    }

    @Test
    void handsOutPagesOfRowsWithLinesAndNulls() {
        for (String sql : List.of("SELECT values", "SELECT one null", "DESCRIBE orders", "SHOW TABLES")) {
            String id = run(athena, ADMIN, sql);
            List<List<String>> whole = rows(athena.getQueryResults(get -> get.queryExecutionId(id)));
            List<List<String>> oneByOne =
                    athena
                            .getQueryResultsPaginator(
                                    get -> get.queryExecutionId(id).maxResults(1))
                            .stream()
                            .flatMap(page -> rows(page).stream())
                            .toList();

            assertThat(oneByOne).as(sql).isEqualTo(whole);
        }
    }

    @Test
    void answersStatementsThatAreNoQueriesWithoutAHeader() {
        String id = run(athena, ADMIN, "SHOW TABLES");

        assertThat(rows(athena.getQueryResults(get -> get.queryExecutionId(id))))
                .containsExactly(List.of("orders"), List.of("customers"));
        QueryExecution execution = execution(athena, id);
        assertThat(execution.statementType()).isEqualTo(StatementType.UTILITY);
        assertThat(execution.resultConfiguration().outputLocation()).endsWith(".txt");
    }

    @Test
    void tellsWhatAQueryTook() {
        QueryExecution execution = execution(athena, run(athena, ADMIN, "SELECT rows 1"));

        assertThat(execution.statementType()).isEqualTo(StatementType.DML);
        assertThat(execution.statistics().dataScannedInBytes()).isEqualTo(1234);
        assertThat(execution.statistics().engineExecutionTimeInMillis()).isEqualTo(5);
        assertThat(execution.statistics().queryQueueTimeInMillis()).isNotNegative();
        assertThat(execution.status().submissionDateTime()).isNotNull();
        assertThat(execution.status().completionDateTime())
                .isAfterOrEqualTo(execution.status().submissionDateTime());
    }

    @Test
    void runsAStatementAsWhoSentIt() {
        engine.statements().clear();
        submitAndAwait(
                AwsFixture.athena(analyst),
                start -> start.workGroup(ACME)
                        .queryString("SELECT rows 1")
                        .queryExecutionContext(
                                context -> context.database("silver").catalog("AwsDataCatalog")));
        submitAndAwait(athena, start -> start.workGroup(ADMIN).queryString("SELECT rows 1"));

        assertThat(engine.statements())
                .extracting(QueryEngine.Statement::principalArn)
                .containsExactly(roleArn("analyst-acme"), "arn:aws:iam::000000000000:user/admin");
        assertThat(engine.statements().get(0).catalog()).isEqualTo("awsdatacatalog");
        assertThat(engine.statements().get(0).database()).contains("silver");
        assertThat(engine.statements().get(1).database()).isEmpty();
    }

    private void submitAndAwait(AthenaClient as, Consumer<StartQueryExecutionRequest.Builder> start) {
        await(as, submit(as, start), QueryExecutionState.SUCCEEDED);
    }

    @Test
    void saysWhyAQueryFailed() {
        String id = submit(athena, ADMIN, "SELECT wrong");
        QueryExecution execution = await(athena, id, QueryExecutionState.FAILED);

        assertThat(execution.status().stateChangeReason()).startsWith("COLUMN_NOT_FOUND: line 1:8");
        assertThat(execution.status().athenaError().errorCategory()).isEqualTo(2);
        assertThat(execution.status().athenaError().retryable()).isFalse();
        assertThatThrownBy(() -> athena.getQueryResults(get -> get.queryExecutionId(id)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("FAILED");

        QueryExecution broken = await(athena, submit(athena, ADMIN, "SELECT broken"), QueryExecutionState.FAILED);
        assertThat(broken.status().athenaError().errorCategory()).isEqualTo(1);
    }

    @Test
    void stopsAQuery() {
        String running = submit(athena, ADMIN, "SELECT forever");
        await(athena, running, QueryExecutionState.RUNNING);
        assertThatThrownBy(() -> athena.getQueryResults(get -> get.queryExecutionId(running)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("not yet finished");
        athena.stopQueryExecution(stop -> stop.queryExecutionId(running));

        assertThat(await(athena, running, QueryExecutionState.CANCELLED)
                        .status()
                        .stateChangeReason())
                .isEqualTo("Query cancelled by user");
        athena.stopQueryExecution(stop -> stop.queryExecutionId(running));
    }

    @Test
    void keepsQueriesWaitingUntilTheEngineIsUp() {
        engine.is(QueryEngine.State.STARTING, null);
        String waiting = submit(athena, ADMIN, "SELECT rows 1");
        String stopped = submit(athena, ADMIN, "SELECT rows 1");
        assertThat(execution(athena, waiting).status().state()).isEqualTo(QueryExecutionState.QUEUED);
        athena.stopQueryExecution(stop -> stop.queryExecutionId(stopped));
        await(athena, stopped, QueryExecutionState.CANCELLED);

        engine.is(QueryEngine.State.READY, null);
        await(athena, waiting, QueryExecutionState.SUCCEEDED);
        assertThat(execution(athena, stopped).status().state()).isEqualTo(QueryExecutionState.CANCELLED);
    }

    @Test
    void failsQueriesWhenTheEngineDoesNotStart() {
        engine.is(QueryEngine.State.FAILED, "there is no JDK 25");

        assertThat(await(athena, submit(athena, ADMIN, "SELECT rows 1"), QueryExecutionState.FAILED)
                        .status()
                        .stateChangeReason())
                .contains("there is no JDK 25");
    }

    @Test
    void knowsARequestAgain() {
        String token = "0123456789012345678901234567890123456789";
        String first = submit(
                athena,
                start -> start.workGroup(ADMIN).queryString("SELECT rows 1").clientRequestToken(token));
        String second = submit(
                athena,
                start -> start.workGroup(ADMIN).queryString("SELECT rows 1").clientRequestToken(token));

        assertThat(second).isEqualTo(first);
        assertThatThrownBy(() -> submit(
                        athena,
                        start -> start.workGroup(ADMIN)
                                .queryString("SELECT rows 2")
                                .clientRequestToken(token)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("Idempotent");
    }

    @Test
    void endsAQueryThatReadsMoreThanItsWorkgroupAllows() {
        athena.createWorkGroup(create -> create.name("limited")
                .configuration(configuration -> configuration
                        .bytesScannedCutoffPerQuery(10_000_000L)
                        .resultConfiguration(
                                results -> results.outputLocation("s3://tenantlake/athena-results/limited/"))));

        run(athena, "limited", "SELECT rows 1");
        assertThat(await(athena, submit(athena, "limited", "SELECT much"), QueryExecutionState.CANCELLED)
                        .status()
                        .stateChangeReason())
                .contains("Bytes scanned limit was exceeded");
        assertThatThrownBy(() -> athena.updateWorkGroup(update -> update.workGroup("limited")
                        .configurationUpdates(updates -> updates.bytesScannedCutoffPerQuery(1L))))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("10000000");
        athena.updateWorkGroup(update -> update.workGroup("limited")
                .configurationUpdates(updates -> updates.removeBytesScannedCutoffPerQuery(true)));
        run(athena, "limited", "SELECT much");
    }

    @Test
    void keepsAnAnalystToItsWorkgroup() {
        AthenaClient acme = AwsFixture.athena(analyst);
        AthenaClient globex = AwsFixture.athena(aws.assume("analyst-globex"));
        String id = run(acme, ACME, "SELECT rows 1");

        assertThat(rows(acme.getQueryResults(get -> get.queryExecutionId(id)))).hasSize(2);
        assertThat(acme.listQueryExecutions(list -> list.workGroup(ACME)).queryExecutionIds())
                .contains(id);
        assertThat(analyst.s3()
                        .getObjectAsBytes(get ->
                                get.bucket(AwsFixture.BUCKET).key("athena-results/tenantlake-acme/" + id + ".csv"))
                        .asUtf8String())
                .isEqualTo("\"n\",\"text\"\n\"1\",\"row 1\"\n");
        assertDenied(() -> globex.getQueryResults(get -> get.queryExecutionId(id)));
        assertDenied(() -> globex.getQueryExecution(get -> get.queryExecutionId(id)));
        assertDenied(() -> globex.stopQueryExecution(stop -> stop.queryExecutionId(id)));
        assertDenied(() -> globex.listQueryExecutions(list -> list.workGroup(ACME)));
        assertDenied(() -> globex.getWorkGroup(get -> get.workGroup(ACME)));
        assertDenied(() -> submit(globex, ACME, "SELECT rows 1"));
        assertDenied(() -> submit(globex, ADMIN, "SELECT rows 1"));
        assertDenied(() -> submit(globex, start -> start.queryString("SELECT rows 1")));
        assertDenied(() -> globex.listWorkGroups(all -> {}));
        assertDenied(() -> globex.createWorkGroup(create -> create.name("own")));
        assertDenied(() -> AwsFixture.athena(aws.pipeline()).getQueryResults(get -> get.queryExecutionId(id)));
        assertThat(globex.batchGetQueryExecution(get -> get.queryExecutionIds(id))
                        .unprocessedQueryExecutionIds())
                .singleElement()
                .satisfies(missing -> assertThat(missing.errorCode()).isEqualTo("AccessDeniedException"));
    }

    @Test
    void putsResultsWhereTheWorkgroupSays() {
        String id = submit(
                AwsFixture.athena(analyst),
                start -> start.workGroup(ACME)
                        .queryString("SELECT rows 1")
                        .resultConfiguration(
                                results -> results.outputLocation("s3://tenantlake/athena-results/tenantlake/")));
        assertThat(execution(AwsFixture.athena(analyst), id)
                        .resultConfiguration()
                        .outputLocation())
                .startsWith("s3://tenantlake/athena-results/tenantlake-acme/");

        athena.createWorkGroup(create ->
                create.name("free").configuration(configuration -> configuration.enforceWorkGroupConfiguration(false)));
        assertThatThrownBy(() -> submit(athena, "free", "SELECT rows 1"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("No output location");
        String free = submit(
                athena,
                start -> start.workGroup("free")
                        .queryString("SELECT rows 1")
                        .resultConfiguration(results -> results.outputLocation("s3://tenantlake/elsewhere")));
        assertThat(await(athena, free, QueryExecutionState.SUCCEEDED)
                        .resultConfiguration()
                        .outputLocation())
                .isEqualTo("s3://tenantlake/elsewhere/" + free + ".csv");
    }

    @Test
    void needsARolesPermissionToReadDataAtAll() {
        aws.createRole("without-data", AwsFixture.analystPolicy(ACME).replace("\"lakeformation:GetDataAccess\", ", ""));

        assertDenied(() -> submit(AwsFixture.athena(aws.assume("without-data")), ACME, "SELECT rows 1"));
    }

    @Test
    void runsPreparedStatements() {
        athena.createPreparedStatement(create -> create.workGroup(ADMIN)
                .statementName("count_rows")
                .queryStatement("SELECT rows 2")
                .description("counts"));
        engine.statements().clear();
        run(athena, ADMIN, "EXECUTE count_rows USING 1, 'it''s, (2)', DATE '2026-01-01'");
        submitAndAwait(
                athena,
                start ->
                        start.workGroup(ADMIN).queryString("EXECUTE count_rows").executionParameters("5"));

        assertThat(engine.statements())
                .extracting(QueryEngine.Statement::sql)
                .containsExactly("SELECT rows 2", "SELECT rows 2");
        assertThat(engine.statements().get(0).parameters()).containsExactly("1", "'it''s, (2)'", "DATE '2026-01-01'");
        assertThat(engine.statements().get(1).parameters()).containsExactly("5");
        assertThat(athena.getPreparedStatement(get -> get.workGroup(ADMIN).statementName("count_rows"))
                        .preparedStatement()
                        .queryStatement())
                .isEqualTo("SELECT rows 2");
        athena.updatePreparedStatement(
                update -> update.workGroup(ADMIN).statementName("count_rows").queryStatement("SELECT rows 3"));
        assertThat(athena.listPreparedStatements(list -> list.workGroup(ADMIN)).preparedStatements())
                .extracting(PreparedStatementSummary::statementName)
                .containsExactly("count_rows");
        assertThatThrownBy(() -> athena.createPreparedStatement(create ->
                        create.workGroup(ADMIN).statementName("count_rows").queryStatement("SELECT rows 3")))
                .isInstanceOf(InvalidRequestException.class);
        athena.deletePreparedStatement(delete -> delete.workGroup(ADMIN).statementName("count_rows"));
        assertThatThrownBy(() ->
                        athena.getPreparedStatement(get -> get.workGroup(ADMIN).statementName("count_rows")))
                .isInstanceOf(ResourceNotFoundException.class);
        assertThat(await(athena, submit(athena, ADMIN, "EXECUTE count_rows"), QueryExecutionState.FAILED)
                        .status()
                        .stateChangeReason())
                .contains("count_rows was not found in workGroup tenantlake");
    }

    @Test
    void preparesAndForgetsStatementsBySql() {
        run(athena, ADMIN, "PREPARE by_sql FROM SELECT rows 1");
        run(athena, ADMIN, "EXECUTE by_sql");
        run(athena, ADMIN, "DEALLOCATE PREPARE by_sql");

        await(athena, submit(athena, ADMIN, "EXECUTE by_sql"), QueryExecutionState.FAILED);
    }

    @Test
    void keepsWorkgroups() {
        assertThat(athena.getWorkGroup(get -> get.workGroup(ADMIN))
                        .workGroup()
                        .configuration()
                        .enforceWorkGroupConfiguration())
                .isTrue();
        athena.createWorkGroup(create -> create.name("made")
                .description("first")
                .tags(Tag.builder().key("a").value("1").build())
                .configuration(configuration -> configuration.resultConfiguration(
                        results -> results.outputLocation("s3://tenantlake/athena-results/made/"))));
        athena.updateWorkGroup(update -> update.workGroup("made")
                .description("second")
                .state(WorkGroupState.DISABLED)
                .configurationUpdates(updates -> updates.resultConfigurationUpdates(
                        results -> results.outputLocation("s3://tenantlake/athena-results/other/"))));

        WorkGroup made = athena.getWorkGroup(get -> get.workGroup("made")).workGroup();
        assertThat(made.description()).isEqualTo("second");
        assertThat(made.state()).isEqualTo(WorkGroupState.DISABLED);
        assertThat(made.configuration().resultConfiguration().outputLocation())
                .isEqualTo("s3://tenantlake/athena-results/other/");
        assertThatThrownBy(() -> submit(athena, "made", "SELECT rows 1"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("disabled");
        String arn = "arn:aws:athena:us-east-1:000000000000:workgroup/made";
        athena.tagResource(tag ->
                tag.resourceARN(arn).tags(Tag.builder().key("b").value("2").build()));
        athena.untagResource(untag -> untag.resourceARN(arn).tagKeys("a"));
        assertThat(athena.listTagsForResource(list -> list.resourceARN(arn)).tags())
                .extracting(Tag::key)
                .containsExactly("b");
        assertThat(athena.listWorkGroupsPaginator(list -> list.maxResults(1)).stream()
                        .flatMap(page -> page.workGroups().stream())
                        .map(WorkGroupSummary::name))
                .contains("made", ADMIN, ACME);
        athena.deleteWorkGroup(delete -> delete.workGroup("made"));
        assertThatThrownBy(() -> athena.getWorkGroup(get -> get.workGroup("made")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("not found");
    }

    @Test
    void removesAWorkgroupWithItsHistoryOnlyWhenToldTo() {
        athena.createWorkGroup(create -> create.name("used")
                .configuration(configuration -> configuration.resultConfiguration(
                        results -> results.outputLocation("s3://tenantlake/athena-results/used/"))));
        String id = run(athena, "used", "SELECT rows 1");

        assertThatThrownBy(() -> athena.deleteWorkGroup(delete -> delete.workGroup("used")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("not empty");
        athena.deleteWorkGroup(delete -> delete.workGroup("used").recursiveDeleteOption(true));
        assertThatThrownBy(() -> execution(athena, id)).isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void listsTheLatestQueriesFirst() {
        athena.createWorkGroup(create -> create.name("history")
                .configuration(configuration -> configuration.resultConfiguration(
                        results -> results.outputLocation("s3://tenantlake/athena-results/history/"))));
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ids.add(0, run(athena, "history", "SELECT rows " + i));
        }

        assertThat(athena
                        .listQueryExecutionsPaginator(
                                list -> list.workGroup("history").maxResults(2))
                        .stream()
                        .flatMap(page -> page.queryExecutionIds().stream())
                        .toList())
                .isEqualTo(ids);
        assertThat(athena.batchGetQueryExecution(get -> get.queryExecutionIds(ids))
                        .queryExecutions())
                .hasSize(3);
    }

    @Test
    void refusesWhatItCannotRun() {
        Map<String, Consumer<StartQueryExecutionRequest.Builder>> wrong = Map.of(
                "QueryString", start -> start.workGroup(ADMIN).queryString(""),
                "missing is not found", start -> start.workGroup("missing").queryString("SELECT rows 1"),
                "primary is not found", start -> start.queryString("SELECT rows 1"),
                "Catalog other",
                        start -> start.workGroup(ADMIN)
                                .queryString("SELECT rows 1")
                                .queryExecutionContext(context -> context.catalog("other")));
        wrong.forEach((message, start) -> assertThatThrownBy(() -> submit(athena, start))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(message));
        assertThatThrownBy(() -> execution(athena, "missing"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("was not found");
    }

    @Test
    void remembersOverARestartAndEndsWhatWasNotEnded() {
        String done = run(athena, ADMIN, "SELECT rows 1");
        String running = submit(athena, ADMIN, "SELECT forever");
        await(athena, running, QueryExecutionState.RUNNING);
        aws.restart();
        aws.use(engine);
        athena = AwsFixture.athena(aws.admin());

        assertThat(rows(athena.getQueryResults(get -> get.queryExecutionId(done))))
                .hasSize(2);
        QueryExecution ended = execution(athena, running);
        assertThat(ended.status().state()).isEqualTo(QueryExecutionState.FAILED);
        assertThat(ended.status().stateChangeReason()).contains("local-aws was stopped");
        assertThat(athena.getWorkGroup(get -> get.workGroup(ACME)).workGroup().name())
                .isEqualTo(ACME);
    }
}
