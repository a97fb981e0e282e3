package dev.tenantlake.ingest.source;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * Where the source is and as whom to reach it, by libpq's variables. The password is in no text form of it.
 *
 * @param host {@code PGHOST}, {@code 127.0.0.1} unless set
 * @param port {@code PGPORT}, 5432 unless set
 * @param database {@code PGDATABASE}, {@code shop} unless set
 * @param user {@code PGUSER}, {@code postgres} unless set
 * @param password {@code PGPASSWORD}, else the line of {@code PGPASSFILE} that fits; empty if the server asks for none
 * @param sslMode {@code PGSSLMODE}; empty for the driver's default
 * @param sslRootCertificate {@code PGSSLROOTCERT}, a file; empty for the driver's default
 */
public record PostgresConfig(
        String host,
        int port,
        String database,
        String user,
        Optional<String> password,
        Optional<String> sslMode,
        Optional<String> sslRootCertificate) {

    private static final int CONNECT_TIMEOUT_SECONDS = 10;
    private static final int HIGHEST_PORT = 65_535;
    /** No limit that the server or the role sets for ordinary sessions may end a long read or an idle wait. */
    public static final String SESSION_OPTIONS =
            "-c statement_timeout=0 -c lock_timeout=0 -c idle_in_transaction_session_timeout=0 -c idle_session_timeout=0";

    public PostgresConfig {
        requireNonNull(host, "host");
        requireNonNull(database, "database");
        requireNonNull(user, "user");
        requireNonNull(password, "password");
        requireNonNull(sslMode, "sslMode");
        requireNonNull(sslRootCertificate, "sslRootCertificate");
    }

    /**
     * The configuration that these variables give.
     *
     * @throws LakeException of kind {@code WRONG_USAGE} if one of them has a value that cannot be used
     */
    public static PostgresConfig from(Map<String, String> environment) {
        String host = setting(environment, "PGHOST").orElse("127.0.0.1");
        int port = port(setting(environment, "PGPORT").orElse("5432"));
        String database = setting(environment, "PGDATABASE").orElse("shop");
        String user = setting(environment, "PGUSER").orElse("postgres");
        Optional<String> password = setting(environment, "PGPASSWORD")
                .or(() -> setting(environment, "PGPASSFILE")
                        .flatMap(file -> PasswordFile.find(Path.of(file), host, port, database, user)));
        return new PostgresConfig(
                host,
                port,
                database,
                user,
                password,
                setting(environment, "PGSSLMODE"),
                setting(environment, "PGSSLROOTCERT"));
    }

    /** {@code host:port}, for messages. */
    public String address() {
        return host + ":" + port;
    }

    /** Opens a connection for queries. The caller closes it. */
    public Connection open() throws SQLException {
        return DriverManager.getConnection(url(), properties());
    }

    /** Opens a connection that takes replication commands. The caller closes it. */
    public Connection openForReplication() throws SQLException {
        Properties properties = properties();
        properties.setProperty("replication", "database");
        properties.setProperty("assumeMinServerVersion", "15");
        properties.setProperty("preferQueryMode", "simple");
        return DriverManager.getConnection(url(), properties);
    }

    private String url() {
        return "jdbc:postgresql://" + host + ":" + port + "/" + database;
    }

    private Properties properties() {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        password.ifPresent(value -> properties.setProperty("password", value));
        sslMode.ifPresent(value -> properties.setProperty("sslmode", value));
        sslRootCertificate.ifPresent(value -> properties.setProperty("sslrootcert", value));
        properties.setProperty("ApplicationName", "tenantlake-cdc-ingest");
        properties.setProperty("connectTimeout", String.valueOf(CONNECT_TIMEOUT_SECONDS));
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("options", SESSION_OPTIONS);
        return properties;
    }

    @Override
    public String toString() {
        return user + "@" + address() + "/" + database;
    }

    private static Optional<String> setting(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            if (port > 0 && port <= HIGHEST_PORT) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Said below, in our words.
        }
        throw new LakeException(
                LakeException.Kind.WRONG_USAGE,
                "PGPORT is '" + text + "': expected a port, a number from 1 to " + HIGHEST_PORT);
    }
}
