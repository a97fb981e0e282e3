# The most that any analyst's role can ever do, whatever policy it is given. Which tenant's workgroup and results a role
# may use is said by its own policy, which `athena-queries grants apply` writes.

resource "aws_iam_policy" "analyst_boundary" {
  name        = "tenantlake-analyst-boundary"
  description = "Permissions boundary of the roles tenantlake-analyst-*"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        # The hyphen matters: the administrator's workgroup, tenantlake, is not among them.
        Sid      = "RunQueries"
        Effect   = "Allow"
        Action   = local.run_queries
        Resource = local.tenant_workgroups
      },
      {
        Sid      = "ReadCatalog"
        Effect   = "Allow"
        Action   = local.read_catalog
        Resource = concat(local.catalog_of_layers, ["${local.glue}:database/default"])
      },
      {
        Sid      = "KeepResults"
        Effect   = "Allow"
        Action   = local.keep_results
        Resource = "${local.bucket_arn}/athena-results/tenantlake-*"
      },
      {
        Sid       = "ListResults"
        Effect    = "Allow"
        Action    = "s3:ListBucket"
        Resource  = local.bucket_arn
        Condition = { StringLike = { "s3:prefix" = "athena-results/tenantlake-*" } }
      },
      {
        Sid      = "LocateBucket"
        Effect   = "Allow"
        Action   = "s3:GetBucketLocation"
        Resource = local.bucket_arn
      },
      {
        Sid      = "ReadDataThroughLakeFormation"
        Effect   = "Allow"
        Action   = "lakeformation:GetDataAccess"
        Resource = "*"
      },
    ]
  })
}
