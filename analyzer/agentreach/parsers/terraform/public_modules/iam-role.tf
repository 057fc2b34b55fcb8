# The identity that terraform-aws-modules/iam/aws//modules/iam-role declares, by its inputs.
# https://registry.terraform.io/modules/terraform-aws-modules/iam/aws/latest/submodules/iam-role

inputs {
  create                           = true
  create_instance_profile          = false
  create_inline_policy             = false
  name                             = null
  use_name_prefix                  = true
  path                             = null
  tags                             = {}
  max_session_duration             = null
  permissions_boundary             = null
  policies                         = {}
  trust_policy_permissions         = null
  trust_policy_conditions          = []
  enable_oidc                      = false
  oidc_account_id                  = null
  oidc_provider_urls               = []
  oidc_subjects                    = []
  oidc_wildcard_subjects           = []
  oidc_audiences                   = []
  enable_github_oidc               = false
  github_provider                  = "token.actions.githubusercontent.com"
  enable_saml                      = false
  saml_provider_ids                = []
  saml_endpoints                   = ["https://signin.aws.amazon.com/saml"]
  source_inline_policy_documents   = []
  override_inline_policy_documents = []
  inline_policy_permissions        = null
}

shared "role-6" {}

locals {
  trust    = module.trust.json
  boundary = var.permissions_boundary
}

data "aws_caller_identity" "here" {}

data "aws_partition" "here" {}

locals {
  accounts     = "arn:${data.aws_partition.here.partition}:iam:"
  web_identity = ["sts:TagSession", "sts:AssumeRoleWithWebIdentity"]

  oidc = [for url in var.enable_oidc ? var.oidc_provider_urls : [] : {
    actions    = local.web_identity
    principals = [{ type = "Federated", identifiers = ["${local.accounts}:${coalesce(var.oidc_account_id, data.aws_caller_identity.here.account_id)}:oidc-provider/${trimprefix(url, "https://")}"] }]
    where = [
      { test = "StringEquals", variable = "${trimprefix(url, "https://")}:sub", values = var.oidc_subjects },
      { test = "StringLike", variable = "${trimprefix(url, "https://")}:sub", values = var.oidc_wildcard_subjects },
      { test = "StringEquals", variable = "${trimprefix(url, "https://")}:aud", values = var.oidc_audiences },
    ]
    condition = var.trust_policy_conditions
  }]

  github = [for issuer in var.enable_github_oidc ? [var.github_provider] : [] : {
    sid        = "GithubOidcAuth"
    actions    = local.web_identity
    principals = [{ type = "Federated", identifiers = ["${local.accounts}:${data.aws_caller_identity.here.account_id}:oidc-provider/${issuer}"] }]
    where = [
      { test = "ForAllValues:StringEquals", variable = "${issuer}:iss", values = ["https://${issuer}"] },
      { test = "ForAllValues:StringEquals", variable = "${issuer}:aud", values = coalescelist(var.oidc_audiences, ["sts.amazonaws.com"]) },
      { test = "StringEquals", variable = "${issuer}:sub", values = [for one in var.oidc_subjects : "repo:${trimprefix(one, "repo:")}"] },
      { test = "StringLike", variable = "${issuer}:sub", values = [for one in var.oidc_wildcard_subjects : "repo:${trimprefix(one, "repo:")}"] },
    ]
    condition = var.trust_policy_conditions
  }]

  saml = var.enable_saml ? [{
    actions    = ["sts:TagSession", "sts:AssumeRoleWithSAML"]
    principals = [{ type = "Federated", identifiers = var.saml_provider_ids }]
    condition  = [{ test = "StringEquals", variable = "SAML:aud", values = var.saml_endpoints }]
  }] : []
}

module "federated" {
  source     = "agentreach/statements"
  statements = concat(local.oidc, local.github, local.saml)
}

module "trust" {
  source                  = "agentreach/statements"
  source_policy_documents = [module.federated.json]
  statements              = var.trust_policy_permissions
}

module "rules" {
  source                    = "agentreach/statements"
  statements                = var.inline_policy_permissions
  source_policy_documents   = var.source_inline_policy_documents
  override_policy_documents = var.override_inline_policy_documents
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each   = { for key, arn in var.policies : key => arn if var.create }
  role       = aws_iam_role.this[0].name
  policy_arn = each.value
}

resource "aws_iam_role_policy" "inline" {
  count       = var.create && var.create_inline_policy ? 1 : 0
  name        = var.use_name_prefix ? null : var.name
  name_prefix = var.use_name_prefix ? "${var.name}-" : null
  role        = aws_iam_role.this[0].name
  policy      = module.rules.json
}

resource "aws_iam_instance_profile" "this" {
  count       = var.create && var.create_instance_profile ? 1 : 0
  name        = var.use_name_prefix ? null : var.name
  name_prefix = var.use_name_prefix ? "${var.name}-" : null
  role        = aws_iam_role.this[0].name
}

outputs {
  name                  = try(aws_iam_role.this[0].name, null)
  arn                   = try(aws_iam_role.this[0].arn, null)
  unique_id             = try(aws_iam_role.this[0].unique_id, null)
  iam_role_arn          = try(aws_iam_role.this[0].arn, null)
  iam_role_name         = try(aws_iam_role.this[0].name, null)
  instance_profile_arn  = try(aws_iam_instance_profile.this[0].arn, null)
  instance_profile_name = try(aws_iam_instance_profile.this[0].name, null)
}
