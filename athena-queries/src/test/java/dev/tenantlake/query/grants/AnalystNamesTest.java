package dev.tenantlake.query.grants;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnalystNamesTest {

    @ParameterizedTest
    @CsvSource({"acme, orders", "acme-tools, order_items", "a, a", "order, items", "1-2, tenants"})
    void findsTheSlugAgainInAFiltersName(String slug, String table) {
        assertThat(AnalystNames.slugOfFilter(AnalystNames.filter(slug, table), table))
                .contains(slug);
    }

    @Test
    void namesAFilterByTenantAndTable() {
        assertThat(AnalystNames.filter("acme-tools", "order_items")).isEqualTo("tenantlake_acme_tools_order_items");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"orders", "tenantlake_orders", "tenantlake__orders", "acme_orders", "tenantlake_acme_items"})
    void takesNoOtherFilterForOneOfOurs(String name) {
        assertThat(AnalystNames.slugOfFilter(name, "orders")).isEmpty();
    }

    @Test
    void knowsWhatItMarked() {
        assertThat(AnalystNames.markedTenant(AnalystNames.mark(42))).hasValue(42);
        assertThat(AnalystNames.markedTenant("Analysts of tenant 42")).isEmpty();
        assertThat(AnalystNames.markedTenant(null)).isEmpty();
    }

    @Test
    void beginsTheNamesAsThePrincipalDoes() {
        assertThat(AnalystNames.ROLE_PREFIX).isEqualTo("tenantlake-analyst-");
        assertThat(AnalystNames.WORKGROUP_PREFIX).isEqualTo("tenantlake-");
    }
}
