# Who acts in the lake: the pipeline (cdc-ingest and the Spark jobs) and the administrator. The analysts' roles are made
# by `athena-queries grants apply` as the administrator, who can make them only below the boundary that stands here.

data "aws_caller_identity" "current" {}
data "aws_region" "current" {}

locals {
  account_id = data.aws_caller_identity.current.account_id
  region     = data.aws_region.current.region

  bucket_arn    = "arn:aws:s3:::${var.bucket_name}"
  analyst_roles = "arn:aws:iam::${local.account_id}:role/tenantlake-analyst-*"
  boundary_arn  = "arn:aws:iam::${local.account_id}:policy/tenantlake-analyst-boundary"

  athena            = "arn:aws:athena:${local.region}:${local.account_id}"
  admin_workgroup   = "${local.athena}:workgroup/tenantlake"
  tenant_workgroups = "${local.athena}:workgroup/tenantlake-*"

  glue   = "arn:aws:glue:${local.region}:${local.account_id}"
  layers = ["bronze", "silver", "gold"]
  catalog_of_layers = concat(
    ["${local.glue}:catalog"],
    [for layer in local.layers : "${local.glue}:database/${layer}"],
    [for layer in local.layers : "${local.glue}:table/${layer}/*"],
  )

  run_queries = [
    "athena:BatchGetPreparedStatement",
    "athena:BatchGetQueryExecution",
    "athena:GetPreparedStatement",
    "athena:GetQueryExecution",
    "athena:GetQueryResults",
    "athena:GetWorkGroup",
    "athena:ListPreparedStatements",
    "athena:ListQueryExecutions",
    "athena:StartQueryExecution",
    "athena:StopQueryExecution",
  ]

  read_catalog = [
    "glue:BatchGetPartition",
    "glue:GetDatabase",
    "glue:GetDatabases",
    "glue:GetPartition",
    "glue:GetPartitions",
    "glue:GetTable",
    "glue:GetTables",
  ]

  keep_results = [
    "s3:AbortMultipartUpload",
    "s3:GetObject",
    "s3:ListMultipartUploadParts",
    "s3:PutObject",
  ]
}
