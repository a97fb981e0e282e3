package dev.tenantlake.bench.baseline;

import dev.tenantlake.model.LakeException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import org.postgresql.PGProperty;
import org.postgresql.jdbcurlresolver.PgPassParser;

/**
 * The source that a baseline reads, by libpq's variables.
 *
 * @param host its host
 * @param port its port
 * @param database the database
 * @param user whom to connect as
 * @param password from the file that PGPASSFILE names
 */
record SourceOptions(String host, String port, String database, String user, String password) {

    /** @throws LakeException of kind {@code WRONG_USAGE} if a variable is missing */
    static SourceOptions from(Map<String, String> environment) {
        String host = required(environment, "PGHOST");
        String port = required(environment, "PGPORT");
        String database = required(environment, "PGDATABASE");
        String user = required(environment, "PGUSER");
        String password = PgPassParser.getPassword(host, port, database, user);
        if (password == null) {
            throw new LakeException(
                    LakeException.Kind.WRONG_USAGE, "PGPASSFILE has no password for " + host + ":" + port);
        }
        return new SourceOptions(host, port, database, user, password);
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url(), properties());
    }

    Connection connectForReplication() throws SQLException {
        Properties properties = properties();
        PGProperty.REPLICATION.set(properties, "database");
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "10");
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        return DriverManager.getConnection(url(), properties);
    }

    /** Says nothing of the password. */
    @Override
    public String toString() {
        return host + ":" + port + "/" + database;
    }

    private String url() {
        return "jdbc:postgresql://" + host + ":" + port + "/" + database;
    }

    private Properties properties() {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        return properties;
    }

    private static String required(Map<String, String> environment, String name) {
        String value = environment.get(name);
        if (value == null || value.isBlank()) {
            throw new LakeException(LakeException.Kind.WRONG_USAGE, name + " is not set: expected the source's");
        }
        return value;
    }
}
