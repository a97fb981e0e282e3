package dev.tenantlake.source;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.source.database.SourceDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A database of its own for one test, empty at first, on the Postgres that all tests share. */
public final class TestShop {

    private final String url;
    private final Map<String, String> environment;

    TestShop(String url, Map<String, String> environment) {
        this.url = requireNonNull(url, "url");
        this.environment = Map.copyOf(environment);
    }

    /** What a command is to find in its environment. */
    public Map<String, String> environment() {
        return environment;
    }

    public SourceDatabase database() {
        return SourceDatabase.from(environment);
    }

    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url, environment.get("PGUSER"), environment.get("PGPASSWORD"));
    }

    public void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The result's rows, each with its values joined by a bar. */
    public List<String> rows(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    values.add(result.getString(i));
                }
                rows.add(String.join("|", values));
            }
            return rows;
        }
    }

    public long count(String sql) throws SQLException {
        return Long.parseLong(rows(sql).get(0));
    }
}
