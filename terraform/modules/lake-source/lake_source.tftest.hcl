mock_provider "aws" {
  mock_resource "aws_db_instance" {
    defaults = {
      address            = "source.example.internal"
      master_user_secret = [{ secret_arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:source" }]
    }
  }
}

variables {
  vpc_id                    = "vpc-0123"
  subnet_ids                = ["subnet-a", "subnet-b"]
  client_security_group_ids = { cdc-ingest = "sg-ingest" }
}

run "decodes_logically_and_bounds_what_a_slot_keeps" {
  assert {
    condition = {
      for parameter in aws_db_parameter_group.source.parameter : parameter.name => parameter.value
      } == {
      "rds.logical_replication" = "1"
      "max_slot_wal_keep_size"  = "10240"
      "rds.force_ssl"           = "1"
    }
    error_message = "cdc-ingest needs logical decoding, and an unread slot must not fill the disk."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.slot_lag.threshold == 5368709120
    error_message = "The alarm must go off at half of what is kept."
  }
}

run "is_closed_and_encrypted_and_leaves_the_password_to_rds" {
  assert {
    condition = (
      aws_db_instance.source.publicly_accessible == false &&
      aws_db_instance.source.storage_encrypted &&
      aws_db_instance.source.manage_master_user_password &&
      aws_db_instance.source.password == null
    )
    error_message = "The source must be private and encrypted, with a password that Terraform does not know."
  }

  assert {
    condition = (
      length(aws_vpc_security_group_ingress_rule.client) == 1 &&
      aws_vpc_security_group_ingress_rule.client["cdc-ingest"].referenced_security_group_id == "sg-ingest" &&
      aws_vpc_security_group_ingress_rule.client["cdc-ingest"].cidr_ipv4 == null
    )
    error_message = "Only named clients may connect."
  }
}

run "leaves_a_snapshot_where_it_is_protected" {
  assert {
    condition     = aws_db_instance.source.deletion_protection && !aws_db_instance.source.skip_final_snapshot
    error_message = "A protected instance must leave a snapshot."
  }
}

run "gives_the_secret_of_rds" {
  assert {
    condition     = output.secret_arn == "arn:aws:secretsmanager:eu-central-1:123456789012:secret:source"
    error_message = "The secret must be the one that RDS keeps."
  }
}

run "refuses_to_keep_more_wal_than_half_the_disk" {
  command = plan

  variables {
    storage_gigabytes       = 20
    slot_wal_keep_megabytes = 10241
  }

  expect_failures = [var.slot_wal_keep_megabytes]
}

run "refuses_a_single_subnet" {
  command = plan

  variables {
    subnet_ids = ["subnet-a"]
  }

  expect_failures = [var.subnet_ids]
}
