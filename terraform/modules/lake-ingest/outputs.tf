output "security_group_id" {
  description = "Security group of cdc-ingest; the source lets it in."
  value       = aws_security_group.ingest.id
}

output "log_group_name" {
  description = "Log group of cdc-ingest."
  value       = aws_cloudwatch_log_group.ingest.name
}
