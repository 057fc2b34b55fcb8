# The identity that terraform-aws-modules/iam/aws//modules/iam-github-oidc-role (up to version 5) declares, by its inputs.
# https://registry.terraform.io/modules/terraform-aws-modules/iam/aws/5.60.0/submodules/iam-github-oidc-role

inputs {
  create                             = true
  name                               = null
  path                               = "/"
  tags                               = {}
  max_session_duration               = null
  permissions_boundary_arn           = null
  policies                           = {}
  provider_url                       = "token.actions.githubusercontent.com"
  audience                           = "sts.amazonaws.com"
  subjects                           = []
  additional_trust_policy_conditions = []
}

data "aws_caller_identity" "here" {}

data "aws_partition" "here" {}

locals {
  issuer = trimprefix(var.provider_url, "https://")
}

module "trust" {
  source = "agentreach/statements"
  statements = [{
    sid        = "GithubOidcAuth"
    actions    = ["sts:TagSession", "sts:AssumeRoleWithWebIdentity"]
    principals = [{ type = "Federated", identifiers = ["arn:${data.aws_partition.here.partition}:iam::${data.aws_caller_identity.here.account_id}:oidc-provider/${local.issuer}"] }]
    condition = concat([
      { test = "ForAllValues:StringEquals", variable = "token.actions.githubusercontent.com:iss", values = ["https://token.actions.githubusercontent.com"] },
      { test = "ForAllValues:StringEquals", variable = "${local.issuer}:aud", values = [var.audience] },
      { test = "StringLike", variable = "${local.issuer}:sub", values = [for subject in var.subjects : "repo:${trimprefix(subject, "repo:")}"] },
    ], var.additional_trust_policy_conditions)
  }]
}

resource "aws_iam_role" "this" {
  count                = var.create ? 1 : 0
  name                 = var.name
  path                 = var.path
  assume_role_policy   = module.trust.json
  max_session_duration = var.max_session_duration
  permissions_boundary = var.permissions_boundary_arn
  tags                 = var.tags
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each   = { for key, arn in var.policies : key => arn if var.create }
  role       = aws_iam_role.this[0].name
  policy_arn = each.value
}

outputs {
  name = try(aws_iam_role.this[0].name, null)
  arn  = try(aws_iam_role.this[0].arn, null)
}
