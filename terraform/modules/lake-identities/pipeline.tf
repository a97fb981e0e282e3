# Writes all three layers with S3 permissions of its own, and registers their tables and partitions in Glue.

resource "aws_iam_role" "pipeline" {
  name        = "tenantlake-pipeline"
  description = "cdc-ingest and the Spark jobs"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "GlueJobs"
        Effect    = "Allow"
        Principal = { Service = "glue.amazonaws.com" }
        Action    = "sts:AssumeRole"
      },
      {
        Sid       = "EcsTasksOfThisAccount"
        Effect    = "Allow"
        Principal = { Service = "ecs-tasks.amazonaws.com" }
        Action    = "sts:AssumeRole"
        Condition = {
          StringEquals = { "aws:SourceAccount" = local.account_id }
          ArnLike      = { "aws:SourceArn" = "arn:aws:ecs:${local.region}:${local.account_id}:*" }
        }
      },
    ]
  })
}

resource "aws_iam_role_policy" "pipeline" {
  name = "write-lake"
  role = aws_iam_role.pipeline.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "WriteLayers"
        Effect = "Allow"
        Action = [
          "s3:AbortMultipartUpload",
          "s3:DeleteObject",
          "s3:GetObject",
          "s3:ListMultipartUploadParts",
          "s3:PutObject",
        ]
        Resource = [for layer in ["bronze", "silver", "gold"] : "${local.bucket_arn}/${layer}/*"]
      },
      {
        # Of the whole bucket: only who may list it is told that an object is missing (404), and not that it is
        # forbidden (403). The jobs ask for objects that may not be there.
        Sid      = "ListBucket"
        Effect   = "Allow"
        Action   = ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"]
        Resource = local.bucket_arn
      },
      {
        Sid      = "ReadArtifacts"
        Effect   = "Allow"
        Action   = "s3:GetObject"
        Resource = "${local.bucket_arn}/artifacts/*"
      },
      {
        Sid    = "RegisterTables"
        Effect = "Allow"
        Action = concat(local.read_catalog, [
          "glue:BatchCreatePartition",
          "glue:UpdatePartition",
          "glue:BatchDeletePartition",
          "glue:CreateTable",
          "glue:UpdateTable",
        ])
        Resource = local.catalog_of_layers
      },
      {
        Sid      = "WriteJobLogs"
        Effect   = "Allow"
        Action   = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "arn:aws:logs:${local.region}:${local.account_id}:log-group:/aws-glue/jobs/*"
      },
      {
        # CloudWatch knows no resources here; the namespace is what can be named.
        Sid       = "WriteJobMetrics"
        Effect    = "Allow"
        Action    = "cloudwatch:PutMetricData"
        Resource  = "*"
        Condition = { StringEquals = { "cloudwatch:namespace" = "Glue" } }
      },
    ]
  })
}
