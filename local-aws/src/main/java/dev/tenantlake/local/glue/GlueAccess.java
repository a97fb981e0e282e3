package dev.tenantlake.local.glue;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tenantlake.local.glue.GlueCatalog.Column;
import dev.tenantlake.local.glue.GlueCatalog.Database;
import dev.tenantlake.local.glue.GlueCatalog.Table;
import dev.tenantlake.local.identity.Account;
import dev.tenantlake.local.identity.Caller;
import dev.tenantlake.local.identity.Permissions;
import dev.tenantlake.local.wire.AwsFault;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who sees what of the catalog: IAM's policies say which operations a caller may use, and of a role Lake Formation's
 * grants say which tables and columns it then sees.
 */
public final class GlueAccess {

    private final Permissions permissions;
    private final ColumnGrants grants;

    public GlueAccess(Permissions permissions, ColumnGrants grants) {
        this.permissions = requireNonNull(permissions, "permissions");
        this.grants = requireNonNull(grants, "grants");
    }

    /** @throws AwsFault if the caller may not do that in the catalog */
    void require(Caller caller, String action) {
        permissions.require(caller, action, Account.arn("glue", "catalog"));
    }

    /** @throws AwsFault if the caller may not do that with the database: it needs the catalog too, as on AWS */
    void require(Caller caller, String action, String database) {
        require(caller, action);
        permissions.require(caller, action, Account.arn("glue", "database/" + database));
    }

    /** @throws AwsFault if the caller may not do that with the table: it needs database and catalog too, as on AWS */
    void require(Caller caller, String action, String database, String table) {
        require(caller, action, database);
        permissions.require(caller, action, Account.arn("glue", "table/" + database + "/" + table));
    }

    boolean sees(Caller caller, Database database) {
        return seesAll(caller) || grants.anyIn(caller.principalArn(), database.name());
    }

    /** A user is none that grants are made to: the administrator, the pipeline, the query engine. */
    boolean seesAll(Caller caller) {
        return !(caller instanceof Caller.AssumedRole) || grants.isAdministrator(caller.principalArn());
    }

    /** The table with the columns that the caller sees; empty if it sees none, or if it is a view. */
    Optional<Table> seen(Caller caller, Table table) {
        if (seesAll(caller)) {
            return Optional.of(table);
        }
        Set<String> columns = grants.columnsOf(caller.principalArn(), table.database(), table.name());
        if (columns.isEmpty() || table.isView()) {
            return Optional.empty();
        }
        ObjectNode input = table.input().deepCopy();
        if (input.get("StorageDescriptor") instanceof ObjectNode storage) {
            keep(storage, columns);
        }
        return Optional.of(new Table(
                table.database(), table.name(), input, table.createdAt(), table.updatedAt(), table.version()));
    }

    /** Leaves of a partition's columns those that the table, as its caller sees it, has. */
    static void keepColumns(ObjectNode storage, Table table) {
        keep(storage, table.columns().stream().map(Column::name).collect(Collectors.toSet()));
    }

    private static void keep(ObjectNode storage, Set<String> columns) {
        if (storage.get("Columns") instanceof ArrayNode all) {
            ArrayNode kept = storage.putArray("Columns");
            for (JsonNode column : all) {
                if (columns.contains(column.path("Name").asText())) {
                    kept.add(column);
                }
            }
        }
    }

    /** What Lake Formation grants of the catalog. */
    public interface ColumnGrants {

        /** Whether the principal administers the lake. */
        boolean isAdministrator(String principalArn);

        /** Whether the principal is granted anything in the database. */
        boolean anyIn(String principalArn, String database);

        /** The columns of the table that the principal is granted: none if it is not granted the table. */
        Set<String> columnsOf(String principalArn, String database, String table);
    }
}
