output "database_names" {
  description = "Glue databases of the layers, by layer."
  value       = { for layer, database in aws_glue_catalog_database.layer : layer => database.name }
}

output "registered_locations" {
  description = "ARNs of the locations that Lake Formation vends credentials for."
  value       = [for location in aws_lakeformation_resource.layer : location.arn]
}

output "pipeline_role_arn" {
  description = "Role of the pipeline, once it has its grants: what is built on this one does not start before them."
  value       = var.pipeline_role_arn

  depends_on = [
    aws_lakeformation_permissions.pipeline_location,
    aws_lakeformation_permissions.pipeline_database,
    aws_lakeformation_permissions.pipeline_tables,
  ]
}
