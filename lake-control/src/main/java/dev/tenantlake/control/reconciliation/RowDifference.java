package dev.tenantlake.control.reconciliation;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.AthenaSession;
import dev.tenantlake.model.LakeException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which rows of a table the source and the lake disagree on. It moves every row's key and digest, so it is for a table
 * whose figures differ.
 *
 * @param table the table in the lake
 * @param missing how many rows of the source the lake lacks
 * @param extra how many rows the lake has that the source has not, or has but once
 * @param different how many rows differ in some column
 * @param examples the keys of the first of them, with what is wrong
 */
public record RowDifference(String table, long missing, long extra, long different, List<String> examples) {

    private static final int MOST_EXAMPLES = 5;

    public RowDifference {
        requireNonNull(table, "table");
        examples = List.copyOf(examples);
    }

    /** Finds them. Nothing may be written to the source meanwhile. */
    public static RowDifference find(FiguredTable table, Connection source, AthenaSession athena) {
        return of(
                table.name(),
                sourceRows(table, source),
                athena.ask(table.rowsInAthena()).rows());
    }

    /**
     * Finds them in rows that are at hand.
     *
     * @param source by key, the digests of the source's rows
     * @param lake of each row of the lake, its key and its digest
     */
    static RowDifference of(String table, Map<String, String> source, List<List<String>> lake) {
        Map<String, String> unmatched = new TreeMap<>(source);
        long extra = 0;
        long different = 0;
        List<String> examples = new ArrayList<>();
        for (List<String> row : lake) {
            String digest = unmatched.remove(row.get(0));
            if (digest == null) {
                extra++;
                note(examples, row.get(0), "only in the lake, or there twice");
            } else if (!digest.equals(row.get(1))) {
                different++;
                note(examples, row.get(0), "differs");
            }
        }
        unmatched.keySet().forEach(key -> note(examples, key, "only in the source"));
        return new RowDifference(table, unmatched.size(), extra, different, examples);
    }

    /** One line for a person. */
    public String text() {
        return table + ": " + missing + " rows are missing, " + extra + " too many, " + different + " differ "
                + examples;
    }

    private static void note(List<String> examples, String key, String what) {
        if (examples.size() < MOST_EXAMPLES) {
            examples.add(key.replace('\u001f', '/') + " " + what);
        }
    }

    private static Map<String, String> sourceRows(FiguredTable table, Connection source) {
        try (Statement statement = source.createStatement();
                ResultSet row = statement.executeQuery(table.rowsInPostgres())) {
            Map<String, String> rows = new HashMap<>();
            while (row.next()) {
                rows.put(row.getString(1), row.getString(2));
            }
            return rows;
        } catch (SQLException e) {
            throw new LakeException(
                    LakeException.Kind.UNAVAILABLE,
                    "Postgres did not give the rows of " + table.name() + ": " + e.getMessage(),
                    e);
        }
    }
}
