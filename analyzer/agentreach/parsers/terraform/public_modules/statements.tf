# A policy document from statements written as objects, in a list or a map: what the other modules here share.
# `where` holds conditions that are only there with values; `own_role` is the path and name of a role that may assume itself.

inputs {
  statements                = []
  own_role                  = null
  source_policy_documents   = []
  override_policy_documents = []
}

data "aws_caller_identity" "here" {}

data "aws_partition" "here" {}

locals {
  is_list = can(concat(var.statements, []))
}

data "aws_iam_policy_document" "these" {
  source_policy_documents   = var.source_policy_documents
  override_policy_documents = var.override_policy_documents

  dynamic "statement" {
    for_each = var.own_role == null ? [] : ["arn:${data.aws_partition.here.partition}:iam::${data.aws_caller_identity.here.account_id}:role${var.own_role}"]
    iterator = own
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
        values   = [own.value]
      }
    }
  }

  dynamic "statement" {
    for_each = try(coalesce(var.statements), [])
    iterator = one
    content {
      sid           = try(coalesce(one.value.sid), local.is_list ? null : join("", regexall("[0-9A-Za-z]+", one.key)))
      effect        = try(one.value.effect, null)
      actions       = try(one.value.actions, null)
      not_actions   = try(one.value.not_actions, null)
      resources     = try(one.value.resources, null)
      not_resources = try(one.value.not_resources, null)
      dynamic "principals" {
        for_each = try(coalesce(one.value.principals), [])
        content {
          type        = principals.value.type
          identifiers = principals.value.identifiers
        }
      }
      dynamic "not_principals" {
        for_each = try(coalesce(one.value.not_principals), [])
        content {
          type        = not_principals.value.type
          identifiers = not_principals.value.identifiers
        }
      }
      dynamic "condition" {
        for_each = concat(
          [for given in try(one.value.where, []) : given if length(given.values) > 0],
          try(coalesce(one.value.condition), coalesce(one.value.conditions), []),
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

outputs {
  json = data.aws_iam_policy_document.these.json
}
