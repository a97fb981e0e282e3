package dev.tenantlake.local.athena;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a statement is in Athena's terms, by the word that it begins with. */
enum StatementKind {
    /** Asks for rows, or writes some; its result is CSV. */
    DML,
    /** Changes the catalog. */
    DDL,
    /** Tells of the catalog, or of a statement. */
    UTILITY;

    private static final Pattern BEFORE = Pattern.compile("\\s+|\\(|--[^\\n]*|(?s:/\\*.*?\\*/)");
    private static final Pattern WORD = Pattern.compile("\\w*");
    private static final Set<String> CHANGES =
            Set.of("create", "drop", "alter", "msck", "comment", "grant", "revoke", "prepare", "deallocate");
    private static final Set<String> DESCRIPTIONS = Set.of("show", "describe", "desc", "explain", "analyze");

    static StatementKind of(String sql) {
        Matcher before = BEFORE.matcher(sql);
        int at = 0;
        while (before.region(at, sql.length()).lookingAt()) {
            at = before.end();
        }
        Matcher first = WORD.matcher(sql).region(at, sql.length());
        String word = first.lookingAt() ? first.group().toLowerCase(Locale.ROOT) : "";
        if (CHANGES.contains(word)) {
            return DDL;
        }
        return DESCRIPTIONS.contains(word) ? UTILITY : DML;
    }

    /** How the name of the result's object ends. */
    String suffix() {
        return this == DML ? ".csv" : ".txt";
    }
}
