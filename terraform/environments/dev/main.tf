# A lake that may be thrown away: small, one availability zone, the jobs on a schedule.

provider "aws" {
  region = var.region

  default_tags {
    tags = { project = "tenantlake", environment = "dev" }
  }
}

module "lake_storage" {
  source = "../../modules/lake-storage"

  bucket_name   = var.bucket_name
  force_destroy = true
}

module "lake_identities" {
  source = "../../modules/lake-identities"

  bucket_name          = module.lake_storage.bucket_name
  admin_principal_arns = var.admin_principal_arns
}

module "lake_catalog" {
  source = "../../modules/lake-catalog"

  bucket_name             = module.lake_storage.bucket_name
  admin_role_arn          = module.lake_identities.admin_role_arn
  pipeline_role_arn       = module.lake_identities.pipeline_role_arn
  deployer_arns           = var.deployer_arns
  create_default_database = var.create_default_database
}

module "lake_athena" {
  source = "../../modules/lake-athena"

  bucket_name                    = module.lake_storage.bucket_name
  bytes_scanned_cutoff_per_query = 107374182400
}

module "lake_source" {
  source = "../../modules/lake-source"
  count  = var.existing_source == null ? 1 : 0

  vpc_id                    = var.vpc_id
  subnet_ids                = var.subnet_ids
  client_security_group_ids = { cdc-ingest = module.lake_ingest.security_group_id }
  backup_retention_days     = 1
  deletion_protection       = false
  alarm_topic_arns          = var.alarm_topic_arns
}

locals {
  source = var.existing_source != null ? var.existing_source : {
    host              = module.lake_source[0].host
    port              = module.lake_source[0].port
    database          = module.lake_source[0].database
    secret_arn        = module.lake_source[0].secret_arn
    security_group_id = module.lake_source[0].security_group_id
  }
}

module "lake_ingest" {
  source = "../../modules/lake-ingest"

  bucket_name              = module.lake_storage.bucket_name
  pipeline_role_arn        = module.lake_catalog.pipeline_role_arn
  vpc_id                   = var.vpc_id
  subnet_ids               = var.subnet_ids
  image                    = var.ingest_image
  image_repository_arn     = var.ingest_image_repository_arn
  source_host              = local.source.host
  source_port              = local.source.port
  source_database          = local.source.database
  source_secret_arn        = local.source.secret_arn
  source_security_group_id = local.source.security_group_id
  epoch_age                = "10s"
  log_retention_days       = 7
}

module "lake_jobs" {
  source = "../../modules/lake-jobs"

  bucket_name       = module.lake_storage.bucket_name
  pipeline_role_arn = module.lake_catalog.pipeline_role_arn
  jars              = var.job_jars
  mode              = "once"
  schedule          = "cron(0/30 * * * ? *)"
}
