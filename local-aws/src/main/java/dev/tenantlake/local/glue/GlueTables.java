package dev.tenantlake.local.glue;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tenantlake.local.glue.GlueCatalog.Table;
import dev.tenantlake.local.identity.Account;
import dev.tenantlake.local.identity.Caller;
import dev.tenantlake.local.wire.AwsFault;
import dev.tenantlake.local.wire.JsonApi;
import dev.tenantlake.local.wire.JsonInput;
import dev.tenantlake.local.wire.JsonOperation;
import dev.tenantlake.local.wire.Page;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Glue's operations on tables. Of a table's versions, the current one is kept. */
final class GlueTables {

    private static final int PAGE = 100;

    private final GlueCatalog catalog;
    private final GlueAccess access;
    private final Clock clock;

    GlueTables(GlueCatalog catalog, GlueAccess access, Clock clock) {
        this.catalog = requireNonNull(catalog, "catalog");
        this.access = requireNonNull(access, "access");
        this.clock = requireNonNull(clock, "clock");
    }

    Map<String, JsonOperation> operations() {
        return Map.of(
                "CreateTable", this::create,
                "GetTable", this::get,
                "GetTables", this::list,
                "GetTableVersion", this::version,
                "GetTableVersions", this::versions,
                "UpdateTable", this::update,
                "DeleteTable", this::delete,
                "BatchDeleteTable", this::deleteSeveral);
    }

    private ObjectNode create(JsonInput input, Caller caller) {
        String database = GlueNames.name(input, "DatabaseName");
        JsonInput given = input.structure("TableInput");
        String name = GlueNames.name(given, "Name");
        access.require(caller, "glue:CreateTable", database, name);
        Instant now = clock.instant();
        catalog.change(change -> {
            catalog.requireDatabase(database);
            if (catalog.table(database, name).isPresent()) {
                throw GlueCatalog.alreadyExists("Table already exists: " + database + "." + name);
            }
            Table table = new Table(database, name, GlueNames.renamed(given, name), now, now, 0);
            requireView(caller, table);
            catalog.put(change, table);
        });
        return JsonApi.object();
    }

    private ObjectNode get(JsonInput input, Caller caller) {
        String database = GlueNames.name(input, "DatabaseName");
        String name = GlueNames.name(input, "Name");
        access.require(caller, "glue:GetTable", database, name);
        ObjectNode result = JsonApi.object();
        result.set("Table", describe(seen(caller, database, name)));
        return result;
    }

    private ObjectNode list(JsonInput input, Caller caller) {
        String database = GlueNames.name(input, "DatabaseName");
        access.require(caller, "glue:GetTables", database);
        catalog.requireDatabase(database);
        Optional<Pattern> expression =
                input.optionalText("Expression").filter(text -> !text.isEmpty()).map(text -> pattern(input, text));
        List<Table> seen = catalog.tables(database).stream()
                .filter(table -> expression.isEmpty()
                        || expression.get().matcher(table.name()).matches())
                .flatMap(table -> access.seen(caller, table).stream())
                .toList();
        Page<Table> page = GlueNames.page(input, seen, Table::name, PAGE);
        ObjectNode result = JsonApi.object();
        ArrayNode list = result.putArray("TableList");
        page.elements().forEach(table -> list.add(describe(table)));
        page.nextToken().ifPresent(token -> result.put("NextToken", token));
        return result;
    }

    private static Pattern pattern(JsonInput input, String expression) {
        try {
            // Glue takes Hive's form, in which a lone asterisk stands for anything.
            return Pattern.compile(expression.toLowerCase(Locale.ROOT).replaceAll("(?<![.\\])])\\*", ".*"));
        } catch (PatternSyntaxException e) {
            throw input.invalid("Expression is not a regular expression: " + expression);
        }
    }

    private ObjectNode versions(JsonInput input, Caller caller) {
        String database = GlueNames.name(input, "DatabaseName");
        String name = GlueNames.name(input, "TableName");
        access.require(caller, "glue:GetTableVersions", database, name);
        ObjectNode result = JsonApi.object();
        result.putArray("TableVersions").add(describeVersion(seen(caller, database, name)));
        return result;
    }

    private ObjectNode version(JsonInput input, Caller caller) {
        String database = GlueNames.name(input, "DatabaseName");
        String name = GlueNames.name(input, "TableName");
        access.require(caller, "glue:GetTableVersion", database, name);
        Table table = seen(caller, database, name);
        Optional<String> wanted = input.optionalText("VersionId");
        if (wanted.isPresent() && !wanted.get().equals(String.valueOf(table.version()))) {
            throw GlueCatalog.notFound("Version " + wanted.get() + " of table " + name + " not found.");
        }
        ObjectNode result = JsonApi.object();
        result.set("TableVersion", describeVersion(table));
        return result;
    }

    private ObjectNode update(JsonInput input, Caller caller) {
        String database = GlueNames.name(input, "DatabaseName");
        JsonInput given = input.structure("TableInput");
        String name = GlueNames.name(given, "Name");
        access.require(caller, "glue:UpdateTable", database, name);
        Optional<String> expected = input.optionalText("VersionId");
        catalog.change(change -> {
            Table present = catalog.requireTable(database, name);
            if (expected.isPresent() && !expected.get().equals(String.valueOf(present.version()))) {
                throw AwsFault.of(
                        "ConcurrentModificationException",
                        "Table " + name + " is at version " + present.version() + ", not " + expected.get());
            }
            Table table = new Table(
                    database,
                    name,
                    GlueNames.renamed(given, name),
                    present.createdAt(),
                    clock.instant(),
                    present.version() + 1);
            requireView(caller, present);
            requireView(caller, table);
            catalog.put(change, table);
        });
        return JsonApi.object();
    }

    private ObjectNode delete(JsonInput input, Caller caller) {
        String database = GlueNames.name(input, "DatabaseName");
        String name = GlueNames.name(input, "Name");
        access.require(caller, "glue:DeleteTable", database, name);
        catalog.change(change -> {
            Table table = catalog.requireTable(database, name);
            requireView(caller, table);
            catalog.remove(change, table);
        });
        return JsonApi.object();
    }

    private ObjectNode deleteSeveral(JsonInput input, Caller caller) {
        String database = GlueNames.name(input, "DatabaseName");
        catalog.requireDatabase(database);
        ObjectNode result = JsonApi.object();
        ArrayNode errors = result.putArray("Errors");
        for (String given : input.texts("TablesToDelete")) {
            String name = given.toLowerCase(Locale.ROOT);
            access.require(caller, "glue:BatchDeleteTable", database, name);
            try {
                catalog.change(change -> catalog.remove(change, catalog.requireTable(database, name)));
            } catch (AwsFault fault) {
                errors.addObject()
                        .put("TableName", name)
                        .putObject("ErrorDetail")
                        .put("ErrorCode", fault.code())
                        .put("ErrorMessage", fault.getMessage());
            }
        }
        return result;
    }

    /** By SQL nothing but views are made, changed and dropped: tables are the pipeline's. */
    private static void requireView(Caller caller, Table table) {
        if (caller == Caller.User.QUERY_ENGINE && !table.isView()) {
            throw AwsFault.denied("a statement cannot create, change or drop the table " + table.name()
                    + ": tables are registered by the pipeline");
        }
    }

    private Table seen(Caller caller, String database, String name) {
        return access.seen(caller, catalog.requireTable(database, name))
                .orElseThrow(() ->
                        AwsFault.denied("Insufficient Lake Formation permission(s): Required Describe on " + name));
    }

    private static ObjectNode describeVersion(Table table) {
        ObjectNode version = JsonApi.object();
        version.set("Table", describe(table));
        return version.put("VersionId", String.valueOf(table.version()));
    }

    private static ObjectNode describe(Table table) {
        ObjectNode description = table.input().deepCopy();
        description.put("DatabaseName", table.database());
        description.put("CreateTime", JsonApi.time(table.createdAt()));
        description.put("UpdateTime", JsonApi.time(table.updatedAt()));
        description.put("IsRegisteredWithLakeFormation", true);
        description.put("CatalogId", Account.ID);
        description.put("VersionId", String.valueOf(table.version()));
        return description;
    }
}
