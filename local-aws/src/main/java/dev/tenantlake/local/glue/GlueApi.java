package dev.tenantlake.local.glue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tenantlake.local.identity.Account;
import dev.tenantlake.local.wire.AwsApi;
import dev.tenantlake.local.wire.JsonApi;
import dev.tenantlake.local.wire.JsonOperation;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;

/** The Glue Data Catalog: databases, tables and partitions. */
public final class GlueApi {

    private GlueApi() {}

    /** The service's API. */
    public static AwsApi create(GlueCatalog catalog, GlueAccess access, Clock clock) {
        Map<String, JsonOperation> operations = new HashMap<>();
        operations.putAll(new GlueDatabases(catalog, access, clock).operations());
        operations.putAll(new GlueTables(catalog, access, clock).operations());
        operations.putAll(new GluePartitions(catalog, access, clock).operations());
        operations.putAll(unused(access));
        return JsonApi.json11("glue", "AWSGlue", "InvalidInputException", operations);
    }

    /** What query engines ask for besides, and what there is none of. */
    private static Map<String, JsonOperation> unused(GlueAccess access) {
        return Map.of(
                "GetUserDefinedFunctions", empty(access, "glue:GetUserDefinedFunctions", "UserDefinedFunctions"),
                "GetColumnStatisticsForTable",
                        empty(access, "glue:GetColumnStatisticsForTable", "ColumnStatisticsList", "Errors"),
                "GetColumnStatisticsForPartition",
                        empty(access, "glue:GetColumnStatisticsForPartition", "ColumnStatisticsList", "Errors"),
                "GetCatalogs",
                        (input, caller) -> {
                            access.require(caller, "glue:GetCatalogs");
                            ObjectNode result = JsonApi.object();
                            result.putArray("CatalogList").add(catalog());
                            return result;
                        },
                "GetCatalog",
                        (input, caller) -> {
                            access.require(caller, "glue:GetCatalog");
                            ObjectNode result = JsonApi.object();
                            result.set("Catalog", catalog());
                            return result;
                        });
    }

    private static ObjectNode catalog() {
        return JsonApi.object()
                .put("CatalogId", Account.ID)
                .put("Name", Account.ID)
                .put("ResourceArn", Account.arn("glue", "catalog"));
    }

    private static JsonOperation empty(GlueAccess access, String action, String... lists) {
        return (input, caller) -> {
            access.require(caller, action);
            ObjectNode result = JsonApi.object();
            for (String list : lists) {
                result.putArray(list);
            }
            return result;
        };
    }
}
