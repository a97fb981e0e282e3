output "bucket_name" {
  description = "Name of the lake's bucket."
  value       = aws_s3_bucket.lake.id
}
