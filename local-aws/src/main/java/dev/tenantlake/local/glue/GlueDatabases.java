package dev.tenantlake.local.glue;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tenantlake.local.glue.GlueCatalog.Database;
import dev.tenantlake.local.identity.Account;
import dev.tenantlake.local.identity.Caller;
import dev.tenantlake.local.wire.JsonApi;
import dev.tenantlake.local.wire.JsonInput;
import dev.tenantlake.local.wire.JsonOperation;
import dev.tenantlake.local.wire.Page;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** Glue's operations on databases. */
final class GlueDatabases {

    private static final int PAGE = 100;

    private final GlueCatalog catalog;
    private final GlueAccess access;
    private final Clock clock;

    GlueDatabases(GlueCatalog catalog, GlueAccess access, Clock clock) {
        this.catalog = requireNonNull(catalog, "catalog");
        this.access = requireNonNull(access, "access");
        this.clock = requireNonNull(clock, "clock");
    }

    Map<String, JsonOperation> operations() {
        return Map.of(
                "CreateDatabase", this::create,
                "GetDatabase", this::get,
                "GetDatabases", this::list,
                "UpdateDatabase", this::update,
                "DeleteDatabase", this::delete);
    }

    private ObjectNode create(JsonInput input, Caller caller) {
        JsonInput given = input.structure("DatabaseInput");
        String name = GlueNames.name(given, "Name");
        access.require(caller, "glue:CreateDatabase", name);
        catalog.change(change -> {
            if (catalog.database(name).isPresent()) {
                throw GlueCatalog.alreadyExists("Database already exists: " + name);
            }
            catalog.put(change, new Database(name, GlueNames.renamed(given, name), clock.instant()));
        });
        return JsonApi.object();
    }

    private ObjectNode get(JsonInput input, Caller caller) {
        String name = GlueNames.name(input, "Name");
        access.require(caller, "glue:GetDatabase", name);
        Database database = catalog.database(name)
                .filter(found -> access.sees(caller, found))
                .orElseThrow(() -> GlueCatalog.notFound("Database " + name + " not found."));
        ObjectNode result = JsonApi.object();
        result.set("Database", describe(database));
        return result;
    }

    private ObjectNode list(JsonInput input, Caller caller) {
        access.require(caller, "glue:GetDatabases");
        List<Database> seen = catalog.databases().stream()
                .filter(database -> access.sees(caller, database))
                .toList();
        Page<Database> page = GlueNames.page(input, seen, Database::name, PAGE);
        ObjectNode result = JsonApi.object();
        ArrayNode list = result.putArray("DatabaseList");
        page.elements().forEach(database -> list.add(describe(database)));
        page.nextToken().ifPresent(token -> result.put("NextToken", token));
        return result;
    }

    private ObjectNode update(JsonInput input, Caller caller) {
        String name = GlueNames.name(input, "Name");
        JsonInput given = input.structure("DatabaseInput");
        access.require(caller, "glue:UpdateDatabase", name);
        if (!GlueNames.name(given, "Name").equals(name)) {
            throw input.invalid("a database cannot be renamed");
        }
        catalog.change(change -> catalog.put(
                change,
                new Database(
                        name,
                        GlueNames.renamed(given, name),
                        catalog.requireDatabase(name).createdAt())));
        return JsonApi.object();
    }

    private ObjectNode delete(JsonInput input, Caller caller) {
        String name = GlueNames.name(input, "Name");
        access.require(caller, "glue:DeleteDatabase", name);
        catalog.change(change -> catalog.remove(change, catalog.requireDatabase(name)));
        return JsonApi.object();
    }

    private static ObjectNode describe(Database database) {
        ObjectNode description = database.input().deepCopy();
        description.put("CreateTime", JsonApi.time(database.createdAt()));
        description.put("CatalogId", Account.ID);
        return description;
    }
}
