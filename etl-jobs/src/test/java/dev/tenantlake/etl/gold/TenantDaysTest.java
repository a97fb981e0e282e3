package dev.tenantlake.etl.gold;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TenantDaysTest {

    private static final TenantDays SINGLE = new TenantDays(
            false, Set.of(), Map.of(1L, days("2026-02-28", "2026-03-01", "2026-03-02"), 2L, days("2026-03-31")));
    private static final TenantDays MIXED = new TenantDays(false, Set.of(3L), SINGLE.days());

    @Test
    void lieInTheMonthsOfATableThatHasAllTenantsOfAMonth() {
        assertThat(SINGLE.partitions(RevenueDaily.TABLE)).containsExactlyInAnyOrder("month=2026-02", "month=2026-03");
        assertThat(MIXED.partitions(RevenueDaily.TABLE))
                .as("all days of a tenant are in any month")
                .containsExactly("");
        assertThat(MIXED.single()).isEqualTo(SINGLE);
        assertThat(TenantDays.EVERYTHING.single().isEmpty()).isTrue();
    }

    @Test
    void lieInTheFoldersOfATableThatHasOnesOfTenants() {
        assertThat(MIXED.partitions(ProductDaily.TABLE))
                .containsExactlyInAnyOrder(
                        "tenant_id=3",
                        "tenant_id=1/month=2026-02",
                        "tenant_id=1/month=2026-03",
                        "tenant_id=2/month=2026-03");
        assertThat(new TenantMonths(SINGLE).partitions(ProductMonthly.TABLE))
                .containsExactlyInAnyOrder("tenant_id=1", "tenant_id=2");
        assertThat(new TenantMonths(SINGLE).partitions(RevenueMonthly.TABLE)).containsExactly("");
    }

    private static Set<LocalDate> days(String... days) {
        return Set.of(days).stream().map(LocalDate::parse).collect(Collectors.toSet());
    }
}
