mock_provider "aws" {}

variables {
  bucket_name = "acme-tenantlake-test"
}

run "refuses_what_is_public_or_unencrypted" {
  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.lake.block_public_acls,
      aws_s3_bucket_public_access_block.lake.block_public_policy,
      aws_s3_bucket_public_access_block.lake.ignore_public_acls,
      aws_s3_bucket_public_access_block.lake.restrict_public_buckets,
    ])
    error_message = "All four blocks of public access must be on."
  }

  assert {
    condition     = one(jsondecode(aws_s3_bucket_policy.lake.policy).Statement).Effect == "Deny"
    error_message = "The bucket's policy must only deny."
  }

  assert {
    condition     = one(jsondecode(aws_s3_bucket_policy.lake.policy).Statement).Condition.Bool["aws:SecureTransport"] == "false"
    error_message = "Requests without TLS must be denied."
  }

  assert {
    condition     = one(aws_s3_bucket_versioning.lake.versioning_configuration).status == "Enabled"
    error_message = "Versioning must be on."
  }
}

run "deletes_query_results_and_no_data" {
  assert {
    condition = [
      for rule in aws_s3_bucket_lifecycle_configuration.lake.rule : rule.filter[0].prefix
      if length([for expiration in rule.expiration : expiration if expiration.days != null && expiration.days != 0]) > 0
    ] == ["athena-results/"]
    error_message = "Only Athena's results may expire by age."
  }
}

run "keeps_a_bucket_with_data" {
  assert {
    condition     = aws_s3_bucket.lake.force_destroy == false
    error_message = "A bucket with data must not be deleted unless that was asked for."
  }
}

run "refuses_a_dotted_name" {
  command = plan

  variables {
    bucket_name = "acme.tenantlake"
  }

  expect_failures = [var.bucket_name]
}

run "refuses_a_retention_of_no_days" {
  command = plan

  variables {
    query_result_retention_days    = 0
    replaced_object_retention_days = 0
  }

  expect_failures = [var.query_result_retention_days, var.replaced_object_retention_days]
}
