mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }

  mock_data "aws_region" {
    defaults = { region = "eu-central-1" }
  }

  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:eu-central-1:123456789012:log-group:/tenantlake/cdc-ingest" }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/tenantlake-ingest-execution" }
  }

  mock_resource "aws_ecs_task_definition" {
    defaults = { arn = "arn:aws:ecs:eu-central-1:123456789012:task-definition/tenantlake-cdc-ingest:1" }
  }
}

variables {
  bucket_name              = "acme-tenantlake-test"
  pipeline_role_arn        = "arn:aws:iam::123456789012:role/tenantlake-pipeline"
  vpc_id                   = "vpc-0123"
  subnet_ids               = ["subnet-a"]
  image                    = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/cdc-ingest@sha256:0000000000000000000000000000000000000000000000000000000000000000"
  image_repository_arn     = "arn:aws:ecr:eu-central-1:123456789012:repository/cdc-ingest"
  source_host              = "source.example.internal"
  source_secret_arn        = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:source"
  source_security_group_id = "sg-source"
}

run "runs_one_and_never_two" {
  assert {
    condition = (
      aws_ecs_service.ingest.desired_count == 1 &&
      aws_ecs_service.ingest.deployment_maximum_percent == 100 &&
      aws_ecs_service.ingest.deployment_minimum_healthy_percent == 0
    )
    error_message = "A deployment must end the old task before it starts the new one."
  }
}

run "is_configured_as_on_a_laptop" {
  assert {
    condition = {
      for variable in jsondecode(aws_ecs_task_definition.ingest.container_definitions)[0].environment :
      variable.name => variable.value
      } == {
      AWS_REGION        = "eu-central-1"
      TENANTLAKE_BUCKET = "acme-tenantlake-test"
      PGHOST            = "source.example.internal"
      PGPORT            = "5432"
      PGDATABASE        = "shop"
    }
    error_message = "The environment must be the one that cdc-ingest reads."
  }

  assert {
    condition = [
      for secret in jsondecode(aws_ecs_task_definition.ingest.container_definitions)[0].secrets : secret.name
    ] == ["PGUSER", "PGPASSWORD"]
    error_message = "User and password must come from the secret, and not from the task definition."
  }

  assert {
    condition     = aws_ecs_task_definition.ingest.task_role_arn == "arn:aws:iam::123456789012:role/tenantlake-pipeline"
    error_message = "cdc-ingest must act as the pipeline."
  }
}

run "is_reached_by_nobody" {
  assert {
    condition     = length(aws_security_group.ingest.ingress) == 0 && !aws_ecs_service.ingest.network_configuration[0].assign_public_ip
    error_message = "Nothing may connect to cdc-ingest."
  }
}

run "refuses_an_image_that_can_change" {
  command = plan

  variables {
    image = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/cdc-ingest:latest"
  }

  expect_failures = [var.image]
}

run "refuses_an_age_without_a_unit" {
  command = plan

  variables {
    epoch_age = "1"
  }

  expect_failures = [var.epoch_age]
}
