package dev.tenantlake.source.seed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.Principal;
import dev.tenantlake.model.SourceTable;
import dev.tenantlake.source.shop.OrderStatus;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ShopHistoryTest {

    private static final LocalDate UNTIL = LocalDate.of(2026, 7, 1);
    private static final SeedPlan SMALL = SeedPlan.of(SeedScale.SMALL, 1, UNTIL);

    @Test
    void theSamePlanGivesTheSameRows() throws Exception {
        Map<String, String> here = digests(SMALL);
        assertThat(here).hasSize(SourceTable.ALL.size());

        Locale locale = Locale.getDefault();
        TimeZone timeZone = TimeZone.getDefault();
        try {
            // Where capital I is not what i becomes, digits are not 0 to 9, and today began long ago.
            Locale.setDefault(Locale.forLanguageTag("tr-TR-u-nu-arab"));
            TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Kiritimati"));
            assertThat(digests(SMALL)).isEqualTo(here);
        } finally {
            Locale.setDefault(locale);
            TimeZone.setDefault(timeZone);
        }
    }

    @Test
    void anotherSeedOrAnotherDayGivesOthers() throws Exception {
        Map<String, String> rows = digests(SMALL);
        Map<String, String> otherSeed = digests(SeedPlan.of(SeedScale.SMALL, 2, UNTIL));
        Map<String, String> otherDay = digests(SeedPlan.of(SeedScale.SMALL, 1, UNTIL.plusDays(1)));

        for (SourceTable table : SourceTable.ALL) {
            assertThat(otherSeed.get(table.name())).as(table.name()).isNotEqualTo(rows.get(table.name()));
            assertThat(otherDay.get(table.name())).as(table.name()).isNotEqualTo(rows.get(table.name()));
        }
    }

    @Test
    void hasTheRowsOfItsScale() {
        assertThat(counts(SMALL)).satisfies(counts -> {
            assertThat(counts).containsEntry("tenants", 4L);
            assertThat(counts).containsEntry("customers", 200L);
            assertThat(counts).containsEntry("products", 80L);
            assertThat(counts).containsEntry("orders", 1_500L);
            assertThat(counts).containsEntry("subscriptions", 60L);
            assertThat(counts.get("events")).isCloseTo(9_200L, within(40L));
            assertThat(total(counts)).isBetween(16_300L, 17_700L);
        });
        assertThat(counts(SeedPlan.of(SeedScale.MEDIUM, 1, UNTIL))).satisfies(counts -> {
            assertThat(counts).containsEntry("tenants", 8L);
            assertThat(counts).containsEntry("customers", 6_400L);
            assertThat(counts).containsEntry("products", 800L);
            assertThat(counts).containsEntry("orders", 48_000L);
            assertThat(counts).containsEntry("subscriptions", 1_920L);
            assertThat(counts.get("events")).isCloseTo(293_000L, within(300L));
            assertThat(counts.get("invoices")).isCloseTo(19_000L, within(1_000L));
            assertThat(total(counts)).isBetween(535_000L, 547_000L);
        });
    }

    @Test
    void whatIsExpectedForTheProgressIsAboutRight() {
        for (SeedScale scale : List.of(SeedScale.SMALL, SeedScale.MEDIUM)) {
            long rows = total(counts(SeedPlan.of(scale, 3, UNTIL)));
            assertThat((double) scale.rows()).as(scale.label()).isCloseTo(rows, within(rows * 0.03));
        }
    }

    @Test
    void asManyRowsAsAreAskedForDividedLikeThoseOfLarge() {
        Map<String, Long> counts = counts(new SeedPlan(SeedScale.ofRows(120_000), 1, 8, UNTIL));

        assertThat((double) total(counts)).isCloseTo(120_000, within(120_000 * 0.03));
        assertThat(counts).containsEntry("tenants", 8L).containsEntry("orders", 10_665L);
        assertThat(SeedScale.ofRows(SeedScale.LARGE.rows()))
                .extracting(SeedScale::tenants, SeedScale::customers, SeedScale::orders, SeedScale::events)
                .containsExactly(20, 36_000, 267_000, 1_630_000);
    }

    @Test
    void moreRowsThanThereIsMemoryForAreRefusedBeforeAnyIsMade() {
        SeedPlan plan = new SeedPlan(SeedScale.ofRows(12_000_000), 1, 8, UNTIL);
        plan.requireMemory(600 << 20);

        assertThatThrownBy(() -> plan.requireMemory(256 << 20))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.kind()).isEqualTo(LakeException.Kind.WRONG_USAGE))
                .hasMessageMatching(
                        "a history of about (?:11|12)\\d{6} rows takes 56\\d MiB of memory, and there are 256 here:"
                                + " expected at most --rows 48\\d{5}, or .*");
        SeedPlan most = new SeedPlan(SeedScale.ofRows(4_840_000), 1, 8, UNTIL);
        most.requireMemory(256 << 20);
    }

    @Test
    void theFewestRowsAreEnoughForAShop() {
        SeedScale fewest = SeedScale.ofRows(SeedScale.FEWEST_ROWS);

        assertThat(counts(new SeedPlan(fewest, 1, fewest.tenants(), UNTIL)).values())
                .allMatch(rows -> rows > 0);
    }

    @Test
    void idsCountInTheOrderOfTime() {
        ShopHistory history = new ShopHistory(SMALL);

        assertThat(all(history, SourceTable.ORDERS, Order.class))
                .isSortedAccordingTo((a, b) -> Long.compare(a.orderedAt(), b.orderedAt()))
                .extracting(Order::id)
                .startsWith(1L, 2L, 3L)
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(all(history, SourceTable.EVENTS, Event.class))
                .isSortedAccordingTo((a, b) -> Long.compare(a.occurredAt(), b.occurredAt()))
                .extracting(Event::id)
                .startsWith(1L, 2L, 3L)
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void spansSixMonths() {
        Horizon horizon = SMALL.horizon();
        assertThat(Horizon.instant(horizon.start())).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(Horizon.instant(horizon.until())).isEqualTo("2026-07-01T00:00:00Z");

        ShopHistory history = new ShopHistory(SMALL);
        assertThat(all(history, SourceTable.ORDERS, Order.class)).allMatch(order -> horizon.holds(order.orderedAt()));
        assertThat(all(history, SourceTable.EVENTS, Event.class)).allMatch(event -> horizon.holds(event.occurredAt()));
        assertThat(all(history, SourceTable.INVOICES, Invoice.class))
                .allMatch(invoice -> horizon.holds(invoice.terms().issuedAt()));
        assertThat(all(history, SourceTable.SUBSCRIPTIONS, Subscription.class))
                .allMatch(subscription -> horizon.holds(subscription.startedAt()));
    }

    @Test
    void growsHasABusySaturdayAndAQuietSundayAndUnequalTenants() {
        ShopHistory history = new ShopHistory(SeedPlan.of(SeedScale.MEDIUM, 1, UNTIL));
        List<Order> orders = all(history, SourceTable.ORDERS, Order.class);

        Map<Integer, Long> byMonth = orders.stream()
                .collect(Collectors.groupingBy(order -> day(order).getMonthValue(), Collectors.counting()));
        assertThat(byMonth.get(6)).isGreaterThan(byMonth.get(2) * 5 / 4);
        Map<Integer, Long> byWeekday = orders.stream()
                .collect(
                        Collectors.groupingBy(order -> day(order).getDayOfWeek().getValue(), Collectors.counting()));
        assertThat(byWeekday.get(6)).isGreaterThan(byWeekday.get(7) * 6 / 5);
        Map<Long, Long> byTenant = orders.stream()
                .collect(Collectors.groupingBy(order -> order.tenant().id(), Collectors.counting()));
        assertThat(byTenant.get(1L)).isGreaterThan(4 * byTenant.get(8L));
    }

    @Test
    void hasItsSeasonBeforeChristmas() {
        double summer = TradingCalendar.season(LocalDate.of(2026, 7, 10));
        assertThat(TradingCalendar.season(LocalDate.of(2026, 11, 27))).isGreaterThan(summer * 1.5);
        assertThat(TradingCalendar.season(LocalDate.of(2026, 12, 15))).isGreaterThan(summer * 1.4);
        assertThat(TradingCalendar.season(LocalDate.of(2027, 1, 25))).isLessThan(summer);
    }

    @Test
    void ordersAreAsFarAsTheirAgeLetsThemBe() {
        Horizon horizon = SMALL.horizon();
        List<Order> orders =
                all(new ShopHistory(SeedPlan.of(SeedScale.MEDIUM, 1, UNTIL)), SourceTable.ORDERS, Order.class);

        assertThat(orders.stream().map(order -> order.lifecycle().status()).distinct())
                .containsExactlyInAnyOrder(OrderStatus.values());
        assertThat(orders.stream().filter(order -> order.orderedAt() < horizon.until() - 100 * Horizon.DAY))
                .allMatch(order -> switch (order.lifecycle().status()) {
                    case DELIVERED, CANCELLED, REFUNDED -> true;
                    case PENDING, PAID, SHIPPED -> false;
                });
        assertThat(orders.stream().filter(order -> order.orderedAt() >= horizon.until() - Horizon.DAY / 2))
                .isNotEmpty()
                .noneMatch(order -> order.lifecycle().status() == OrderStatus.DELIVERED);
        double delivered = orders.stream()
                        .filter(order -> order.lifecycle().status() == OrderStatus.DELIVERED)
                        .count()
                / (double) orders.size();
        assertThat(delivered).isBetween(0.8, 0.92);
    }

    @Test
    void everyTenantHasANameThatCanBeUsedHoweverManyThereAre() {
        int most = SeedScale.MEDIUM.mostTenants();
        ShopHistory history = new ShopHistory(new SeedPlan(SeedScale.MEDIUM, 1, most, UNTIL));

        List<Tenant> tenants = all(history, SourceTable.TENANTS, Tenant.class);
        assertThat(tenants).hasSize(100);
        assertThat(tenants)
                .extracting(Tenant::slug)
                .startsWith("acme-tools", "nordlicht-outdoor")
                .doesNotHaveDuplicates();
        assertThat(tenants)
                .allSatisfy(tenant ->
                        assertThat(new Principal.Analyst(tenant.slug()).slug()).isEqualTo(tenant.slug()));
        assertThat(tenants.stream().map(tenant -> tenant.market().timeZone()).distinct())
                .hasSizeGreaterThan(5);
    }

    @Test
    void manyTenantsDivideTheSameNumberOfRows() {
        int most = SeedScale.SMALL.mostTenants();
        Map<String, Long> counts = counts(new SeedPlan(SeedScale.SMALL, 1, most, UNTIL));

        assertThat(counts).containsEntry("tenants", 10L).containsEntry("orders", 1_500L);
        assertThat(total(counts)).isBetween(16_000L, 17_700L);
        assertThatThrownBy(() -> new SeedPlan(SeedScale.SMALL, 1, most + 1, UNTIL))
                .isInstanceOf(LakeException.class)
                .hasMessage("--tenants is 11: expected 1 to 10 with --scale small");
    }

    @Test
    void oneTenantIsEnough() {
        Map<String, Long> counts = counts(new SeedPlan(SeedScale.SMALL, 1, 1, UNTIL));

        assertThat(counts).containsEntry("tenants", 1L).containsEntry("orders", 1_500L);
    }

    private static LocalDate day(Order order) {
        return LocalDate.ofInstant(
                Horizon.instant(order.orderedAt()), order.tenant().market().timeZone());
    }

    private static Map<String, Long> counts(SeedPlan plan) {
        ShopHistory history = new ShopHistory(plan);
        Map<String, Long> counts = new LinkedHashMap<>();
        for (SourceTable table : SourceTable.ALL) {
            long count = 0;
            for (Iterator<? extends Row> rows = history.rows(table); rows.hasNext(); rows.next()) {
                count++;
            }
            counts.put(table.name(), count);
        }
        return counts;
    }

    private static long total(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private static <T extends Row> List<T> all(ShopHistory history, SourceTable table, Class<T> type) {
        List<T> all = new ArrayList<>();
        history.rows(table).forEachRemaining(row -> all.add(type.cast(row)));
        return all;
    }

    private static Map<String, String> digests(SeedPlan plan) throws IOException, NoSuchAlgorithmException {
        ShopHistory history = new ShopHistory(plan);
        Map<String, String> digests = new LinkedHashMap<>();
        for (SourceTable table : SourceTable.ALL) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
                CopyText text = new CopyText(out, table.columns().size());
                for (Iterator<? extends Row> rows = history.rows(table); rows.hasNext(); ) {
                    text.row(rows.next());
                }
            }
            digests.put(table.name(), HexFormat.of().formatHex(digest.digest()));
        }
        return digests;
    }
}
