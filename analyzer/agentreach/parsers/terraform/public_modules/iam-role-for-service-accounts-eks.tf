# What terraform-aws-modules/iam/aws//modules/iam-role-for-service-accounts-eks (up to version 5) declares, by its inputs: https://registry.terraform.io/modules/terraform-aws-modules/iam/aws/5.60.0/submodules/iam-role-for-service-accounts-eks
# Only what says who an agent is and what it may do.

variable "create_role" {
  default = true
}

variable "role_name" {
  default = null
}

variable "role_name_prefix" {
  default = null
}

variable "role_path" {
  default = "/"
}

variable "role_permissions_boundary_arn" {
  default = null
}

variable "max_session_duration" {
  default = null
}

variable "tags" {
  default = {}
}

variable "role_policy_arns" {
  default = {}
}

variable "oidc_providers" {
  default = {}
}

variable "assume_role_condition_test" {
  default = "StringEquals"
}

variable "attach_amazon_managed_service_prometheus_policy" {
  default = false
}

variable "attach_appmesh_controller_policy" {
  default = false
}

variable "attach_appmesh_envoy_proxy_policy" {
  default = false
}

variable "attach_aws_gateway_controller_policy" {
  default = false
}

variable "attach_cert_manager_policy" {
  default = false
}

variable "attach_cloudwatch_observability_policy" {
  default = false
}

variable "attach_cluster_autoscaler_policy" {
  default = false
}

variable "attach_ebs_csi_policy" {
  default = false
}

variable "attach_efs_csi_policy" {
  default = false
}

variable "attach_external_dns_policy" {
  default = false
}

variable "attach_external_secrets_policy" {
  default = false
}

variable "attach_fsx_lustre_csi_policy" {
  default = false
}

variable "attach_fsx_openzfs_csi_policy" {
  default = false
}

variable "attach_karpenter_controller_policy" {
  default = false
}

variable "attach_load_balancer_controller_policy" {
  default = false
}

variable "attach_load_balancer_controller_targetgroup_binding_only_policy" {
  default = false
}

variable "attach_mountpoint_s3_csi_policy" {
  default = false
}

variable "attach_node_termination_handler_policy" {
  default = false
}

variable "attach_velero_policy" {
  default = false
}

variable "attach_vpc_cni_policy" {
  default = false
}

locals {
  is_controller = anytrue([
    var.attach_amazon_managed_service_prometheus_policy,
    var.attach_appmesh_controller_policy,
    var.attach_appmesh_envoy_proxy_policy,
    var.attach_aws_gateway_controller_policy,
    var.attach_cert_manager_policy,
    var.attach_cloudwatch_observability_policy,
    var.attach_cluster_autoscaler_policy,
    var.attach_ebs_csi_policy,
    var.attach_efs_csi_policy,
    var.attach_external_dns_policy,
    var.attach_external_secrets_policy,
    var.attach_fsx_lustre_csi_policy,
    var.attach_fsx_openzfs_csi_policy,
    var.attach_karpenter_controller_policy,
    var.attach_load_balancer_controller_policy,
    var.attach_load_balancer_controller_targetgroup_binding_only_policy,
    var.attach_mountpoint_s3_csi_policy,
    var.attach_node_termination_handler_policy,
    var.attach_velero_policy,
    var.attach_vpc_cni_policy,
  ])
}

variable "allow_self_assume_role" {
  default = false
}

data "aws_caller_identity" "self" {}

data "aws_partition" "self" {}

data "aws_iam_policy_document" "assume" {
  count = var.create_role ? 1 : 0

  dynamic "statement" {
    for_each = var.allow_self_assume_role ? [1] : []
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
        values   = ["arn:${data.aws_partition.self.partition}:iam::${data.aws_caller_identity.self.account_id}:role${var.role_path}${var.role_name}"]
      }
    }
  }

  dynamic "statement" {
    for_each = var.oidc_providers
    iterator = provider
    content {
      actions = ["sts:AssumeRoleWithWebIdentity"]

      principals {
        type        = "Federated"
        identifiers = [provider.value.provider_arn]
      }

      condition {
        test     = var.assume_role_condition_test
        variable = "${replace(provider.value.provider_arn, "/^(.*provider/)/", "")}:sub"
        values   = [for account in provider.value.namespace_service_accounts : "system:serviceaccount:${account}"]
      }

      condition {
        test     = var.assume_role_condition_test
        variable = "${replace(provider.value.provider_arn, "/^(.*provider/)/", "")}:aud"
        values   = ["sts.amazonaws.com"]
      }
    }
  }
}

resource "aws_iam_role" "this" {
  count                = var.create_role ? 1 : 0
  name                 = var.role_name
  name_prefix          = var.role_name_prefix
  path                 = var.role_path
  assume_role_policy   = data.aws_iam_policy_document.assume[0].json
  max_session_duration = var.max_session_duration
  permissions_boundary = var.role_permissions_boundary_arn
  tags                 = var.tags
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each   = { for key, arn in var.role_policy_arns : key => arn if var.create_role }
  role       = aws_iam_role.this[0].name
  policy_arn = each.value
}

# The policies of well-known controllers are the module's own; what they hold is not read here.
resource "terraform_data" "controller_policy" {}

resource "aws_iam_role_policy" "controller" {
  count  = var.create_role && local.is_controller ? 1 : 0
  role   = aws_iam_role.this[0].name
  policy = terraform_data.controller_policy.id
}

output "iam_role_arn" {
  value = try(aws_iam_role.this[0].arn, "")
}

output "iam_role_name" {
  value = try(aws_iam_role.this[0].name, "")
}

output "iam_role_path" {
  value = try(aws_iam_role.this[0].path, "")
}

output "iam_role_unique_id" {
  value = try(aws_iam_role.this[0].unique_id, "")
}
