# The identity that terraform-aws-modules/iam/aws//modules/iam-assumable-role-with-oidc (up to version 5) declares, by its inputs.
# https://registry.terraform.io/modules/terraform-aws-modules/iam/aws/5.60.0/submodules/iam-assumable-role-with-oidc

inputs {
  create_role                      = false
  role_name                        = null
  role_name_prefix                 = null
  role_path                        = "/"
  role_permissions_boundary_arn    = ""
  role_policy_arns                 = []
  number_of_role_policy_arns       = null
  max_session_duration             = 3600
  tags                             = {}
  allow_self_assume_role           = false
  aws_account_id                   = ""
  provider_url                     = ""
  provider_urls                    = []
  oidc_fully_qualified_subjects    = []
  oidc_subjects_with_wildcards     = []
  oidc_fully_qualified_audiences   = []
  provider_trust_policy_conditions = []
  inline_policy_statements         = []
}

shared "role-5" {}

locals {
  trust = module.trust.json
}

data "aws_caller_identity" "here" {}

data "aws_partition" "here" {}

locals {
  providers = "arn:${data.aws_partition.here.partition}:iam::${coalesce(var.aws_account_id, data.aws_caller_identity.here.account_id)}:oidc-provider"
  has_rules = var.create_role && length(var.inline_policy_statements) > 0
}

module "trust" {
  source   = "agentreach/statements"
  own_role = var.allow_self_assume_role ? "${var.role_path}${var.role_name}" : null
  statements = [for url in compact(distinct(concat(var.provider_urls, [var.provider_url]))) : {
    actions    = ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"]
    principals = [{ type = "Federated", identifiers = ["${local.providers}/${trimprefix(url, "https://")}"] }]
    where = [
      { test = "StringEquals", variable = "${trimprefix(url, "https://")}:sub", values = var.oidc_fully_qualified_subjects },
      { test = "StringLike", variable = "${trimprefix(url, "https://")}:sub", values = var.oidc_subjects_with_wildcards },
      { test = "StringLike", variable = "${trimprefix(url, "https://")}:aud", values = var.oidc_fully_qualified_audiences },
    ]
    condition = var.provider_trust_policy_conditions
  }]
}

module "rules" {
  source     = "agentreach/statements"
  statements = var.inline_policy_statements
}

resource "aws_iam_role_policy_attachment" "custom" {
  count      = var.create_role ? coalesce(var.number_of_role_policy_arns, length(var.role_policy_arns)) : 0
  role       = aws_iam_role.this[0].name
  policy_arn = var.role_policy_arns[count.index]
}

resource "aws_iam_role_policy" "inline" {
  count  = local.has_rules ? 1 : 0
  role   = aws_iam_role.this[0].name
  policy = module.rules.json
}
