package dev.tenantlake.local.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In the words in which Trino 476 asks. */
class PolicyServerTest {

    private static final String ADMINISTRATOR = InMemoryAccess.ADMINISTRATOR;
    private static final String ANALYST = "arn:aws:iam::000000000000:role/tenantlake-analyst-acme";
    private static final String STRANGER = "arn:aws:iam::000000000000:role/stranger";

    private final HttpClient http = HttpClient.newHttpClient();
    private final InMemoryAccess access = new InMemoryAccess()
            .grant(ANALYST, "silver.orders", "tenant_id = 3", "tenant_id", "id", "Status")
            .grant(ANALYST, "silver.everything", null, "id")
            .grant(ANALYST, "silver.words", "name LIKE 'a''%'", "id")
            .grant(ANALYST, "silver.broken", "drop table x", "id")
            .grant(ANALYST, "silver.two", "\"order\" = 'a' AND amount >= 1.5", "id", "left")
            .grant(ANALYST, "silver.two", "NOT active IN (true, false) OR x BETWEEN 1 AND 2", "id", "right")
            .grant(ANALYST, "silver.some", "tenant_id = 3", "id", "name")
            .grant(ANALYST, "silver.some", null, "id");
    private PolicyServer server;

    @BeforeEach
    void start() {
        server = new PolicyServer(new AccessPolicy(access, "awsdatacatalog", "awsdatacatalog_hudi"), "s3cret");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void answersOnlyWhoKnowsItsAddress() throws Exception {
        URI address = server.allowAddress();
        assertThat(address.getHost()).isEqualTo("127.0.0.1");
        String question = question(ADMINISTRATOR, "ExecuteQuery", "");
        assertThat(post(address, question).statusCode()).isEqualTo(200);
        for (String path : List.of("/", "/allow", "/s3cre/allow", "/s3cretx/allow", "/s3cret", "/x/s3cret/allow")) {
            assertThat(post(URI.create("http://" + address.getAuthority() + path), question)
                            .statusCode())
                    .as(path)
                    .isEqualTo(404);
        }
        assertThat(http.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void failsOnWhatItCannotRead() throws Exception {
        assertThat(post(server.allowAddress(), "{").statusCode()).isEqualTo(500);
        assertThat(post(server.allowAddress().resolve("other"), "{}").statusCode())
                .isEqualTo(500);
        assertThat(post(server.allowAddress(), "{}").body()).isEqualTo("{\"result\":false}");
    }

    @Test
    void letsAnAnalystReadTheGrantedColumnsOfGrantedTables() throws Exception {
        assertThat(allows(ANALYST, "ExecuteQuery", "")).isTrue();
        assertThat(allows(ANALYST, "AccessCatalog", catalog("awsdatacatalog"))).isTrue();
        assertThat(allows(ANALYST, "AccessCatalog", catalog("awsdatacatalog_hudi")))
                .isTrue();
        assertThat(allows(ANALYST, "AccessCatalog", catalog("system"))).isFalse();
        for (String catalog : List.of("awsdatacatalog", "awsdatacatalog_hudi")) {
            assertThat(allows(ANALYST, "SelectFromColumns", table(catalog, "silver", "orders", "id", "status")))
                    .isTrue();
            assertThat(allows(ANALYST, "SelectFromColumns", table(catalog, "silver", "orders")))
                    .isTrue();
            assertThat(allows(ANALYST, "SelectFromColumns", table(catalog, "silver", "orders", "id", "email")))
                    .isFalse();
            assertThat(allows(ANALYST, "SelectFromColumns", table(catalog, "silver", "customers")))
                    .isFalse();
            assertThat(allows(ANALYST, "SelectFromColumns", table(catalog, "bronze", "orders", "id")))
                    .isFalse();
            assertThat(allows(ANALYST, "SelectFromColumns", table(catalog, "silver", "orders$timeline")))
                    .isFalse();
            assertThat(allows(ANALYST, "ShowColumns", table(catalog, "silver", "orders")))
                    .isTrue();
            assertThat(allows(ANALYST, "ShowColumns", table(catalog, "silver", "customers")))
                    .isFalse();
        }
        assertThat(allows(ANALYST, "SelectFromColumns", table("system", "silver", "orders", "id")))
                .isFalse();
        assertThat(allows(STRANGER, "SelectFromColumns", table("awsdatacatalog", "silver", "orders")))
                .isFalse();
    }

    @Test
    void letsAnAnalystListWhatIsGranted() throws Exception {
        assertThat(allows(ANALYST, "ShowSchemas", catalog("awsdatacatalog"))).isTrue();
        assertThat(allows(ANALYST, "ShowSchemas", catalog("awsdatacatalog_hudi")))
                .isFalse();
        assertThat(allows(ANALYST, "ShowTables", schema("awsdatacatalog", "silver")))
                .isTrue();
        assertThat(allows(ANALYST, "ShowTables", schema("awsdatacatalog_hudi", "silver")))
                .isFalse();
        assertThat(allows(ANALYST, "ShowTables", schema("awsdatacatalog", "bronze")))
                .isFalse();
        assertThat(filter(
                        ANALYST,
                        "FilterCatalogs",
                        catalog("system"),
                        catalog("awsdatacatalog_hudi"),
                        catalog("awsdatacatalog")))
                .isEqualTo("[2]");
        assertThat(filter(ANALYST, "FilterCatalogs", catalog("awsdatacatalog_hudi")))
                .isEqualTo("[0]");
        assertThat(filter(
                        ANALYST,
                        "FilterSchemas",
                        schema("awsdatacatalog", "bronze"),
                        schema("awsdatacatalog", "silver"),
                        schema("awsdatacatalog", "information_schema")))
                .isEqualTo("[1,2]");
        assertThat(filter(
                        ANALYST,
                        "FilterTables",
                        table("awsdatacatalog", "silver", "orders"),
                        table("awsdatacatalog", "silver", "customers"),
                        table("awsdatacatalog_hudi", "silver", "orders"),
                        table("awsdatacatalog", "silver", "orders$partitions"),
                        table("awsdatacatalog", "information_schema", "views"),
                        table("awsdatacatalog", "information_schema", "tables")))
                .isEqualTo("[0,2,5]");
        assertThat(filter(
                        ANALYST, "FilterColumns", table("awsdatacatalog", "silver", "orders", "email", "id", "status")))
                .isEqualTo("[1,2]");
        assertThat(filter(STRANGER, "FilterColumns", table("awsdatacatalog", "silver", "orders", "id")))
                .isEqualTo("[]");
        assertThat(filter(ANALYST, "FilterFunctions", "{}")).isEqualTo("[]");
        assertThat(filter(ANALYST, "FilterViewQueryOwnedBy", user(ADMINISTRATOR)))
                .isEqualTo("[]");
    }

    /** Every other operation of Trino 476, and one of a later release. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ImpersonateUser",
                "ViewQueryOwnedBy",
                "KillQueryOwnedBy",
                "ReadSystemInformation",
                "WriteSystemInformation",
                "SetSystemSessionProperty",
                "SetCatalogSessionProperty",
                "CreateCatalog",
                "DropCatalog",
                "CreateSchema",
                "DropSchema",
                "RenameSchema",
                "SetSchemaAuthorization",
                "ShowCreateSchema",
                "ShowCreateTable",
                "CreateTable",
                "DropTable",
                "RenameTable",
                "SetTableProperties",
                "SetTableComment",
                "SetViewComment",
                "SetColumnComment",
                "AddColumn",
                "AlterColumn",
                "DropColumn",
                "RenameColumn",
                "SetTableAuthorization",
                "InsertIntoTable",
                "DeleteFromTable",
                "TruncateTable",
                "UpdateTableColumns",
                "CreateView",
                "RenameView",
                "SetViewAuthorization",
                "DropView",
                "CreateViewWithSelectFromColumns",
                "CreateMaterializedView",
                "RefreshMaterializedView",
                "DropMaterializedView",
                "ShowFunctions",
                "ExecuteFunction",
                "ExecuteProcedure",
                "ExecuteTableProcedure",
                "CreateFunction",
                "DropFunction",
                "ShowCreateFunction",
                "CreateViewWithExecuteFunction",
                "SomethingNew",
            })
    void letsAnAnalystDoNothingElse(String operation) throws Exception {
        assertThat(allows(ANALYST, operation, table("awsdatacatalog", "silver", "orders", "id")))
                .isFalse();
        assertThat(allows(AccessPolicy.FILTER_OWNER, operation, table("awsdatacatalog", "silver", "orders", "id")))
                .isFalse();
    }

    @Test
    void letsAnAdministratorDoAllButActAsAnother() throws Exception {
        assertThat(allows(ADMINISTRATOR, "SelectFromColumns", table("awsdatacatalog", "bronze", "orders", "id")))
                .isTrue();
        assertThat(allows(ADMINISTRATOR, "SelectFromColumns", table("system", "runtime", "queries", "id")))
                .isTrue();
        assertThat(allows(ADMINISTRATOR, "CreateView", table("awsdatacatalog", "silver", "v")))
                .isTrue();
        assertThat(allows(ADMINISTRATOR, "ImpersonateUser", user(ANALYST))).isFalse();
        // What is asked about the owner of a view when somebody else queries it.
        assertThat(allows(
                        ADMINISTRATOR,
                        "CreateViewWithSelectFromColumns",
                        table("awsdatacatalog", "silver", "orders", "id")))
                .isFalse();
        assertThat(filter(
                        ADMINISTRATOR,
                        "FilterCatalogs",
                        catalog("system"),
                        catalog("awsdatacatalog_hudi"),
                        catalog("awsdatacatalog")))
                .isEqualTo("[0,2]");
        assertThat(filter(ADMINISTRATOR, "FilterColumns", table("awsdatacatalog", "silver", "orders", "email", "id")))
                .isEqualTo("[0,1]");
        assertThat(rowFilters(ADMINISTRATOR, table("awsdatacatalog", "silver", "orders")))
                .isEqualTo("[]");
        assertThat(masks(ADMINISTRATOR, "silver", "orders", "id")).isEqualTo("[]");
    }

    @Test
    void evaluatesFiltersAsOneWhoMayReadWhatTheyNeed() throws Exception {
        String owner = AccessPolicy.FILTER_OWNER;
        assertThat(allows(owner, "SelectFromColumns", table("awsdatacatalog_hudi", "silver", "orders", "email")))
                .isTrue();
        assertThat(allows(owner, "SelectFromColumns", table("system", "runtime", "queries", "query")))
                .isFalse();
        assertThat(allows(owner, "ExecuteQuery", "")).isFalse();
    }

    @Test
    void filtersRowsByTheUnionOfTheFilters() throws Exception {
        assertThat(rowFilters(ANALYST, table("awsdatacatalog_hudi", "silver", "orders")))
                .isEqualTo(expression("(\\\"tenant_id\\\" = 3)"));
        assertThat(rowFilters(ANALYST, table("awsdatacatalog", "silver", "everything")))
                .isEqualTo("[]");
        assertThat(rowFilters(ANALYST, table("awsdatacatalog", "silver", "some")))
                .isEqualTo("[]");
        assertThat(rowFilters(ANALYST, table("awsdatacatalog", "silver", "two")))
                .isEqualTo(expression("((\\\"order\\\" = 'a') AND (\\\"amount\\\" >= 1.5)) OR"
                        + " ((NOT (\\\"active\\\" IN (true, false))) OR (\\\"x\\\" BETWEEN 1 AND 2))"));
        assertThat(rowFilters(ANALYST, table("awsdatacatalog", "silver", "words")))
                .isEqualTo(expression("(\\\"name\\\" LIKE 'a''%')"));
        // Nothing rather than everything.
        for (String[] none : List.of(
                new String[] {ANALYST, "awsdatacatalog", "silver", "broken"},
                new String[] {ANALYST, "awsdatacatalog", "silver", "customers"},
                new String[] {STRANGER, "awsdatacatalog", "silver", "orders"},
                new String[] {ANALYST, "awsdatacatalog", "silver", "orders$timeline"},
                new String[] {ANALYST, "awsdatacatalog", "information_schema", "views"},
                new String[] {ANALYST, "system", "silver", "orders"})) {
            assertThat(rowFilters(none[0], table(none[1], none[2], none[3])))
                    .as(String.join(" ", none))
                    .isEqualTo(expression("false"));
        }
        assertThat(rowFilters(ANALYST, table("awsdatacatalog", "information_schema", "tables")))
                .isEqualTo("[]");
    }

    @Test
    void masksTheCellsThatNoFilterGrants() throws Exception {
        assertThat(masks(ANALYST, "silver", "orders", "id", "status")).isEqualTo("[]");
        assertThat(masks(ANALYST, "silver", "everything", "id")).isEqualTo("[]");
        assertThat(masks(ANALYST, "silver", "some", "id", "name"))
                .isEqualTo("[" + mask(1, "CASE WHEN (\\\"tenant_id\\\" = 3) THEN \\\"name\\\" END") + "]");
        String left = "((\\\"order\\\" = 'a') AND (\\\"amount\\\" >= 1.5))";
        String right = "((NOT (\\\"active\\\" IN (true, false))) OR (\\\"x\\\" BETWEEN 1 AND 2))";
        assertThat(masks(ANALYST, "silver", "two", "id", "left", "right"))
                .isEqualTo("["
                        + mask(0, "CASE WHEN " + left + " OR " + right + " THEN \\\"id\\\" END") + ","
                        + mask(1, "CASE WHEN " + left + " THEN \\\"left\\\" END") + ","
                        + mask(2, "CASE WHEN " + right + " THEN \\\"right\\\" END") + "]");
        // Not a range of values: a query's own condition could come before it.
        assertThat(masks(ANALYST, "silver", "words", "id"))
                .isEqualTo("[" + mask(0, "CASE WHEN (\\\"name\\\" LIKE 'a''%') THEN \\\"id\\\" END") + "]");
        assertThat(masks(ANALYST, "silver", "customers", "id"))
                .isEqualTo("[" + mask(0, "CASE WHEN false THEN \\\"id\\\" END") + "]");
    }

    private boolean allows(String principal, String operation, String resource) throws Exception {
        String body = post(server.allowAddress(), question(principal, operation, resource))
                .body();
        assertThat(body).isIn("{\"result\":true}", "{\"result\":false}");
        return body.contains("true");
    }

    private String filter(String principal, String operation, String... resources) throws Exception {
        return result(post(server.batchAddress(), batch(principal, operation, resources)));
    }

    private String rowFilters(String principal, String table) throws Exception {
        return result(post(server.rowFiltersAddress(), question(principal, "GetRowFilters", table)));
    }

    private String masks(String principal, String schema, String table, String... columns) throws Exception {
        String[] resources = new String[columns.length];
        for (int i = 0; i < columns.length; i++) {
            resources[i] = """
                    {"column":{"catalogName":"awsdatacatalog","schemaName":"%s","tableName":"%s","columnName":"%s","columnType":"bigint"}}""".formatted(schema, table, columns[i]);
        }
        return result(post(server.columnMasksAddress(), batch(principal, "GetColumnMask", resources)));
    }

    private static String result(HttpResponse<String> response) {
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).startsWith("{\"result\":").endsWith("}");
        return response.body()
                .substring("{\"result\":".length(), response.body().length() - 1);
    }

    private HttpResponse<String> post(URI address, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(address)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static String question(String principal, String operation, String resource) {
        return input(principal, operation, resource.isEmpty() ? "" : ",\"resource\":" + resource);
    }

    private static String batch(String principal, String operation, String... resources) {
        return input(principal, operation, ",\"filterResources\":[" + String.join(",", resources) + "]");
    }

    private static String input(String principal, String operation, String more) {
        return """
                {"input":{"context":{"identity":{"user":"%s","groups":[]},"softwareStack":{"trinoVersion":"476"}},
                "action":{"operation":"%s"%s}}}""".formatted(principal, operation, more);
    }

    private static String catalog(String name) {
        return "{\"catalog\":{\"name\":\"" + name + "\"}}";
    }

    private static String schema(String catalog, String schema) {
        return "{\"schema\":{\"catalogName\":\"" + catalog + "\",\"schemaName\":\"" + schema + "\"}}";
    }

    private static String table(String catalog, String schema, String table, String... columns) {
        String names = columns.length == 0 ? "" : ",\"columns\":[\"" + String.join("\",\"", columns) + "\"]";
        return "{\"table\":{\"catalogName\":\"" + catalog + "\",\"schemaName\":\"" + schema + "\",\"tableName\":\""
                + table + "\"" + names + "}}";
    }

    private static String user(String name) {
        return "{\"user\":{\"user\":\"" + name + "\"}}";
    }

    private static String expression(String sql) {
        return "[{\"expression\":\"" + sql + "\",\"identity\":\"tenantlake-row-filters\"}]";
    }

    private static String mask(int index, String sql) {
        return "{\"index\":" + index + ",\"viewExpression\":{\"expression\":\"" + sql
                + "\",\"identity\":\"tenantlake-row-filters\"}}";
    }
}
