output "bucket_name" {
  description = "TENANTLAKE_BUCKET of the processes."
  value       = module.lake_storage.bucket_name
}

output "admin_role_arn" {
  description = "Role to become for `athena-queries`."
  value       = module.lake_identities.admin_role_arn
}

output "analyst_boundary_arn" {
  description = "Permissions boundary of the analysts' roles."
  value       = module.lake_identities.analyst_boundary_arn
}

output "source_host" {
  description = "Address of the source."
  value       = local.source.host
}

output "source_secret_arn" {
  description = "Secret of the source's user."
  value       = local.source.secret_arn
}
