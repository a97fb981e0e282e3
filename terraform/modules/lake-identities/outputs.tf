output "pipeline_role_arn" {
  description = "Role of cdc-ingest and the Spark jobs."
  value       = aws_iam_role.pipeline.arn
}

output "admin_role_arn" {
  description = "Role of the lake's administrator."
  value       = aws_iam_role.admin.arn
}

output "analyst_boundary_arn" {
  description = "Permissions boundary that every role tenantlake-analyst-* must be created with."
  value       = aws_iam_policy.analyst_boundary.arn
}
