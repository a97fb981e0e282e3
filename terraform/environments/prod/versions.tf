terraform {
  required_version = ">= 1.10"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }

  # Where the state lies is given to `terraform init` by -backend-config, since it differs from account to account.
  backend "s3" {
    encrypt      = true
    use_lockfile = true
  }
}
