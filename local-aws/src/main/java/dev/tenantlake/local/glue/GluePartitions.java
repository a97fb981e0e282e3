package dev.tenantlake.local.glue;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tenantlake.local.glue.GlueCatalog.Partition;
import dev.tenantlake.local.glue.GlueCatalog.Table;
import dev.tenantlake.local.identity.Account;
import dev.tenantlake.local.identity.Caller;
import dev.tenantlake.local.state.Change;
import dev.tenantlake.local.state.Keys;
import dev.tenantlake.local.wire.AwsFault;
import dev.tenantlake.local.wire.JsonApi;
import dev.tenantlake.local.wire.JsonInput;
import dev.tenantlake.local.wire.JsonOperation;
import dev.tenantlake.local.wire.Page;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Glue's operations on the partitions of tables. */
final class GluePartitions {

    private static final int PAGE = 1000;
    private static final int MOST_CREATED = 100;
    private static final int MOST_UPDATED = 100;
    private static final int MOST_DELETED = 25;
    private static final int MOST_READ = 1000;
    private static final int LONGEST_EXPRESSION = 2048;

    private final GlueCatalog catalog;
    private final GlueAccess access;
    private final Clock clock;

    GluePartitions(GlueCatalog catalog, GlueAccess access, Clock clock) {
        this.catalog = requireNonNull(catalog, "catalog");
        this.access = requireNonNull(access, "access");
        this.clock = requireNonNull(clock, "clock");
    }

    Map<String, JsonOperation> operations() {
        return Map.of(
                "CreatePartition", this::create,
                "BatchCreatePartition", this::createSeveral,
                "GetPartition", this::get,
                "GetPartitions", this::list,
                "BatchGetPartition", this::getSeveral,
                "UpdatePartition", this::update,
                "BatchUpdatePartition", this::updateSeveral,
                "DeletePartition", this::delete,
                "BatchDeletePartition", this::deleteSeveral,
                "GetPartitionIndexes", this::indexes);
    }

    private ObjectNode create(JsonInput input, Caller caller) {
        Named named = table(input, caller, "glue:CreatePartition");
        JsonInput given = input.structure("PartitionInput");
        catalog.change(change -> create(change, named.table(), given));
        return JsonApi.object();
    }

    private ObjectNode createSeveral(JsonInput input, Caller caller) {
        Named named = table(input, caller, "glue:BatchCreatePartition");
        List<JsonInput> given = limited(input, "PartitionInputList", MOST_CREATED);
        ObjectNode result = JsonApi.object();
        ArrayNode errors = result.putArray("Errors");
        catalog.change(change -> {
            Set<List<String>> created = new HashSet<>();
            for (JsonInput partition : given) {
                List<String> values = partition.texts("Values");
                try {
                    if (!created.add(values)) {
                        throw GlueCatalog.alreadyExists("Partition already exists.");
                    }
                    create(change, named.table(), partition);
                } catch (AwsFault fault) {
                    errors.add(error(values, fault));
                }
            }
        });
        return result;
    }

    private void create(Change change, Table table, JsonInput given) {
        List<String> values = given.texts("Values");
        requireValues(given, table, values);
        if (catalog.partition(table, values).isPresent()) {
            throw GlueCatalog.alreadyExists("Partition already exists.");
        }
        catalog.put(change, table, new Partition(values, given.node(), clock.instant()));
    }

    private ObjectNode get(JsonInput input, Caller caller) {
        Named named = table(input, caller, "glue:GetPartition");
        List<String> values = input.texts("PartitionValues");
        requireValues(input, named.table(), values);
        ObjectNode result = JsonApi.object();
        result.set("Partition", describe(named, requirePartition(named.table(), values), false));
        return result;
    }

    private ObjectNode list(JsonInput input, Caller caller) {
        Named named = table(input, caller, "glue:GetPartitions");
        Table table = named.table();
        Optional<PartitionExpression> expression = input.optionalText("Expression")
                .filter(text -> !text.isBlank())
                .map(text -> {
                    if (text.length() > LONGEST_EXPRESSION) {
                        throw input.invalid("Expression has " + text.length() + " characters: it must have at most "
                                + LONGEST_EXPRESSION);
                    }
                    return PartitionExpression.parse(text, table.partitionKeys(), input);
                });
        Optional<Segment> segment = input.optionalStructure("Segment").map(Segment::of);
        List<Partition> matching = catalog.partitions(table).stream()
                .filter(partition -> segment.isEmpty() || segment.get().holds(partition))
                .filter(partition -> expression.isEmpty() || expression.get().matches(partition.values()))
                .toList();
        Page<Partition> page = GlueNames.page(input, matching, partition -> Keys.of(partition.values()), PAGE);
        boolean withoutColumns = input.flag("ExcludeColumnSchema");
        ObjectNode result = JsonApi.object();
        ArrayNode list = result.putArray("Partitions");
        page.elements().forEach(partition -> list.add(describe(named, partition, withoutColumns)));
        page.nextToken().ifPresent(token -> result.put("NextToken", token));
        return result;
    }

    private ObjectNode getSeveral(JsonInput input, Caller caller) {
        Named named = table(input, caller, "glue:BatchGetPartition");
        ObjectNode result = JsonApi.object();
        ArrayNode list = result.putArray("Partitions");
        for (JsonInput wanted : limited(input, "PartitionsToGet", MOST_READ)) {
            catalog.partition(named.table(), wanted.texts("Values"))
                    .ifPresent(partition -> list.add(describe(named, partition, false)));
        }
        result.putArray("UnprocessedKeys");
        return result;
    }

    private ObjectNode update(JsonInput input, Caller caller) {
        Named named = table(input, caller, "glue:UpdatePartition");
        List<String> values = input.texts("PartitionValueList");
        JsonInput given = input.structure("PartitionInput");
        catalog.change(change -> update(change, named.table(), values, given));
        return JsonApi.object();
    }

    private ObjectNode updateSeveral(JsonInput input, Caller caller) {
        Named named = table(input, caller, "glue:BatchUpdatePartition");
        List<JsonInput> entries = limited(input, "Entries", MOST_UPDATED);
        ObjectNode result = JsonApi.object();
        ArrayNode errors = result.putArray("Errors");
        catalog.change(change -> {
            for (JsonInput entry : entries) {
                List<String> values = entry.texts("PartitionValueList");
                try {
                    update(change, named.table(), values, entry.structure("PartitionInput"));
                } catch (AwsFault fault) {
                    ObjectNode error = errors.addObject();
                    ArrayNode list = error.putArray("PartitionValueList");
                    values.forEach(list::add);
                    error.set("ErrorDetail", detail(fault));
                }
            }
        });
        return result;
    }

    private void update(Change change, Table table, List<String> values, JsonInput given) {
        Partition present = requirePartition(table, values);
        List<String> fresh = given.has("Values") ? given.texts("Values") : values;
        requireValues(given, table, fresh);
        if (!fresh.equals(values)) {
            if (catalog.partition(table, fresh).isPresent()) {
                throw GlueCatalog.alreadyExists("Partition already exists.");
            }
            catalog.remove(change, table, present);
        }
        ObjectNode stored = given.node().deepCopy();
        ArrayNode list = stored.putArray("Values");
        fresh.forEach(list::add);
        catalog.put(change, table, new Partition(fresh, stored, present.createdAt()));
    }

    private ObjectNode delete(JsonInput input, Caller caller) {
        Named named = table(input, caller, "glue:DeletePartition");
        List<String> values = input.texts("PartitionValues");
        catalog.change(change -> catalog.remove(change, named.table(), requirePartition(named.table(), values)));
        return JsonApi.object();
    }

    private ObjectNode deleteSeveral(JsonInput input, Caller caller) {
        Named named = table(input, caller, "glue:BatchDeletePartition");
        List<JsonInput> unwanted = limited(input, "PartitionsToDelete", MOST_DELETED);
        ObjectNode result = JsonApi.object();
        ArrayNode errors = result.putArray("Errors");
        catalog.change(change -> {
            for (JsonInput partition : unwanted) {
                List<String> values = partition.texts("Values");
                try {
                    catalog.remove(change, named.table(), requirePartition(named.table(), values));
                } catch (AwsFault fault) {
                    errors.add(error(values, fault));
                }
            }
        });
        return result;
    }

    private ObjectNode indexes(JsonInput input, Caller caller) {
        table(input, caller, "glue:GetPartitionIndexes");
        ObjectNode result = JsonApi.object();
        result.putArray("PartitionIndexDescriptorList");
        return result;
    }

    private Named table(JsonInput input, Caller caller, String action) {
        String database = GlueNames.name(input, "DatabaseName");
        String name = GlueNames.name(input, "TableName");
        access.require(caller, action, database, name);
        Table table = access.seen(caller, catalog.requireTable(database, name))
                .orElseThrow(
                        () -> AwsFault.denied("Insufficient Lake Formation permission(s): Required Select on " + name));
        return new Named(table, !access.seesAll(caller));
    }

    private Partition requirePartition(Table table, List<String> values) {
        return catalog.partition(table, values)
                .orElseThrow(() -> GlueCatalog.notFound("Cannot find partition " + values + " of " + table.name()));
    }

    private static void requireValues(JsonInput input, Table table, List<String> values) {
        if (values.size() != table.partitionKeys().size()) {
            throw input.invalid("The number of partition keys do not match the number of partition values: "
                    + table.partitionKeys().size() + " and " + values.size());
        }
    }

    private static List<JsonInput> limited(JsonInput input, String member, int most) {
        List<JsonInput> structures = input.structures(member);
        if (structures.size() > most) {
            throw AwsFault.of(
                    "ValidationException",
                    member + " has " + structures.size() + " members: it must have at most " + most);
        }
        return structures;
    }

    private static ObjectNode describe(Named named, Partition partition, boolean withoutColumns) {
        Table table = named.table();
        ObjectNode description = partition.input().deepCopy();
        if (description.get("StorageDescriptor") instanceof ObjectNode storage) {
            if (withoutColumns) {
                storage.remove("Columns");
            } else if (named.hidesColumns()) {
                // A partition spells out the schema that it was written with.
                GlueAccess.keepColumns(storage, table);
            }
        }
        description.put("DatabaseName", table.database());
        description.put("TableName", table.name());
        description.put("CreationTime", JsonApi.time(partition.createdAt()));
        description.put("CatalogId", Account.ID);
        return description;
    }

    private static ObjectNode error(List<String> values, AwsFault fault) {
        ObjectNode error = JsonApi.object();
        ArrayNode list = error.putArray("PartitionValues");
        values.forEach(list::add);
        error.set("ErrorDetail", detail(fault));
        return error;
    }

    private static ObjectNode detail(AwsFault fault) {
        return JsonApi.object().put("ErrorCode", fault.code()).put("ErrorMessage", fault.getMessage());
    }

    /**
     * @param table as the caller sees it
     * @param hidesColumns whether that may be less than all
     */
    private record Named(Table table, boolean hidesColumns) {}

    /** A share of a table's partitions, for callers that read it with several calls at once. */
    private record Segment(int number, int total) {
        static Segment of(JsonInput input) {
            int number = input.optionalInt("SegmentNumber").orElse(-1);
            int total = input.optionalInt("TotalSegments").orElse(-1);
            if (total < 1 || total > 10 || number < 0 || number >= total) {
                throw input.invalid("Segment must have TotalSegments of 1 to 10 and a SegmentNumber below it");
            }
            return new Segment(number, total);
        }

        boolean holds(Partition partition) {
            return Math.floorMod(partition.values().hashCode(), total) == number;
        }
    }
}
