package dev.tenantlake.control.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenantlake.control.reconciliation.BareShop;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the triggers write down, on a real Postgres. */
class LedgerTest {

    private static final String EVENT =
            "insert into shop.events (tenant_id, id, event_type, occurred_at) values (1, %d, 'view', '2026-03-01Z')";

    @TempDir
    private static Path folder;

    private static BareShop shop;
    private static Connection source;

    @BeforeAll
    static void startPostgres() throws SQLException {
        shop = BareShop.start(folder);
        source = shop.source();
        assertThat(Ledger.isInstalled(source)).isFalse();
        Ledger.install(source);
        assertThat(Ledger.isInstalled(source)).isTrue();
    }

    @AfterAll
    static void stopPostgres() throws SQLException {
        shop.close();
    }

    @Test
    void writesEveryChangeDownAsBronzeHasIt() throws SQLException {
        long transaction = inOneTransaction(
                EVENT.formatted(1),
                "update shop.events set event_type = 'read' where id = 1",
                // Its month, and so its partition; the same month is another placement too, as in bronze.
                "update shop.events set occurred_at = '2026-04-01Z' where id = 1",
                "update shop.events set id = 2 where id = 1",
                "delete from shop.events where id = 2",
                "insert into shop.tenants (id, slug) values (5, 'acme')",
                "truncate shop.invoices");
        assertThat(Ledger.entries(source, transaction))
                .containsExactly(
                        "events|c|1:1",
                        "events|u|1:1",
                        "events|d|1:1",
                        "events|c|1:1",
                        "events|d|1:1",
                        "events|c|1:2",
                        "events|d|1:2",
                        "tenants|c|5",
                        "invoices|t|");
    }

    @Test
    void doesNotHoldWhatWasUndone() throws SQLException {
        long transaction = inOneTransaction(
                EVENT.formatted(10),
                "savepoint before",
                EVENT.formatted(11),
                "rollback to savepoint before",
                "savepoint another",
                EVENT.formatted(12),
                "release savepoint another");
        assertThat(Ledger.entries(source, transaction)).containsExactly("events|c|1:10", "events|c|1:12");
        long before = Ledger.transactions(source);
        source.setAutoCommit(false);
        shop.execute(EVENT.formatted(13));
        source.rollback();
        source.setAutoCommit(true);
        assertThat(Ledger.transactions(source)).isEqualTo(before);
    }

    @Test
    void tellsAfterAnEntryWhatCameLaterAndWhichTransactionsItLacks() throws SQLException {
        long first = inOneTransaction(EVENT.formatted(20));
        long entry = Ledger.lastEntry(source);
        long second = inOneTransaction(EVENT.formatted(21), EVENT.formatted(22));
        assertThat(Ledger.digests(source, entry)).containsOnlyKeys(second);
        Map<Long, TransactionDigest> all = Ledger.digests(source, 0);
        assertThat(all.get(first).changes()).isEqualTo(1);
        assertThat(all.get(second).changes()).isEqualTo(2);
        assertThat(all.get(first).hash()).isNotEqualTo(all.get(second).hash());
        assertThat(Ledger.missing(source, Set.of(first, second, 999_999_999L))).containsExactly(999_999_999L);
        assertThat(Ledger.entriesByTable(source).get("events")).isGreaterThanOrEqualTo(3);
    }

    private static long inOneTransaction(String... statements) throws SQLException {
        source.setAutoCommit(false);
        try (Statement statement = source.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
            try (ResultSet row = statement.executeQuery("select pg_current_xact_id()::text::bigint")) {
                row.next();
                long transaction = row.getLong(1);
                source.commit();
                return transaction;
            }
        } finally {
            source.setAutoCommit(true);
        }
    }
}
