variable "vpc_id" {
  description = "VPC of the source."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets, in two availability zones or more."
  type        = list(string)

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "subnet_ids must name subnets in at least two availability zones: RDS asks for that even of a single instance."
  }
}

variable "client_security_group_ids" {
  description = "Security groups that may connect, by the client's name."
  type        = map(string)
}

variable "instance_class" {
  description = "Size of the instance."
  type        = string
  default     = "db.t4g.medium"

  validation {
    condition     = startswith(var.instance_class, "db.")
    error_message = "instance_class must be an RDS instance class such as db.t4g.medium."
  }
}

variable "multi_az" {
  description = "Whether a standby in another availability zone is kept."
  type        = bool
  default     = false
}

variable "storage_gigabytes" {
  description = "Storage at the start; it grows by itself up to four times that."
  type        = number
  default     = 50

  validation {
    condition     = var.storage_gigabytes >= 20
    error_message = "storage_gigabytes must be at least 20, the least that gp3 takes."
  }
}

variable "slot_wal_keep_megabytes" {
  description = "WAL that is kept for cdc-ingest while it does not read (max_slot_wal_keep_size)."
  type        = number
  default     = 10240

  validation {
    condition     = var.slot_wal_keep_megabytes >= 1024 && var.slot_wal_keep_megabytes <= var.storage_gigabytes * 512
    error_message = "slot_wal_keep_megabytes must be at least 1024, and at most half of storage_gigabytes: the rest is the shop's."
  }
}

variable "backup_retention_days" {
  description = "Days for which automatic backups are kept."
  type        = number
  default     = 7

  validation {
    condition     = var.backup_retention_days >= 1 && var.backup_retention_days <= 35
    error_message = "backup_retention_days must be 1 to 35."
  }
}

variable "deletion_protection" {
  description = "Whether the instance is protected from deletion, and leaves a snapshot if it is deleted all the same."
  type        = bool
  default     = true
}

variable "alarm_topic_arns" {
  description = "SNS topics that hear of unread WAL."
  type        = list(string)
  default     = []
}
