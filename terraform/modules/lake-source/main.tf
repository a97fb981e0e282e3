# The source on RDS: Postgres 17 with logical decoding. For a database that exists already, leave this module out and
# give lake-ingest its address and secret.

resource "aws_db_subnet_group" "source" {
  name        = "tenantlake-source"
  description = "Private subnets of the source"
  subnet_ids  = var.subnet_ids
}

resource "aws_security_group" "source" {
  name_prefix = "tenantlake-source-"
  description = "The source: Postgres, from the named clients only"
  vpc_id      = var.vpc_id

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "client" {
  for_each = var.client_security_group_ids

  security_group_id            = aws_security_group.source.id
  description                  = "Postgres from ${each.key}"
  referenced_security_group_id = each.value
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_db_parameter_group" "source" {
  name_prefix = "tenantlake-source-"
  description = "Logical decoding for cdc-ingest"
  family      = "postgres17"

  # Sets wal_level to logical. Static: a running instance takes it at its next reboot.
  parameter {
    name         = "rds.logical_replication"
    value        = "1"
    apply_method = "pending-reboot"
  }

  # In megabytes. A slot that nobody reads would otherwise keep WAL until the disk is full and the shop stands still.
  parameter {
    name  = "max_slot_wal_keep_size"
    value = tostring(var.slot_wal_keep_megabytes)
  }

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_db_instance" "source" {
  identifier     = "tenantlake-source"
  engine         = "postgres"
  engine_version = "17"
  instance_class = var.instance_class
  multi_az       = var.multi_az

  db_name  = "shop"
  port     = 5432
  username = "postgres"
  # RDS makes the password, keeps it in Secrets Manager and changes it; Terraform and its state never see it.
  manage_master_user_password = true

  storage_type          = "gp3"
  storage_encrypted     = true
  allocated_storage     = var.storage_gigabytes
  max_allocated_storage = var.storage_gigabytes * 4

  parameter_group_name   = aws_db_parameter_group.source.name
  db_subnet_group_name   = aws_db_subnet_group.source.name
  vpc_security_group_ids = [aws_security_group.source.id]
  publicly_accessible    = false

  backup_retention_period         = var.backup_retention_days
  copy_tags_to_snapshot           = true
  enabled_cloudwatch_logs_exports = ["postgresql"]
  auto_minor_version_upgrade      = true

  deletion_protection       = var.deletion_protection
  skip_final_snapshot       = !var.deletion_protection
  final_snapshot_identifier = var.deletion_protection ? "tenantlake-source-final" : null
}

# Goes off while there is still room: past the limit the slot is lost, and the lake needs a new snapshot.
resource "aws_cloudwatch_metric_alarm" "slot_lag" {
  alarm_name        = "tenantlake-source-slot-lag"
  alarm_description = "Unread WAL takes half of what the source keeps for cdc-ingest: is it running?"

  namespace   = "AWS/RDS"
  metric_name = "OldestReplicationSlotLag"
  dimensions  = { DBInstanceIdentifier = aws_db_instance.source.identifier }

  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 2
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.slot_wal_keep_megabytes * 1024 * 1024 / 2
  # There is no slot, and so no measurement, before the first start of cdc-ingest.
  treat_missing_data = "notBreaching"

  alarm_actions = var.alarm_topic_arns
  ok_actions    = var.alarm_topic_arns
}
