package dev.tenantlake.source.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.SourceTable;
import dev.tenantlake.source.CommandRun;
import dev.tenantlake.source.PostgresExtension;
import dev.tenantlake.source.ShopRules;
import dev.tenantlake.source.TestShop;
import dev.tenantlake.source.console.StopSignal;
import dev.tenantlake.source.database.ShopSchema;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
class TrafficGeneratorTest {

    private static final double AS_FAST_AS_IT_GOES = 10_000;
    private static final int MOST_RUNS = 30;

    @Test
    void doesAllThatHappensInAShopAndKeepsItsRules(TestShop shop) throws SQLException {
        seed(shop);
        Map<String, Long> rows = counts(shop);
        Set<String> kinds = new HashSet<>();

        for (int run = 0; run < MOST_RUNS && kinds.size() < TransactionKind.values().length; run++) {
            TrafficReport report = new TrafficGenerator(
                            shop.database(),
                            AS_FAST_AS_IT_GOES,
                            Optional.of(Duration.ofSeconds(1)),
                            run,
                            StopSignal.never())
                    .run();
            kinds.addAll(report.kinds().keySet());
            assertThat(report.kinds().values().stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .isEqualTo(report.transactions());
            report.tables().forEach(table -> rows.merge(table.name(), table.inserted() - table.deleted(), Long::sum));
        }

        assertThat(kinds)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(TransactionKind.values())
                        .map(TransactionKind::label)
                        .toList());
        assertThat(counts(shop)).isEqualTo(rows);
        assertThat(ShopRules.broken(shop)).isEmpty();
    }

    @Test
    void writesToMostTablesAndEvenlyOverTime(TestShop shop) throws SQLException {
        seed(shop);

        TrafficReport report = new TrafficGenerator(
                        shop.database(), 100, Optional.of(Duration.ofSeconds(2)), 1, StopSignal.never())
                .run();

        assertThat(report.transactions()).isBetween(2L, 201L);
        assertThat(report.tables())
                .extracting(TrafficReport.Table::name)
                .contains("products", "orders", "order_items", "events", "invoices");
    }

    @Test
    void worksOnWhatWasOrderedLately(TestShop shop) throws SQLException {
        seed(shop);
        long half = shop.count("SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY id) FROM shop.orders");
        shop.execute("CREATE TABLE before AS SELECT * FROM shop.orders");

        new TrafficGenerator(
                        shop.database(), AS_FAST_AS_IT_GOES, Optional.of(Duration.ofSeconds(2)), 1, StopSignal.never())
                .run();

        String changed = """
                SELECT count(*) FROM before b LEFT JOIN shop.orders o USING (tenant_id, id)
                WHERE o.status IS DISTINCT FROM b.status\
                """;
        assertThat(shop.count(changed)).isPositive();
        assertThat(shop.count(changed + " AND id < " + half))
                .as("of the older half of the orders, which is months old, fewer than a tenth of those that changed")
                .isLessThan(shop.count(changed) / 10 + 1);
    }

    @Test
    void severalAtOnceDoNotGetInEachOthersWay(TestShop shop) throws SQLException {
        seed(shop);
        Map<String, Long> rows = counts(shop);

        List<CompletableFuture<TrafficReport>> several = List.of(1L, 2L, 3L).stream()
                .map(seed -> CompletableFuture.supplyAsync(() -> new TrafficGenerator(
                                shop.database(),
                                AS_FAST_AS_IT_GOES,
                                Optional.of(Duration.ofSeconds(2)),
                                seed,
                                StopSignal.never())
                        .run()))
                .toList();

        for (CompletableFuture<TrafficReport> one : several) {
            TrafficReport report = one.join();
            assertThat(report.transactions()).isPositive();
            report.tables().forEach(table -> rows.merge(table.name(), table.inserted() - table.deleted(), Long::sum));
        }
        assertThat(counts(shop)).isEqualTo(rows);
        assertThat(ShopRules.broken(shop)).isEmpty();
    }

    @Test
    void aTenantThatComesLaterTradesToo(TestShop shop) throws SQLException {
        seed(shop);
        StopSignal stop = StopSignal.never();
        CompletableFuture<TrafficReport> traffic = CompletableFuture.supplyAsync(
                () -> new TrafficGenerator(shop.database(), 300, Optional.empty(), 1, stop).run());
        shop.execute("""
                WITH tenant AS (
                    INSERT INTO shop.tenants (slug, name, plan, country, currency, time_zone)
                    VALUES ('late', 'Late', 'starter', 'CH', 'CHF', 'Europe/Zurich') RETURNING id),
                product AS (
                    INSERT INTO shop.products (tenant_id, sku, name, category, unit_price, unit_cost, stock_quantity)
                    SELECT id, 'A', 'A', 'tools', 10, 5, 100000 FROM tenant)
                INSERT INTO shop.customers (tenant_id, country)
                SELECT id, 'CH' FROM tenant, generate_series(1, 1000)
                """);

        await(traffic, () -> shop.count("""
                                SELECT count(*) FROM shop.orders o JOIN shop.tenants t ON t.id = o.tenant_id
                                WHERE t.slug = 'late' AND o.currency = 'CHF'
                                """) > 0);
        stop.request();

        assertThat(traffic.join().transactions()).isPositive();
    }

    @Test
    void saysWhatIsMissing(TestShop shop) {
        TrafficGenerator traffic =
                new TrafficGenerator(shop.database(), 10, Optional.of(Duration.ofSeconds(1)), 1, StopSignal.never());

        assertThatThrownBy(traffic::run)
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.kind()).isEqualTo(LakeException.Kind.UNFIT))
                .hasMessageContaining("has no shop in it")
                .hasMessageContaining("seed");

        new ShopSchema(shop.database()).migrate();
        assertThatThrownBy(traffic::run)
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.kind()).isEqualTo(LakeException.Kind.UNFIT))
                .hasMessageContaining("run source-app seed first");
    }

    @Test
    void endsWhenPostgresGoesAway(TestShop shop) throws SQLException {
        seed(shop);
        long orders = shop.count("SELECT count(*) FROM shop.orders");
        CompletableFuture<TrafficReport> traffic = CompletableFuture.supplyAsync(
                () -> new TrafficGenerator(shop.database(), 200, Optional.empty(), 1, StopSignal.never()).run());
        await(traffic, () -> shop.count("SELECT count(*) FROM shop.orders") > orders);

        shop.execute("""
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND application_name = 'tenantlake-source-app'
                """);

        assertThatThrownBy(traffic::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.kind()).isEqualTo(LakeException.Kind.UNAVAILABLE))
                .hasMessageContaining("does not answer")
                .hasMessageMatching("(?s).* [1-9]\\d* transactions were committed before");
    }

    private static void seed(TestShop shop) {
        assertThat(CommandRun.of(shop.environment(), "seed").exitCode()).isZero();
    }

    private static Map<String, Long> counts(TestShop shop) throws SQLException {
        Map<String, Long> counts = new HashMap<>();
        for (SourceTable table : SourceTable.ALL) {
            counts.put(table.name(), shop.count("SELECT count(*) FROM " + table.qualifiedName()));
        }
        return counts;
    }

    private static void await(CompletableFuture<?> running, Condition condition) throws SQLException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.holds()) {
            assertThat(running).as("traffic").isNotDone();
            assertThat(System.nanoTime()).as("waited for too long").isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private interface Condition {
        boolean holds() throws SQLException;
    }
}
