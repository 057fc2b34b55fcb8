# The identity that terraform-aws-modules/iam/aws//modules/iam-assumable-role (up to version 5) declares, by its inputs.
# https://registry.terraform.io/modules/terraform-aws-modules/iam/aws/5.60.0/submodules/iam-assumable-role

inputs {
  create_role                       = true
  create_instance_profile           = false
  role_name                         = null
  role_name_prefix                  = null
  role_path                         = "/"
  role_permissions_boundary_arn     = ""
  max_session_duration              = 3600
  tags                              = {}
  allow_self_assume_role            = false
  create_custom_role_trust_policy   = false
  custom_role_trust_policy          = ""
  trusted_role_actions              = ["sts:AssumeRole", "sts:TagSession"]
  trusted_role_arns                 = []
  trusted_role_services             = []
  trust_policy_conditions           = []
  role_requires_mfa                 = true
  mfa_age                           = 86400
  role_sts_externalid               = []
  custom_role_policy_arns           = []
  number_of_custom_role_policy_arns = null
  inline_policy_statements          = []
  attach_admin_policy               = false
  attach_poweruser_policy           = false
  attach_readonly_policy            = false
  admin_role_policy_arn             = "arn:aws:iam::aws:policy/AdministratorAccess"
  poweruser_role_policy_arn         = "arn:aws:iam::aws:policy/PowerUserAccess"
  readonly_role_policy_arn          = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}

shared "role-5" {}

locals {
  trust = var.create_custom_role_trust_policy ? var.custom_role_trust_policy : module.trust.json
}

module "trust" {
  source   = "agentreach/statements"
  own_role = var.allow_self_assume_role ? "${var.role_path}${var.role_name}" : null
  statements = [{
    actions = compact(distinct(var.trusted_role_actions))
    principals = [for type, trusted in { AWS = var.trusted_role_arns, Service = var.trusted_role_services } :
      { type = type, identifiers = trusted } if length(trusted) > 0
    ]
    where = [{ test = "StringEquals", variable = "sts:ExternalId", values = flatten([var.role_sts_externalid]) }]
    condition = concat(var.trust_policy_conditions, var.role_requires_mfa ? [
      { test = "Bool", variable = "aws:MultiFactorAuthPresent", values = ["true"] },
      { test = "NumericLessThan", variable = "aws:MultiFactorAuthAge", values = [tostring(var.mfa_age)] },
    ] : [])
  }]
}

module "rules" {
  source     = "agentreach/statements"
  statements = var.inline_policy_statements
}

resource "aws_iam_role_policy_attachment" "custom" {
  count      = var.create_role ? coalesce(var.number_of_custom_role_policy_arns, length(var.custom_role_policy_arns)) : 0
  role       = aws_iam_role.this[0].name
  policy_arn = var.custom_role_policy_arns[count.index]
}

resource "aws_iam_role_policy" "inline" {
  count  = var.create_role && length(var.inline_policy_statements) > 0 ? 1 : 0
  role   = aws_iam_role.this[0].name
  policy = module.rules.json
}

resource "aws_iam_role_policy_attachment" "admin" {
  count      = var.create_role && var.attach_admin_policy ? 1 : 0
  role       = aws_iam_role.this[0].name
  policy_arn = var.admin_role_policy_arn
}

resource "aws_iam_role_policy_attachment" "poweruser" {
  count      = var.create_role && var.attach_poweruser_policy ? 1 : 0
  role       = aws_iam_role.this[0].name
  policy_arn = var.poweruser_role_policy_arn
}

resource "aws_iam_role_policy_attachment" "readonly" {
  count      = var.create_role && var.attach_readonly_policy ? 1 : 0
  role       = aws_iam_role.this[0].name
  policy_arn = var.readonly_role_policy_arn
}

resource "aws_iam_instance_profile" "this" {
  count = var.create_role && var.create_instance_profile ? 1 : 0
  name  = var.role_name
  role  = aws_iam_role.this[0].name
}

outputs {
  iam_instance_profile_arn  = try(aws_iam_instance_profile.this[0].arn, "")
  iam_instance_profile_name = try(aws_iam_instance_profile.this[0].name, "")
}
