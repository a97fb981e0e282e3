variable "bucket_name" {
  description = "Name of the lake's bucket."
  type        = string
}

variable "admin_role_arn" {
  description = "Role of the lake's administrator: data lake administrator, and reader of every row."
  type        = string

  validation {
    condition     = can(regex("^arn:aws:iam::[0-9]{12}:role/", var.admin_role_arn))
    error_message = "admin_role_arn must be the ARN of an IAM role."
  }
}

variable "pipeline_role_arn" {
  description = "Role of cdc-ingest and the Spark jobs."
  type        = string

  validation {
    condition     = can(regex("^arn:aws:iam::[0-9]{12}:role/", var.pipeline_role_arn))
    error_message = "pipeline_role_arn must be the ARN of an IAM role."
  }
}

variable "deployer_arns" {
  description = "IAM roles or users that run Terraform: data lake administrators too, or they could not make the grants."
  type        = list(string)

  validation {
    condition = length(var.deployer_arns) > 0 && alltrue([
      for arn in var.deployer_arns : can(regex("^arn:aws:iam::[0-9]{12}:(role|user)/", arn))
    ])
    error_message = "deployer_arns must name at least one IAM role or user by its ARN (of a session, the role's: arn:aws:iam::…:role/…)."
  }
}

variable "create_default_database" {
  description = "Whether to create the Glue database `default`. Set to false where the account has it."
  type        = bool
  default     = true
}
