# What terraform-aws-modules/iam/aws//modules/iam-assumable-role-with-oidc (up to version 5) declares, by its inputs: https://registry.terraform.io/modules/terraform-aws-modules/iam/aws/5.60.0/submodules/iam-assumable-role-with-oidc
# Only what says who an agent is and what it may do.

variable "create_role" {
  default = false
}

variable "provider_url" {
  default = ""
}

variable "provider_urls" {
  default = []
}

variable "aws_account_id" {
  default = ""
}

variable "role_name" {
  default = null
}

variable "role_name_prefix" {
  default = null
}

variable "role_path" {
  default = "/"
}

variable "role_permissions_boundary_arn" {
  default = ""
}

variable "max_session_duration" {
  default = 3600
}

variable "tags" {
  default = {}
}

variable "role_policy_arns" {
  default = []
}

variable "number_of_role_policy_arns" {
  default = null
}

variable "oidc_fully_qualified_subjects" {
  default = []
}

variable "oidc_subjects_with_wildcards" {
  default = []
}

variable "oidc_fully_qualified_audiences" {
  default = []
}

variable "provider_trust_policy_conditions" {
  default = []
}

variable "inline_policy_statements" {
  default = []
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  account   = coalesce(var.aws_account_id, data.aws_caller_identity.current.account_id)
  providers = [for url in compact(distinct(concat(var.provider_urls, [var.provider_url]))) : replace(url, "https://", "")]
}

variable "allow_self_assume_role" {
  default = false
}

data "aws_caller_identity" "self" {}

data "aws_partition" "self" {}

data "aws_iam_policy_document" "assume" {
  count = var.create_role ? 1 : 0

  dynamic "statement" {
    for_each = var.allow_self_assume_role ? [1] : []
    content {
      sid     = "ExplicitSelfRoleAssumption"
      actions = ["sts:AssumeRole"]

      principals {
        type        = "AWS"
        identifiers = ["*"]
      }

      condition {
        test     = "ArnLike"
        variable = "aws:PrincipalArn"
        values   = ["arn:${data.aws_partition.self.partition}:iam::${data.aws_caller_identity.self.account_id}:role${var.role_path}${var.role_name}"]
      }
    }
  }

  dynamic "statement" {
    for_each = local.providers
    iterator = provider
    content {
      actions = ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"]

      principals {
        type        = "Federated"
        identifiers = ["arn:${data.aws_partition.current.partition}:iam::${local.account}:oidc-provider/${provider.value}"]
      }

      dynamic "condition" {
        for_each = concat(
          length(var.oidc_fully_qualified_subjects) > 0 ? [{ test = "StringEquals", variable = "${provider.value}:sub", values = var.oidc_fully_qualified_subjects }] : [],
          length(var.oidc_subjects_with_wildcards) > 0 ? [{ test = "StringLike", variable = "${provider.value}:sub", values = var.oidc_subjects_with_wildcards }] : [],
          length(var.oidc_fully_qualified_audiences) > 0 ? [{ test = "StringLike", variable = "${provider.value}:aud", values = var.oidc_fully_qualified_audiences }] : [],
          var.provider_trust_policy_conditions,
        )
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_iam_role" "this" {
  count                = var.create_role ? 1 : 0
  name                 = var.role_name
  name_prefix          = var.role_name_prefix
  path                 = var.role_path
  assume_role_policy   = data.aws_iam_policy_document.assume[0].json
  max_session_duration = var.max_session_duration
  permissions_boundary = var.role_permissions_boundary_arn
  tags                 = var.tags
}

resource "aws_iam_role_policy_attachment" "custom" {
  count      = var.create_role ? coalesce(var.number_of_role_policy_arns, length(var.role_policy_arns)) : 0
  role       = aws_iam_role.this[0].name
  policy_arn = var.role_policy_arns[count.index]
}

data "aws_iam_policy_document" "inline" {
  count = var.create_role && length(var.inline_policy_statements) > 0 ? 1 : 0

  dynamic "statement" {
    for_each = var.inline_policy_statements
    content {
      sid           = try(coalesce(statement.value.sid, null), can(tonumber(statement.key)) ? null : replace(statement.key, "/[^0-9A-Za-z]*/", ""))
      effect        = try(statement.value.effect, null)
      actions       = try(statement.value.actions, null)
      not_actions   = try(statement.value.not_actions, null)
      resources     = try(statement.value.resources, null)
      not_resources = try(statement.value.not_resources, null)

      dynamic "principals" {
        for_each = try(coalesce(statement.value.principals, []), [])
        content {
          type        = principals.value.type
          identifiers = principals.value.identifiers
        }
      }

      dynamic "not_principals" {
        for_each = try(coalesce(statement.value.not_principals, []), [])
        content {
          type        = not_principals.value.type
          identifiers = not_principals.value.identifiers
        }
      }

      dynamic "condition" {
        for_each = try(coalesce(statement.value.condition, []), statement.value.conditions, [])
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_iam_role_policy" "inline" {
  count  = var.create_role && length(var.inline_policy_statements) > 0 ? 1 : 0
  role   = aws_iam_role.this[0].name
  policy = data.aws_iam_policy_document.inline[0].json
}

output "iam_role_arn" {
  value = try(aws_iam_role.this[0].arn, "")
}

output "iam_role_name" {
  value = try(aws_iam_role.this[0].name, "")
}

output "iam_role_path" {
  value = try(aws_iam_role.this[0].path, "")
}

output "iam_role_unique_id" {
  value = try(aws_iam_role.this[0].unique_id, "")
}
