# The identity that terraform-aws-modules/eks-pod-identity/aws declares, by its inputs.
# https://registry.terraform.io/modules/terraform-aws-modules/eks-pod-identity/aws/latest

inputs {
  create                    = true
  name                      = ""
  use_name_prefix           = true
  path                      = "/"
  tags                      = {}
  max_session_duration      = null
  permissions_boundary_arn  = null
  trust_policy_conditions   = []
  trust_policy_statements   = null
  additional_policy_arns    = {}
  association_defaults      = {}
  associations              = {}
  attach_custom_policy      = false
  source_policy_documents   = []
  override_policy_documents = []
  policy_statements         = null
}

inputs "controllers" {
  attach_amazon_managed_service_prometheus_policy          = false
  attach_aws_appmesh_controller_policy                     = false
  attach_aws_appmesh_envoy_proxy_policy                    = false
  attach_aws_cloudwatch_observability_policy               = false
  attach_aws_ebs_csi_policy                                = false
  attach_aws_efs_csi_policy                                = false
  attach_aws_fsx_lustre_csi_policy                         = false
  attach_aws_gateway_controller_policy                     = false
  attach_aws_lb_controller_policy                          = false
  attach_aws_lb_controller_targetgroup_binding_only_policy = false
  attach_aws_node_termination_handler_policy               = false
  attach_aws_privateca_issuer_policy                       = false
  attach_aws_vpc_cni_policy                                = false
  attach_cert_manager_policy                               = false
  attach_cluster_autoscaler_policy                         = false
  attach_external_dns_policy                               = false
  attach_external_secrets_policy                           = false
  attach_mountpoint_s3_csi_policy                          = false
  attach_pganalyze_policy                                  = false
  attach_velero_policy                                     = false
}

shared "role-6" {}
shared "controllers" {}

locals {
  trust    = module.trust.json
  boundary = var.permissions_boundary_arn
  creates  = var.create
}

module "pods" {
  source = "agentreach/statements"
  statements = [{
    actions    = ["sts:AssumeRole", "sts:TagSession"]
    principals = [{ type = "Service", identifiers = ["pods.eks.amazonaws.com"] }]
    condition  = var.trust_policy_conditions
  }]
}

module "trust" {
  source                  = "agentreach/statements"
  source_policy_documents = [module.pods.json]
  statements              = var.trust_policy_statements
}

module "rules" {
  source                    = "agentreach/statements"
  statements                = var.policy_statements
  source_policy_documents   = var.source_policy_documents
  override_policy_documents = var.override_policy_documents
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each   = { for key, arn in var.additional_policy_arns : key => arn if var.create }
  role       = aws_iam_role.this[0].name
  policy_arn = each.value
}

resource "aws_iam_policy" "custom" {
  count       = var.create && var.attach_custom_policy ? 1 : 0
  name        = var.use_name_prefix ? null : var.name
  name_prefix = var.use_name_prefix ? "${var.name}-" : null
  policy      = module.rules.json
  tags        = var.tags
}

resource "aws_iam_role_policy_attachment" "custom" {
  count      = var.create && var.attach_custom_policy ? 1 : 0
  role       = aws_iam_role.this[0].name
  policy_arn = aws_iam_policy.custom[0].arn
}

resource "aws_eks_pod_identity_association" "this" {
  for_each        = { for key, association in var.associations : key => association if var.create }
  cluster_name    = try(coalesce(each.value.cluster_name), var.association_defaults.cluster_name, null)
  namespace       = try(coalesce(each.value.namespace), var.association_defaults.namespace, null)
  service_account = try(coalesce(each.value.service_account), var.association_defaults.service_account, null)
  target_role_arn = try(coalesce(each.value.target_role_arn), var.association_defaults.target_role_arn, null)
  role_arn        = aws_iam_role.this[0].arn
}

outputs {
  iam_role_arn   = try(aws_iam_role.this[0].arn, null)
  iam_role_name  = try(aws_iam_role.this[0].name, null)
  iam_policy_arn = try(aws_iam_policy.custom[0].arn, null)
  associations   = aws_eks_pod_identity_association.this
}
