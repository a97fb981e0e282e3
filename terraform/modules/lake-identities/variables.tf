variable "bucket_name" {
  description = "Name of the lake's bucket."
  type        = string
}

variable "admin_principal_arns" {
  description = "IAM roles or users that may become the lake's administrator."
  type        = list(string)

  validation {
    condition = length(var.admin_principal_arns) > 0 && alltrue([
      for arn in var.admin_principal_arns : can(regex("^arn:aws:iam::[0-9]{12}:(role|user)/[^*]+$", arn))
    ])
    error_message = "admin_principal_arns must name at least one IAM role or user by its ARN, without a wildcard."
  }
}
