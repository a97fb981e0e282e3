variable "bucket_name" {
  description = "Name of the lake's bucket, unique in all of AWS. The processes get it as TENANTLAKE_BUCKET."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.bucket_name))
    error_message = "bucket_name must be 3 to 63 lower-case letters, digits and hyphens, without a dot (TLS certificates of S3 do not cover names with dots)."
  }
}

variable "force_destroy" {
  description = "Whether `terraform destroy` may delete a bucket that holds data."
  type        = bool
  default     = false
}

variable "query_result_retention_days" {
  description = "Days after which Athena's results are deleted."
  type        = number
  default     = 7

  validation {
    condition     = var.query_result_retention_days >= 1
    error_message = "query_result_retention_days must be at least 1."
  }
}

variable "replaced_object_retention_days" {
  description = "Days for which an object that was replaced or deleted can still be brought back."
  type        = number
  default     = 7

  validation {
    condition     = var.replaced_object_retention_days >= 1
    error_message = "replaced_object_retention_days must be at least 1."
  }
}
