package dev.tenantlake.query.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ColumnUseTest {

    @Test
    void tellsWhoseColumnANameIs() {
        Map<String, Set<String>> used = ColumnUse.of("""
                SELECT t.slug AS tenant, o.status, count(*) AS orders -- not o.currency
                FROM silver.orders AS o
                JOIN silver.tenants t ON t.id = o.tenant_id
                WHERE o.note = 'o.total_amount' AND plan <> 'free'
                """);
        assertThat(used).containsOnlyKeys("silver.orders", "silver.tenants");
        assertThat(used.get("silver.orders"))
                .contains("status", "tenant_id", "note", "plan")
                .doesNotContain("currency", "total_amount", "slug", "orders", "tenant", "id");
        assertThat(used.get("silver.tenants"))
                .contains("slug", "id", "plan")
                .doesNotContain("status", "tenant_id", "note");
    }

    @Test
    void keepsQueriesApart() {
        Map<String, Set<String>> used = ColumnUse.of("""
                WITH some AS (
                    SELECT tenant_id, max(paid_at) AS last FROM silver.invoices WHERE status = 'paid' GROUP BY tenant_id
                    UNION ALL
                    SELECT tenant_id, max(started_at) FROM silver.subscriptions GROUP BY tenant_id
                )
                SELECT plan, last FROM some
                WHERE EXISTS (SELECT 1 FROM silver.tenants AS t WHERE t.id = tenant_id)
                """);
        assertThat(used.get("silver.invoices"))
                .contains("tenant_id", "paid_at", "status")
                .doesNotContain("started_at", "plan", "last");
        assertThat(used.get("silver.subscriptions"))
                .contains("tenant_id", "started_at")
                .doesNotContain("paid_at", "status", "plan");
        assertThat(used.get("silver.tenants")).contains("id").doesNotContain("plan", "last");
    }

    @Test
    void leavesOutWhatAQueryHandsOnAndNobodyTakes() {
        Map<String, Set<String>> used = ColumnUse.of("""
                WITH sales AS (
                    SELECT tenant_id, units, revenue, round(refunds, orders, 1) AS refunds, currency
                    FROM gold.product_monthly
                    UNION ALL
                    SELECT tenant_id, units, revenue, refunds, currency FROM gold.product_daily GROUP BY currency
                ),
                tenants AS (SELECT DISTINCT slug, plan, country FROM silver.tenants),
                bought AS (SELECT status, note FROM silver.orders EXCEPT SELECT status, note FROM silver.invoices)
                SELECT tenant_id, sum(s.units) FROM sales AS s
                """);
        assertThat(used.get("gold.product_monthly"))
                .contains("tenant_id", "units", "refunds", "orders", "currency")
                .doesNotContain("revenue");
        assertThat(used.get("gold.product_daily"))
                .contains("tenant_id", "units", "currency")
                .doesNotContain("revenue");
        assertThat(used.get("silver.tenants")).contains("slug", "plan", "country");
        assertThat(used.get("silver.orders")).contains("status", "note");
        assertThat(used.get("silver.invoices")).contains("status", "note");
    }

    @Test
    void takesWhatAQueryWithoutANameGives() {
        assertThat(ColumnUse.of(
                        "SELECT units FROM gold.product_daily WHERE id IN (SELECT product_id FROM silver.events)"))
                .hasEntrySatisfying("silver.events", used -> assertThat(used).contains("product_id"))
                .hasEntrySatisfying(
                        "gold.product_daily", used -> assertThat(used).contains("units"));
    }

    @Test
    void findsTheTableOfAnOuterQuery() {
        Map<String, Set<String>> used =
                ColumnUse.of("SELECT (SELECT max(o.id)) FROM gold.revenue_daily o LEFT JOIN silver.orders ON true");
        assertThat(used.get("gold.revenue_daily")).contains("id");
        assertThat(used.get("silver.orders")).doesNotContain("id");
    }
}
