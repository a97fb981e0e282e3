variable "bucket_name" {
  description = "Name of the lake's bucket (TENANTLAKE_BUCKET)."
  type        = string
}

variable "pipeline_role_arn" {
  description = "Role that cdc-ingest acts as."
  type        = string
}

variable "vpc_id" {
  description = "VPC of the task."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets with a way to AWS' services: a NAT gateway or VPC endpoints."
  type        = list(string)

  validation {
    condition     = length(var.subnet_ids) > 0
    error_message = "subnet_ids must name at least one subnet."
  }
}

variable "image" {
  description = "Image of cdc-ingest in ECR, by digest. Its entry point is dev.tenantlake.ingest.CdcIngest."
  type        = string

  validation {
    condition     = can(regex("@sha256:[0-9a-f]{64}$", var.image))
    error_message = "image must name the image by its digest (…@sha256:…), so that what runs is what was tested."
  }
}

variable "image_repository_arn" {
  description = "ECR repository of the image."
  type        = string

  validation {
    condition     = can(regex("^arn:aws:ecr:[a-z0-9-]+:[0-9]{12}:repository/[^*]+$", var.image_repository_arn))
    error_message = "image_repository_arn must be the ARN of one ECR repository."
  }
}

variable "source_host" {
  description = "Address of the source (PGHOST)."
  type        = string
}

variable "source_port" {
  description = "Port of the source (PGPORT)."
  type        = number
  default     = 5432
}

variable "source_database" {
  description = "Name of the source's database (PGDATABASE)."
  type        = string
  default     = "shop"
}

variable "source_secret_arn" {
  description = "Secret with the keys username and password of a user that may replicate."
  type        = string
}

variable "source_security_group_id" {
  description = "Security group of the source."
  type        = string
}

variable "epoch_age" {
  description = "Age at which an epoch is cut: shorter is fresher, longer is fewer and larger files."
  type        = string
  default     = "1s"

  validation {
    condition     = can(regex("^[1-9][0-9]*(ms|s|m)$", var.epoch_age))
    error_message = "epoch_age must be a duration such as 500ms, 1s or 1m."
  }
}

variable "cpu" {
  description = "CPU units of the task."
  type        = number
  default     = 1024
}

variable "memory" {
  description = "Memory of the task in megabytes."
  type        = number
  default     = 4096
}

variable "ephemeral_storage_gigabytes" {
  description = "Disk of the task."
  type        = number
  default     = 30

  validation {
    condition     = var.ephemeral_storage_gigabytes >= 21 && var.ephemeral_storage_gigabytes <= 200
    error_message = "ephemeral_storage_gigabytes must be 21 to 200, the range of Fargate."
  }
}

variable "log_retention_days" {
  description = "Days for which the log is kept."
  type        = number
  default     = 30
}
