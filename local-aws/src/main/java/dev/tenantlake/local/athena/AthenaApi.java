package dev.tenantlake.local.athena;

import dev.tenantlake.local.identity.Permissions;
import dev.tenantlake.local.s3.ObjectStore;
import dev.tenantlake.local.wire.AwsApi;
import dev.tenantlake.local.wire.JsonApi;
import dev.tenantlake.local.wire.JsonOperation;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;

/** Athena: queries, their results, workgroups and prepared statements. */
public final class AthenaApi {

    private AthenaApi() {}

    /** The service's API. */
    public static AwsApi create(
            AthenaState state,
            QueryHistory history,
            QueryRunner runner,
            ObjectStore objects,
            Permissions permissions,
            Clock clock) {
        Map<String, JsonOperation> operations = new HashMap<>();
        operations.putAll(new WorkgroupOperations(state, history, permissions, clock).operations());
        operations.putAll(new PreparedStatementOperations(state, permissions, clock).operations());
        operations.putAll(new QueryOperations(state, history, runner, objects, permissions, clock).operations());
        return JsonApi.json11("athena", "AmazonAthena", "InvalidRequestException", operations);
    }
}
