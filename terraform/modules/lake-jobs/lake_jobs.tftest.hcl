mock_provider "aws" {
  mock_data "aws_region" {
    defaults = { region = "eu-central-1" }
  }
}

variables {
  bucket_name       = "acme-tenantlake-test"
  pipeline_role_arn = "arn:aws:iam::123456789012:role/tenantlake-pipeline"
  jars              = ["etl-jobs-0.1.0.jar", "lake-model-0.1.0.jar", "lake-parquet-0.1.0.jar"]
}

run "runs_on_what_it_is_built_with" {
  assert {
    condition     = aws_glue_job.lake.glue_version == "5.1" && aws_glue_job.lake.default_arguments["--datalake-formats"] == "hudi"
    error_message = "etl-jobs is built with the Spark and Hudi of Glue 5.1."
  }

  assert {
    condition = (
      aws_glue_job.lake.default_arguments["--extra-jars"] ==
      "s3://acme-tenantlake-test/artifacts/etl-jobs-0.1.0.jar,s3://acme-tenantlake-test/artifacts/lake-model-0.1.0.jar,s3://acme-tenantlake-test/artifacts/lake-parquet-0.1.0.jar"
    )
    error_message = "The jars must be those of the lake's bucket, where the pipeline's role may read them."
  }

  assert {
    condition = length(setintersection(
      keys(aws_glue_job.lake.default_arguments), ["--mode", "--debug", "--endpoint", "--JOB_NAME"],
    )) == 0
    error_message = "These names are Glue's own."
  }

  assert {
    condition     = strcontains(file("${path.module}/lake_job.scala"), "object ${aws_glue_job.lake.default_arguments["--class"]} {")
    error_message = "The class must be the one that the script defines."
  }
}

run "runs_one_at_a_time" {
  assert {
    condition     = aws_glue_job.lake.execution_property[0].max_concurrent_runs == 1
    error_message = "Two runs must not commit to the same tables."
  }
}

run "ends_when_it_is_to_run_once" {
  assert {
    condition     = aws_glue_job.lake.command[0].name == "glueetl" && aws_glue_job.lake.timeout == 120
    error_message = "A job that runs once must have a time limit."
  }
}

run "goes_on_when_it_is_to_be_continuous" {
  variables {
    mode = "continuous"
  }

  assert {
    condition = (
      aws_glue_job.lake.command[0].name == "gluestreaming" &&
      aws_glue_job.lake.maintenance_window == "Sun:3" &&
      aws_glue_job.lake.default_arguments["--lake_mode"] == "continuous"
    )
    error_message = "A continuous job must be a streaming job of Glue, restarted in its window."
  }
}

run "refuses_an_unknown_mode" {
  command = plan

  variables {
    mode = "sometimes"
  }

  expect_failures = [var.mode]
}

run "refuses_jars_from_elsewhere" {
  command = plan

  variables {
    jars = ["s3://somewhere-else/etl-jobs.jar"]
  }

  expect_failures = [var.jars]
}
