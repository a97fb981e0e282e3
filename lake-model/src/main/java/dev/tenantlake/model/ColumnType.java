package dev.tenantlake.model;

/** The column types of the source that the lake carries, each exactly, and what each is in Glue and Athena. */
public enum ColumnType {
    /** {@code bigint}. */
    BIGINT("bigint"),
    /** {@code integer}. */
    INTEGER("int"),
    /** {@code text}. */
    TEXT("string"),
    /** {@code boolean}. */
    BOOLEAN("boolean"),
    /** {@code numeric(12,2)}: money in the unit of the row's currency. */
    MONEY("decimal(12,2)"),
    /** {@code timestamptz}: an instant, as microseconds since the Unix epoch in UTC. */
    INSTANT("timestamp"),
    /** {@code date}. */
    DATE("date"),
    /** {@code uuid}, in its text form. */
    UUID("string"),
    /** {@code jsonb}, in Postgres' normalised text form. */
    JSON("string"),
    /** {@code text[]}, as JSON text. */
    TEXT_ARRAY("string");

    private final String glueType;

    ColumnType(String glueType) {
        this.glueType = glueType;
    }

    /** The type's name in the Glue Data Catalog, which is Hive's. */
    public String glueType() {
        return glueType;
    }
}
