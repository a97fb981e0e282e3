package dev.tenantlake.query.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableNamesTest {

    private static final Map<String, String> NAMES = Map.of("silver.orders", "o1", "gold.revenue_daily", "g1");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "SELECT * FROM silver.orders|SELECT * FROM o1 AS orders",
                "SELECT * FROM silver.orders AS o WHERE o.id = 1|SELECT * FROM o1 AS o WHERE o.id = 1",
                "SELECT * FROM silver.orders o|SELECT * FROM o1 o",
                "SELECT * FROM silver.orders \"o\"|SELECT * FROM o1 \"o\"",
                "SELECT orders.id FROM silver.orders WHERE id = ?|SELECT orders.id FROM o1 AS orders WHERE id = ?",
                "SELECT silver.orders.id FROM silver.orders|SELECT orders.id FROM o1 AS orders",
                "SELECT * FROM AwsDataCatalog.Silver.\"orders\" JOIN x USING (id)|SELECT * FROM o1 AS orders JOIN x USING (id)",
                "SELECT * FROM silver.orders, gold.revenue_daily d|SELECT * FROM o1 AS orders, g1 d",
                "SELECT 'silver.orders' /* silver.orders */ FROM (SELECT 1 FROM silver . orders) -- silver.orders"
                        + "|SELECT 'silver.orders' /* silver.orders */ FROM (SELECT 1 FROM o1 AS orders) -- silver.orders",
                "SELECT * FROM silver.orders UNION SELECT * FROM bronze.orders"
                        + "|SELECT * FROM o1 AS orders UNION SELECT * FROM bronze.orders",
                "SELECT x.silver.orders FROM silver.tenants x|SELECT x.silver.orders FROM silver.tenants x"
            })
    void renamesTablesAndLeavesEverythingElse(String sql, String renamed) {
        assertThat(new TableNames(sql, Set.of("silver", "gold")).replaced(NAMES))
                .isEqualTo(renamed);
    }
}
