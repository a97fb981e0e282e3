# cdc-ingest as one Fargate task. One and never two: a second writer is refused by the manifest's If-None-Match, and
# would only fail.

data "aws_caller_identity" "current" {}
data "aws_region" "current" {}

locals {
  account_id = data.aws_caller_identity.current.account_id
  region     = data.aws_region.current.region
}

resource "aws_ecs_cluster" "lake" {
  name = "tenantlake"
}

resource "aws_cloudwatch_log_group" "ingest" {
  name              = "/tenantlake/cdc-ingest"
  retention_in_days = var.log_retention_days
}

resource "aws_security_group" "ingest" {
  name_prefix = "tenantlake-ingest-"
  description = "cdc-ingest: out to the source and to AWS, nothing in"
  vpc_id      = var.vpc_id

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_egress_rule" "source" {
  security_group_id            = aws_security_group.ingest.id
  description                  = "The source"
  referenced_security_group_id = var.source_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = var.source_port
  to_port                      = var.source_port
}

# The addresses of S3, Glue, ECR, Secrets Manager and CloudWatch cannot be named.
resource "aws_vpc_security_group_egress_rule" "aws_services" {
  security_group_id = aws_security_group.ingest.id
  description       = "AWS services over TLS"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_ecs_task_definition" "ingest" {
  family                   = "tenantlake-cdc-ingest"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.cpu
  memory                   = var.memory
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = var.pipeline_role_arn

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "X86_64"
  }

  # Parquet files are written to disk before they are uploaded; the first snapshot needs the most.
  ephemeral_storage {
    size_in_gib = var.ephemeral_storage_gigabytes
  }

  container_definitions = jsonencode([{
    name      = "cdc-ingest"
    image     = var.image
    essential = true
    command   = ["run", "--epoch-age", var.epoch_age]

    environment = [
      { name = "AWS_REGION", value = local.region },
      { name = "TENANTLAKE_BUCKET", value = var.bucket_name },
      { name = "PGHOST", value = var.source_host },
      { name = "PGPORT", value = tostring(var.source_port) },
      { name = "PGDATABASE", value = var.source_database },
    ]

    # Read at each start of the task. After a rotation the open connections live on; a new one is refused, the task
    # ends, and the service starts it with the new password.
    secrets = [
      { name = "PGUSER", valueFrom = "${var.source_secret_arn}:username::" },
      { name = "PGPASSWORD", valueFrom = "${var.source_secret_arn}:password::" },
    ]

    # Time to end the open epoch after SIGTERM; the longest that Fargate gives.
    stopTimeout = 120

    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.ingest.name
        awslogs-region        = local.region
        awslogs-stream-prefix = "run"
      }
    }
  }])
}

resource "aws_ecs_service" "ingest" {
  name            = "cdc-ingest"
  cluster         = aws_ecs_cluster.lake.id
  task_definition = aws_ecs_task_definition.ingest.arn
  launch_type     = "FARGATE"

  # The old task ends before the new one starts.
  desired_count                      = 1
  deployment_minimum_healthy_percent = 0
  deployment_maximum_percent         = 100

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  network_configuration {
    subnets          = var.subnet_ids
    security_groups  = [aws_security_group.ingest.id]
    assign_public_ip = false
  }

  # A task that starts before it may read its secret is counted as a failed deployment.
  depends_on = [aws_iam_role_policy.execution]
}
