# What terraform-aws-modules/iam/aws//modules/iam-github-oidc-role (up to version 5) declares, by its inputs: https://registry.terraform.io/modules/terraform-aws-modules/iam/aws/5.60.0/submodules/iam-github-oidc-role
# Only what says who an agent is and what it may do.

variable "create" {
  default = true
}

variable "tags" {
  default = {}
}

variable "name" {
  default = null
}

variable "path" {
  default = "/"
}

variable "permissions_boundary_arn" {
  default = null
}

variable "max_session_duration" {
  default = null
}

variable "audience" {
  default = "sts.amazonaws.com"
}

variable "subjects" {
  default = []
}

variable "policies" {
  default = {}
}

variable "provider_url" {
  default = "token.actions.githubusercontent.com"
}

variable "additional_trust_policy_conditions" {
  default = []
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  provider_url = replace(var.provider_url, "https://", "")
}

data "aws_iam_policy_document" "this" {
  count = var.create ? 1 : 0

  statement {
    sid     = "GithubOidcAuth"
    actions = ["sts:TagSession", "sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = ["arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:oidc-provider/${local.provider_url}"]
    }

    condition {
      test     = "ForAllValues:StringEquals"
      variable = "token.actions.githubusercontent.com:iss"
      values   = ["https://token.actions.githubusercontent.com"]
    }

    condition {
      test     = "ForAllValues:StringEquals"
      variable = "${local.provider_url}:aud"
      values   = [var.audience]
    }

    condition {
      test     = "StringLike"
      variable = "${local.provider_url}:sub"
      values   = [for subject in var.subjects : "repo:${trimprefix(subject, "repo:")}"]
    }

    dynamic "condition" {
      for_each = var.additional_trust_policy_conditions
      content {
        test     = condition.value.test
        variable = condition.value.variable
        values   = condition.value.values
      }
    }
  }
}

resource "aws_iam_role" "this" {
  count                = var.create ? 1 : 0
  name                 = var.name
  path                 = var.path
  assume_role_policy   = data.aws_iam_policy_document.this[0].json
  max_session_duration = var.max_session_duration
  permissions_boundary = var.permissions_boundary_arn
  tags                 = var.tags
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each   = { for key, arn in var.policies : key => arn if var.create }
  role       = aws_iam_role.this[0].name
  policy_arn = each.value
}

output "name" {
  value = try(aws_iam_role.this[0].name, null)
}

output "arn" {
  value = try(aws_iam_role.this[0].arn, null)
}
