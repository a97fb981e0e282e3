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

    private static final Pattern BEGINNING = Pattern.compile("(?s)(?:\\s|\\(|--[^\\n]*(?:\\n|$)|/\\*.*?\\*/)*(\\w*).*");
    private static final Set<String> CHANGES =
            Set.of("create", "drop", "alter", "msck", "comment", "grant", "revoke", "prepare", "deallocate");
    private static final Set<String> DESCRIPTIONS = Set.of("show", "describe", "desc", "explain", "analyze");

    static StatementKind of(String sql) {
        Matcher matcher = BEGINNING.matcher(sql);
        String word = matcher.matches() ? matcher.group(1).toLowerCase(Locale.ROOT) : "";
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
