package dev.tenantlake.local.postgres;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Postgres of the source: a process of its own on a loopback port, ready for logical replication, that asks for a
 * password. It stops with {@link #close}, and one that outlived the run before is stopped before it starts anew.
 */
public final class PostgresServer implements AutoCloseable {

    public static final String DATABASE = "shop";
    public static final String USER = "postgres";

    private static final Logger LOG = LoggerFactory.getLogger(PostgresServer.class);
    private static final Duration TO_START = Duration.ofSeconds(60);
    private static final int ATTEMPTS_ON_A_FREE_PORT = 3;

    private final PostgresSettings settings;
    private final PostgresWatch watch;

    private PostgresServer(PostgresSettings settings, PostgresWatch watch) {
        this.settings = requireNonNull(settings, "settings");
        this.watch = requireNonNull(watch, "watch");
    }

    /** Whether there is data already, and thereby a password. */
    public static boolean exists(Path dataDirectory) {
        return Files.exists(completed(dataDirectory));
    }

    /** Stops the Postgres that a run left behind which was killed, and clears its traces. */
    public static void stopLeftover(Path dataDirectory) {
        Postmaster.of(dataDirectory).ifPresent(leftover -> {
            LOG.info("event=postgres_left_by_another_run pid={}", leftover.pid());
            leftover.stop();
        });
        Postmaster.clearLeftFile(dataDirectory);
    }

    /**
     * Starts it and makes the database {@value #DATABASE} if it is not there.
     *
     * @param onDeath is told if it ends without being closed
     * @throws LakeException of kind {@code UNAVAILABLE} if it does not start
     */
    public static PostgresServer start(PostgresSettings wanted, Runnable onDeath) {
        Path data = wanted.dataDirectory();
        stopLeftover(data);
        if (!exists(data)) {
            removeHalfMade(data);
        }
        PostgresSettings settings = launch(wanted);
        try {
            markCompleted(data);
            ensureDatabase(settings);
            PostgresWatch watch = PostgresWatch.start(
                    () -> connect(settings, "postgres"),
                    () -> Postmaster.of(data).isPresent(),
                    onDeath);
            LOG.info("event=postgres_started port={} durable={}", settings.port(), settings.durable());
            return new PostgresServer(settings, watch);
        } catch (RuntimeException e) {
            Postmaster.of(data).ifPresent(Postmaster::stop);
            throw e;
        }
    }

    public int port() {
        return settings.port();
    }

    private static PostgresSettings launch(PostgresSettings wanted) {
        for (int attempt = 1; ; attempt++) {
            PostgresSettings settings = wanted.port() == 0 ? wanted.withPort(freePort()) : wanted;
            try {
                launchOn(settings);
                return settings;
            } catch (IOException | RuntimeException e) {
                Postmaster.of(settings.dataDirectory()).ifPresent(Postmaster::stop);
                if (wanted.port() != 0 || attempt == ATTEMPTS_ON_A_FREE_PORT || !exists(settings.dataDirectory())) {
                    throw new LakeException(
                            LakeException.Kind.UNAVAILABLE,
                            "Postgres did not start on port " + settings.port() + ": " + reason(settings, e)
                                    + " (all it said is in " + settings.log() + ")",
                            e);
                }
            }
        }
    }

    private static void launchOn(PostgresSettings settings) throws IOException {
        System.setProperty("ot.epg.working-dir", settings.programs().toString());
        Path passwordFile = settings.dataDirectory().resolveSibling(".postgres-password");
        ProcessBuilder.Redirect log =
                ProcessBuilder.Redirect.appendTo(settings.log().toFile());
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(settings.dataDirectory())
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setPort(settings.port())
                .setPGStartupWait(TO_START)
                .setErrorRedirector(log)
                .setOutputRedirector(log)
                .setConnectConfig("password", settings.password())
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("unix_socket_directories", "")
                .setServerConfig("max_connections", "100")
                .setServerConfig("wal_level", "logical")
                .setServerConfig("max_wal_senders", "10")
                .setServerConfig("max_replication_slots", "10")
                .setServerConfig("max_slot_wal_keep_size", "2GB")
                // The library passes -F, which this comes after. What a commit has written, though not to the disk,
                // survives the end of any process.
                .setServerConfig("fsync", settings.durable() ? "on" : "off")
                .setServerConfig("synchronous_commit", "on")
                // For initdb.
                .setLocaleConfig("locale", "C")
                .setLocaleConfig("locale-provider", "builtin")
                .setLocaleConfig("builtin-locale", "C.UTF-8")
                .setLocaleConfig("auth-host", "scram-sha-256")
                .setLocaleConfig("auth-local", "reject")
                .setLocaleConfig("pwfile", passwordFile.toString());
        try {
            Files.deleteIfExists(passwordFile);
            Files.createFile(
                    passwordFile, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(passwordFile, settings.password());
            builder.start();
        } finally {
            Files.deleteIfExists(passwordFile);
        }
    }

    private static void ensureDatabase(PostgresSettings settings) {
        try (Connection connection = connect(settings, "postgres");
                Statement statement = connection.createStatement();
                ResultSet found =
                        statement.executeQuery("select 1 from pg_database where datname = '" + DATABASE + "'")) {
            if (!found.next()) {
                statement.execute("create database " + DATABASE);
            }
        } catch (SQLException e) {
            throw new LakeException(
                    LakeException.Kind.UNAVAILABLE,
                    "Postgres started, but the database " + DATABASE + " cannot be made: " + e.getMessage(),
                    e);
        }
    }

    private static Connection connect(PostgresSettings settings, String database) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", USER);
        properties.setProperty("password", settings.password());
        properties.setProperty("ApplicationName", "local-aws");
        properties.setProperty("connectTimeout", "2");
        properties.setProperty("socketTimeout", "10");
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + settings.port() + "/" + database, properties);
    }

    /** The last thing that Postgres complained of, if it did, says more than that it did not start. */
    private static String reason(PostgresSettings settings, Exception failure) {
        try (Stream<String> lines = Files.lines(settings.log())) {
            Optional<String> complaint = lines.filter(line -> line.contains("FATAL:") || line.contains("error:"))
                    .reduce((before, last) -> last);
            return complaint.orElse(String.valueOf(failure.getMessage())).strip();
        } catch (IOException e) {
            return String.valueOf(failure.getMessage());
        }
    }

    /** What initdb had not finished when it was killed, or when it failed; nobody ever wrote data there. */
    private static void removeHalfMade(Path data) {
        if (!Files.exists(data)) {
            return;
        }
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + data, e);
        }
    }

    private static void markCompleted(Path data) {
        try {
            if (!exists(data)) {
                Files.createFile(completed(data));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to " + data, e);
        }
    }

    private static Path completed(Path data) {
        return data.resolve("tenantlake-completed");
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("there is no free port", e);
        }
    }

    @Override
    public void close() {
        watch.close();
        Postmaster.of(settings.dataDirectory()).ifPresent(Postmaster::stop);
        LOG.info("event=postgres_stopped port={}", settings.port());
    }
}
