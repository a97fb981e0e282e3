# The Spark jobs on Glue 5.1: Spark 3.5.6, Hudi 1.0.2, Java 17 and Scala 2.12, what etl-jobs is built with.

data "aws_region" "current" {}

locals {
  # A job of the command glueetl ends and is started again by the schedule; one of gluestreaming goes on, and the
  # schedule starts it again after a failure or a maintenance window.
  command = { once = "glueetl", continuous = "gluestreaming" }[var.mode]
}

resource "aws_s3_object" "script" {
  bucket = var.bucket_name
  key    = "artifacts/lake_job.scala"
  source = "${path.module}/lake_job.scala"

  source_hash = filemd5("${path.module}/lake_job.scala")
}

resource "aws_glue_job" "lake" {
  name         = "tenantlake-etl"
  description  = "Bronze to silver to gold"
  role_arn     = var.pipeline_role_arn
  glue_version = "5.1"

  worker_type       = var.worker_type
  number_of_workers = var.number_of_workers
  max_retries       = 0
  timeout           = var.mode == "once" ? var.timeout_minutes : null

  maintenance_window = var.mode == "continuous" ? var.maintenance_window : null

  command {
    name            = local.command
    script_location = "s3://${aws_s3_object.script.bucket}/${aws_s3_object.script.key}"
  }

  # Two runs at once would commit to the same tables.
  execution_property {
    max_concurrent_runs = 1
  }

  # Glue keeps --mode for itself and passes on no environment variable whose name does not begin with CUSTOMER_, so that
  # lake_job.scala is given its settings by these names.
  default_arguments = {
    "--job-language"        = "scala"
    "--class"               = "LakeJobOnGlue"
    "--datalake-formats"    = "hudi"
    "--extra-jars"          = join(",", [for jar in var.jars : "s3://${var.bucket_name}/artifacts/${jar}"])
    "--user-jars-first"     = "true"
    "--job-bookmark-option" = "job-bookmark-disable"
    "--enable-metrics"      = "true"
    "--conf"                = join(" --conf ", [for name, value in var.spark_conf : "${name}=${value}"])
    "--lake_bucket"         = var.bucket_name
    "--lake_region"         = data.aws_region.current.region
    "--lake_mode"           = var.mode
    "--lake_stage"          = var.stage
  }
}

# While a run is under way, a further one is refused by max_concurrent_runs, which is what is wanted.
resource "aws_glue_trigger" "schedule" {
  name     = "tenantlake-etl"
  type     = "SCHEDULED"
  schedule = var.schedule

  start_on_creation = true

  actions {
    job_name = aws_glue_job.lake.name
  }
}
