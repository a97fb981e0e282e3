package dev.tenantlake.query.grants;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeLayout;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.Principal;
import dev.tenantlake.query.grants.PolicyDocument.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * What a tenant's analyst may do: query in one workgroup, read the catalog's entries of the layers, ask Lake
 * Formation for the data that it is granted, and keep results under one prefix. Which tables, rows and columns those
 * are is Lake Formation's business; there is no way to the lake's objects but through it.
 */
final class AnalystPolicies {

    private final Account account;
    private final LakeLayout layout;
    private final List<String> assumableBy;

    /**
     * Policies for the analysts of a lake.
     *
     * @param assumableBy the ARNs of the principals that may take on an analyst's role; empty for those of the account
     *     whose own policies allow it
     */
    AnalystPolicies(Account account, LakeLayout layout, List<String> assumableBy) {
        this.account = requireNonNull(account, "account");
        this.layout = requireNonNull(layout, "layout");
        this.assumableBy = assumableBy.isEmpty()
                ? List.of(account.iamArn("root"))
                : assumableBy.stream().sorted().toList();
    }

    /** Who may take on the role. */
    PolicyDocument trust() {
        return new PolicyDocument(List.of(Statement.allowPrincipals("Assume", assumableBy, "sts:AssumeRole")));
    }

    /** What the role may do. */
    PolicyDocument access(Principal.Analyst analyst) {
        String results = layout.bucket() + "/" + LakeLayout.resultsPrefix(analyst.workgroup());
        return new PolicyDocument(List.of(
                Statement.allow(
                        "Query",
                        List.of(
                                "athena:BatchGetPreparedStatement",
                                "athena:BatchGetQueryExecution",
                                "athena:GetPreparedStatement",
                                "athena:GetQueryExecution",
                                "athena:GetQueryResults",
                                "athena:GetQueryResultsStream",
                                "athena:GetQueryRuntimeStatistics",
                                "athena:GetWorkGroup",
                                "athena:ListPreparedStatements",
                                "athena:ListQueryExecutions",
                                "athena:StartQueryExecution",
                                "athena:StopQueryExecution"),
                        List.of(account.arn("athena", "workgroup/" + analyst.workgroup()))),
                Statement.allow(
                        "Browse",
                        List.of(
                                "athena:GetDataCatalog",
                                "athena:GetDatabase",
                                "athena:GetTableMetadata",
                                "athena:ListDatabases",
                                "athena:ListTableMetadata"),
                        List.of(account.arn("athena", "datacatalog/AwsDataCatalog"))),
                Statement.allow(
                        "Catalog",
                        List.of(
                                "glue:BatchGetPartition",
                                "glue:GetDatabase",
                                "glue:GetDatabases",
                                "glue:GetPartition",
                                "glue:GetPartitions",
                                "glue:GetTable",
                                "glue:GetTables"),
                        catalog()),
                Statement.allow("Data", List.of("lakeformation:GetDataAccess"), List.of("*")),
                Statement.allow(
                        "Results",
                        List.of(
                                "s3:AbortMultipartUpload",
                                "s3:GetObject",
                                "s3:ListMultipartUploadParts",
                                "s3:PutObject"),
                        List.of(account.s3Arn(results + "*"))),
                // Athena asks where the bucket is before it writes a result; the answer holds nothing of the lake.
                Statement.allow(
                        "ResultsBucket", List.of("s3:GetBucketLocation"), List.of(account.s3Arn(layout.bucket())))));
    }

    private List<String> catalog() {
        List<String> resources = new ArrayList<>(List.of(account.arn("glue", "catalog")));
        for (Layer layer : Layer.values()) {
            resources.add(account.arn("glue", "database/" + layer.database()));
            resources.add(account.arn("glue", "table/" + layer.database() + "/*"));
        }
        return resources;
    }
}
