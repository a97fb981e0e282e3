package dev.tenantlake.control.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenantlake.model.SourceTable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The figures of the source, on a real Postgres, against figures made by hand. */
class FiguredTableTest {

    @TempDir
    private static Path folder;

    private static BareShop shop;

    @BeforeAll
    static void startPostgres() throws SQLException {
        shop = BareShop.start(folder);
    }

    @AfterAll
    static void stopPostgres() throws SQLException {
        shop.close();
    }

    @Test
    void hashesTheCanonicalTextOfEveryColumn() throws SQLException {
        shop.execute("""
                insert into shop.products values
                  (1, 10, 'A-1', 'Kettle, "red" ☕', 'kitchen', 12.50, 7, -3, true, '{new,"two words","q\\"uote",NULL}',
                   '2026-03-01 10:00:00.123456+02', '2026-03-01 23:59:59.5-05'),
                  (2, 11, '', 'Pan', 'kitchen', -0.05, 0, 0, false, null, '1999-12-31 23:59:59Z', '2026-07-01 00:00:00Z')
                """);
        Figures figures = figures("products");
        assertThat(figures.rows()).isEqualTo(2);
        assertThat(figures.sums())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "tenant_id", new BigDecimal("3"),
                        "id", new BigDecimal("21"),
                        "unit_price", new BigDecimal("12.45"),
                        "unit_cost", new BigDecimal("7.00"),
                        "stock_quantity", new BigDecimal("-3")));
        assertThat(figures.hash())
                .isEqualByComparingTo(hash(
                        List.of(
                                "1",
                                "10",
                                "A-1",
                                "Kettle, \"red\" ☕",
                                "kitchen",
                                "12.50",
                                "7.00",
                                "-3",
                                "true",
                                "[\"new\",\"two words\",\"q\\\"uote\",null]",
                                "2026-03-01 08:00:00.123456",
                                "2026-03-02 04:59:59.500000"),
                        List.of(
                                "2",
                                "11",
                                "",
                                "Pan",
                                "kitchen",
                                "-0.05",
                                "0.00",
                                "0",
                                "false",
                                "\u001e",
                                "1999-12-31 23:59:59.000000",
                                "2026-07-01 00:00:00.000000")));
    }

    @Test
    void hashesDatesUuidsJsonAndNulls() throws SQLException {
        shop.execute("""
                insert into shop.customers values
                  (1, 5, null, 'Ann', '', 'DE', 'consumer', 'direct', '1980-02-29', '2026-03-01Z', '2026-03-01Z')
                """);
        shop.execute("""
                insert into shop.events values
                  (1, 6, null, '0F0E0D0C-0000-4000-8000-000000000001', 'view', null, '{"b": 1, "a": [1.50, null]}',
                   '2026-03-01Z', '2026-03-01Z', '2026-03-01Z')
                """);
        String instant = "2026-03-01 00:00:00.000000";
        assertThat(figures("customers").hash())
                .isEqualByComparingTo(hash(List.of(
                        "1", "5", "\u001e", "Ann", "", "DE", "consumer", "direct", "1980-02-29", instant, instant)));
        assertThat(figures("events").hash())
                .isEqualByComparingTo(hash(List.of(
                        "1",
                        "6",
                        "\u001e",
                        "0f0e0d0c-0000-4000-8000-000000000001",
                        "view",
                        "\u001e",
                        "{\"a\": [1.50, null], \"b\": 1}",
                        instant,
                        instant,
                        instant)));
    }

    @Test
    void anEmptyTableComesToNothing() {
        Figures figures = figures("invoices");
        assertThat(figures.rows()).isZero();
        assertThat(figures.hash()).isEqualByComparingTo(BigDecimal.ZERO);
        assertThat(figures.sums().values()).allMatch(sum -> sum.signum() == 0).hasSize(6);
    }

    @Test
    void worksGoldOutByItsDefinition() throws SQLException {
        shop.execute("""
                insert into shop.tenants values
                  (7, 'acme', 'Acme', 'growth', 'NZ', 'NZD', 'Pacific/Auckland', '2026-01-01Z', '2026-01-01Z')
                """);
        // In Auckland the second of March begins at 11:00 UTC on the first.
        shop.execute("""
                insert into shop.orders values
                  (7, 1, 1, 'paid',      'NZD', 10.00, '2026-03-01 10:59:59Z', '2026-03-01Z', '2026-03-01Z'),
                  (7, 2, 1, 'delivered', 'NZD', 10.00, '2026-03-01 11:00:00Z', '2026-03-01Z', '2026-03-01Z'),
                  (7, 3, 1, 'refunded',  'NZD',  5.01, '2026-03-01 12:00:00Z', '2026-03-01Z', '2026-03-01Z'),
                  (7, 4, 1, 'pending',   'NZD', 99.00, '2026-03-01 12:00:00Z', '2026-03-01Z', '2026-03-01Z'),
                  (7, 5, 1, 'cancelled', 'NZD', 99.00, '2026-03-01 12:00:00Z', '2026-03-01Z', '2026-03-01Z'),
                  (7, 6, 1, 'shipped',   'USD',  3.00, '2026-03-01 12:00:00Z', '2026-03-01Z', '2026-03-01Z'),
                  (7, 8, 1, 'paid',      'NZD',  1.00, '2026-04-30 12:00:00Z', '2026-03-01Z', '2026-03-01Z'),
                  (7, 9, 2, 'paid',      'NZD',  2.00, '2026-04-30 12:00:00Z', '2026-03-01Z', '2026-03-01Z')
                """);
        shop.execute("""
                insert into shop.products values
                  (7, 70, 'A', 'A', 'books', 9.00, 2.00, 1, true, null, '2026-03-01Z', '2026-03-01Z'),
                  (7, 71, 'B', 'B', 'toys',  9.00, 0.50, 1, true, null, '2026-03-01Z', '2026-03-01Z')
                """);
        shop.execute("""
                insert into shop.order_items values
                  (7, 1, 2, 70, 2, 4.00, 1.00, '2026-03-01Z', '2026-03-01Z'),
                  (7, 2, 2, 70, 1, 3.00, 0.00, '2026-03-01Z', '2026-03-01Z'),
                  (7, 3, 3, 70, 1, 5.01, 0.00, '2026-03-01Z', '2026-03-01Z'),
                  (7, 4, 4, 70, 9, 9.00, 0.00, '2026-03-01Z', '2026-03-01Z'),
                  (7, 5, 6, 71, 1, 3.50, 0.50, '2026-03-01Z', '2026-03-01Z')
                """);
        shop.execute("""
                insert into shop.customers values
                  (7, 1, null, 'A', '', 'NZ', 'consumer', 'direct', null, '2026-03-30 11:00:00Z', '2026-03-01Z'),
                  (7, 2, null, 'B', '', 'NZ', 'consumer', 'direct', null, '2026-03-31 10:59:59Z', '2026-03-01Z'),
                  (7, 3, null, 'C', '', 'NZ', 'consumer', 'direct', null, '2026-03-31 11:00:00Z', '2026-03-01Z'),
                  (7, 4, null, 'D', '', 'NZ', 'consumer', 'search', null, '2026-03-31 11:00:00Z', '2026-03-01Z')
                """);
        assertThat(rows("gold.revenue_daily"))
                .containsExactlyInAnyOrder(
                        "7|2026-03-01|NZD|1|10.00|0.00|10.00",
                        // 15.01 / 2 = 7.505, half up.
                        "7|2026-03-02|NZD|2|15.01|5.01|7.51",
                        "7|2026-03-02|USD|1|3.00|0.00|3.00",
                        "7|2026-05-01|NZD|2|3.00|0.00|1.50");
        assertThat(rows("gold.revenue_monthly"))
                .containsExactlyInAnyOrder(
                        "7|2026-03-01|NZD|3|25.01|5.01",
                        "7|2026-03-01|USD|1|3.00|0.00",
                        "7|2026-05-01|NZD|2|3.00|0.00");
        assertThat(rows("gold.product_daily"))
                .containsExactlyInAnyOrder(
                        "7|2026-03-02|70|NZD|2|4|16.01|1.00|15.01|1|3|10.00",
                        "7|2026-03-02|71|USD|1|1|3.50|0.50|3.00|1|1|3.00");
        assertThat(rows("gold.product_monthly"))
                .containsExactlyInAnyOrder(
                        "7|2026-03-01|70|NZD|2|4|16.01|1.00|15.01|1|3|10.00",
                        "7|2026-03-01|71|USD|1|1|3.50|0.50|3.00|1|1|3.00");
        for (String table : List.of("gold.category_daily", "gold.category_monthly")) {
            String period = table.equals("gold.category_daily") ? "2026-03-02" : "2026-03-01";
            // 3 of 70 are kept, at 2.00; 71 is of the other category.
            assertThat(rows(table))
                    .containsExactlyInAnyOrder(
                            "7|" + period + "|books|NZD|4|15.01|3|10.00|6.00",
                            "7|" + period + "|toys|USD|1|3.00|1|3.00|0.50");
        }
        assertThat(rows("gold.cohorts_monthly"))
                .containsExactlyInAnyOrder(
                        "7|NZD|2026-03-01|2026-03-01|1|25.01",
                        "7|NZD|2026-03-01|2026-05-01|1|1.00",
                        "7|NZD|2026-05-01|2026-05-01|1|2.00",
                        "7|USD|2026-03-01|2026-03-01|1|3.00");
        assertThat(rows("gold.retention_periods"))
                .containsExactlyInAnyOrder(
                        "7|month|2026-03-01|1|1|0|0",
                        "7|month|2026-05-01|2|1|0|1",
                        "7|quarter|2026-01-01|1|1|0|0",
                        "7|quarter|2026-04-01|2|1|1|0",
                        "7|year|2026-01-01|2|2|0|0");
        assertThat(rows("gold.customers_daily"))
                .containsExactlyInAnyOrder("7|2026-03-31|direct|2", "7|2026-04-01|direct|1", "7|2026-04-01|search|1");
        assertThat(rows("gold.customers_monthly"))
                .containsExactlyInAnyOrder("7|2026-03-01|direct|2", "7|2026-04-01|direct|1", "7|2026-04-01|search|1");
        shop.execute("delete from shop.customers where tenant_id = 7");
        shop.execute("delete from shop.products where tenant_id = 7");
    }

    @Test
    void worksRecurringRevenueOutByItsDefinition() throws SQLException {
        shop.execute("""
                insert into shop.tenants values
                  (9, 'gamma', 'Gamma', 'growth', 'NZ', 'NZD', 'Pacific/Auckland', '2026-01-01Z', '2026-01-01Z')
                """);
        shop.execute("""
                insert into shop.subscriptions
                  (tenant_id, id, customer_id, plan, status, monthly_amount, started_at, cancelled_at) values
                  (9, 1, 1, 'plus', 'active',    12.00, '2026-01-01Z', null),
                  (9, 2, 2, 'plus', 'paused',     9.00, '2026-01-01Z', null),
                  (9, 3, 3, 'plus', 'cancelled',  9.00, '2026-01-01Z', '2026-01-31 10:59:59Z'),
                  (9, 4, 4, 'basic', 'active',    5.00, '2026-01-01Z', null),
                  (9, 5, 5, 'plus', 'cancelled',  7.00, '2026-02-01Z', '2026-01-02Z'),
                  (9, 6, 6, 'plus', 'cancelled',  2.00, '2025-12-31Z', '2026-01-31 11:00:00Z')
                """);
        // In Auckland the first of February begins at 11:00 UTC on the last of January.
        shop.execute("""
                insert into shop.invoices
                  (tenant_id, id, customer_id, order_id, subscription_id, status, amount, issued_at, due_at) values
                  (9, 1, 1, null, 1, 'paid',  9.00, '2026-01-31 10:00:00Z', '2026-03-01Z'),
                  (9, 2, 1, null, 1, 'open', 10.00, '2026-01-31 11:00:00Z', '2026-03-01Z'),
                  (9, 3, 2, null, 2, 'paid',  9.00, '2026-01-31 10:00:00Z', '2026-03-01Z'),
                  (9, 4, 2, null, 2, 'void',  9.00, '2026-02-01 10:00:00Z', '2026-03-01Z'),
                  (9, 5, 3, null, 3, 'paid',  9.00, '2026-01-31 10:00:00Z', '2026-03-01Z'),
                  (9, 6, 1, 1, null, 'paid', 99.00, '2026-03-20 10:00:00Z', '2026-03-21Z')
                """);
        assertThat(rows("gold.recurring_monthly"))
                .containsExactlyInAnyOrder(
                        "9|2026-01-01|false|2|2|0|18.00|18.00|0.00|0.00|0.00|0.00",
                        "9|2026-02-01|false|1|0|1|10.00|0.00|0.00|1.00|0.00|9.00",
                        "9|2026-03-01|false|0|0|1|0.00|0.00|0.00|0.00|0.00|10.00",
                        "9|1970-01-01|true|2|2|0|17.00|17.00|0.00|0.00|0.00|0.00",
                        "9|2026-01-01|true|2|2|0|17.00|17.00|0.00|0.00|0.00|0.00",
                        "9|2026-02-01|true|2|1|1|17.00|5.00|0.00|3.00|0.00|9.00",
                        "9|2026-03-01|true|2|1|0|17.00|5.00|0.00|2.00|0.00|0.00",
                        "9|2026-04-01|true|2|1|0|17.00|5.00|12.00|0.00|0.00|0.00");
        assertThat(rows("gold.subscriptions_monthly"))
                .as("the third starts and ends in January there, and the fifth ended before it started")
                .containsExactlyInAnyOrder(
                        "9|2025-12-01|1|0|0|0.00", "9|2026-01-01|4|1|0|9.00", "9|2026-02-01|0|1|1|2.00");
        assertThat(rows("gold.subscription_plans"))
                .containsExactlyInAnyOrder("9|basic|1|1|0|5.00", "9|plus|2|1|1|12.00");
        shop.execute("delete from shop.invoices where tenant_id = 9");
    }

    @Test
    void worksLifetimeValuesOutByTheirDefinition() throws SQLException {
        shop.execute("""
                insert into shop.tenants values
                  (6, 'delta', 'Delta', 'growth', 'NZ', 'NZD', 'Pacific/Auckland', '2026-01-01Z', '2026-01-01Z')
                """);
        // In Auckland the second of March begins at 11:00 UTC on the first.
        shop.execute("""
                insert into shop.customers values
                  (6, 1, null, 'A', '', 'NZ', 'consumer', 'direct', null, '2026-03-01 10:59:59Z', '2026-03-01Z'),
                  (6, 2, null, 'B', '', 'NZ', 'business', 'direct', null, '2026-03-05 00:00:00Z', '2026-03-01Z')
                """);
        shop.execute("""
                insert into shop.orders values
                  (6, 1, 1, 'refunded',  'NZD', 50.00, '2026-03-01 11:00:00Z', '2026-03-01Z', '2026-03-01Z'),
                  (6, 2, 1, 'paid',      'NZD',  7.00, '2026-04-02 11:00:00Z', '2026-03-01Z', '2026-03-01Z'),
                  (6, 3, 1, 'cancelled', 'NZD',  9.00, '2026-03-01 11:00:00Z', '2026-03-01Z', '2026-03-01Z'),
                  (6, 4, 2, 'paid',      'USD',  3.00, '2026-03-01 10:00:00Z', '2026-03-01Z', '2026-03-01Z')
                """);
        shop.execute("""
                insert into shop.invoices
                  (tenant_id, id, customer_id, order_id, subscription_id, status, amount, issued_at, due_at, paid_at) values
                  (6, 1, 1, null, 1, 'paid',  9.00, '2026-03-01Z', '2026-03-31Z', '2026-03-01 11:00:00Z'),
                  (6, 2, 1, null, 1, 'open',  8.00, '2026-03-01Z', '2026-03-31Z', null),
                  (6, 3, 1, 2, null, 'paid',  7.00, '2026-03-01Z', '2026-03-31Z', '2026-03-01 11:00:00Z')
                """);
        assertThat(rows("gold.lifetime_daily").stream().filter(row -> row.contains("|segment|")))
                .containsExactlyInAnyOrder(
                        "6|segment|consumer|NZD|2026-03-01|1|0|0|0.00|0.00",
                        "6|segment|consumer|NZD|2026-03-02|0|1|1|0.00|9.00",
                        "6|segment|consumer|NZD|2026-04-03|0|0|1|7.00|0.00",
                        "6|segment|business|NZD|2026-03-05|1|0|0|0.00|0.00",
                        "6|segment|business|USD|2026-03-05|0|1|1|3.00|0.00");
        assertThat(rows("gold.lifetime_monthly"))
                .containsExactlyInAnyOrder(
                        "6|acquired_via|direct|NZD|2026-03-01|2|1|1|0.00|9.00",
                        "6|acquired_via|direct|NZD|2026-04-01|0|0|1|7.00|0.00",
                        "6|acquired_via|direct|USD|2026-03-01|0|1|1|3.00|0.00",
                        "6|segment|consumer|NZD|2026-03-01|1|1|1|0.00|9.00",
                        "6|segment|consumer|NZD|2026-04-01|0|0|1|7.00|0.00",
                        "6|segment|business|NZD|2026-03-01|1|0|0|0.00|0.00",
                        "6|segment|business|USD|2026-03-01|0|1|1|3.00|0.00",
                        "6|country|NZ|NZD|2026-03-01|2|1|1|0.00|9.00",
                        "6|country|NZ|NZD|2026-04-01|0|0|1|7.00|0.00",
                        "6|country|NZ|USD|2026-03-01|0|1|1|3.00|0.00");
        shop.execute("delete from shop.customers where tenant_id = 6");
        shop.execute("delete from shop.invoices where tenant_id = 6");
        shop.execute("delete from shop.orders where tenant_id = 6");
    }

    @Test
    void worksVisitsOutByTheirDefinition() throws SQLException {
        shop.execute("""
                insert into shop.tenants values
                  (8, 'beta', 'Beta', 'growth', 'NZ', 'NZD', 'Pacific/Auckland', '2026-01-01Z', '2026-01-01Z')
                """);
        String bought = "00000000-0000-4000-8000-000000000001";
        String left = "00000000-0000-4000-8000-000000000002";
        String resumed = "00000000-0000-4000-8000-000000000003";
        List<String> events = List.of(
                // In Auckland the second of March begins at 11:00 UTC on the first: the visit is of the first.
                event(1, "null", bought, "page_view", "null", "{}", "2026-03-01 10:59:59.9Z"),
                event(2, "5", bought, "add_to_cart", "70", "{\"quantity\": 2}", "2026-03-01 11:00:10.1Z"),
                event(3, "null", bought, "purchase", "null", "{}", "2026-03-01 11:01:00Z"),
                event(4, "null", left, "add_to_cart", "71", "{\"quantity\": 3}", "2026-03-01 10:00:00Z"),
                event(5, "null", left, "add_to_cart", "70", "{\"quantity\": 1.5}", "2026-03-01 10:00:00Z"),
                event(6, "null", left, "add_to_cart", "71", "{}", "2026-03-01 10:00:01Z"),
                event(7, "null", left, "checkout", "null", "{}", "2026-03-01 10:00:02Z"),
                // Taken up again after 48 hours, it is another visit; what comes later than that is of none.
                event(8, "null", resumed, "page_view", "null", "{}", "2026-03-01 10:00:00Z"),
                event(9, "null", resumed, "product_view", "70", "{}", "2026-03-03 09:59:59Z"),
                event(10, "null", resumed, "product_view", "70", "{}", "2026-03-04 10:00:00Z"),
                event(11, "null", resumed, "page_view", "null", "{}", "2026-03-06 10:00:00Z"));
        shop.execute("insert into shop.events values " + String.join(", ", events));
        assertThat(rows("gold.visits_daily"))
                .containsExactlyInAnyOrder(
                        "8|2026-03-01|3|1|0|9|1|172862|3|2|2|1|add_to_cart > checkout x 1,"
                                + " page_view > add_to_cart > purchase x 1, page_view > product_view x 1|70 x 1, 71 x 4",
                        "8|2026-03-06|1|0|1|1|0|0|0|0|0|0|page_view x 1|");
        assertThat(rows("gold.visits_monthly"))
                .containsExactlyInAnyOrder(
                        "8|2026-03-01|4|1|1|10|1|172862|3|2|2|1|add_to_cart > checkout x 1, page_view x 1,"
                                + " page_view > add_to_cart > purchase x 1, page_view > product_view x 1|70 x 1, 71 x 4");
        shop.execute("delete from shop.events where tenant_id = 8");
    }

    private static String event(
            long id, String customer, String session, String type, String product, String properties, String at) {
        return "(8, %d, %s, '%s', '%s', %s, '%s', '%s', '2026-03-01Z', '2026-03-01Z')"
                .formatted(id, customer, session, type, product, properties, at);
    }

    @Test
    void asksAthenaForTheSame() {
        FiguredTable table = new FiguredTable(
                "silver.things",
                "silver.things",
                "shop.things",
                List.of(
                        new FigureColumn("id", FigureColumn.Type.INTEGER),
                        new FigureColumn("price", FigureColumn.Type.DECIMAL),
                        new FigureColumn("at", FigureColumn.Type.INSTANT),
                        new FigureColumn("tags", FigureColumn.Type.TEXT_ARRAY)),
                List.of("id"));
        assertThat(table.inAthena())
                .isEqualTo("select count(*), coalesce(sum(cast(id as decimal(38, 0))), 0),"
                        + " coalesce(sum(cast(price as decimal(38, 2))), 0),"
                        + " coalesce(sum(cast(from_base(substr(to_hex(md5(to_utf8("
                        + "coalesce(cast(id as varchar), chr(30)) || chr(31) || coalesce(cast(price as varchar), chr(30))"
                        + " || chr(31) || coalesce(cast(cast(at as timestamp(6)) as varchar), chr(30))"
                        + " || chr(31) || coalesce(json_format(json_parse(tags)), chr(30))"
                        + "))), 1, 15), 16) as decimal(38, 0))), 0) from silver.things figured");
    }

    private static Figures figures(String table) {
        return Reconciliation.sourceFigures(
                shop.source(), FiguredTable.ofSilver(SourceTable.named(table).orElseThrow()));
    }

    /** The rows of a table's relation in Postgres, as text. */
    private static List<String> rows(String name) throws SQLException {
        FiguredTable table = FiguredTable.all().stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow();
        String columns = table.columns().stream()
                .map(FigureColumn::inPostgres)
                .collect(Collectors.joining(", ", "concat_ws('|', ", ")"));
        try (Statement statement = shop.source().createStatement();
                ResultSet row = statement.executeQuery("select " + columns + " from " + table.source() + " figured")) {
            List<String> rows = new ArrayList<>();
            while (row.next()) {
                rows.add(row.getString(1));
            }
            return rows;
        }
    }

    @SafeVarargs
    private static BigDecimal hash(List<String>... rows) {
        BigInteger sum = BigInteger.ZERO;
        for (List<String> row : rows) {
            sum = sum.add(new BigInteger(md5(String.join("\u001f", row)).substring(0, 15), 16));
        }
        return new BigDecimal(sum);
    }

    private static String md5(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
            return String.format("%032x", new BigInteger(1, digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
