variable "region" {
  description = "AWS region of the lake."
  type        = string
}

variable "bucket_name" {
  description = "Name of the lake's bucket."
  type        = string
}

variable "admin_principal_arns" {
  description = "IAM roles or users that may become the lake's administrator."
  type        = list(string)
}

variable "deployer_arns" {
  description = "IAM roles or users that run Terraform."
  type        = list(string)
}

variable "create_default_database" {
  description = "Whether to create the Glue database `default`. Set to false where the account has it."
  type        = bool
  default     = true
}

variable "vpc_id" {
  description = "VPC of the source and cdc-ingest."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets with a way to AWS' services, in two availability zones or more."
  type        = list(string)
}

variable "existing_source" {
  description = "A Postgres to take the changes of, in place of a new one."
  type = object({
    host              = string
    port              = number
    database          = string
    secret_arn        = string
    security_group_id = string
  })
  default = null
}

variable "ingest_image" {
  description = "Image of cdc-ingest, by digest."
  type        = string
}

variable "ingest_image_repository_arn" {
  description = "ECR repository of the image."
  type        = string
}

variable "job_jars" {
  description = "Files below artifacts/ in the lake's bucket that the jobs need."
  type        = list(string)
}

variable "alarm_topic_arns" {
  description = "SNS topics that hear of WAL that nobody reads."
  type        = list(string)
  default     = []
}
