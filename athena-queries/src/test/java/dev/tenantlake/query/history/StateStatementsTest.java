package dev.tenantlake.query.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenantlake.model.BronzeColumns;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.SourceTable;
import dev.tenantlake.query.history.LakeSchema.Column;
import dev.tenantlake.query.metric.Metric;
import dev.tenantlake.query.metric.MetricCatalog;
import dev.tenantlake.query.sql.SqlScanner;
import dev.tenantlake.query.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateStatementsTest {

    private static final LakeSchema SCHEMA = schema();
    private static final StateStatements STATEMENTS = new StateStatements(SCHEMA, GoldDefinitions.load(), true);
    private static final StateStatements ANALYSTS = new StateStatements(SCHEMA, GoldDefinitions.load(), false);
    private static final AskedState PARAMETER = new AskedState.AsOfParameter();
    private static final AskedState EPOCH = new AskedState.AsOfEpoch(812);

    @Test
    void asksForEveryMetricWithTheEpochBeforeItsOwnParameters() {
        for (Metric metric : MetricCatalog.load().all()) {
            assertThat(STATEMENTS.knows(metric.tables())).as(metric.name()).isTrue();
            String sql = STATEMENTS
                    .in(PARAMETER, new Statement(metric.sql(), List.of()))
                    .sql();
            List<String> meanings = meanings(sql);
            assertThat(meanings.get(0)).as(metric.name()).isEqualTo("/* epoch */");
            assertThat(meanings.subList(1, meanings.size())).as(metric.name()).isEqualTo(meanings(metric.sql()));
            assertThat(sql.length()).as(metric.name()).isLessThan(262_144);
            assertThat(sql).as(metric.name()).doesNotContain("FROM silver.orders", "JOIN silver.", "FROM gold.");
        }
    }

    @Test
    void namesTheColumnsThatThePrincipalMayReadInSilversOrder() {
        assertThat(STATEMENTS.of(SourceTable.CUSTOMERS, PARAMETER).orElseThrow().sql())
                .contains("SELECT version.id, version.email, version.name, version.phone, version.country,")
                .endsWith("SELECT * FROM silver_customers AS customers");
        assertThat(ANALYSTS.of(SourceTable.CUSTOMERS, PARAMETER).orElseThrow().sql())
                .contains("SELECT version.id, version.country, ")
                .doesNotContain("email", "phone");
    }

    @Test
    void readsNoBlockAfterAnEpochThatIsKnown() {
        String sql = STATEMENTS
                .in(EPOCH, new Statement("SELECT 1 FROM silver.orders", List.of()))
                .sql();
        assertThat(sql)
                .contains("FROM bronze.orders\n", "WHERE epoch_block <= 3 AND _epoch <= 812 AND _op <> 't'")
                .contains("FROM (SELECT BIGINT '812' AS epoch) AS asked", "WHERE table_name = 'orders'")
                .contains("date_format(change.ordered_at, '%Y-%m') AS month", "change.id / 65536 AS id_block")
                .doesNotContain("?");
    }

    @Test
    void castsWhatBronzeHasOfAnotherTypeAndIsNullWhereItHasNothing() {
        TreeMap<String, List<Column>> tables = new TreeMap<>(SCHEMA.tables());
        tables.put(
                "bronze.tenants__2",
                List.of(new Column("id", "int"), new Column("slug", "bigint"), new Column("_epoch", "bigint")));
        String sql = new StateStatements(new LakeSchema(tables), GoldDefinitions.load(), true)
                .of(SourceTable.TENANTS, EPOCH)
                .orElseThrow()
                .sql();
        assertThat(sql)
                .contains("SELECT CAST(id AS bigint) AS id, TRY_CAST(slug AS varchar) AS slug,"
                        + " CASE WHEN TRY_CAST(slug AS varchar) IS NULL THEN CAST(slug AS varchar) END AS _unfit_slug,"
                        + " CAST(NULL AS varchar) AS name,")
                .contains("SELECT id, slug, CAST(NULL AS varchar) AS _unfit_slug, name,")
                .contains(
                        "SELECT version.id, CASE WHEN version._unfit_slug IS NULL OR version._op = 'd' THEN version.slug"
                                + " ELSE CAST(version._unfit_slug AS varchar) END AS slug, version.name,")
                .contains("UNION ALL");
    }

    @Test
    void mergesOnlyTheTablesThatBronzeHasMoreOf() {
        AskedState live = new AskedState.Live(Map.of("orders", 810L), 815);
        assertThat(STATEMENTS
                        .in(
                                live,
                                new Statement(
                                        "SELECT 1 FROM silver.orders JOIN silver.tenants t ON t.id = tenant_id",
                                        List.of()))
                        .sql())
                .contains("_epoch > 810 AND _epoch <= 815", "epoch_block BETWEEN 3 AND 3")
                .contains("newer.tenant_id = held.tenant_id AND newer.id = held.id")
                .endsWith("SELECT 1 FROM silver_orders AS orders JOIN silver.tenants t ON t.id = tenant_id");
        Statement untouched = new Statement("SELECT 1 FROM silver.tenants", List.of());
        assertThat(STATEMENTS.in(live, untouched)).isEqualTo(untouched);
        assertThat(STATEMENTS
                        .in(live, new Statement("SELECT 1 FROM gold.revenue_daily", List.of()))
                        .sql())
                .contains("FROM silver_orders AS s\n", "JOIN silver.tenants AS t")
                .endsWith("SELECT 1 FROM gold_revenue_daily AS revenue_daily");
    }

    @Test
    void putsAGoldTableAfterThoseThatItsDefinitionNames() {
        StateStatements statements = new StateStatements(
                SCHEMA,
                new GoldDefinitions(new TreeMap<>(Map.of(
                        "years", "SELECT m.* FROM gold.months AS m JOIN silver.tenants AS t ON t.id = m.tenant_id",
                        "months", "SELECT * FROM gold.zdays",
                        "zdays", "SELECT * FROM silver.orders"))),
                true);
        String sql = statements
                .in(EPOCH, new Statement("SELECT 1 FROM gold.years, gold.zdays, silver.products", List.of()))
                .sql();
        assertThat(sql)
                .containsSubsequence(
                        "silver_orders AS (\n",
                        "gold_zdays AS (\n    SELECT * FROM silver_orders AS orders\n)",
                        "gold_months AS (\n    SELECT * FROM gold_zdays AS zdays\n)",
                        "gold_years AS (\n    SELECT m.* FROM gold_months AS m JOIN silver_tenants AS t ON")
                .contains("silver_tenants AS (\n", "silver_products AS (\n")
                .endsWith("SELECT 1 FROM gold_years AS years, gold_zdays AS zdays, silver_products AS products")
                .containsOnlyOnce("gold_zdays AS (");
        assertThat(statements.knows(List.of("gold.years"))).isTrue();
        assertThat(new StateStatements(new LakeSchema(new TreeMap<>()), GoldDefinitions.load(), true)
                        .knows(List.of("gold.visits_monthly")))
                .isFalse();
        assertThat(STATEMENTS
                        .in(
                                new AskedState.Live(Map.of("events", 810L), 815),
                                new Statement("SELECT 1 FROM gold.visits_monthly", List.of()))
                        .sql())
                .containsSubsequence(
                        "newer_events AS (\n",
                        "silver_events AS (\n",
                        "gold_visits_daily AS (\n",
                        "gold_visits_monthly AS (\n",
                        "FROM gold_visits_daily AS visits_daily\n");
    }

    @Test
    void goesBeforeTheExpressionsThatAStatementHasAndAroundTheirNames() {
        assertThat(STATEMENTS
                        .in(
                                EPOCH,
                                new Statement(
                                        "-- mine\nWITH RECURSIVE silver_tenants AS (SELECT * FROM silver.tenants) TABLE x",
                                        List.of()))
                        .sql())
                .startsWith("-- mine\nWITH RECURSIVE silver_tenants_ AS (\n")
                .endsWith(", silver_tenants AS (SELECT * FROM silver_tenants_ AS tenants) TABLE x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "EXPLAIN SELECT 1 FROM silver.orders",
                "SELECT * FROM silver.quarantine",
                "SELECT * FROM gold.data_quality",
                "SELECT * FROM silver.no_such_table"
            })
    void refusesWhatHasNoOtherState(String sql) {
        assertThatThrownBy(() -> STATEMENTS.in(EPOCH, new Statement(sql, List.of())))
                .isInstanceOfSatisfying(
                        LakeException.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(LakeException.Kind.WRONG_USAGE))
                .hasMessageContaining("expected ");
    }

    /** What each question mark of a statement stands for, as the comment after it says. */
    private static List<String> meanings(String sql) {
        List<SqlScanner.Token> tokens = SqlScanner.scan(sql);
        List<String> meanings = new ArrayList<>();
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.get(i).kind() == SqlScanner.Kind.PARAMETER) {
                meanings.add(tokens.get(i + 1).text());
            }
        }
        return meanings;
    }

    private static LakeSchema schema() {
        TreeMap<String, List<Column>> tables = new TreeMap<>();
        for (SourceTable table : SourceTable.ALL) {
            List<Column> source = table.columns().stream()
                    .map(column -> new Column(column.name(), column.type().glueType()))
                    .toList();
            List<Column> bronze = new ArrayList<>(source);
            BronzeColumns.ALL.forEach(column -> bronze.add(new Column(column.name(), column.glueType())));
            tables.put("bronze." + table.name(), bronze);
            List<Column> silver = new ArrayList<>(source);
            silver.removeIf(column -> table.partitionColumns().contains(column.name()));
            silver.add(new Column(BronzeColumns.EPOCH, "bigint"));
            silver.add(new Column(BronzeColumns.COMMITTED_AT, "timestamp"));
            table.partitionColumns()
                    .forEach(column -> silver.add(
                            new Column(column, column.equals(SourceTable.MONTH_PARTITION) ? "string" : "bigint")));
            tables.put("silver." + table.name(), silver);
        }
        for (String name : List.of("quarantine_history", "truncates", "quarantine")) {
            tables.put("silver." + name, List.of(new Column("table_name", "string")));
        }
        return new LakeSchema(tables);
    }
}
