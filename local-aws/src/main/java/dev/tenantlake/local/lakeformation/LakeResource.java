package dev.tenantlake.local.lakeformation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tenantlake.local.identity.Account;
import dev.tenantlake.local.wire.JsonApi;
import dev.tenantlake.local.wire.JsonInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What permissions are granted on. */
sealed interface LakeResource {

    /** A database, or something in one. */
    sealed interface InDatabase extends LakeResource {
        String database();
    }

    /** A table, or a part of one. */
    sealed interface OfTable extends InDatabase {
        String table();
    }

    /** The whole catalog. */
    record Catalog() implements LakeResource {}

    /** A database. */
    record Database(String database) implements InDatabase {}

    /** A table as a whole. */
    record Table(String database, String table) implements OfTable {}

    /** Every table of a database, those included that it gets later. */
    record AllTables(String database) implements InDatabase {}

    /** Some columns of a table, in all rows. */
    record Columns(String database, String table, ColumnSelection columns) implements OfTable {}

    /** What a data cells filter lets through. */
    record Filter(String database, String table, String name) implements OfTable {}

    /** A place in S3. */
    record Location(String arn) implements LakeResource {}

    /** Reads a {@code Resource}: exactly one of its members must be there. */
    static LakeResource of(JsonInput input) {
        List<String> members = members(input.node());
        if (members.size() != 1) {
            throw input.invalid("Resource must have exactly one member: it has " + members);
        }
        String kind = members.get(0);
        JsonInput member = input.structure(kind);
        return switch (kind) {
            case "Catalog" -> new Catalog();
            case "Database" -> new Database(name(member, "Name"));
            case "Table" -> table(member);
            case "TableWithColumns" ->
                new Columns(name(member, "DatabaseName"), name(member, "Name"), ColumnSelection.of(member));
            case "DataCellsFilter" ->
                new Filter(name(member, "DatabaseName"), name(member, "TableName"), member.text("Name"));
            case "DataLocation" -> new Location(member.text("ResourceArn"));
            default ->
                throw input.invalid("local-aws knows no grants on " + kind + ": data cells filters cannot be"
                        + " combined with LF-Tags, so permissions are granted by name");
        };
    }

    private static LakeResource table(JsonInput member) {
        String database = name(member, "DatabaseName");
        if (member.has("TableWildcard") == member.has("Name")) {
            throw member.invalid("either Name or TableWildcard must be given for a table");
        }
        return member.has("Name") ? new Table(database, name(member, "Name")) : new AllTables(database);
    }

    private static List<String> members(ObjectNode node) {
        List<String> members = new ArrayList<>();
        node.properties().forEach(member -> {
            if (!member.getValue().isNull()) {
                members.add(member.getKey());
            }
        });
        return members;
    }

    private static String name(JsonInput input, String member) {
        return input.text(member).toLowerCase(Locale.ROOT);
    }

    /** The resource as {@link #of} reads it. */
    default ObjectNode describe() {
        ObjectNode resource = JsonApi.object();
        if (this instanceof Catalog) {
            resource.putObject("Catalog").put("Id", Account.ID);
        } else if (this instanceof Database it) {
            resource.putObject("Database").put("CatalogId", Account.ID).put("Name", it.database());
        } else if (this instanceof Table it) {
            table(resource, "Table", it.database()).put("Name", it.table());
        } else if (this instanceof AllTables it) {
            table(resource, "Table", it.database()).putObject("TableWildcard");
        } else if (this instanceof Columns it) {
            ObjectNode node = table(resource, "TableWithColumns", it.database()).put("Name", it.table());
            it.columns().describe(node);
        } else if (this instanceof Filter it) {
            resource.putObject("DataCellsFilter")
                    .put("TableCatalogId", Account.ID)
                    .put("DatabaseName", it.database())
                    .put("TableName", it.table())
                    .put("Name", it.name());
        } else if (this instanceof Location it) {
            resource.putObject("DataLocation").put("CatalogId", Account.ID).put("ResourceArn", it.arn());
        }
        return resource;
    }

    private static ObjectNode table(ObjectNode resource, String member, String database) {
        return resource.putObject(member).put("CatalogId", Account.ID).put("DatabaseName", database);
    }

    /** The permissions that can be granted on it. */
    default Set<String> permissions() {
        if (this instanceof Catalog) {
            return Set.of("CREATE_DATABASE", "DESCRIBE");
        }
        if (this instanceof Database) {
            return Set.of("ALL", "ALTER", "CREATE_TABLE", "DESCRIBE", "DROP");
        }
        if (this instanceof Columns || this instanceof Filter) {
            return Set.of("SELECT");
        }
        if (this instanceof Location) {
            return Set.of("DATA_LOCATION_ACCESS");
        }
        return Set.of("ALL", "ALTER", "DELETE", "DESCRIBE", "DROP", "INSERT", "SELECT");
    }

    /** What {@code ListPermissions} calls its kind. */
    default String type() {
        if (this instanceof Catalog) {
            return "CATALOG";
        }
        if (this instanceof Database) {
            return "DATABASE";
        }
        return this instanceof Location ? "DATA_LOCATION" : "TABLE";
    }

    /** Whether it is the table, or a part of it. */
    default boolean isOf(String database, String table) {
        return this instanceof OfTable it
                && it.database().equals(database)
                && it.table().equals(table);
    }

    /** Whether it is the database, or something in it. */
    default boolean isIn(String database) {
        return this instanceof InDatabase it && it.database().equals(database);
    }
}
