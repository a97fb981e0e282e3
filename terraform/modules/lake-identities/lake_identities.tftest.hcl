mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }

  mock_data "aws_region" {
    defaults = { region = "eu-central-1" }
  }
}

variables {
  bucket_name          = "acme-tenantlake-test"
  admin_principal_arns = ["arn:aws:iam::123456789012:role/data-platform"]
}

run "makes_analysts_only_below_the_boundary" {
  assert {
    condition = [
      for statement in jsondecode(aws_iam_role_policy.admin_grants.policy).Statement :
      try(statement.Condition.StringEquals["iam:PermissionsBoundary"], "none")
      if length(setintersection(flatten([statement.Action]), ["iam:CreateRole", "iam:PutRolePolicy"])) > 0
    ] == ["arn:aws:iam::123456789012:policy/tenantlake-analyst-boundary"]
    error_message = "A role must not be made or given a policy without the boundary."
  }

  assert {
    condition     = aws_iam_policy.analyst_boundary.name == "tenantlake-analyst-boundary"
    error_message = "The boundary must have the name that the condition asks for."
  }

  assert {
    condition = length(setintersection(
      flatten([for statement in jsondecode(aws_iam_role_policy.admin_grants.policy).Statement : statement.Action]),
      ["iam:AttachRolePolicy", "iam:DeleteRolePermissionsBoundary", "iam:PassRole", "iam:PutRolePermissionsBoundary"],
    )) == 0
    error_message = "The administrator must not be able to take a boundary off or to go round it."
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_iam_role_policy.admin_grants.policy).Statement :
      statement.Resource == "arn:aws:iam::123456789012:role/tenantlake-analyst-*"
      if anytrue([for action in flatten([statement.Action]) : startswith(action, "iam:") && action != "iam:ListRoles"])
      && statement.Sid != "ListAndGrant"
    ])
    error_message = "The administrator must be able to change analysts' roles and no others."
  }
}

run "keeps_analysts_out_of_what_is_not_theirs" {
  assert {
    condition = alltrue([
      for statement in jsondecode(aws_iam_policy.analyst_boundary.policy).Statement :
      alltrue([
        for resource in flatten([statement.Resource]) :
        resource == "arn:aws:s3:::acme-tenantlake-test" ||
        resource == "arn:aws:s3:::acme-tenantlake-test/athena-results/tenantlake-*"
      ])
      if anytrue([for action in flatten([statement.Action]) : startswith(action, "s3:")])
    ])
    error_message = "No analyst may reach an object that is not a tenant's query result."
  }

  assert {
    condition     = !strcontains(aws_iam_policy.analyst_boundary.policy, "s3:::acme-tenantlake-test/bronze")
    error_message = "No analyst may reach an object of bronze but through Lake Formation."
  }

  assert {
    condition = !anytrue([
      for change in ["Create", "Update", "Delete"] :
      strcontains(aws_iam_policy.analyst_boundary.policy, "${change}PreparedStatement")
    ])
    error_message = "An analyst may execute the workgroup's prepared statements and change none."
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_iam_policy.analyst_boundary.policy).Statement :
      statement.Resource == "arn:aws:athena:eu-central-1:123456789012:workgroup/tenantlake-*"
      if anytrue([for action in flatten([statement.Action]) : startswith(action, "athena:")])
    ])
    error_message = "No analyst may use the administrator's workgroup."
  }
}

run "names_what_can_be_named" {
  # Every statement on all resources, of every policy: CloudWatch, Lake Formation and two lists, which know no others.
  assert {
    condition = toset(flatten([
      for policy in [
        aws_iam_role_policy.pipeline.policy,
        aws_iam_role_policy.admin_queries.policy,
        aws_iam_role_policy.admin_grants.policy,
        aws_iam_policy.analyst_boundary.policy,
        ] : [
        for statement in jsondecode(policy).Statement : [
          for action in flatten([statement.Action]) : split(":", action)[0]
        ] if statement.Resource == "*"
      ]
    ])) == toset(["athena", "cloudwatch", "iam", "lakeformation"])
    error_message = "A service that knows resources has a statement on all of them."
  }

  assert {
    condition = alltrue(flatten([
      for policy in [
        aws_iam_role_policy.pipeline.policy,
        aws_iam_role_policy.admin_queries.policy,
        aws_iam_role_policy.admin_grants.policy,
        aws_iam_policy.analyst_boundary.policy,
        ] : [
        for statement in jsondecode(policy).Statement : [
          for action in flatten([statement.Action]) : !strcontains(action, "*")
        ]
      ]
    ]))
    error_message = "Actions must be named one by one."
  }
}

run "lets_the_pipeline_write_the_layers_and_nothing_else" {
  assert {
    condition = toset(flatten([
      for statement in jsondecode(aws_iam_role_policy.pipeline.policy).Statement : statement.Resource
      if contains(flatten([statement.Action]), "s3:PutObject")
      ])) == toset([
      "arn:aws:s3:::acme-tenantlake-test/bronze/*",
      "arn:aws:s3:::acme-tenantlake-test/silver/*",
      "arn:aws:s3:::acme-tenantlake-test/gold/*",
    ])
    error_message = "The pipeline must write the three layers, and no results, grants or artifacts."
  }
}

run "refuses_to_trust_everybody" {
  command = plan

  variables {
    admin_principal_arns = ["*"]
  }

  expect_failures = [var.admin_principal_arns]
}

run "refuses_to_trust_nobody" {
  command = plan

  variables {
    admin_principal_arns = []
  }

  expect_failures = [var.admin_principal_arns]
}
