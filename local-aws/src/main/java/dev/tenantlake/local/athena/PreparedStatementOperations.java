package dev.tenantlake.local.athena;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tenantlake.local.identity.Caller;
import dev.tenantlake.local.identity.Permissions;
import dev.tenantlake.local.wire.AwsFault;
import dev.tenantlake.local.wire.JsonApi;
import dev.tenantlake.local.wire.JsonInput;
import dev.tenantlake.local.wire.JsonOperation;
import dev.tenantlake.local.wire.Page;
import java.time.Clock;
import java.util.Map;
import java.util.regex.Pattern;

/** Athena's operations on prepared statements. */
final class PreparedStatementOperations {

    private static final Pattern NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9@:_]{0,255}");
    private static final int PAGE = 50;

    private final AthenaState state;
    private final Permissions permissions;
    private final Clock clock;

    PreparedStatementOperations(AthenaState state, Permissions permissions, Clock clock) {
        this.state = requireNonNull(state, "state");
        this.permissions = requireNonNull(permissions, "permissions");
        this.clock = requireNonNull(clock, "clock");
    }

    Map<String, JsonOperation> operations() {
        return Map.of(
                "CreatePreparedStatement", this::create,
                "GetPreparedStatement", this::get,
                "BatchGetPreparedStatement", this::getSeveral,
                "ListPreparedStatements", this::list,
                "UpdatePreparedStatement", this::update,
                "DeletePreparedStatement", this::delete);
    }

    private ObjectNode create(JsonInput input, Caller caller) {
        PreparedStatement statement = given(input, workgroup(input, caller, "athena:CreatePreparedStatement"));
        if (!NAME.matcher(statement.name()).matches()) {
            throw input.invalid("StatementName must be a letter or underscore, then letters, digits, @, : and _: "
                    + statement.name());
        }
        state.change(change -> {
            if (state.statement(statement.workgroup(), statement.name()).isPresent()) {
                throw input.invalid("PreparedStatement " + statement.name() + " already exists in workGroup "
                        + statement.workgroup());
            }
            state.put(change, statement);
        });
        return JsonApi.object();
    }

    private ObjectNode update(JsonInput input, Caller caller) {
        PreparedStatement statement = given(input, workgroup(input, caller, "athena:UpdatePreparedStatement"));
        state.change(change -> {
            state.requireStatement(statement.workgroup(), statement.name());
            state.put(change, statement);
        });
        return JsonApi.object();
    }

    private PreparedStatement given(JsonInput input, String workgroup) {
        return new PreparedStatement(
                workgroup,
                input.text("StatementName"),
                input.text("QueryStatement"),
                input.optionalText("Description"),
                clock.instant());
    }

    private ObjectNode get(JsonInput input, Caller caller) {
        String workgroup = workgroup(input, caller, "athena:GetPreparedStatement");
        ObjectNode result = JsonApi.object();
        result.set(
                "PreparedStatement",
                state.requireStatement(workgroup, input.text("StatementName")).describe());
        return result;
    }

    private ObjectNode getSeveral(JsonInput input, Caller caller) {
        String workgroup = workgroup(input, caller, "athena:BatchGetPreparedStatement");
        ObjectNode result = JsonApi.object();
        ArrayNode found = result.putArray("PreparedStatements");
        ArrayNode missing = result.putArray("UnprocessedPreparedStatementNames");
        for (String name : input.texts("PreparedStatementNames")) {
            try {
                found.add(state.requireStatement(workgroup, name).describe());
            } catch (AwsFault fault) {
                missing.addObject()
                        .put("StatementName", name)
                        .put("ErrorCode", fault.code())
                        .put("ErrorMessage", fault.getMessage());
            }
        }
        return result;
    }

    private ObjectNode list(JsonInput input, Caller caller) {
        String workgroup = workgroup(input, caller, "athena:ListPreparedStatements");
        Page<PreparedStatement> page =
                WorkgroupOperations.page(input, state.statements(workgroup), PreparedStatement::name, PAGE);
        ObjectNode result = JsonApi.object();
        ArrayNode list = result.putArray("PreparedStatements");
        page.elements()
                .forEach(statement -> list.addObject()
                        .put("StatementName", statement.name())
                        .put("LastModifiedTime", JsonApi.time(statement.changedAt())));
        page.nextToken().ifPresent(token -> result.put("NextToken", token));
        return result;
    }

    private ObjectNode delete(JsonInput input, Caller caller) {
        String workgroup = workgroup(input, caller, "athena:DeletePreparedStatement");
        String name = input.text("StatementName");
        state.change(change -> state.remove(change, state.requireStatement(workgroup, name)));
        return JsonApi.object();
    }

    private String workgroup(JsonInput input, Caller caller, String action) {
        String name = input.text("WorkGroup");
        permissions.require(caller, action, Workgroup.arn(name));
        return state.requireWorkgroup(name).name();
    }
}
