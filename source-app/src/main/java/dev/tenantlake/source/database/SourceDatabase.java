package dev.tenantlake.source.database;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Where the shop's Postgres answers, by the variables that libpq knows. Without a password the driver looks into the
 * file that {@code PGPASSFILE} names, in the environment of the process itself.
 */
public final class SourceDatabase {

    private static final int DEFAULT_PORT = 5432;
    private static final int SECONDS_TO_CONNECT = 10;

    private final String host;
    private final int port;
    private final String database;
    private final String user;
    private final Optional<String> password;
    private final Optional<String> sslMode;

    private SourceDatabase(Map<String, String> environment) {
        this.host = setting(environment, "PGHOST").orElse("127.0.0.1");
        this.port = setting(environment, "PGPORT").map(SourceDatabase::port).orElse(DEFAULT_PORT);
        this.database = setting(environment, "PGDATABASE").orElse("shop");
        this.user = setting(environment, "PGUSER").orElse("postgres");
        this.password = setting(environment, "PGPASSWORD");
        this.sslMode = setting(environment, "PGSSLMODE");
    }

    /**
     * The database that these variables name: {@code PGHOST} (127.0.0.1), {@code PGPORT} (5432), {@code PGDATABASE}
     * (shop), {@code PGUSER} (postgres), {@code PGPASSWORD}, {@code PGSSLMODE}.
     *
     * @throws LakeException of kind {@code WRONG_USAGE} if the port is not one
     */
    public static SourceDatabase from(Map<String, String> environment) {
        return new SourceDatabase(requireNonNull(environment, "environment"));
    }

    /**
     * Opens a connection.
     *
     * @throws LakeException if that fails: {@code UNAVAILABLE}, {@code DENIED} or {@code UNFIT}, as the reason is
     */
    public Connection connect() {
        try {
            return dataSource().getConnection();
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    /** For a library that opens connections by itself. */
    public DataSource dataSource() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {host});
        source.setPortNumbers(new int[] {port});
        source.setDatabaseName(database);
        source.setUser(user);
        password.ifPresent(source::setPassword);
        sslMode.ifPresent(source::setSslMode);
        source.setConnectTimeout(SECONDS_TO_CONNECT);
        source.setTcpKeepAlive(true);
        source.setApplicationName("tenantlake-source-app");
        source.setReWriteBatchedInserts(true);
        return source;
    }

    /**
     * What a person is told of an error of the database: what was wrong, and what to do. By SQLSTATE, see the Postgres
     * manual, Appendix A.
     */
    public LakeException failure(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        String reason = firstLine(e);
        if (state.startsWith("08") || state.startsWith("57P")) {
            return new LakeException(
                    LakeException.Kind.UNAVAILABLE,
                    "Postgres at " + this + " does not answer: " + reason
                            + "; check that it runs, and PGHOST and PGPORT",
                    e);
        }
        if (state.startsWith("28")) {
            return new LakeException(
                    LakeException.Kind.DENIED,
                    "Postgres at " + this + " refused user " + user + ": " + reason
                            + "; check PGUSER, and PGPASSWORD or PGPASSFILE",
                    e);
        }
        return switch (state) {
            case "3D000" ->
                new LakeException(
                        LakeException.Kind.UNFIT,
                        "Postgres at " + host + ":" + port + " has no database " + database
                                + ": create it, or set PGDATABASE to another",
                        e);
            case "3F000", "42P01" ->
                new LakeException(
                        LakeException.Kind.UNFIT,
                        "Postgres at " + this + " has no shop in it: run source-app seed, or source-app migrate",
                        e);
            case "42501" ->
                new LakeException(
                        LakeException.Kind.DENIED,
                        "user " + user + " may not do that in Postgres at " + this + ": " + reason,
                        e);
            case "55P03" ->
                new LakeException(
                        LakeException.Kind.IN_USE,
                        "somebody else is writing to the shop in Postgres at " + this + ": stop that first",
                        e);
            default ->
                new LakeException(
                        LakeException.Kind.UNFIT,
                        "Postgres at " + this + " failed: " + reason + " (SQLSTATE " + state + ")",
                        e);
        };
    }

    /** {@code host:port/database}. */
    @Override
    public String toString() {
        return host + ":" + port + "/" + database;
    }

    private static String firstLine(SQLException e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return message.lines().findFirst().orElse("").trim().replaceAll("[.;]+$", "");
    }

    private static Optional<String> setting(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            if (port > 0 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Said below, in our words.
        }
        throw new LakeException(
                LakeException.Kind.WRONG_USAGE, "PGPORT is '" + text + "': expected a port from 1 to 65535");
    }
}
