variable "bucket_name" {
  description = "Name of the lake's bucket."
  type        = string
}

variable "bytes_scanned_cutoff_per_query" {
  description = "Bytes after which a query of the administrator is stopped."
  type        = number
  default     = 1099511627776

  validation {
    condition     = var.bytes_scanned_cutoff_per_query >= 10485760
    error_message = "bytes_scanned_cutoff_per_query must be at least 10485760 (10 MB), the least that Athena takes."
  }
}
