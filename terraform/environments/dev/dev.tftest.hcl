mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }

  mock_data "aws_region" {
    defaults = { region = "eu-central-1" }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/mocked" }
  }

  mock_resource "aws_iam_policy" {
    defaults = { arn = "arn:aws:iam::123456789012:policy/mocked" }
  }

  mock_resource "aws_ecs_task_definition" {
    defaults = { arn = "arn:aws:ecs:eu-central-1:123456789012:task-definition/mocked:1" }
  }

  mock_resource "aws_db_instance" {
    defaults = {
      address            = "source.example.internal"
      master_user_secret = [{ secret_arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds" }]
    }
  }
}

variables {
  region                      = "eu-central-1"
  bucket_name                 = "acme-tenantlake-dev"
  admin_principal_arns        = ["arn:aws:iam::123456789012:role/data-platform"]
  deployer_arns               = ["arn:aws:iam::123456789012:role/deployer"]
  vpc_id                      = "vpc-0123"
  subnet_ids                  = ["subnet-a", "subnet-b"]
  ingest_image                = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/cdc-ingest@sha256:0000000000000000000000000000000000000000000000000000000000000000"
  ingest_image_repository_arn = "arn:aws:ecr:eu-central-1:123456789012:repository/cdc-ingest"
  job_jars                    = ["etl-jobs-0.1.0.jar"]
}

run "brings_a_source_of_its_own" {
  assert {
    condition     = length(module.lake_source) == 1 && output.source_host == "source.example.internal"
    error_message = "Without an existing source, one must be made."
  }

  assert {
    condition     = output.source_secret_arn == "arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds"
    error_message = "The secret must be the one that RDS keeps."
  }
}

run "takes_an_existing_source" {
  variables {
    existing_source = {
      host              = "shop.example.internal"
      port              = 5433
      database          = "shop"
      secret_arn        = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop"
      security_group_id = "sg-shop"
    }
  }

  assert {
    condition     = length(module.lake_source) == 0 && output.source_host == "shop.example.internal"
    error_message = "With an existing source, none must be made."
  }
}
