package dev.tenantlake.source.seed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.SourceTable;
import dev.tenantlake.source.PostgresExtension;
import dev.tenantlake.source.ShopRules;
import dev.tenantlake.source.TestShop;
import dev.tenantlake.source.console.Progress;
import dev.tenantlake.source.database.ShopSchema;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
class SeederTest {

    private static final SeedPlan PLAN = SeedPlan.of(SeedScale.SMALL, 5, LocalDate.of(2026, 3, 1));
    private static final String FOREIGN_KEYS = """
            SELECT conrelid::regclass, conname, convalidated, pg_get_constraintdef(oid) FROM pg_constraint
            WHERE contype = 'f' AND connamespace = 'shop'::regnamespace ORDER BY 1, 2
            """;

    @Test
    void whatItWritesIsAShop(TestShop shop) throws SQLException {
        new ShopSchema(shop.database()).migrate();
        List<String> foreignKeys = shop.rows(FOREIGN_KEYS);

        SeedReport report = seed(shop, PLAN, false);

        assertThat(ShopRules.broken(shop)).isEmpty();
        assertThat(report.tables())
                .extracting(SeedReport.Table::name)
                .containsExactlyElementsOf(
                        SourceTable.ALL.stream().map(SourceTable::name).toList());
        for (SeedReport.Table table : report.tables()) {
            assertThat(shop.count("SELECT count(*) FROM shop." + table.name()))
                    .as(table.name())
                    .isEqualTo(table.rows());
        }
        assertThat(foreignKeys).hasSizeGreaterThan(10);
        assertThat(shop.rows(FOREIGN_KEYS)).isEqualTo(foreignKeys);
    }

    @Test
    void itHasSomethingOfEverything(TestShop shop) throws SQLException {
        seed(shop, SeedPlan.of(SeedScale.SMALL, 8, LocalDate.of(2026, 3, 1)), false);

        assertThat(shop.rows("SELECT DISTINCT status FROM shop.orders"))
                .containsExactlyInAnyOrder("pending", "paid", "shipped", "delivered", "cancelled", "refunded");
        assertThat(shop.rows("SELECT DISTINCT event_type FROM shop.events"))
                .containsExactlyInAnyOrder("page_view", "product_view", "add_to_cart", "checkout", "purchase");
        assertThat(shop.rows("SELECT DISTINCT status FROM shop.subscriptions")).contains("active", "cancelled");
        assertThat(shop.rows("SELECT DISTINCT status FROM shop.invoices"))
                .containsExactlyInAnyOrder("open", "paid", "void", "refunded");
        // A subscription that changed its plan has invoices of different amounts.
        assertThat(shop.count("""
                        SELECT count(*) FROM (
                            SELECT FROM shop.invoices WHERE subscription_id IS NOT NULL
                            GROUP BY tenant_id, subscription_id HAVING count(DISTINCT amount) > 1) AS changed
                        """)).isPositive();
        // Visits get fewer from step to step, and nobody knows who most visitors are.
        assertThat(shop.rows("""
                        SELECT event_type FROM shop.events GROUP BY event_type ORDER BY count(DISTINCT session_id) DESC
                        """)).containsExactly("page_view", "product_view", "add_to_cart", "checkout", "purchase");
        assertThat(shop.count("SELECT count(*) FROM shop.events WHERE customer_id IS NULL"))
                .isPositive();
        assertThat(shop.count("SELECT count(*) FROM shop.customers WHERE email IS NULL AND name IS NULL"))
                .isPositive();
        assertThat(shop.count("SELECT count(*) FROM shop.products WHERE NOT active AND stock_quantity > 0"))
                .isZero();
        assertThat(shop.count("SELECT count(DISTINCT currency) FROM shop.orders"))
                .isEqualTo(4);
    }

    @Test
    void theSamePlanGivesTheSameRowsAlsoInPlaceOfOthers(TestShop one, TestShop other) throws SQLException {
        seed(one, PLAN, false);
        Map<String, String> rows = hashes(one);
        seed(other, SeedPlan.of(SeedScale.SMALL, 6, PLAN.until()), false);
        assertThat(hashes(other)).doesNotContainValue(rows.get("orders"));

        seed(other, PLAN, true);

        assertThat(hashes(other)).isEqualTo(rows);
        assertThat(ShopRules.broken(other)).isEmpty();
    }

    @Test
    void refusesWhereThereAreRows(TestShop shop) throws SQLException {
        new ShopSchema(shop.database()).migrate();
        shop.execute("""
                INSERT INTO shop.tenants (slug, name, plan, country, currency, time_zone)
                VALUES ('mine', 'Mine', 'starter', 'US', 'USD', 'UTC')
                """);

        assertThatThrownBy(() -> seed(shop, PLAN, false))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.kind()).isEqualTo(LakeException.Kind.UNFIT))
                .hasMessageContaining("has rows already, in shop.tenants")
                .hasMessageContaining("--clean");
        assertThat(shop.rows("SELECT slug FROM shop.tenants")).containsExactly("mine");
    }

    @Test
    void aSeedThatFailsLeavesEverythingAsItWas(TestShop shop) throws SQLException {
        seed(shop, PLAN, false);
        Map<String, String> rows = hashes(shop);
        List<String> foreignKeys = shop.rows(FOREIGN_KEYS);
        shop.execute("ALTER TABLE shop.invoices ADD CONSTRAINT in_the_way CHECK (id < 100) NOT VALID");

        assertThatThrownBy(() -> seed(shop, SeedPlan.of(SeedScale.SMALL, 9, PLAN.until()), true))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("in_the_way")
                .hasMessageContaining("nothing was seeded");

        assertThat(hashes(shop)).isEqualTo(rows);
        assertThat(shop.rows(FOREIGN_KEYS)).isEqualTo(foreignKeys);
    }

    @Test
    void whoComesAfterItGetsIdsOfHisOwn(TestShop shop) throws SQLException {
        seed(shop, PLAN, false);

        for (SourceTable table : SourceTable.ALL) {
            assertThat(shop.count("SELECT nextval(pg_get_serial_sequence('%s', 'id')) - max(id) FROM %s"
                            .formatted(table.qualifiedName(), table.qualifiedName())))
                    .as(table.name())
                    .isEqualTo(1);
        }
    }

    @Test
    void oneAtATime(TestShop shop) throws SQLException {
        new ShopSchema(shop.database()).migrate();
        try (Connection other = shop.connect();
                Statement statement = other.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(" + Seeder.SEED_LOCK + ")");

            assertThatThrownBy(() -> seed(shop, PLAN, false))
                    .isInstanceOfSatisfying(
                            LakeException.class, e -> assertThat(e.kind()).isEqualTo(LakeException.Kind.IN_USE))
                    .hasMessageContaining("another seed");
        }
    }

    private static SeedReport seed(TestShop shop, SeedPlan plan, boolean clean) {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        try (Progress progress = Progress.lines("seed", nowhere)) {
            return new Seeder(shop.database()).seed(plan, clean, progress);
        }
    }

    private static Map<String, String> hashes(TestShop shop) throws SQLException {
        Map<String, String> hashes = new LinkedHashMap<>();
        for (SourceTable table : SourceTable.ALL) {
            hashes.put(
                    table.name(),
                    shop.rows("SELECT count(*), md5(string_agg(t::text, '\n' ORDER BY id)) FROM %s t"
                                    .formatted(table.qualifiedName()))
                            .get(0));
        }
        return hashes;
    }
}
