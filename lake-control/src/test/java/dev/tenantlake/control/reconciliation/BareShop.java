package dev.tenantlake.control.reconciliation;

import dev.tenantlake.local.LocalAwsProcess;
import dev.tenantlake.model.ColumnType;
import dev.tenantlake.model.SourceTable;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Collectors;

/** The shop's tables on a Postgres of their own: the columns by the model, no constraints, no rows. */
public final class BareShop implements AutoCloseable {

    private final LocalAwsProcess localAws;
    private final Connection source;

    private BareShop(LocalAwsProcess localAws, Connection source) {
        this.localAws = localAws;
        this.source = source;
    }

    /** Starts the Postgres, which keeps its data in the folder, and makes the tables. */
    public static BareShop start(Path folder) throws SQLException {
        LocalAwsProcess localAws = LocalAwsProcess.start(folder, false);
        BareShop shop = new BareShop(
                localAws, DriverManager.getConnection(localAws.jdbcUrl(), "postgres", localAws.postgresPassword()));
        shop.execute("create schema shop");
        for (SourceTable table : SourceTable.ALL) {
            shop.execute(table.columns().stream()
                    .map(column -> column.name() + " " + postgresType(column.type()))
                    .collect(Collectors.joining(", ", "create table " + table.qualifiedName() + " (", ")")));
        }
        return shop;
    }

    public Connection source() {
        return source;
    }

    public void execute(String sql) throws SQLException {
        try (Statement statement = source.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        source.close();
        localAws.close();
    }

    private static String postgresType(ColumnType type) {
        return switch (type) {
            case BIGINT -> "bigint";
            case INTEGER -> "integer";
            case TEXT -> "text";
            case BOOLEAN -> "boolean";
            case MONEY -> "numeric(12, 2)";
            case INSTANT -> "timestamptz";
            case DATE -> "date";
            case UUID -> "uuid";
            case JSON -> "jsonb";
            case TEXT_ARRAY -> "text[]";
        };
    }
}
