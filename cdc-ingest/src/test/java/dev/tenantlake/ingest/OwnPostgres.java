package dev.tenantlake.ingest;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A Postgres of one test, of the same binaries as local-aws', for what cannot be done to one that is shared. */
final class OwnPostgres implements AutoCloseable {

    private final Path binaries;
    private final Path folder;
    private final int port;
    private Process server;

    private OwnPostgres(Path binaries, Path folder, int port) {
        this.binaries = binaries;
        this.folder = folder;
        this.port = port;
    }

    /** Makes its data directory. */
    static OwnPostgres create(TestLake lake, Path folder) throws IOException {
        Path binaries = Path.of(lake.query("SELECT setting FROM pg_config WHERE name = 'BINDIR'"));
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            OwnPostgres postgres = new OwnPostgres(binaries, folder, free.getLocalPort());
            int exitCode = postgres.launch("initdb", "-D", postgres.data(), "-U", "postgres", "-A", "trust", "-N")
                    .onExit()
                    .join()
                    .exitValue();
            if (exitCode != 0) {
                throw new AssertionError("initdb failed, see " + folder);
            }
            return postgres;
        }
    }

    /** Starts it, or starts it again, with these settings. */
    void start(String... settings) throws IOException {
        stop();
        List<String> arguments = new ArrayList<>(List.of("-F", "-D", data(), "-p", String.valueOf(port)));
        for (String setting : settings) {
            arguments.addAll(List.of("-c", setting));
        }
        arguments.addAll(List.of("-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="));
        server = launch("postgres", arguments.toArray(String[]::new));
        Await.until("Postgres is up", this::answers);
    }

    /** What to reach it by. */
    Map<String, String> variables() {
        return Map.of("PGPORT", String.valueOf(port), "PGDATABASE", "postgres");
    }

    void sql(String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Override
    public void close() {
        stop();
    }

    private void stop() {
        if (server != null) {
            server.destroy();
            server.onExit().join();
        }
    }

    private boolean answers() {
        if (!server.isAlive()) {
            throw new AssertionError("Postgres did not start, see " + folder);
        }
        try (Connection connection = connect()) {
            return connection.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/postgres", "postgres", "");
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    /** Postgres does not run as root; in a namespace of its own root is somebody else. */
    private Process launch(String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(binaries.resolve(program).toString());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve(program + ".log").toFile()))
                .start();
    }
}
