package dev.tenantlake.control.chaos;

import dev.tenantlake.model.SourceTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The truth about what was committed: triggers on every table of the shop write each change into a table of their own, in
 * the change's own transaction. It is outside the publication, so the lake does not know of it, and what is rolled back is
 * not in it.
 */
final class Ledger {

    private static final String INSTALL = """
            create schema chaos;
            create table chaos.ledger (
                id bigint generated always as identity primary key,
                xid bigint not null,
                entry text not null);
            create index ledger_xid_idx on chaos.ledger (xid);
            """;

    /** What bronze makes of an update that moves a row is a delete and a create. */
    private static final String TABLE = """
            create function chaos.note_%1$s() returns trigger language plpgsql security definer as $$
            begin
                if tg_op = 'TRUNCATE' then
                    insert into chaos.ledger (xid, entry) values (pg_current_xact_id()::text::bigint, '%1$s|t|');
                    return null;
                end if;
                if tg_op = 'UPDATE' and (%2$s) is not distinct from (%3$s) then
                    insert into chaos.ledger (xid, entry) values (pg_current_xact_id()::text::bigint, '%1$s|u|' || %4$s);
                    return null;
                end if;
                if tg_op in ('DELETE', 'UPDATE') then
                    insert into chaos.ledger (xid, entry) values (pg_current_xact_id()::text::bigint, '%1$s|d|' || %5$s);
                end if;
                if tg_op in ('INSERT', 'UPDATE') then
                    insert into chaos.ledger (xid, entry) values (pg_current_xact_id()::text::bigint, '%1$s|c|' || %4$s);
                end if;
                return null;
            end $$;
            create trigger chaos_rows after insert or update or delete on %6$s
                for each row execute function chaos.note_%1$s();
            create trigger chaos_truncate after truncate on %6$s
                for each statement execute function chaos.note_%1$s();
            """;

    private Ledger() {}

    /** Whether it is there. */
    static boolean isInstalled(Connection source) throws SQLException {
        try (Statement statement = source.createStatement();
                ResultSet row = statement.executeQuery("select to_regclass('chaos.ledger') is not null")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    /** Begins it. Nobody may be writing to the shop meanwhile. */
    static void install(Connection source) throws SQLException {
        try (Statement statement = source.createStatement()) {
            statement.execute(INSTALL);
            for (SourceTable table : SourceTable.ALL) {
                statement.execute(TABLE.formatted(
                        table.name(),
                        placement(table, "new"),
                        placement(table, "old"),
                        key(table, "new"),
                        key(table, "old"),
                        table.qualifiedName()));
            }
        }
    }

    /** The number of its last entry, 0 if it has none. Exact while nobody writes to the shop. */
    static long lastEntry(Connection source) throws SQLException {
        return number(source, "select coalesce(max(id), 0) from chaos.ledger");
    }

    /** How many transactions it holds. */
    static long transactions(Connection source) throws SQLException {
        return number(source, "select count(distinct xid) from chaos.ledger");
    }

    /** By table name, how many entries it has. */
    static Map<String, Long> entriesByTable(Connection source) throws SQLException {
        Map<String, Long> entries = new HashMap<>();
        try (Statement statement = source.createStatement();
                ResultSet row = statement.executeQuery(
                        "select split_part(entry, '|', 1), count(*) from chaos.ledger group by 1")) {
            while (row.next()) {
                entries.put(row.getString(1), row.getLong(2));
            }
        }
        return entries;
    }

    /** Those of these transactions that it does not hold. */
    static Set<Long> missing(Connection source, Set<Long> transactions) throws SQLException {
        Set<Long> missing = new HashSet<>(transactions);
        try (Statement statement = source.createStatement();
                ResultSet row = statement.executeQuery("select distinct xid from chaos.ledger")) {
            while (row.next()) {
                missing.remove(row.getLong(1));
            }
        }
        return missing;
    }

    /** By transaction, what it comes to, of the entries after one. */
    static Map<Long, TransactionDigest> digests(Connection source, long afterEntry) throws SQLException {
        Map<Long, TransactionDigest> digests = new HashMap<>();
        try (PreparedStatement select = source.prepareStatement("""
                select xid, count(*), sum(('x' || substr(md5(entry), 1, 15))::bit(60)::bigint::numeric)
                  from chaos.ledger where id > ? group by xid
                """)) {
            select.setLong(1, afterEntry);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    digests.put(row.getLong(1), new TransactionDigest(row.getLong(2), row.getBigDecimal(3)));
                }
            }
        }
        return digests;
    }

    /** The entries of a transaction: {@code table|operation|key}. */
    static List<String> entries(Connection source, long transaction) throws SQLException {
        try (PreparedStatement select =
                source.prepareStatement("select entry from chaos.ledger where xid = ? order by id")) {
            select.setLong(1, transaction);
            try (ResultSet row = select.executeQuery()) {
                List<String> entries = new ArrayList<>();
                while (row.next()) {
                    entries.add(row.getString(1));
                }
                return entries;
            }
        }
    }

    private static String placement(SourceTable table, String row) {
        return table.placementColumns().stream()
                .map(column -> row + "." + column)
                .collect(Collectors.joining(", ", "row(", ")"));
    }

    private static String key(SourceTable table, String row) {
        return table.primaryKey().stream()
                .map(column -> row + "." + column + "::text")
                .collect(Collectors.joining(" || ':' || "));
    }

    private static long number(Connection source, String sql) throws SQLException {
        try (Statement statement = source.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
