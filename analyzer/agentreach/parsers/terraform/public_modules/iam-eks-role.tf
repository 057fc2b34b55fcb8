# The identity that terraform-aws-modules/iam/aws//modules/iam-eks-role (up to version 5) declares, by its inputs.
# https://registry.terraform.io/modules/terraform-aws-modules/iam/aws/5.60.0/submodules/iam-eks-role

inputs {
  create_role                   = true
  role_name                     = null
  role_name_prefix              = null
  role_path                     = "/"
  role_permissions_boundary_arn = ""
  role_policy_arns              = {}
  max_session_duration          = 43200
  tags                          = {}
  allow_self_assume_role        = false
  assume_role_condition_test    = "StringEquals"
  cluster_service_accounts      = {}
}

shared "role-5" {}

locals {
  trust = module.trust.json
}

data "aws_caller_identity" "here" {}

data "aws_partition" "here" {}

data "aws_eks_cluster" "each" {
  for_each = var.cluster_service_accounts
  name     = each.key
}

locals {
  issuers = { for name, cluster in data.aws_eks_cluster.each : name => trimprefix(cluster.identity[0].oidc[0].issuer, "https://") }
}

module "trust" {
  source   = "agentreach/statements"
  own_role = var.allow_self_assume_role ? "${var.role_path}${var.role_name}" : null
  statements = [for name, accounts in var.cluster_service_accounts : {
    actions    = ["sts:AssumeRoleWithWebIdentity"]
    principals = [{ type = "Federated", identifiers = ["arn:${data.aws_partition.here.partition}:iam::${data.aws_caller_identity.here.account_id}:oidc-provider/${local.issuers[name]}"] }]
    condition  = [{ test = var.assume_role_condition_test, variable = "${local.issuers[name]}:sub", values = formatlist("system:serviceaccount:%s", accounts) }]
  }]
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each   = { for key, arn in var.role_policy_arns : key => arn if var.create_role }
  role       = aws_iam_role.this[0].name
  policy_arn = each.value
}
