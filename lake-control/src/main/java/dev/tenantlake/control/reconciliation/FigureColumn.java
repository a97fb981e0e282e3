package dev.tenantlake.control.reconciliation;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.ColumnType;

/**
 * A column that figures are made of, and how its values become the same text in Postgres and in Athena.
 *
 * @param name the same in both
 * @param type what its values are
 */
public record FigureColumn(String name, Type type) {

    /** What sort of values; each with the expression of its canonical text in either dialect. */
    public enum Type {
        /** A whole number, in decimal digits. */
        INTEGER("%s::text", "cast(%s as varchar)"),
        /** A decimal number, with all digits of its scale. */
        DECIMAL("%s::text", "cast(%s as varchar)"),
        /** Text as it is. */
        TEXT("%s::text", "%s"),
        /** {@code true} or {@code false}. */
        BOOLEAN("%s::text", "cast(%s as varchar)"),
        /** {@code yyyy-MM-dd HH:mm:ss.SSSSSS} in UTC. */
        INSTANT(
                "to_char(%s at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
                "cast(cast(%s as timestamp(6)) as varchar)"),
        /** {@code yyyy-MM-dd}. */
        DATE("to_char(%s, 'YYYY-MM-DD')", "cast(%s as varchar)"),
        /** JSON without spaces. */
        TEXT_ARRAY("array_to_json(%s)::text", "json_format(json_parse(%s))");

        private final String postgres;
        private final String athena;

        Type(String postgres, String athena) {
            this.postgres = postgres;
            this.athena = athena;
        }

        boolean isNumber() {
            return this == INTEGER || this == DECIMAL;
        }

        static Type of(ColumnType type) {
            return switch (type) {
                case BIGINT, INTEGER -> INTEGER;
                case MONEY -> DECIMAL;
                case TEXT, UUID, JSON -> TEXT;
                case BOOLEAN -> BOOLEAN;
                case INSTANT -> INSTANT;
                case DATE -> DATE;
                case TEXT_ARRAY -> TEXT_ARRAY;
            };
        }
    }

    public FigureColumn {
        requireNonNull(name, "name");
        requireNonNull(type, "type");
    }

    /** The column's canonical text as an expression of Postgres. */
    String inPostgres() {
        return String.format(type.postgres, name);
    }

    /** The column's canonical text as an expression of Athena. */
    String inAthena() {
        return String.format(type.athena, name);
    }
}
