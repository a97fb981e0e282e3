package dev.tenantlake.source.database;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.output.MigrateResult;

/** Brings the shop's tables, and what the change stream needs of them, to the version that this program knows. */
public final class ShopSchema {

    /** Where Flyway keeps its history: not in the shop's schema, which has nothing but the tables of the shop. */
    static final String HISTORY_SCHEMA = "migrations";

    private final SourceDatabase database;

    public ShopSchema(SourceDatabase database) {
        this.database = requireNonNull(database, "database");
    }

    /**
     * Applies the migrations that are missing; each of them is a transaction.
     *
     * @throws LakeException if the database cannot be reached, or is not what the migrations left it as
     */
    public Migrated migrate() {
        try {
            MigrateResult result = Flyway.configure()
                    .dataSource(database.dataSource())
                    .locations("classpath:db/migration")
                    .defaultSchema(HISTORY_SCHEMA)
                    .createSchemas(true)
                    .load()
                    .migrate();
            String version =
                    result.targetSchemaVersion == null ? result.initialSchemaVersion : result.targetSchemaVersion;
            return new Migrated(result.migrationsExecuted, version);
        } catch (FlywayException e) {
            throw failure(e);
        }
    }

    private LakeException failure(FlywayException e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return database.failure(sql);
            }
        }
        return new LakeException(
                LakeException.Kind.UNFIT,
                "the migrations of " + database + " failed: "
                        + e.getMessage().replaceAll("\\s*\\R\\s*", " ").trim(),
                e);
    }

    /**
     * What was done.
     *
     * @param applied how many migrations
     * @param version the version that the shop's schema has now
     */
    public record Migrated(int applied, String version) {}
}
