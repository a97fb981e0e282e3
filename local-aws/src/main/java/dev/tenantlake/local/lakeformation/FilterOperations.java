package dev.tenantlake.local.lakeformation;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tenantlake.local.glue.GlueCatalog;
import dev.tenantlake.local.glue.GlueCatalog.Table;
import dev.tenantlake.local.identity.Caller;
import dev.tenantlake.local.predicate.InvalidPredicateException;
import dev.tenantlake.local.wire.AwsFault;
import dev.tenantlake.local.wire.JsonApi;
import dev.tenantlake.local.wire.JsonInput;
import dev.tenantlake.local.wire.JsonOperation;
import dev.tenantlake.local.wire.Page;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/** Lake Formation's operations on data cells filters. */
final class FilterOperations {

    private static final int PAGE = 100;
    private static final int LONGEST_NAME = 255;

    private final LakeFormationState state;
    private final GlueCatalog catalog;
    private final LakeFormationGuard guard;

    FilterOperations(LakeFormationState state, GlueCatalog catalog, LakeFormationGuard guard) {
        this.state = requireNonNull(state, "state");
        this.catalog = requireNonNull(catalog, "catalog");
        this.guard = requireNonNull(guard, "guard");
    }

    Map<String, JsonOperation> operations() {
        return Map.of(
                "CreateDataCellsFilter", this::create,
                "UpdateDataCellsFilter", this::update,
                "GetDataCellsFilter", this::get,
                "ListDataCellsFilter", this::list,
                "DeleteDataCellsFilter", this::delete);
    }

    private ObjectNode create(JsonInput input, Caller caller) {
        guard.require(caller, "CreateDataCellsFilter");
        DataCellsFilter filter = filter(input.structure("TableData"));
        state.change(change -> {
            if (state.filter(filter.database(), filter.table(), filter.name()).isPresent()) {
                throw AwsFault.of("AlreadyExistsException", "Data cells filter already exists: " + filter.name());
            }
            state.put(change, filter);
        });
        return JsonApi.object();
    }

    private ObjectNode update(JsonInput input, Caller caller) {
        guard.require(caller, "UpdateDataCellsFilter");
        JsonInput given = input.structure("TableData");
        DataCellsFilter filter = filter(given);
        Optional<String> expected = given.optionalText("VersionId");
        state.change(change -> {
            DataCellsFilter present = requireFilter(filter.database(), filter.table(), filter.name());
            if (expected.isPresent() && !expected.get().equals(present.version())) {
                throw AwsFault.of(
                        "ConcurrentModificationException",
                        "Data cells filter " + filter.name() + " was changed since version " + expected.get());
            }
            state.put(change, filter);
        });
        return JsonApi.object();
    }

    private ObjectNode get(JsonInput input, Caller caller) {
        guard.require(caller, "GetDataCellsFilter");
        ObjectNode result = JsonApi.object();
        result.set(
                "DataCellsFilter",
                requireFilter(name(input, "DatabaseName"), name(input, "TableName"), input.text("Name"))
                        .describe());
        return result;
    }

    private ObjectNode list(JsonInput input, Caller caller) {
        guard.require(caller, "ListDataCellsFilter");
        Optional<JsonInput> table = input.optionalStructure("Table");
        List<DataCellsFilter> filters = table.isPresent()
                ? state.filtersOf(name(table.get(), "DatabaseName"), name(table.get(), "Name"))
                : state.filters();
        Page<DataCellsFilter> page =
                Page.of(filters, DataCellsFilter::key, token(input), size(input, PAGE), input::invalid);
        ObjectNode result = JsonApi.object();
        ArrayNode list = result.putArray("DataCellsFilters");
        page.elements().forEach(filter -> list.add(filter.describe()));
        page.nextToken().ifPresent(token -> result.put("NextToken", token));
        return result;
    }

    private ObjectNode delete(JsonInput input, Caller caller) {
        guard.require(caller, "DeleteDataCellsFilter");
        String database = name(input, "DatabaseName");
        String table = name(input, "TableName");
        String name = input.text("Name");
        state.change(change -> state.remove(change, requireFilter(database, table, name)));
        return JsonApi.object();
    }

    private DataCellsFilter filter(JsonInput given) {
        String name = given.text("Name");
        if (name.length() > LONGEST_NAME) {
            throw given.invalid("Name must have at most " + LONGEST_NAME + " characters");
        }
        Table table = table(name(given, "DatabaseName"), name(given, "TableName"));
        if (table.isView()) {
            throw given.invalid("a data cells filter cannot be made on a view: " + table.name());
        }
        ColumnSelection columns = ColumnSelection.of(given);
        columns.requireIn(table, given);
        return new DataCellsFilter(
                table.database(),
                table.name(),
                name,
                rows(given.structure("RowFilter"), table),
                columns,
                UUID.randomUUID().toString());
    }

    private static Optional<String> rows(JsonInput rowFilter, Table table) {
        Optional<String> expression = rowFilter.optionalText("FilterExpression");
        if (rowFilter.has("AllRowsWildcard") == expression.isPresent()) {
            throw rowFilter.invalid("RowFilter must have either FilterExpression or AllRowsWildcard");
        }
        expression.ifPresent(text -> {
            try {
                RowFilterExpression.requireValid(text, table);
            } catch (InvalidPredicateException e) {
                throw rowFilter.invalid("Invalid row filter expression '" + text + "': " + e.getMessage());
            }
        });
        return expression;
    }

    private Table table(String database, String name) {
        return catalog.table(database, name)
                .orElseThrow(
                        () -> AwsFault.of("EntityNotFoundException", "Table " + database + "." + name + " not found."));
    }

    private DataCellsFilter requireFilter(String database, String table, String name) {
        return state.filter(database, table, name)
                .orElseThrow(() -> AwsFault.of(
                        "EntityNotFoundException",
                        "Data cells filter " + name + " of " + database + "." + table + " not found."));
    }

    private static String name(JsonInput input, String member) {
        return input.text(member).toLowerCase(Locale.ROOT);
    }

    static Optional<String> token(JsonInput input) {
        return input.optionalText("NextToken").filter(token -> !token.isEmpty());
    }

    static int size(JsonInput input, int largest) {
        OptionalInt size = input.optionalInt("MaxResults");
        if (size.isPresent() && (size.getAsInt() < 1 || size.getAsInt() > 1000)) {
            throw input.invalid("MaxResults must be 1 to 1000");
        }
        return size.orElse(largest);
    }
}
