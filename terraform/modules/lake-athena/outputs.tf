output "admin_workgroup" {
  description = "Name of the administrator's workgroup."
  value       = aws_athena_workgroup.admin.name
}
