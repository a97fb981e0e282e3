output "host" {
  description = "Address of the source (PGHOST)."
  value       = aws_db_instance.source.address
}

output "port" {
  description = "Port of the source (PGPORT)."
  value       = aws_db_instance.source.port
}

output "database" {
  description = "Name of the source's database (PGDATABASE)."
  value       = aws_db_instance.source.db_name
}

output "secret_arn" {
  description = "Secret with the keys username and password, kept by RDS."
  value       = one(aws_db_instance.source.master_user_secret).secret_arn
}

output "security_group_id" {
  description = "Security group of the source."
  value       = aws_security_group.source.id
}
