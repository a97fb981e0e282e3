# The Glue databases and what Lake Formation knows of the lake: who administers it, which locations it vends
# credentials for, and what the pipeline and the administrator may do. What analysts may do is made by
# `athena-queries grants apply`, tenant by tenant.

data "aws_caller_identity" "current" {}

locals {
  layers = toset(["bronze", "silver", "gold"])
}

# Without default permissions, a new database or table is open to nobody. AWS' own default opens it to every IAM
# principal of the account (IAM_ALLOWED_PRINCIPALS), and row filters would then be without effect.
resource "aws_lakeformation_data_lake_settings" "lake" {
  admins = distinct(concat([var.admin_role_arn], var.deployer_arns))
}

resource "aws_glue_catalog_database" "layer" {
  for_each = local.layers

  name         = each.key
  location_uri = "s3://${var.bucket_name}/${each.key}/"

  # The defaults that a database is created with are those of this moment.
  depends_on = [aws_lakeformation_data_lake_settings.lake]
}

# Athena asks for this one in every query, though nothing lies in it.
resource "aws_glue_catalog_database" "default" {
  count = var.create_default_database ? 1 : 0

  name = "default"

  depends_on = [aws_lakeformation_data_lake_settings.lake]
}

# The role whose credentials Lake Formation hands to Athena, narrowed to one query's table. It reads only: nobody writes
# through Lake Formation, the pipeline has S3 permissions of its own.
resource "aws_iam_role" "location" {
  name        = "tenantlake-location"
  description = "Read by Lake Formation on behalf of those who were granted something"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = ["lakeformation.amazonaws.com", "glue.amazonaws.com"] }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "location" {
  name = "read-layers"
  role = aws_iam_role.location.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "ReadLayers"
        Effect   = "Allow"
        Action   = "s3:GetObject"
        Resource = [for layer in local.layers : "arn:aws:s3:::${var.bucket_name}/${layer}/*"]
      },
      {
        Sid       = "ListLayers"
        Effect    = "Allow"
        Action    = "s3:ListBucket"
        Resource  = "arn:aws:s3:::${var.bucket_name}"
        Condition = { StringLike = { "s3:prefix" = [for layer in local.layers : "${layer}/*"] } }
      },
    ]
  })
}

# The layers and not the whole bucket: Athena's results must not lie in a registered location.
resource "aws_lakeformation_resource" "layer" {
  for_each = local.layers

  arn                   = "arn:aws:s3:::${var.bucket_name}/${each.key}"
  role_arn              = aws_iam_role.location.arn
  hybrid_access_enabled = false

  depends_on = [aws_iam_role_policy.location, aws_lakeformation_data_lake_settings.lake]
}

resource "aws_lakeformation_permissions" "pipeline_location" {
  for_each = local.layers

  principal   = var.pipeline_role_arn
  permissions = ["DATA_LOCATION_ACCESS"]

  data_location {
    arn = aws_lakeformation_resource.layer[each.key].arn
  }
}

resource "aws_lakeformation_permissions" "pipeline_database" {
  for_each = local.layers

  principal   = var.pipeline_role_arn
  permissions = ["CREATE_TABLE", "DESCRIBE"]

  database {
    name = aws_glue_catalog_database.layer[each.key].name
  }
}

resource "aws_lakeformation_permissions" "pipeline_tables" {
  for_each = local.layers

  principal   = var.pipeline_role_arn
  permissions = ["ALTER", "DELETE", "DESCRIBE", "INSERT", "SELECT"]

  table {
    database_name = aws_glue_catalog_database.layer[each.key].name
    wildcard      = true
  }
}

# An administrator may grant everything, and yet reads no data before it is granted to him. The grant option stands
# beside the permission because an administrator has it in any case; without it, Terraform would see a difference.
resource "aws_lakeformation_permissions" "admin_tables" {
  for_each = local.layers

  principal                     = var.admin_role_arn
  permissions                   = ["SELECT"]
  permissions_with_grant_option = ["SELECT"]

  table {
    database_name = aws_glue_catalog_database.layer[each.key].name
    wildcard      = true
  }

  depends_on = [aws_lakeformation_data_lake_settings.lake]
}

# Lake Formation must see `default` for whoever sends a query; all principals of the account may, since it is empty.
resource "aws_lakeformation_permissions" "default_database" {
  principal   = "${data.aws_caller_identity.current.account_id}:IAMPrincipals"
  permissions = ["DESCRIBE"]

  database {
    name = "default"
  }

  depends_on = [aws_glue_catalog_database.default, aws_lakeformation_data_lake_settings.lake]
}
