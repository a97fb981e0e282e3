package dev.tenantlake.query.history;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.query.sql.SqlFolder;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What each table of gold is, as one SELECT over silver, or over tables of gold that are defined so: {@code
 * gold/<table>.sql} on the class path, with the table's columns but {@code _epoch}. The job that writes gold computes the
 * same; here it is for a silver that nobody has written down.
 *
 * @param sql by the tables' names
 */
public record GoldDefinitions(SortedMap<String, String> sql) {

    public GoldDefinitions {
        sql = new TreeMap<>(requireNonNull(sql, "sql"));
    }

    /** Reads all of them. */
    public static GoldDefinitions load() {
        SortedMap<String, String> sql = new TreeMap<>();
        SqlFolder.read("/gold").texts().forEach((table, text) -> sql.put(table, text.strip()));
        return new GoldDefinitions(sql);
    }

    /** What a table is, if there is a definition of it. */
    Optional<String> of(String table) {
        return Optional.ofNullable(sql.get(table));
    }
}
