# What terraform-aws-modules/iam/aws//modules/iam-role declares, by its inputs: https://registry.terraform.io/modules/terraform-aws-modules/iam/aws/latest/submodules/iam-role
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

variable "use_name_prefix" {
  default = true
}

variable "path" {
  default = null
}

variable "max_session_duration" {
  default = null
}

variable "permissions_boundary" {
  default = null
}

variable "trust_policy_permissions" {
  default = null
}

variable "trust_policy_conditions" {
  default = []
}

variable "policies" {
  default = {}
}

variable "enable_oidc" {
  default = false
}

variable "oidc_account_id" {
  default = null
}

variable "oidc_provider_urls" {
  default = []
}

variable "oidc_subjects" {
  default = []
}

variable "oidc_wildcard_subjects" {
  default = []
}

variable "oidc_audiences" {
  default = []
}

variable "enable_github_oidc" {
  default = false
}

variable "github_provider" {
  default = "token.actions.githubusercontent.com"
}

variable "enable_saml" {
  default = false
}

variable "saml_provider_ids" {
  default = []
}

variable "saml_endpoints" {
  default = ["https://signin.aws.amazon.com/saml"]
}

variable "create_inline_policy" {
  default = false
}

variable "source_inline_policy_documents" {
  default = []
}

variable "override_inline_policy_documents" {
  default = []
}

variable "inline_policy_permissions" {
  default = null
}

variable "create_instance_profile" {
  default = false
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  providers = [for url in var.oidc_provider_urls : replace(url, "https://", "")]
  oidc      = "arn:${data.aws_partition.current.partition}:iam::${coalesce(var.oidc_account_id, data.aws_caller_identity.current.account_id)}:oidc-provider"
}

data "aws_iam_policy_document" "this" {
  count = var.create ? 1 : 0

  dynamic "statement" {
    for_each = var.enable_oidc ? local.providers : []
    iterator = provider
    content {
      actions = ["sts:TagSession", "sts:AssumeRoleWithWebIdentity"]

      principals {
        type        = "Federated"
        identifiers = ["${local.oidc}/${provider.value}"]
      }

      dynamic "condition" {
        for_each = concat(
          length(var.oidc_subjects) > 0 ? [{ test = "StringEquals", variable = "${provider.value}:sub", values = var.oidc_subjects }] : [],
          length(var.oidc_wildcard_subjects) > 0 ? [{ test = "StringLike", variable = "${provider.value}:sub", values = var.oidc_wildcard_subjects }] : [],
          length(var.oidc_audiences) > 0 ? [{ test = "StringEquals", variable = "${provider.value}:aud", values = var.oidc_audiences }] : [],
          var.trust_policy_conditions,
        )
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }

  dynamic "statement" {
    for_each = var.enable_github_oidc ? [var.github_provider] : []
    iterator = provider
    content {
      sid     = "GithubOidcAuth"
      actions = ["sts:TagSession", "sts:AssumeRoleWithWebIdentity"]

      principals {
        type        = "Federated"
        identifiers = ["arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:oidc-provider/${provider.value}"]
      }

      dynamic "condition" {
        for_each = concat(
          [
            { test = "ForAllValues:StringEquals", variable = "${provider.value}:iss", values = ["https://${provider.value}"] },
            { test = "ForAllValues:StringEquals", variable = "${provider.value}:aud", values = coalescelist(var.oidc_audiences, ["sts.amazonaws.com"]) },
          ],
          length(var.oidc_subjects) > 0 ? [{ test = "StringEquals", variable = "${provider.value}:sub", values = [for one in var.oidc_subjects : "repo:${trimprefix(one, "repo:")}"] }] : [],
          length(var.oidc_wildcard_subjects) > 0 ? [{ test = "StringLike", variable = "${provider.value}:sub", values = [for one in var.oidc_wildcard_subjects : "repo:${trimprefix(one, "repo:")}"] }] : [],
          var.trust_policy_conditions,
        )
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }

  dynamic "statement" {
    for_each = var.enable_saml ? [1] : []
    content {
      actions = ["sts:TagSession", "sts:AssumeRoleWithSAML"]

      principals {
        type        = "Federated"
        identifiers = var.saml_provider_ids
      }

      condition {
        test     = "StringEquals"
        variable = "SAML:aud"
        values   = var.saml_endpoints
      }
    }
  }

  dynamic "statement" {
    for_each = var.trust_policy_permissions != null ? var.trust_policy_permissions : {}
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

resource "aws_iam_role" "this" {
  count                = var.create ? 1 : 0
  name                 = var.use_name_prefix ? null : var.name
  name_prefix          = var.use_name_prefix ? "${var.name}-" : null
  path                 = var.path
  assume_role_policy   = data.aws_iam_policy_document.this[0].json
  max_session_duration = var.max_session_duration
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each   = { for key, arn in var.policies : key => arn if var.create }
  role       = aws_iam_role.this[0].name
  policy_arn = each.value
}

data "aws_iam_policy_document" "inline" {
  count                     = var.create && var.create_inline_policy ? 1 : 0
  source_policy_documents   = var.source_inline_policy_documents
  override_policy_documents = var.override_inline_policy_documents

  dynamic "statement" {
    for_each = var.inline_policy_permissions != null ? var.inline_policy_permissions : {}
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
  count       = var.create && var.create_inline_policy ? 1 : 0
  role        = aws_iam_role.this[0].name
  name        = var.use_name_prefix ? null : var.name
  name_prefix = var.use_name_prefix ? "${var.name}-" : null
  policy      = data.aws_iam_policy_document.inline[0].json
}

resource "aws_iam_instance_profile" "this" {
  count       = var.create && var.create_instance_profile ? 1 : 0
  name        = var.use_name_prefix ? null : var.name
  name_prefix = var.use_name_prefix ? "${var.name}-" : null
  role        = aws_iam_role.this[0].name
}

output "name" {
  value = try(aws_iam_role.this[0].name, null)
}

output "arn" {
  value = try(aws_iam_role.this[0].arn, null)
}

output "unique_id" {
  value = try(aws_iam_role.this[0].unique_id, null)
}

output "iam_role_arn" {
  value = try(aws_iam_role.this[0].arn, null)
}

output "iam_role_name" {
  value = try(aws_iam_role.this[0].name, null)
}

output "instance_profile_arn" {
  value = try(aws_iam_instance_profile.this[0].arn, null)
}

output "instance_profile_name" {
  value = try(aws_iam_instance_profile.this[0].name, null)
}
