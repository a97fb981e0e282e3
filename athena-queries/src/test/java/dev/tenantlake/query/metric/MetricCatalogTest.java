package dev.tenantlake.query.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenantlake.model.LakeException;
import dev.tenantlake.query.sql.SqlFolder;
import dev.tenantlake.query.sql.SqlScanner;
import dev.tenantlake.query.sql.SqlScanner.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricCatalogTest {

    /** Of the functions that Athena's engine version 3 documents, those that the metrics use. */
    private static final Set<String> FUNCTIONS = Set.of(
            "array_agg",
            "array_join",
            "at_timezone",
            "cardinality",
            "coalesce",
            "contains",
            "count",
            "count_if",
            "date_add",
            "date_diff",
            "date_format",
            "date_trunc",
            "first_value",
            "json_extract_scalar",
            "lag",
            "last_day_of_month",
            "lead",
            "max",
            "min",
            "nullif",
            "row_number",
            "sequence",
            "split",
            "substr",
            "sum",
            "with_timezone");
    /** What stands before a parenthesis and is no function. */
    private static final Set<String> SYNTAX =
            Set.of("as", "join", "over", "cast", "try_cast", "unnest", "decimal", "and", "in", "from");

    private final MetricCatalog catalog = MetricCatalog.load();

    @Test
    void holdsEveryMetricThatItsFilesDeclare() {
        assertThat(catalog.all())
                .extracting(Metric::name)
                .containsExactly(
                        "arr",
                        "average_order_value",
                        "best_sellers",
                        "cart_abandonment",
                        "category_trends",
                        "conversion_funnel",
                        "customer_acquisition",
                        "customer_cohorts",
                        "customer_lifetime_value",
                        "customer_retention",
                        "inventory_turnover",
                        "mrr_movements",
                        "plan_distribution",
                        "product_profitability",
                        "revenue_by_category",
                        "revenue_by_tenant",
                        "revenue_growth",
                        "session_engagement",
                        "subscription_churn",
                        "user_journeys");
    }

    @Test
    void everyPartIsInAMetric() {
        String files = String.join("\n", SqlFolder.read("/metrics").files().values());
        assertThat(SqlFolder.read("/metrics/parts").texts().keySet())
                .isNotEmpty()
                .allSatisfy(part -> assertThat(files).contains("-- include: " + part + "\n"));
    }

    @Test
    void everyMetricCanBeRunAsItIs() {
        for (Metric metric : catalog.all()) {
            assertThat(metric.statement(Map.of()).parameters())
                    .as(metric.name())
                    .hasSameSizeAs(metric.bindings());
        }
    }

    @Test
    void everyMetricNamesTheTenantInItsResultAndSaysHowItCounts() {
        for (Metric metric : catalog.all()) {
            assertThat(metric.grain()).as(metric.name()).startsWith("tenant");
            assertThat(metric.notes()).as(metric.name()).isNotEmpty();
            assertThat(metric.tables()).as(metric.name()).contains("silver.tenants");
        }
    }

    @Test
    void noMetricReadsAColumnThatAnalystsAreNotGranted() {
        for (Metric metric : catalog.all()) {
            assertThat(metric.tables().contains("silver.customers") ? words(metric) : Set.<String>of())
                    .as(metric.name())
                    .doesNotContain("email", "phone", "name");
        }
    }

    @Test
    void noMetricUsesAFunctionThatAthenaLacks() {
        for (Metric metric : catalog.all()) {
            List<String> called = new ArrayList<>();
            List<Token> tokens = SqlScanner.scan(metric.sql());
            for (int i = 0; i + 1 < tokens.size(); i++) {
                String word = tokens.get(i).text().toLowerCase(Locale.ROOT);
                if (tokens.get(i).kind() == SqlScanner.Kind.WORD
                        && tokens.get(i + 1).is("(")
                        && !SYNTAX.contains(word)
                        // What something is called, with the names of its columns.
                        && !(i > 0 && tokens.get(i - 1).is("as"))) {
                    called.add(word);
                }
            }
            assertThat(FUNCTIONS).as(metric.name()).containsAll(called);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "revenue_by_tennant|did you mean revenue_by_tenant?",
                "Revenue-Growth|did you mean revenue_growth?",
                "category|did you mean category_trends or revenue_by_category?",
                "x|expected one of arr, average_order_value, best_sellers,"
            })
    void namesTheMetricsThatMayHaveBeenMeant(String name, String hint) {
        assertThatThrownBy(() -> catalog.named(name))
                .isInstanceOfSatisfying(
                        LakeException.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(LakeException.Kind.WRONG_USAGE))
                .hasMessageStartingWith("there is no metric '" + name + "': " + hint);
    }

    private static Set<String> words(Metric metric) {
        Set<String> words = new TreeSet<>();
        SqlScanner.scan(metric.sql()).stream()
                .filter(token -> token.kind() == SqlScanner.Kind.WORD)
                .forEach(token -> words.add(token.text().toLowerCase(Locale.ROOT)));
        return words;
    }
}
