package dev.tenantlake.local.lakeformation;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tenantlake.local.identity.Caller;
import dev.tenantlake.local.wire.AwsFault;
import dev.tenantlake.local.wire.JsonApi;
import dev.tenantlake.local.wire.JsonInput;
import dev.tenantlake.local.wire.JsonOperation;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** Lake Formation's operations on the data lake's settings and on registered locations. */
final class SettingsOperations {

    private final LakeFormationState state;
    private final LakeFormationGuard guard;
    private final Clock clock;

    SettingsOperations(LakeFormationState state, LakeFormationGuard guard, Clock clock) {
        this.state = requireNonNull(state, "state");
        this.guard = requireNonNull(guard, "guard");
        this.clock = requireNonNull(clock, "clock");
    }

    Map<String, JsonOperation> operations() {
        return Map.of(
                "GetDataLakeSettings", this::getSettings,
                "PutDataLakeSettings", this::putSettings,
                "GetDataLakePrincipal", SettingsOperations::getPrincipal,
                "RegisterResource", this::register,
                "DescribeResource", this::describe,
                "ListResources", this::list,
                "DeregisterResource", this::deregister);
    }

    private ObjectNode getSettings(JsonInput input, Caller caller) {
        guard.require(caller, "GetDataLakeSettings");
        ObjectNode result = JsonApi.object();
        result.set("DataLakeSettings", state.settings());
        return result;
    }

    private ObjectNode putSettings(JsonInput input, Caller caller) {
        guard.require(caller, "PutDataLakeSettings");
        JsonInput given = input.structure("DataLakeSettings");
        boolean keepsAdmin = given.structures("DataLakeAdmins").stream()
                .anyMatch(administrator ->
                        administrator.text("DataLakePrincipalIdentifier").equals(Caller.User.ADMIN.arn()));
        if (!keepsAdmin) {
            throw given.invalid("DataLakeAdmins must hold " + Caller.User.ADMIN.arn() + ", or nobody could change it");
        }
        for (String member : List.of("CreateDatabaseDefaultPermissions", "CreateTableDefaultPermissions")) {
            if (!given.structures(member).isEmpty()) {
                throw given.invalid(member + " must be empty: local-aws grants nothing but what is granted by name");
            }
        }
        state.change(change -> state.putSettings(change, given.node()));
        return JsonApi.object();
    }

    private static ObjectNode getPrincipal(JsonInput input, Caller caller) {
        return JsonApi.object().put("Identity", caller.arn());
    }

    private ObjectNode register(JsonInput input, Caller caller) {
        guard.require(caller, "RegisterResource");
        String arn = input.text("ResourceArn");
        state.change(change -> {
            if (state.location(arn).isPresent()) {
                throw AwsFault.of("AlreadyExistsException", "Resource is already registered: " + arn);
            }
            ObjectNode location = JsonApi.object().put("ResourceArn", arn);
            input.optionalText("RoleArn").ifPresent(role -> location.put("RoleArn", role));
            location.put("LastModified", JsonApi.time(clock.instant()));
            state.putLocation(change, arn, location);
        });
        return JsonApi.object();
    }

    private ObjectNode describe(JsonInput input, Caller caller) {
        guard.require(caller, "DescribeResource");
        ObjectNode result = JsonApi.object();
        result.set("ResourceInfo", requireLocation(input.text("ResourceArn")));
        return result;
    }

    private ObjectNode list(JsonInput input, Caller caller) {
        guard.require(caller, "ListResources");
        ObjectNode result = JsonApi.object();
        ArrayNode list = result.putArray("ResourceInfoList");
        state.locations().forEach(list::add);
        return result;
    }

    private ObjectNode deregister(JsonInput input, Caller caller) {
        guard.require(caller, "DeregisterResource");
        String arn = input.text("ResourceArn");
        state.change(change -> {
            requireLocation(arn);
            state.removeLocation(change, arn);
        });
        return JsonApi.object();
    }

    private ObjectNode requireLocation(String arn) {
        return state.location(arn)
                .orElseThrow(() -> AwsFault.of("EntityNotFoundException", "Entity not found: " + arn));
    }
}
