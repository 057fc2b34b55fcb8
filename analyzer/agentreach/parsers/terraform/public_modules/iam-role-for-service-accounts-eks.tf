# The identity that terraform-aws-modules/iam/aws//modules/iam-role-for-service-accounts-eks (up to version 5) declares, by its inputs.
# https://registry.terraform.io/modules/terraform-aws-modules/iam/aws/5.60.0/submodules/iam-role-for-service-accounts-eks

inputs {
  create_role                   = true
  role_name                     = null
  role_name_prefix              = null
  role_path                     = "/"
  role_permissions_boundary_arn = null
  role_policy_arns              = {}
  max_session_duration          = null
  tags                          = {}
  allow_self_assume_role        = false
  assume_role_condition_test    = "StringEquals"
  oidc_providers                = {}
}

inputs "controllers" {
  attach_amazon_managed_service_prometheus_policy                 = false
  attach_appmesh_controller_policy                                = false
  attach_appmesh_envoy_proxy_policy                               = false
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
  attach_karpenter_controller_policy                              = false
  attach_load_balancer_controller_policy                          = false
  attach_load_balancer_controller_targetgroup_binding_only_policy = false
  attach_mountpoint_s3_csi_policy                                 = false
  attach_node_termination_handler_policy                          = false
  attach_velero_policy                                            = false
  attach_vpc_cni_policy                                           = false
}

shared "role-5" {}
shared "controllers" {}

locals {
  trust   = module.trust.json
  creates = var.create_role
}

module "trust" {
  source         = "agentreach/pods"
  oidc_providers = var.oidc_providers
  test           = var.assume_role_condition_test
  own_role       = var.allow_self_assume_role ? "${var.role_path}${var.role_name}" : null
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each   = { for key, arn in var.role_policy_arns : key => arn if var.create_role }
  role       = aws_iam_role.this[0].name
  policy_arn = each.value
}
