package dev.tenantlake.local.athena;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tenantlake.local.identity.Caller;
import dev.tenantlake.local.identity.Permissions;
import dev.tenantlake.local.s3.S3Location;
import dev.tenantlake.local.wire.AwsFault;
import dev.tenantlake.local.wire.JsonApi;
import dev.tenantlake.local.wire.JsonInput;
import dev.tenantlake.local.wire.JsonOperation;
import dev.tenantlake.local.wire.Page;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Athena's operations on workgroups. */
final class WorkgroupOperations {

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9._-]{1,128}");
    private static final long SMALLEST_SCAN_LIMIT = 10_000_000;
    private static final int PAGE = 50;

    private final AthenaState state;
    private final QueryHistory history;
    private final Permissions permissions;
    private final Clock clock;

    WorkgroupOperations(AthenaState state, QueryHistory history, Permissions permissions, Clock clock) {
        this.state = requireNonNull(state, "state");
        this.history = requireNonNull(history, "history");
        this.permissions = requireNonNull(permissions, "permissions");
        this.clock = requireNonNull(clock, "clock");
    }

    Map<String, JsonOperation> operations() {
        return Map.of(
                "CreateWorkGroup", this::create,
                "GetWorkGroup", this::get,
                "ListWorkGroups", this::list,
                "UpdateWorkGroup", this::update,
                "DeleteWorkGroup", this::delete,
                "TagResource", this::tag,
                "UntagResource", this::untag,
                "ListTagsForResource", this::listTags);
    }

    private ObjectNode create(JsonInput input, Caller caller) {
        String name = input.text("Name");
        permissions.require(caller, "athena:CreateWorkGroup", Workgroup.arn(name));
        if (!NAME.matcher(name).matches()) {
            throw input.invalid("Name must have 1 to 128 letters, digits, dots, hyphens and underscores: " + name);
        }
        ObjectNode configuration = input.optionalStructure("Configuration")
                .map(JsonInput::node)
                .orElseGet(JsonApi::object)
                .deepCopy();
        requireSound(new JsonInput(configuration, "InvalidRequestException"));
        Workgroup workgroup = new Workgroup(
                name, true, input.optionalText("Description"), configuration, tags(input), clock.instant());
        state.change(change -> {
            if (state.workgroup(name).isPresent()) {
                throw input.invalid("WorkGroup " + name + " is already created");
            }
            state.put(change, workgroup);
        });
        return JsonApi.object();
    }

    private ObjectNode get(JsonInput input, Caller caller) {
        ObjectNode result = JsonApi.object();
        result.set(
                "WorkGroup",
                named(input, "WorkGroup", caller, "athena:GetWorkGroup").describe());
        return result;
    }

    private ObjectNode list(JsonInput input, Caller caller) {
        permissions.require(caller, "athena:ListWorkGroups", "*");
        Page<Workgroup> page = page(input, state.workgroups(), Workgroup::name, PAGE);
        ObjectNode result = JsonApi.object();
        ArrayNode list = result.putArray("WorkGroups");
        page.elements().forEach(workgroup -> {
            ObjectNode summary = list.addObject().put("Name", workgroup.name()).put("State", workgroup.state());
            workgroup.description().ifPresent(text -> summary.put("Description", text));
            summary.put("CreationTime", JsonApi.time(workgroup.createdAt()));
            summary.set("EngineVersion", Workgroup.engineVersion());
        });
        page.nextToken().ifPresent(token -> result.put("NextToken", token));
        return result;
    }

    private ObjectNode update(JsonInput input, Caller caller) {
        String name =
                named(input, "WorkGroup", caller, "athena:UpdateWorkGroup").name();
        Optional<JsonInput> updates = input.optionalStructure("ConfigurationUpdates");
        Optional<String> newState = input.optionalText("State");
        if (newState.isPresent() && !List.of("ENABLED", "DISABLED").contains(newState.get())) {
            throw input.invalid("State must be ENABLED or DISABLED");
        }
        state.change(change -> {
            Workgroup present = state.requireWorkgroup(name);
            ObjectNode configuration = present.configuration().deepCopy();
            updates.ifPresent(update -> apply(update, configuration));
            requireSound(new JsonInput(configuration, "InvalidRequestException"));
            state.put(
                    change,
                    present.with(
                            newState.map("ENABLED"::equals).orElse(present.enabled()),
                            input.optionalText("Description").or(present::description),
                            configuration));
        });
        return JsonApi.object();
    }

    private static void apply(JsonInput updates, ObjectNode configuration) {
        for (String member : List.of(
                "EnforceWorkGroupConfiguration",
                "PublishCloudWatchMetricsEnabled",
                "BytesScannedCutoffPerQuery",
                "RequesterPaysEnabled")) {
            if (updates.has(member)) {
                configuration.set(member, updates.node().get(member));
            }
        }
        if (updates.flag("RemoveBytesScannedCutoffPerQuery")) {
            configuration.remove("BytesScannedCutoffPerQuery");
        }
        updates.optionalStructure("ResultConfigurationUpdates").ifPresent(results -> {
            ObjectNode present = configuration.withObject("/ResultConfiguration");
            if (results.flag("RemoveOutputLocation")) {
                present.remove("OutputLocation");
            }
            results.optionalText("OutputLocation").ifPresent(location -> present.put("OutputLocation", location));
        });
    }

    private static void requireSound(JsonInput configuration) {
        OptionalLong limit = configuration.optionalLong("BytesScannedCutoffPerQuery");
        if (limit.isPresent() && limit.getAsLong() < SMALLEST_SCAN_LIMIT) {
            throw configuration.invalid("BytesScannedCutoffPerQuery must be at least " + SMALLEST_SCAN_LIMIT);
        }
        configuration
                .optionalStructure("ResultConfiguration")
                .flatMap(results -> results.optionalText("OutputLocation"))
                .ifPresent(location -> {
                    if (S3Location.parse(location).isEmpty()) {
                        throw configuration.invalid(
                                "OutputLocation must be of the form s3://bucket/prefix/: " + location);
                    }
                });
        if (configuration.has("EnforceWorkGroupConfiguration")) {
            configuration.flag("EnforceWorkGroupConfiguration");
        }
    }

    private ObjectNode delete(JsonInput input, Caller caller) {
        Workgroup workgroup = named(input, "WorkGroup", caller, "athena:DeleteWorkGroup");
        boolean empty = history.of(workgroup.name()).isEmpty()
                && state.statements(workgroup.name()).isEmpty();
        if (!empty && !input.flag("RecursiveDeleteOption")) {
            throw input.invalid("WorkGroup " + workgroup.name() + " is not empty");
        }
        state.change(change -> state.remove(change, state.requireWorkgroup(workgroup.name())));
        history.forget(workgroup.name());
        return JsonApi.object();
    }

    private ObjectNode tag(JsonInput input, Caller caller) {
        Workgroup workgroup = tagged(input, caller, "athena:TagResource");
        state.change(change -> {
            Workgroup present = state.requireWorkgroup(workgroup.name());
            Map<String, String> tags = new TreeMap<>(present.tags());
            tags.putAll(tags(input));
            state.put(change, present.withTags(tags));
        });
        return JsonApi.object();
    }

    private ObjectNode untag(JsonInput input, Caller caller) {
        Workgroup workgroup = tagged(input, caller, "athena:UntagResource");
        state.change(change -> {
            Workgroup present = state.requireWorkgroup(workgroup.name());
            Map<String, String> tags = new TreeMap<>(present.tags());
            input.texts("TagKeys").forEach(tags::remove);
            state.put(change, present.withTags(tags));
        });
        return JsonApi.object();
    }

    private ObjectNode listTags(JsonInput input, Caller caller) {
        ObjectNode result = JsonApi.object();
        ArrayNode list = result.putArray("Tags");
        tagged(input, caller, "athena:ListTagsForResource")
                .tags()
                .forEach((key, value) -> list.addObject().put("Key", key).put("Value", value));
        return result;
    }

    private Workgroup tagged(JsonInput input, Caller caller, String action) {
        String arn = input.text("ResourceARN");
        permissions.require(caller, action, arn);
        return state.workgroups().stream()
                .filter(workgroup -> workgroup.arn().equals(arn))
                .findFirst()
                .orElseThrow(() -> new AwsFault(
                        400, "ResourceNotFoundException", "There is no " + arn, Map.of("ResourceName", arn)));
    }

    private Workgroup named(JsonInput input, String member, Caller caller, String action) {
        String name = input.text(member);
        permissions.require(caller, action, Workgroup.arn(name));
        return state.requireWorkgroup(name);
    }

    private static Map<String, String> tags(JsonInput input) {
        Map<String, String> tags = new TreeMap<>();
        input.structures("Tags")
                .forEach(tag ->
                        tags.put(tag.text("Key"), tag.optionalText("Value").orElse("")));
        return tags;
    }

    static <T> Page<T> page(JsonInput input, List<T> sorted, Function<T, String> key, int largest) {
        OptionalInt size = input.optionalInt("MaxResults");
        if (size.isPresent() && (size.getAsInt() < 1 || size.getAsInt() > largest)) {
            throw input.invalid("MaxResults must be 1 to " + largest);
        }
        return Page.of(
                sorted,
                key,
                input.optionalText("NextToken").filter(token -> !token.isEmpty()),
                size.orElse(largest),
                input::invalid);
    }
}
