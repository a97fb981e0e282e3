package dev.tenantlake.local.athena;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tenantlake.local.engine.PreparedStatementCommand;
import dev.tenantlake.local.identity.Caller;
import dev.tenantlake.local.identity.Permissions;
import dev.tenantlake.local.s3.ObjectStore;
import dev.tenantlake.local.s3.S3Location;
import dev.tenantlake.local.wire.AwsFault;
import dev.tenantlake.local.wire.JsonApi;
import dev.tenantlake.local.wire.JsonInput;
import dev.tenantlake.local.wire.JsonOperation;
import dev.tenantlake.local.wire.Page;
import dev.tenantlake.model.LakeJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/** Athena's operations on queries and their results. */
final class QueryOperations {

    /** A request that names no workgroup means the one that every account has on AWS. */
    private static final String USUAL_WORKGROUP = "primary";

    private static final int LONGEST_QUERY = 262_144;
    private static final int PAGE = 50;
    private static final int RESULT_PAGE = 1000;

    private final AthenaState state;
    private final QueryHistory history;
    private final QueryRunner runner;
    private final ObjectStore objects;
    private final Permissions permissions;
    private final Clock clock;

    QueryOperations(
            AthenaState state,
            QueryHistory history,
            QueryRunner runner,
            ObjectStore objects,
            Permissions permissions,
            Clock clock) {
        this.state = requireNonNull(state, "state");
        this.history = requireNonNull(history, "history");
        this.runner = requireNonNull(runner, "runner");
        this.objects = requireNonNull(objects, "objects");
        this.permissions = requireNonNull(permissions, "permissions");
        this.clock = requireNonNull(clock, "clock");
    }

    Map<String, JsonOperation> operations() {
        return Map.of(
                "StartQueryExecution", this::start,
                "StopQueryExecution", this::stop,
                "GetQueryExecution", this::get,
                "BatchGetQueryExecution", this::getSeveral,
                "ListQueryExecutions", this::list,
                "GetQueryResults", this::results);
    }

    private ObjectNode start(JsonInput input, Caller caller) {
        String sql = input.text("QueryString");
        if (sql.length() > LONGEST_QUERY) {
            throw input.invalid(
                    "QueryString has " + sql.length() + " characters: it must have at most " + LONGEST_QUERY);
        }
        Workgroup workgroup = workgroup(input, caller, "athena:StartQueryExecution");
        if (!workgroup.enabled()) {
            throw input.invalid("WorkGroup " + workgroup.name() + " is disabled.");
        }
        // On AWS the query itself would fail later on; here nobody has to look for the reason.
        permissions.require(caller, "lakeformation:GetDataAccess", "*");
        requirePrepared(sql, caller, workgroup);
        String id = UUID.randomUUID().toString();
        StatementKind kind = StatementKind.of(sql);
        S3Location output = location(input, workgroup).resolve(id + kind.suffix());
        permissions.require(caller, "s3:PutObject", output.arn());
        Optional<String> token = input.optionalText("ClientRequestToken");
        QueryExecution execution = history.add(
                token,
                workgroup.name(),
                () -> new QueryExecution(
                        id,
                        workgroup.name(),
                        caller.principalArn(),
                        sql,
                        kind,
                        database(input),
                        input.texts("ExecutionParameters"),
                        output,
                        token,
                        QueryExecution.State.QUEUED,
                        Optional.empty(),
                        clock.instant(),
                        Optional.empty(),
                        QueryExecution.Figures.NONE));
        if (execution.id().equals(id)) {
            runner.submit(id);
        }
        return JsonApi.object().put("QueryExecutionId", execution.id());
    }

    /** A statement about prepared statements needs what the operation needs that does the same. */
    private void requirePrepared(String sql, Caller caller, Workgroup workgroup) {
        PreparedStatementCommand.parse(sql).ifPresent(command -> {
            String action = "athena:GetPreparedStatement";
            if (command instanceof PreparedStatementCommand.Prepare) {
                action = "athena:CreatePreparedStatement";
            } else if (command instanceof PreparedStatementCommand.Deallocate) {
                action = "athena:DeletePreparedStatement";
            }
            permissions.require(caller, action, Workgroup.arn(workgroup.name()));
        });
    }

    private S3Location location(JsonInput input, Workgroup workgroup) {
        Optional<String> given = input.optionalStructure("ResultConfiguration")
                .flatMap(results -> results.optionalText("OutputLocation"));
        if (workgroup.enforces() && workgroup.resultLocation().isPresent()) {
            return workgroup.resultLocation().get();
        }
        S3Location location = given.map(text -> S3Location.parse(text)
                        .orElseThrow(
                                () -> input.invalid("OutputLocation must be of the form s3://bucket/prefix/: " + text)))
                .or(workgroup::resultLocation)
                .orElseThrow(() -> input.invalid("No output location provided. An output location is required either"
                        + " through the Workgroup result configuration setting or as an API input."));
        if (!objects.hasBucket(location.bucket())) {
            throw input.invalid("Unable to verify/create output bucket " + location.bucket());
        }
        return location;
    }

    private static Optional<String> database(JsonInput input) {
        Optional<JsonInput> context = input.optionalStructure("QueryExecutionContext");
        context.flatMap(it -> it.optionalText("Catalog")).ifPresent(catalog -> {
            if (!catalog.equalsIgnoreCase(QueryRunner.CATALOG)) {
                throw input.invalid("Catalog " + catalog + " is not found: there is AwsDataCatalog");
            }
        });
        return context.flatMap(it -> it.optionalText("Database")).filter(name -> !name.isEmpty());
    }

    private ObjectNode stop(JsonInput input, Caller caller) {
        runner.cancel(execution(input, caller, "athena:StopQueryExecution").id());
        return JsonApi.object();
    }

    private ObjectNode get(JsonInput input, Caller caller) {
        ObjectNode result = JsonApi.object();
        result.set(
                "QueryExecution",
                execution(input, caller, "athena:GetQueryExecution").describe(clock.instant()));
        return result;
    }

    private ObjectNode getSeveral(JsonInput input, Caller caller) {
        List<String> ids = input.texts("QueryExecutionIds");
        if (ids.isEmpty() || ids.size() > PAGE) {
            throw input.invalid("QueryExecutionIds must have 1 to " + PAGE + " members");
        }
        ObjectNode result = JsonApi.object();
        ArrayNode found = result.putArray("QueryExecutions");
        ArrayNode missing = result.putArray("UnprocessedQueryExecutionIds");
        for (String id : ids) {
            try {
                found.add(execution(input, id, caller, "athena:BatchGetQueryExecution")
                        .describe(clock.instant()));
            } catch (AwsFault fault) {
                missing.addObject()
                        .put("QueryExecutionId", id)
                        .put("ErrorCode", fault.code())
                        .put("ErrorMessage", fault.getMessage());
            }
        }
        return result;
    }

    private ObjectNode list(JsonInput input, Caller caller) {
        Workgroup workgroup = workgroup(input, caller, "athena:ListQueryExecutions");
        Page<QueryExecution> page =
                WorkgroupOperations.page(input, history.of(workgroup.name()), QueryHistory::listingKey, PAGE);
        ObjectNode result = JsonApi.object();
        ArrayNode list = result.putArray("QueryExecutionIds");
        page.elements().forEach(execution -> list.add(execution.id()));
        page.nextToken().ifPresent(token -> result.put("NextToken", token));
        return result;
    }

    private ObjectNode results(JsonInput input, Caller caller) {
        QueryExecution execution = execution(input, caller, "athena:GetQueryResults");
        permissions.require(caller, "s3:GetObject", execution.output().arn());
        switch (execution.state()) {
            case QUEUED, RUNNING ->
                throw input.invalid("Query has not yet finished. Current state: " + execution.state());
            case FAILED, CANCELLED ->
                throw input.invalid("Query did not finish successfully. Final query state: " + execution.state());
            case SUCCEEDED -> {
                // There are results.
            }
        }
        OptionalInt most = input.optionalInt("MaxResults");
        if (most.isPresent() && (most.getAsInt() < 1 || most.getAsInt() > RESULT_PAGE)) {
            throw input.invalid("MaxResults must be 1 to " + RESULT_PAGE);
        }
        long from = from(input);
        ResultColumns columns = columns(input, execution);
        InputStream content = objects.read(execution.output(), from)
                .orElseThrow(() -> input.invalid("The result is not in S3 any more: " + execution.output()));
        ResultPage page = ResultPage.read(
                content, from, most.orElse(RESULT_PAGE), columns.columns().size(), execution.kind());
        return describe(page, columns);
    }

    private static ObjectNode describe(ResultPage page, ResultColumns columns) {
        ObjectNode result = JsonApi.object().put("UpdateCount", 0);
        ObjectNode set = result.putObject("ResultSet");
        ArrayNode rows = set.putArray("Rows");
        for (List<String> row : page.rows()) {
            ArrayNode data = rows.addObject().putArray("Data");
            for (String value : row) {
                ObjectNode datum = data.addObject();
                if (value != null) {
                    datum.put("VarCharValue", value);
                }
            }
        }
        set.set("ResultSetMetadata", columns.describe());
        page.next().ifPresent(next -> result.put("NextToken", String.valueOf(next)));
        return result;
    }

    private static long from(JsonInput input) {
        String token = input.optionalText("NextToken").orElse("");
        if (!token.isEmpty() && !token.matches("\\d{1,18}")) {
            throw input.invalid("NextToken is not one that GetQueryResults gave");
        }
        return token.isEmpty() ? 0 : Long.parseLong(token);
    }

    private ResultColumns columns(JsonInput input, QueryExecution execution) {
        S3Location location = execution.output().plus(".metadata");
        try (InputStream metadata = objects.read(location, 0)
                .orElseThrow(() -> input.invalid("The result is not in S3 any more: " + location))) {
            return LakeJson.read(metadata.readAllBytes(), ResultColumns.class, location.toString());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + location, e);
        }
    }

    private QueryExecution execution(JsonInput input, Caller caller, String action) {
        return execution(input, input.text("QueryExecutionId"), caller, action);
    }

    private QueryExecution execution(JsonInput input, String id, Caller caller, String action) {
        Optional<QueryExecution> found = history.find(id);
        // Who may ask of no workgroup learns nothing, not even which queries there are.
        found.ifPresent(execution -> permissions.require(caller, action, Workgroup.arn(execution.workgroup())));
        return found.orElseThrow(() -> input.invalid("QueryExecution " + id + " was not found"));
    }

    private Workgroup workgroup(JsonInput input, Caller caller, String action) {
        String name = input.optionalText("WorkGroup").orElse(USUAL_WORKGROUP);
        permissions.require(caller, action, Workgroup.arn(name));
        return state.requireWorkgroup(name);
    }
}
