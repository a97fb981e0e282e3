# The administrator's workgroup. Those of the analysts, tenantlake-<slug>, are made by `athena-queries grants apply`:
# one for each tenant, since users of one workgroup see each other's queries and results.

resource "aws_athena_workgroup" "admin" {
  name          = "tenantlake"
  description   = "Queries of the lake's administrator"
  force_destroy = true

  configuration {
    enforce_workgroup_configuration    = true
    publish_cloudwatch_metrics_enabled = true
    bytes_scanned_cutoff_per_query     = var.bytes_scanned_cutoff_per_query

    engine_version {
      selected_engine_version = "Athena engine version 3"
    }

    result_configuration {
      output_location = "s3://${var.bucket_name}/athena-results/tenantlake/"

      encryption_configuration {
        encryption_option = "SSE_S3"
      }
    }
  }
}
