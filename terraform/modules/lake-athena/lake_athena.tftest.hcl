mock_provider "aws" {}

variables {
  bucket_name = "acme-tenantlake-test"
}

run "enforces_where_results_go" {
  assert {
    condition     = aws_athena_workgroup.admin.configuration[0].enforce_workgroup_configuration
    error_message = "A client must not choose where results go."
  }

  assert {
    condition = (
      aws_athena_workgroup.admin.configuration[0].result_configuration[0].output_location ==
      "s3://acme-tenantlake-test/athena-results/tenantlake/"
    )
    error_message = "Results must lie where LakeLayout.resultsPrefix says."
  }

  assert {
    condition     = output.admin_workgroup == "tenantlake"
    error_message = "The workgroup must have the name that lake-model gives the administrator's."
  }
}

run "refuses_a_cutoff_that_athena_would_refuse" {
  command = plan

  variables {
    bytes_scanned_cutoff_per_query = 1000000
  }

  expect_failures = [var.bytes_scanned_cutoff_per_query]
}
