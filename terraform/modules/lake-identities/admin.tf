# Asks anything of the lake, and applies the grants of its tenants. Lake Formation's part of that is given to the role
# in lake-catalog, which makes it a data lake administrator.

resource "aws_iam_role" "admin" {
  name        = "tenantlake-admin"
  description = "The lake's administrator"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = var.admin_principal_arns }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "admin_queries" {
  name = "query-lake"
  role = aws_iam_role.admin.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "RunQueries"
        Effect   = "Allow"
        Action   = local.run_queries
        Resource = local.admin_workgroup
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
        Resource = "${local.bucket_arn}/athena-results/tenantlake/*"
      },
      {
        Sid    = "ReadPositions"
        Effect = "Allow"
        Action = "s3:GetObject"
        Resource = [
          "${local.bucket_arn}/bronze/_epochs/*",
          "${local.bucket_arn}/silver/_position.json",
          "${local.bucket_arn}/gold/_position.json",
        ]
      },
      {
        # Of the whole bucket, as the pipeline's: a position that is not there yet must be told from a forbidden one.
        Sid      = "ListBucket"
        Effect   = "Allow"
        Action   = ["s3:GetBucketLocation", "s3:ListBucket"]
        Resource = local.bucket_arn
      },
      {
        # Lake Formation's actions know no resources; what is handed out is bounded by its grants.
        Sid      = "ReadDataThroughLakeFormation"
        Effect   = "Allow"
        Action   = "lakeformation:GetDataAccess"
        Resource = "*"
      },
    ]
  })
}

resource "aws_iam_role_policy" "admin_grants" {
  name = "apply-grants"
  role = aws_iam_role.admin.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        # Without this condition, whoever can make a role and give it a policy can give himself everything.
        Sid       = "MakeAnalystsBelowTheBoundary"
        Effect    = "Allow"
        Action    = ["iam:CreateRole", "iam:PutRolePolicy"]
        Resource  = local.analyst_roles
        Condition = { StringEquals = { "iam:PermissionsBoundary" = local.boundary_arn } }
      },
      {
        Sid    = "KeepAnalysts"
        Effect = "Allow"
        Action = [
          "iam:DeleteRole",
          "iam:DeleteRolePolicy",
          "iam:GetRole",
          "iam:GetRolePolicy",
          "iam:ListRolePolicies",
          "iam:TagRole",
          "iam:UntagRole",
          "iam:UpdateAssumeRolePolicy",
        ]
        Resource = local.analyst_roles
      },
      {
        Sid      = "ActAsAnalyst"
        Effect   = "Allow"
        Action   = "sts:AssumeRole"
        Resource = local.analyst_roles
      },
      {
        Sid    = "KeepTenantWorkgroups"
        Effect = "Allow"
        Action = [
          "athena:CreateWorkGroup",
          "athena:DeleteWorkGroup",
          "athena:GetWorkGroup",
          "athena:ListTagsForResource",
          "athena:TagResource",
          "athena:UntagResource",
          "athena:UpdateWorkGroup",
        ]
        Resource = local.tenant_workgroups
      },
      {
        # Those that ask for the past, in every workgroup.
        Sid    = "KeepPreparedStatements"
        Effect = "Allow"
        Action = [
          "athena:BatchGetPreparedStatement",
          "athena:CreatePreparedStatement",
          "athena:DeletePreparedStatement",
          "athena:ListPreparedStatements",
          "athena:UpdatePreparedStatement",
        ]
        Resource = [local.admin_workgroup, local.tenant_workgroups]
      },
      {
        Sid      = "KeepGrantsPosition"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:PutObject"]
        Resource = "${local.bucket_arn}/grants/_position.json"
      },
      {
        # None of these actions can be narrowed to a resource.
        Sid    = "ListAndGrant"
        Effect = "Allow"
        Action = [
          "athena:ListWorkGroups",
          "iam:ListRoles",
          "lakeformation:BatchGrantPermissions",
          "lakeformation:BatchRevokePermissions",
          "lakeformation:CreateDataCellsFilter",
          "lakeformation:DeleteDataCellsFilter",
          "lakeformation:GetDataCellsFilter",
          "lakeformation:GrantPermissions",
          "lakeformation:ListDataCellsFilter",
          "lakeformation:ListPermissions",
          "lakeformation:RevokePermissions",
          "lakeformation:UpdateDataCellsFilter",
        ]
        Resource = "*"
      },
    ]
  })
}
