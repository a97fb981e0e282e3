variable "bucket_name" {
  description = "Name of the lake's bucket."
  type        = string
}

variable "pipeline_role_arn" {
  description = "Role that the jobs act as."
  type        = string
}

variable "jars" {
  description = "Files below artifacts/ in the lake's bucket: etl-jobs, lake-model, lake-parquet, and what they need beyond Glue's own libraries."
  type        = list(string)

  validation {
    condition     = length(var.jars) > 0 && alltrue([for jar in var.jars : can(regex("^[A-Za-z0-9._-]+\\.jar$", jar))])
    error_message = "jars must name at least one file such as etl-jobs-0.1.0.jar, without a folder."
  }
}

variable "mode" {
  description = "`once`: started by the schedule, cheaper. `continuous`: goes on, fresher."
  type        = string
  default     = "once"

  validation {
    condition     = contains(["once", "continuous"], var.mode)
    error_message = "mode must be once or continuous."
  }
}

variable "stage" {
  description = "Layers to bring up to date."
  type        = string
  default     = "all"

  validation {
    condition     = contains(["silver", "gold", "all"], var.stage)
    error_message = "stage must be silver, gold or all."
  }
}

variable "schedule" {
  description = "When to start the job if it is not running, as a cron expression in UTC."
  type        = string
  default     = "cron(0/10 * * * ? *)"

  validation {
    condition     = can(regex("^cron\\(.+\\)$", var.schedule))
    error_message = "schedule must be an expression of Glue such as cron(0/10 * * * ? *); its shortest interval is 5 minutes."
  }
}

variable "maintenance_window" {
  description = "Day and hour (UTC) at which Glue may restart a continuous job."
  type        = string
  default     = "Sun:3"

  validation {
    condition     = can(regex("^(Mon|Tue|Wed|Thu|Fri|Sat|Sun):([0-9]|1[0-9]|2[0-3])$", var.maintenance_window))
    error_message = "maintenance_window must be a day and an hour such as Sun:3."
  }
}

variable "worker_type" {
  description = "Size of a worker."
  type        = string
  default     = "G.1X"

  validation {
    condition     = contains(["G.1X", "G.2X", "G.4X", "G.8X"], var.worker_type)
    error_message = "worker_type must be G.1X, G.2X, G.4X or G.8X."
  }
}

variable "number_of_workers" {
  description = "Workers of a run, the driver's included."
  type        = number
  default     = 2

  validation {
    condition     = var.number_of_workers >= 2
    error_message = "number_of_workers must be at least 2: the driver's and one more."
  }
}

variable "timeout_minutes" {
  description = "Minutes after which a run in mode once is stopped."
  type        = number
  default     = 120

  validation {
    condition     = var.timeout_minutes >= 1
    error_message = "timeout_minutes must be at least 1."
  }
}

variable "spark_conf" {
  description = "Spark's configuration beyond what the job sets itself."
  type        = map(string)
  default = {
    "spark.serializer"     = "org.apache.spark.serializer.KryoSerializer"
    "spark.sql.extensions" = "org.apache.spark.sql.hudi.HoodieSparkSessionExtension"
  }

  validation {
    condition     = length(var.spark_conf) > 0
    error_message = "spark_conf must hold at least the serializer that Hudi asks for."
  }
}
