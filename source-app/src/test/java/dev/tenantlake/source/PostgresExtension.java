package dev.tenantlake.source;

import dev.tenantlake.local.LocalAwsProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Starts Postgres once for all tests, and gives each {@link TestShop} parameter a new database on it. */
public final class PostgresExtension implements ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(PostgresExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestShop.class;
    }

    @Override
    public TestShop resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(Server.class, key -> new Server(), Server.class)
                .newShop();
    }

    private static final class Server implements AutoCloseable {

        private final Path directory;
        private final LocalAwsProcess process;
        private final AtomicInteger shops = new AtomicInteger();

        Server() {
            try {
                this.directory = Files.createTempDirectory("source-app-tests");
                this.process = LocalAwsProcess.start(directory, false);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        TestShop newShop() {
            Map<String, String> environment = new HashMap<>(process.environment("admin"));
            String database = "shop_" + shops.incrementAndGet();
            try (Connection connection = DriverManager.getConnection(
                            process.jdbcUrl(), environment.get("PGUSER"), process.postgresPassword());
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE DATABASE " + database);
            } catch (SQLException e) {
                throw new IllegalStateException("cannot create a database for a test", e);
            }
            environment.put("PGDATABASE", database);
            environment.put("PGPASSWORD", process.postgresPassword());
            String url = process.jdbcUrl().replaceFirst("[^/]*$", database);
            return new TestShop(url, environment);
        }

        @Override
        public void close() throws IOException {
            process.close();
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
