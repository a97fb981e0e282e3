package dev.tenantlake.query.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenantlake.query.cost.CostMeasurement.RowCount;
import dev.tenantlake.query.grants.Tenant;
import dev.tenantlake.query.metric.MetricCatalog;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CostReportTest {

    private static final MetricCatalog METRICS = MetricCatalog.load();

    @ParameterizedTest
    @CsvSource({"0, 0.05", "10000000, 0.05", "10000001, 0.06", "11000000, 0.06", "1000000000000, 5000.00"})
    void chargesTenMegabytesAtLeastAndWholeOnes(long bytes, String dollars) {
        assertThat(AthenaPrice.ofThousand(bytes)).hasToString(dollars);
    }

    @Test
    void holdsEachMetricToItsAim() {
        List<MetricCost> costs = List.of(
                new MetricCost(METRICS.named("revenue_by_tenant"), 12_345, 400_000, 1_234_500),
                new MetricCost(METRICS.named("best_sellers"), 20_000, 400_000, 1_000_000));
        CostReport report = new CostReport(
                Instant.parse("2026-03-01T10:11:12Z"),
                4,
                List.of(new RowCount("orders", 1600, 1500)),
                costs,
                new Tenant(1, "acme-tools"),
                costs);
        assertThat(report.verdict()).isEqualTo("1 of 2");
        assertThat(report.markdown())
                .contains("Measured 2026-03-01 10:11 UTC on a lake of 4 tenants:")
                .contains("| orders | 1,600 | 1,500 |")
                .contains("## As the analyst of acme-tools")
                .contains(
                        "| [revenue_by_tenant](metrics.md#revenue_by_tenant) | 12,345 | 400,000 | 1,234,500 | 1.00% | met |"
                                + " 0.05 | 0.05 |")
                .contains("| 20,000 | 400,000 | 1,000,000 | 2.00% | **missed** | 0.05 | 0.05 |");
    }
}
