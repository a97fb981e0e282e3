package dev.tenantlake.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** The shop's Postgres, found by nothing but the variables that {@code env} exports. */
final class SourceDatabase {

    private SourceDatabase() {}

    static Connection connect(Map<String, String> environment) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", environment.get("PGUSER"));
        Optional.ofNullable(environment.get("PGPASSWORD"))
                .or(() -> passwordFrom(environment.get("PGPASSFILE")))
                .ifPresent(password -> properties.setProperty("password", password));
        return DriverManager.getConnection(
                "jdbc:postgresql://" + environment.get("PGHOST") + ":" + environment.get("PGPORT") + "/"
                        + environment.get("PGDATABASE"),
                properties);
    }

    private static Optional<String> passwordFrom(String passwordFile) {
        try {
            return Files.readAllLines(Path.of(passwordFile)).stream()
                    .map(line -> line.substring(line.lastIndexOf(':') + 1))
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
