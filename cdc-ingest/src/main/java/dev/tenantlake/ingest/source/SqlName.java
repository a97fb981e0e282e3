package dev.tenantlake.ingest.source;

/** Names and literals as SQL takes them. */
public final class SqlName {

    private SqlName() {}

    /** An identifier, quoted. */
    public static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** A table's name with its schema, both quoted. */
    public static String quote(String schema, String table) {
        return quote(schema) + "." + quote(table);
    }

    /** A string literal. */
    public static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
