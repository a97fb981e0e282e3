mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/tenantlake-location" }
  }
}

variables {
  bucket_name       = "acme-tenantlake-test"
  admin_role_arn    = "arn:aws:iam::123456789012:role/tenantlake-admin"
  pipeline_role_arn = "arn:aws:iam::123456789012:role/tenantlake-pipeline"
  deployer_arns     = ["arn:aws:iam::123456789012:role/deployer"]
}

run "opens_nothing_by_default" {
  assert {
    condition = (
      length(aws_lakeformation_data_lake_settings.lake.create_database_default_permissions) == 0 &&
      length(aws_lakeformation_data_lake_settings.lake.create_table_default_permissions) == 0
    )
    error_message = "New databases and tables must be open to nobody."
  }

  assert {
    condition = toset(aws_lakeformation_data_lake_settings.lake.admins) == toset([
      "arn:aws:iam::123456789012:role/tenantlake-admin",
      "arn:aws:iam::123456789012:role/deployer",
    ])
    error_message = "The administrator and the deployer must be data lake administrators, and nobody else."
  }
}

run "registers_the_layers_and_not_the_query_results" {
  assert {
    condition = toset(output.registered_locations) == toset([
      "arn:aws:s3:::acme-tenantlake-test/bronze",
      "arn:aws:s3:::acme-tenantlake-test/silver",
      "arn:aws:s3:::acme-tenantlake-test/gold",
    ])
    error_message = "Exactly the three layers must be registered."
  }

  assert {
    condition     = alltrue([for location in aws_lakeformation_resource.layer : location.hybrid_access_enabled == false])
    error_message = "In hybrid access mode, IAM permissions would get round the filters."
  }

  assert {
    condition = output.database_names == {
      bronze = "bronze"
      silver = "silver"
      gold   = "gold"
    }
    error_message = "The databases must have the names that lake-model gives the layers."
  }
}

run "reads_and_never_writes_through_lake_formation" {
  assert {
    condition = toset(flatten([
      for statement in jsondecode(aws_iam_role_policy.location.policy).Statement : statement.Action
    ])) == toset(["s3:GetObject", "s3:ListBucket"])
    error_message = "The role of the locations must only read."
  }
}

run "gives_all_principals_the_empty_default_database_and_no_more" {
  assert {
    condition     = one(aws_lakeformation_permissions.default_database.permissions) == "DESCRIBE"
    error_message = "DESCRIBE is enough for Athena."
  }

  assert {
    condition     = one(aws_lakeformation_permissions.default_database.database).name == "default"
    error_message = "Only the empty database may be granted to all principals."
  }
}

run "leaves_a_default_database_that_is_there" {
  variables {
    create_default_database = false
  }

  assert {
    condition     = length(aws_glue_catalog_database.default) == 0
    error_message = "The database must not be created twice."
  }
}

run "refuses_to_be_without_a_deployer" {
  command = plan

  variables {
    deployer_arns = []
  }

  expect_failures = [var.deployer_arns]
}

run "refuses_a_session_as_deployer" {
  command = plan

  variables {
    deployer_arns = ["arn:aws:sts::123456789012:assumed-role/deployer/session"]
  }

  expect_failures = [var.deployer_arns]
}

run "lets_the_administrator_read_all_three_layers" {
  assert {
    condition = {
      for layer, grant in aws_lakeformation_permissions.admin_tables :
      layer => [one(grant.permissions), grant.table[0].database_name, grant.table[0].wildcard]
      } == {
      bronze = ["SELECT", "bronze", true]
      silver = ["SELECT", "silver", true]
      gold   = ["SELECT", "gold", true]
    }
    error_message = "The administrator must read every table, also those that come later."
  }
}
