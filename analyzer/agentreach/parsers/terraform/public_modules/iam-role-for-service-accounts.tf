# The identity that terraform-aws-modules/iam/aws//modules/iam-role-for-service-accounts declares, by its inputs.
# https://registry.terraform.io/modules/terraform-aws-modules/iam/aws/latest/submodules/iam-role-for-service-accounts

inputs {
  create                    = true
  create_policy             = true
  name                      = ""
  use_name_prefix           = true
  path                      = "/"
  tags                      = {}
  max_session_duration      = null
  permissions_boundary      = null
  policies                  = {}
  oidc_providers            = {}
  trust_condition_test      = "StringEquals"
  source_policy_documents   = []
  override_policy_documents = []
  permissions               = null
}

inputs "controllers" {
  attach_amazon_managed_service_prometheus_policy                 = false
  attach_aws_gateway_controller_policy                            = false
  attach_cert_manager_policy                                      = false
  attach_cloudwatch_observability_policy                          = false
  attach_cluster_autoscaler_policy                                = false
  attach_ebs_csi_policy                                           = false
  attach_efs_csi_policy                                           = false
  attach_external_dns_policy                                      = false
  attach_external_secrets_policy                                  = false
  attach_fsx_lustre_csi_policy                                    = false
  attach_fsx_openzfs_csi_policy                                   = false
  attach_load_balancer_controller_policy                          = false
  attach_load_balancer_controller_targetgroup_binding_only_policy = false
  attach_mountpoint_s3_csi_policy                                 = false
  attach_node_termination_handler_policy                          = false
  attach_velero_policy                                            = false
  attach_vpc_cni_policy                                           = false
}

shared "role-6" {}
shared "controllers" {}

locals {
  trust    = module.trust.json
  boundary = var.permissions_boundary
  creates  = var.create
}

module "trust" {
  source         = "agentreach/pods"
  oidc_providers = var.oidc_providers
  test           = var.trust_condition_test
}

module "rules" {
  source                    = "agentreach/statements"
  statements                = var.permissions
  source_policy_documents   = var.source_policy_documents
  override_policy_documents = var.override_policy_documents
}

resource "aws_iam_role_policy_attachment" "additional" {
  for_each   = { for key, arn in var.policies : key => arn if var.create }
  role       = aws_iam_role.this[0].name
  policy_arn = each.value
}

resource "aws_iam_policy" "this" {
  count  = var.create && var.create_policy && (length(concat(var.source_policy_documents, var.override_policy_documents)) > 0 || var.permissions != null) ? 1 : 0
  name   = var.name
  policy = module.rules.json
}

resource "aws_iam_role_policy_attachment" "this" {
  count      = length(aws_iam_policy.this)
  role       = aws_iam_role.this[0].name
  policy_arn = aws_iam_policy.this[0].arn
}

outputs {
  name          = try(aws_iam_role.this[0].name, null)
  arn           = try(aws_iam_role.this[0].arn, null)
  unique_id     = try(aws_iam_role.this[0].unique_id, null)
  iam_role_arn  = try(aws_iam_role.this[0].arn, null)
  iam_role_name = try(aws_iam_role.this[0].name, null)
}
