package dev.tenantlake.local.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.tenantlake.local.engine.QueryEngine.Cancellation;
import dev.tenantlake.local.engine.QueryEngine.Column;
import dev.tenantlake.local.engine.QueryEngine.QueryFailedException;
import dev.tenantlake.local.engine.QueryEngine.QueryFailedException.Category;
import dev.tenantlake.local.engine.QueryEngine.Sink;
import dev.tenantlake.local.engine.QueryEngine.State;
import dev.tenantlake.local.engine.QueryEngine.Statement;
import dev.tenantlake.local.engine.QueryEngine.Statistics;
import java.io.Reader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import okhttp3.ConnectionPool;
import okhttp3.Headers;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On a real Trino, with a Glue and an S3 that hold the rows of two tenants. */
class TrinoEngineTest {

    private static final String ADMINISTRATOR = InMemoryAccess.ADMINISTRATOR;
    private static final String ACME = "arn:aws:iam::000000000000:role/tenantlake-analyst-acme";
    /** Is granted nothing. */
    private static final String STRANGER = "arn:aws:iam::000000000000:role/stranger";
    /** Is granted the same rows as acme by other words, which are no range. */
    private static final String WORDY = "arn:aws:iam::000000000000:role/wordy";
    /** Is granted other columns of other rows by each of two filters. */
    private static final String PATCHY = "arn:aws:iam::000000000000:role/patchy";

    /** Is granted a view by mistake. */
    private static final String VIEWER = "arn:aws:iam::000000000000:role/viewer";
    /** Is granted neither the columns that the filters are on, nor more than one row of each table. */
    private static final String BLIND = "arn:aws:iam::000000000000:role/blind";

    private static final String[] ORDERS = {
        "tenant_id", "month", "id", "customer_id", "status", "currency", "total_amount", "ordered_at", "_epoch"
    };
    /** All but the e-mail address. */
    private static final String[] CUSTOMERS = {
        "tenant_id", "id", "country", "score", "tags", "attributes", "place", "raw", "active", "ratio", "born", "seen"
    };

    private static final InMemoryAccess ACCESS = new InMemoryAccess()
            .grant(ACME, "silver.orders", "tenant_id = 3", ORDERS)
            .grant(ACME, "silver.customers", "tenant_id = 3", CUSTOMERS)
            .grant(ACME, "silver.tenants", "id = 3", "id", "slug", "name")
            .grant(WORDY, "silver.tenants", "slug LIKE 'ac%' OR slug LIKE 'a_me'", "id", "slug", "name")
            .grant(WORDY, "silver.orders", "NOT tenant_id <> 3", ORDERS)
            .grant(PATCHY, "silver.customers", "tenant_id = 3", "tenant_id", "id", "country")
            .grant(PATCHY, "silver.customers", "country = 'FR' OR score = 9", "tenant_id", "id", "score")
            .grant(VIEWER, "silver.all_orders", null, "tenant_id", "id", "total_amount")
            .grant(VIEWER, "silver.callers_orders", null, "tenant_id", "id", "total_amount")
            .grant(BLIND, "silver.orders", "tenant_id = 5 AND status = 'paid'", "id", "total_amount")
            .grant(BLIND, "silver.customers", "email = 'a@acme.example' OR score < 0", "id", "country");

    /** A connection for each request: the server closes one whose request it has refused. */
    private static final OkHttpClient HTTP = new OkHttpClient.Builder()
            .connectionPool(new ConnectionPool(0, 1, TimeUnit.NANOSECONDS))
            .followRedirects(false)
            .build();

    @TempDir
    private static Path directory;

    private static FixtureLake lake;
    private static TrinoEngine engine;
    private static Result first;

    @BeforeAll
    static void start() throws Exception {
        lake = new FixtureLake(directory.resolve("lake"));
        engine = TrinoEngine.start(lake.engineConfig(directory), ACCESS);
        // Long before it is up.
        first = run(ADMINISTRATOR, "SELECT count(*) FROM silver.orders");
    }

    @AfterAll
    static void stop() {
        engine.close();
        lake.close();
    }

    @Test
    void runsWhatItWasGivenBeforeItWasUp() {
        assertThat(first.rows).containsExactly(List.of("5"));
        assertThat(engine.state()).isEqualTo(State.READY);
        assertThat(engine.failure()).isEmpty();
    }

    @Test
    void readsHudiAndPlainTablesInOneCatalog() {
        assertThat(run(ADMINISTRATOR, """
                                SELECT o.tenant_id, o.id, o.status, b.status, t.slug
                                FROM silver.orders o
                                JOIN awsdatacatalog.bronze.orders b ON b.tenant_id = o.tenant_id AND b.id = o.id
                                JOIN silver.tenants t ON t.id = o.tenant_id
                                ORDER BY 1, 2;""").rows)
                .containsExactly(
                        List.of("3", "1", "paid", "paid", "acme"),
                        List.of("3", "2", "shipped", "pending", "acme"),
                        List.of("3", "3", "paid", "paid", "acme"),
                        List.of("5", "1", "paid", "paid", "globex"),
                        List.of("5", "2", "shipped", "shipped", "globex"));
    }

    @Test
    void showsTypesAndValuesAsAthenaDoes() {
        Result result = run(ADMINISTRATOR, "SELECT * FROM silver.customers WHERE tenant_id = 3 AND id = 2");
        assertThat(result.columns)
                .containsExactly(
                        new Column("id", "bigint"),
                        new Column("email", "varchar"),
                        new Column("country", "varchar"),
                        new Column("score", "integer"),
                        new Column("tags", "array"),
                        new Column("attributes", "map"),
                        new Column("place", "row"),
                        new Column("raw", "varbinary"),
                        new Column("active", "boolean"),
                        new Column("ratio", "double"),
                        new Column("born", "date"),
                        new Column("seen", "timestamp"),
                        new Column("tenant_id", "bigint"));
        assertThat(result.rows)
                .containsExactly(List.of(
                        "2",
                        "b@acme.example",
                        "FR",
                        "8",
                        "[FR, x]",
                        "{k=2}",
                        "{a=2, b=FR}",
                        "46 52",
                        "true",
                        "1.0",
                        "2026-01-01",
                        "2026-03-01 10:20:30.123456",
                        "3"));

        Result hudi = run(
                ADMINISTRATOR,
                "SELECT total_amount, ordered_at, CAST(NULL AS varchar) AS nothing FROM silver.orders WHERE tenant_id = 3"
                        + " ORDER BY id");
        assertThat(hudi.columns)
                .containsExactly(
                        new Column("total_amount", "decimal(12,2)"),
                        new Column("ordered_at", "timestamp"),
                        new Column("nothing", "varchar"));
        assertThat(hudi.rows.get(0)).containsExactly("10.50", "2026-01-01 12:00:00.000000", null);
        assertThat(hudi.rows.get(1)).containsExactly("20.25", "2026-01-02 12:00:00.123456", null);

        Result literals = run(STRANGER, """
                SELECT ARRAY[1, NULL], MAP(ARRAY['a'], ARRAY[NULL]), REAL '1.5', 1e10, nan(), CHAR 'ab', JSON '{"a":1}',
                  UUID '12151fd2-7586-11e9-8f9e-2a86e4085a59', TIMESTAMP '2026-01-01 10:00:00.5 UTC', TIME '10:00:00',
                  INTERVAL '2' DAY, NULL""");
        assertThat(literals.columns.stream().map(Column::type))
                .containsExactly(
                        "array",
                        "map",
                        "float",
                        "double",
                        "double",
                        "char",
                        "json",
                        "uuid",
                        "timestamp with time zone",
                        "time",
                        "interval day to second",
                        "varchar");
        assertThat(literals.rows.get(0))
                .containsExactly(
                        "[1, null]",
                        "{a=null}",
                        "1.5",
                        "1.0E10",
                        "NaN",
                        "ab",
                        "{\"a\":1}",
                        "12151fd2-7586-11e9-8f9e-2a86e4085a59",
                        "2026-01-01 10:00:00.5 UTC",
                        "10:00:00",
                        "2 00:00:00.000",
                        null);
    }

    @Test
    void countsWhatWasReadAndTellsQueriesFromOtherStatements() {
        Result all = run(ADMINISTRATOR, "SELECT * FROM silver.orders");
        Result own = run(ACME, "SELECT * FROM silver.orders");
        assertThat(own.statistics.scannedBytes()).isPositive().isLessThan(all.statistics.scannedBytes());
        assertThat(own.statistics.isQuery()).isTrue();
        assertThat(own.statistics.queued()).isGreaterThanOrEqualTo(Duration.ZERO);
        assertThat(own.statistics.engine()).isPositive();
    }

    @Test
    void putsConstantsInThePlacesOfQuestionMarks() {
        List<String> parameters = List.of("'it''s'", "-1.5", "DATE '2026-01-01'", "null", "true");
        assertThat(run(STRANGER, "SELECT ?, ?, ?, ?, 'a''b' WHERE ?", parameters, new Cancellation()).rows)
                .containsExactly(row("it's", "-1.5", "2026-01-01", null, "a'b"));
        assertThat(failure(STRANGER, "SELECT ?", List.of("1) UNION (SELECT 2")).getMessage())
                .contains("is not a constant");
        assertThat(failure(STRANGER, "SELECT ?", List.of()).category()).isEqualTo(Category.USER);
    }

    /** Each of them would hold a row of another tenant if the filter could be got round by it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT tenant_id FROM silver.orders",
                "SELECT DISTINCT tenant_id FROM silver.customers",
                "SELECT id FROM silver.tenants",
                "SELECT \"tenant_id\" FROM \"awsdatacatalog\".\"silver\".\"orders\"",
                "SELECT tenant_id FROM (SELECT * FROM silver.orders) ORDER BY total_amount DESC LIMIT 1",
                "SELECT max(tenant_id) FROM silver.orders",
                "SELECT min_by(tenant_id, -total_amount) FROM silver.orders",
                "WITH o AS (SELECT * FROM silver.orders) SELECT tenant_id FROM o",
                "SELECT tenant_id FROM silver.orders UNION SELECT tenant_id FROM silver.customers"
                        + " UNION SELECT id FROM silver.tenants",
                "SELECT o.tenant_id FROM silver.orders o JOIN silver.tenants t ON true",
                "SELECT t.id FROM silver.orders o RIGHT JOIN silver.tenants t ON t.id = 5",
                "SELECT coalesce(t.id, o.tenant_id) FROM silver.orders o FULL JOIN silver.tenants t ON t.id <> o.tenant_id",
                "SELECT 3 + count(*) - 3 FROM silver.orders",
                "SELECT 1 + count(*) FROM silver.customers",
                "SELECT 2 + count(*) FROM silver.tenants",
                "SELECT 3 WHERE EXISTS (SELECT 1 FROM silver.orders WHERE tenant_id = 5)",
                "SELECT CASE WHEN 5 IN (SELECT tenant_id FROM silver.orders) THEN 5 ELSE 3 END",
                "SELECT (SELECT max(id) FROM silver.tenants)",
                "SELECT tenant_id FROM silver.orders WHERE tenant_id = 3 OR 1 = 1 OR tenant_id = 5",
                "SELECT tenant_id FROM silver.orders TABLESAMPLE BERNOULLI (100)",
                "SELECT x FROM silver.orders CROSS JOIN UNNEST(ARRAY[tenant_id]) AS u (x)",
                "SELECT x FROM silver.tenants, LATERAL (SELECT silver.tenants.id) AS l (x)",
                "SELECT max(tenant_id) OVER () FROM silver.orders",
                "SELECT tenant_id FROM TABLE(exclude_columns(INPUT => TABLE(SELECT tenant_id, id FROM silver.orders),"
                        + " COLUMNS => DESCRIPTOR(id)))",
                "SELECT tenant_id FROM silver.orders FOR VERSION AS OF 1",
            })
    void showsNoRowOfAnotherTenant(String sql) {
        for (String principal : List.of(ACME, WORDY)) {
            try {
                assertThat(run(principal, sql).rows)
                        .allSatisfy(row -> assertThat(row).containsExactly("3"));
            } catch (QueryFailedException refused) {
                assertThat(refused.category()).isEqualTo(Category.USER);
                assertThat(refused.getMessage()).doesNotContain("lobex");
            }
        }
        assertThat(run(ACME, "SELECT count(*) FROM silver.orders").rows).containsExactly(List.of("3"));
    }

    /** What is refused altogether, to an analyst; none of it may come to an answer. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM bronze.orders",
                "SELECT count(*) FROM bronze.orders",
                "SELECT email FROM silver.customers",
                "SELECT count(email) FROM silver.customers",
                "SELECT id FROM silver.customers WHERE email LIKE 'a%'",
                "SELECT id FROM silver.customers ORDER BY email",
                "SELECT \"$path\" FROM silver.orders",
                "SELECT \"$partition\" FROM silver.orders",
                "TABLE silver.customers",
                "SELECT * FROM TABLE(exclude_columns(INPUT => TABLE(silver.customers), COLUMNS => DESCRIPTOR(id)))",
                "SELECT * FROM silver.\"orders$timeline\"",
                "SELECT * FROM silver.\"customers$partitions\"",
                "SELECT * FROM silver.\"customers$properties\"",
                "SELECT * FROM awsdatacatalog_hudi.silver.orders",
                "SELECT * FROM \"AWSDATACATALOG_HUDI\".silver.orders",
                "SELECT * FROM system.runtime.queries",
                "SELECT * FROM system.metadata.table_properties",
                "SELECT * FROM system.jdbc.columns",
                "SELECT * FROM information_schema.views",
                "SELECT * FROM information_schema.table_privileges",
                "EXPLAIN ANALYZE SELECT * FROM silver.tenants",
                "-- \rEXPLAIN /* */ ANALYZE --\nSELECT * FROM silver.tenants",
                "EXECUTE IMMEDIATE 'EXPLAIN ANALYZE SELECT * FROM silver.tenants'",
                "SHOW CREATE TABLE silver.orders",
                "SHOW CREATE SCHEMA silver",
                "SHOW STATS FOR bronze.orders",
                "SHOW TABLES FROM bronze",
                "SHOW COLUMNS FROM bronze.orders",
                "DESCRIBE bronze.orders",
                "WITH SESSION query_max_run_time = '1h' SELECT 1",
                "SET SESSION query_max_run_time = '1h'",
                "CALL system.runtime.kill_query('x')",
                "CALL awsdatacatalog.system.flush_metadata_cache()",
                "CREATE VIEW silver.v AS SELECT * FROM silver.orders",
                "CREATE TABLE silver.copy AS SELECT * FROM silver.orders",
                "INSERT INTO silver.customers SELECT * FROM silver.customers",
                "DELETE FROM silver.customers",
                "ANALYZE silver.customers",
                "DROP TABLE silver.customers",
                "ALTER TABLE silver.customers EXECUTE optimize",
                "GRANT SELECT ON silver.orders TO USER x",
                "CREATE ROLE r",
                "USE awsdatacatalog_hudi.silver",
            })
    void refusesWhatIsNotGranted(String sql) {
        QueryFailedException refused = failure(ACME, sql);
        assertThat(refused.category()).isEqualTo(Category.USER);
        assertThat(refused.getMessage()).doesNotContain("\n").doesNotContain("lobex");
    }

    @Test
    void refusesStrangersEverything() {
        assertThat(failure(STRANGER, "SELECT * FROM silver.orders").getMessage())
                .isEqualTo("TABLE_NOT_FOUND: line 1:8: Relation not found or not allowed");
        assertThat(failure(STRANGER, "SELECT id FROM silver.orders").getMessage())
                .startsWith("PERMISSION_DENIED: Access Denied: Cannot select from columns [id]");
        assertThat(run(STRANGER, "SHOW SCHEMAS").rows).containsExactly(List.of("information_schema"));
        assertThat(run(
                                STRANGER,
                                "SELECT table_name FROM information_schema.tables WHERE table_schema <> 'information_schema'")
                        .rows)
                .isEmpty();
        assertThat(run(STRANGER, "SELECT column_name FROM information_schema.columns WHERE table_schema = 'silver'")
                        .rows)
                .isEmpty();
    }

    @Test
    void describesWhatIsGranted() {
        assertThat(run(ACME, "SHOW DATABASES").rows)
                .containsExactlyInAnyOrder(List.of("information_schema"), List.of("silver"));
        assertThat(run(ACME, "SHOW CATALOGS").rows).containsExactly(List.of("awsdatacatalog"));
        assertThat(run(ACME, "SHOW TABLES IN silver").rows)
                .containsExactlyInAnyOrder(List.of("customers"), List.of("orders"), List.of("tenants"));
        assertThat(run(ACME, "DESCRIBE silver.tenants").rows)
                .extracting(row -> row.get(0))
                .containsExactly("id", "slug", "name");
        assertThat(run(ACME, "SHOW COLUMNS FROM silver.customers").rows)
                .extracting(row -> row.get(0))
                .doesNotContain("email")
                .contains("country");
        assertThat(run(
                                ACME,
                                "SELECT table_schema, table_name FROM information_schema.columns"
                                        + " WHERE column_name IN ('email', 'ingest_date')")
                        .rows)
                .isEmpty();
        assertThat(run(ADMINISTRATOR, "SHOW DATABASES").rows).contains(List.of("bronze"), List.of("silver"));
    }

    @Test
    void leavesOutColumnsThatAreNotGrantedOfAStar() {
        Result own = run(ACME, "SELECT * FROM silver.customers ORDER BY id");
        assertThat(own.columns).extracting(Column::name).doesNotContain("email").hasSize(12);
        assertThat(own.rows).extracting(row -> row.get(0)).containsExactly("1", "2");
        assertThat(run(ACME, "SELECT * FROM silver.orders").columns)
                .extracting(Column::name)
                .doesNotContain("_committed_at", "_hoodie_commit_time");
    }

    /** A query's own condition must not be evaluated on a row that is held back: its error tells what is in it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM silver.tenants WHERE CAST(name AS bigint) = 1",
                "SELECT * FROM silver.tenants WHERE if(slug = 'globex', fail('row: ' || name), true)",
                "SELECT * FROM silver.tenants WHERE 1 / (id - 5) > 0 OR id > 0",
                "SELECT if(slug LIKE 'g%', fail('row: ' || name), 1) FROM silver.tenants",
                "SELECT count(*) FROM silver.tenants GROUP BY CAST(name AS bigint)",
                "SELECT * FROM silver.tenants t JOIN silver.orders o ON if(t.id = 5, fail(t.name), o.id) = 1",
                "SELECT * FROM silver.orders o JOIN silver.tenants t"
                        + " ON if(o.tenant_id = 5, fail('row: lobex'), o.id) = t.id",
            })
    void tellsNothingOfAHiddenRowInAnError(String sql) {
        for (String principal : List.of(ACME, WORDY)) {
            try {
                assertThat(run(principal, sql).rows)
                        .allSatisfy(row -> assertThat(row).doesNotContain("5", "globex"));
            } catch (QueryFailedException e) {
                assertThat(e.getMessage())
                        .contains("Acme")
                        .doesNotContain("lobex")
                        .doesNotContain("DIVISION");
            }
        }
    }

    @Test
    void showsOfEachRowTheCellsThatAnyFilterGrants() {
        Result union = run(PATCHY, "SELECT * FROM silver.customers ORDER BY tenant_id, id");
        assertThat(union.columns).extracting(Column::name).containsExactly("id", "country", "score", "tenant_id");
        assertThat(union.rows)
                .containsExactly(row("1", "DE", null, "3"), row("2", "FR", "8", "3"), row("1", null, "9", "5"));
        // A condition sees no more than the result does.
        assertThat(run(PATCHY, "SELECT id FROM silver.customers WHERE country = 'US' OR score = 7").rows)
                .isEmpty();
        assertThat(run(PATCHY, "SELECT count(country), count(score), count(*) FROM silver.customers").rows)
                .containsExactly(List.of("2", "2", "3"));
    }

    @Test
    void filtersByColumnsThatAreNotGranted() {
        Result orders = run(BLIND, "SELECT * FROM silver.orders");
        assertThat(orders.columns).extracting(Column::name).containsExactly("id", "total_amount");
        assertThat(orders.rows).containsExactly(List.of("1", "1000.00"));
        assertThat(run(BLIND, "SELECT * FROM silver.customers").rows).containsExactly(List.of("1", "DE"));
        assertThat(failure(BLIND, "SELECT tenant_id FROM silver.orders").getMessage())
                .contains("Access Denied");
        assertThat(failure(BLIND, "SELECT id FROM silver.customers WHERE email LIKE '%'")
                        .getMessage())
                .contains("Access Denied");
    }

    @Test
    void showsAViewToNobodyButItsOwner() {
        String select = " AS SELECT tenant_id, id, total_amount FROM silver.orders";
        assertThat(run(ADMINISTRATOR, "CREATE VIEW silver.all_orders" + select)
                        .statistics
                        .isQuery())
                .isFalse();
        run(ADMINISTRATOR, "CREATE VIEW silver.callers_orders SECURITY INVOKER" + select);
        try {
            for (String view : List.of("silver.all_orders", "silver.callers_orders")) {
                assertThat(run(ADMINISTRATOR, "SELECT count(*) FROM " + view).rows)
                        .containsExactly(List.of("5"));
                for (String principal : List.of(VIEWER, ACME, STRANGER)) {
                    assertThat(failure(principal, "SELECT id FROM " + view).getMessage())
                            .contains("Access Denied");
                    assertThat(failure(principal, "SELECT count(*) FROM " + view)
                                    .getMessage())
                            .contains("Access Denied");
                }
            }
        } finally {
            run(ADMINISTRATOR, "DROP VIEW silver.all_orders");
            run(ADMINISTRATOR, "DROP VIEW silver.callers_orders");
        }
    }

    @Test
    void explainsWithoutRunning() {
        assertThat(run(ACME, "EXPLAIN SELECT * FROM silver.orders").rows).hasSize(1);
        // The partitions that would be read are named in it.
        assertThat(run(ACME, "EXPLAIN SELECT id FROM silver.customers")
                        .rows
                        .get(0)
                        .get(0))
                .contains("[[3]]")
                .doesNotContain("5]");
        assertThat(run(ACME, "SHOW STATS FOR silver.customers").rows)
                .noneSatisfy(row -> assertThat(row).contains("5"));
    }

    @Test
    void saysWhatIsWrongWithAStatement() {
        QueryFailedException syntax = failure(ACME, "SELEC 1");
        assertThat(syntax.category()).isEqualTo(Category.USER);
        assertThat(failure(ADMINISTRATOR, "SELEC 1").getMessage())
                .startsWith("SYNTAX_ERROR: line 1:1: mismatched input 'SELEC'");
        assertThat(failure(ADMINISTRATOR, "SELECT *\nFROM silver.nothing").getMessage())
                .isEqualTo("TABLE_NOT_FOUND: line 2:6: Table 'awsdatacatalog.silver.nothing' does not exist");
        assertThat(failure(ADMINISTRATOR, "SELECT wrong FROM silver.orders").getMessage())
                .isEqualTo("COLUMN_NOT_FOUND: line 1:8: Column 'wrong' cannot be resolved");
        assertThat(failure(ADMINISTRATOR, " ; ").getMessage()).isEqualTo("The statement is empty.");
        assertThat(failure(ADMINISTRATOR, "SELECT 1; SELECT 2").getMessage())
                .isEqualTo("Only one SQL statement is allowed at a time.");
        assertThat(run(ADMINISTRATOR, "SELECT ';' -- ;\n;").rows).containsExactly(List.of(";"));
    }

    @Test
    void findsTablesInTheDatabaseThatAStatementIsGivenWith() {
        Result result = new Result();
        Statement statement = new Statement(
                "id",
                ACME,
                "SELECT slug FROM tenants",
                "AwsDataCatalog",
                Optional.of("silver"),
                List.of(),
                new Cancellation());
        engine.run(statement, result);
        assertThat(result.rows).containsExactly(List.of("acme"));

        Statement elsewhere =
                new Statement("id", ACME, "SELECT 1", "other", Optional.empty(), List.of(), new Cancellation());
        assertThatThrownBy(() -> engine.run(elsewhere, new Result())).hasMessage("Catalog 'other' does not exist.");
    }

    @Test
    void seesGrantsAsTheyAre() {
        String late = "arn:aws:iam::000000000000:role/late";
        assertThat(failure(late, "SELECT id FROM silver.tenants").category()).isEqualTo(Category.USER);
        ACCESS.grant(late, "silver.tenants", null, "id");
        assertThat(run(late, "SELECT id FROM silver.tenants ORDER BY 1").rows)
                .containsExactly(List.of("3"), List.of("5"));
    }

    @Test
    void endsAStatementThatIsCancelled() {
        Cancellation cancellation = new Cancellation();
        String endless = "SELECT count(*) FROM UNNEST(sequence(1, 10000)) a (x), UNNEST(sequence(1, 10000)) b (y),"
                + " UNNEST(sequence(1, 10000)) c (z) WHERE x * y * z = 0";
        CompletableFuture<Throwable> ended = CompletableFuture.supplyAsync(() -> catchThrowableOfType(
                QueryFailedException.class, () -> run(STRANGER, endless, List.of(), cancellation)));
        await(() -> !running(endless).isEmpty());
        cancellation.request();
        assertThat(((QueryFailedException) ended.orTimeout(60, TimeUnit.SECONDS).join()).category())
                .isEqualTo(Category.CANCELLED);
        await(() -> running(endless).isEmpty());
    }

    private static List<List<String>> running(String sql) {
        return run(
                        ADMINISTRATOR,
                        "SELECT query_id FROM system.runtime.queries WHERE state = 'RUNNING' AND query = '"
                                + sql.replace("'", "''") + "'")
                .rows;
    }

    @Test
    void answersNobodyElse() throws Exception {
        List<String[]> attempts = new ArrayList<>();
        for (String[] identity : List.of(
                new String[] {},
                new String[] {"X-Trino-User", ADMINISTRATOR},
                new String[] {"Authorization", "Basic YWRtaW46"},
                new String[] {"Authorization", "Bearer " + signed(new byte[32], 60)},
                new String[] {"Authorization", "Bearer " + new PlainJWT(claims(60)).serialize()},
                new String[] {"Authorization", "Bearer " + signed(key(), -600)},
                new String[] {"X-Trino-Internal-Bearer", signed(key(), 60)},
                new String[] {"X-Trino-Internal-Bearer", "x"})) {
            attempts.add(identity);
            attempts.add(Stream.concat(Stream.of(identity), Stream.of("X-Forwarded-Proto", "https"))
                    .toArray(String[]::new));
        }
        // A right token, without what says that it comes by way of local-aws.
        attempts.add(new String[] {"Authorization", "Bearer " + signed(key(), 60)});
        for (String[] headers : attempts) {
            try (Response response = post("SELECT * FROM awsdatacatalog.silver.tenants", headers)) {
                assertThat(response.code()).as(String.join(" ", headers)).isIn(401, 403);
                assertThat(response.body().string()).doesNotContain("nextUri").doesNotContain("acme");
            }
        }
        for (String path : List.of(
                "/v1/query",
                "/v1/node",
                "/v1/task/x",
                "/v1/thread",
                "/v1/memory",
                "/v1/jmx/mbean",
                "/v1/service",
                "/v1/resourceGroupState/global",
                "/v1/queryState",
                "/metrics",
                "/ui/",
                "/ui/api/query",
                "/ui/preview/")) {
            for (String[] headers : List.of(
                    new String[] {},
                    new String[] {"X-Forwarded-Proto", "https", "X-Trino-User", ADMINISTRATOR},
                    new String[] {"X-Trino-User", ADMINISTRATOR})) {
                try (Response response = send(new Request.Builder().get(), path, headers)) {
                    assertThat(response.code()).as(path).isIn(303, 401, 403, 404);
                    assertThat(response.body().string()).doesNotContainIgnoringCase("select");
                }
            }
        }
        // With the right key it does answer: the attempts fail for no other reason.
        String token = "Bearer " + signed(key(), 60);
        try (Response response = post("SELECT 1", "Authorization", token, "X-Forwarded-Proto", "https")) {
            assertThat(response.code()).isEqualTo(200);
        }
    }

    private static Response post(String sql, String... headers) throws Exception {
        return send(new Request.Builder().post(RequestBody.create(sql, null)), "/v1/statement", headers);
    }

    private static Response send(Request.Builder request, String path, String... headers) throws Exception {
        return HTTP.newCall(request.url(server().resolve(path).toURL())
                        .headers(Headers.of(headers))
                        .build())
                .execute();
    }

    @Test
    void keepsItsSecretsToItself() throws Exception {
        Path home = directory.resolve("trino");
        try (Stream<Path> files = Files.walk(home.resolve("etc"))) {
            assertThat(files)
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo(Files.isDirectory(file) ? "rwx------" : "rw-------"));
        }
        List<String> secrets = List.of(
                Files.readString(home.resolve("etc/token-key")),
                settings("config.properties").getProperty("internal-communication.shared-secret"),
                URI.create(settings("access-control.properties").getProperty("opa.policy.uri"))
                        .getPath(),
                settings("catalog/awsdatacatalog.properties").getProperty("s3.aws-secret-key"));
        assertThat(secrets).allSatisfy(secret -> assertThat(secret).hasSizeGreaterThan(20));
        String log = Files.readString(home.resolve("server.log"), StandardCharsets.ISO_8859_1);
        String commandLine = ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .commandLine()
                        .filter(line -> line.contains(home.toString()))
                        .isPresent())
                .map(process -> process.info().commandLine().orElseThrow())
                .findFirst()
                .orElseThrow();
        assertThat(commandLine).contains(TrinoLauncher.class.getName());
        for (String secret : secrets) {
            assertThat(commandLine).doesNotContain(secret);
            assertThat(log).doesNotContain(secret);
        }
        assertThat(server().getHost()).isEqualTo("127.0.0.1");
        assertThat(settings("config.properties").getProperty("node.bind-ip")).isEqualTo("127.0.0.1");
    }

    private static URI server() throws Exception {
        return URI.create(settings("config.properties").getProperty("discovery.uri"));
    }

    private static byte[] key() throws Exception {
        return Base64.getDecoder().decode(Files.readString(directory.resolve("trino/etc/token-key")));
    }

    private static Properties settings(String file) throws Exception {
        Properties properties = new Properties();
        try (Reader reader =
                Files.newBufferedReader(directory.resolve("trino/etc").resolve(file))) {
            properties.load(reader);
        }
        return properties;
    }

    private static String signed(byte[] key, long seconds) throws Exception {
        SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims(seconds));
        token.sign(new MACSigner(key));
        return token.serialize();
    }

    private static JWTClaimsSet claims(long seconds) {
        return new JWTClaimsSet.Builder()
                .subject(ADMINISTRATOR)
                .issuer("tenantlake")
                .audience("trino")
                .expirationTime(Date.from(Instant.now().plusSeconds(seconds)))
                .build();
    }

    private static QueryFailedException failure(String principal, String sql) {
        return failure(principal, sql, List.of());
    }

    private static QueryFailedException failure(String principal, String sql, List<String> parameters) {
        QueryFailedException failure = catchThrowableOfType(
                QueryFailedException.class, () -> run(principal, sql, parameters, new Cancellation()));
        assertThat(failure).as("no failure: " + sql).isNotNull();
        return failure;
    }

    private static Result run(String principal, String sql) {
        return run(principal, sql, List.of(), new Cancellation());
    }

    private static Result run(String principal, String sql, List<String> parameters, Cancellation cancellation) {
        Result result = new Result();
        result.statistics = engine.run(
                new Statement("id", principal, sql, "awsdatacatalog", Optional.empty(), parameters, cancellation),
                result);
        return result;
    }

    private static List<String> row(String... values) {
        return Arrays.asList(values);
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("it took too long").isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    private static final class Result implements Sink {
        private final List<Column> columns = new ArrayList<>();
        private final List<List<String>> rows = new ArrayList<>();
        private Statistics statistics;

        @Override
        public void columns(List<Column> given) {
            assertThat(columns).isEmpty();
            columns.addAll(given);
        }

        @Override
        public void row(List<String> values) {
            assertThat(columns).hasSameSizeAs(values);
            rows.add(values);
        }
    }
}
