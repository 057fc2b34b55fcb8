# What terraform-aws-modules/iam/aws//modules/iam-role-for-service-accounts declares, by its inputs: https://registry.terraform.io/modules/terraform-aws-modules/iam/aws/latest/submodules/iam-role-for-service-accounts
# Only what says who an agent is and what it may do.

variable "create" {
  default = true
}

variable "tags" {
  default = {}
}

variable "name" {
  default = ""
}

variable "use_name_prefix" {
  default = true
}

variable "path" {
  default = "/"
}

variable "max_session_duration" {
  default = null
}

variable "permissions_boundary" {
  default = null
}

variable "policies" {
  default = {}
}

variable "oidc_providers" {
  default = {}
}

variable "trust_condition_test" {
  default = "StringEquals"
}

variable "create_policy" {
  default = true
}

variable "source_policy_documents" {
  default = []
}

variable "override_policy_documents" {
  default = []
}

variable "permissions" {
  default = null
}

variable "attach_amazon_managed_service_prometheus_policy" {
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
    var.attach_load_balancer_controller_policy,
    var.attach_load_balancer_controller_targetgroup_binding_only_policy,
    var.attach_mountpoint_s3_csi_policy,
    var.attach_node_termination_handler_policy,
    var.attach_velero_policy,
    var.attach_vpc_cni_policy,
  ])
}

data "aws_iam_policy_document" "assume" {
  count = var.create ? 1 : 0

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
        test     = var.trust_condition_test
        variable = "${replace(provider.value.provider_arn, "/^(.*provider/)/", "")}:sub"
        values   = [for account in provider.value.namespace_service_accounts : "system:serviceaccount:${account}"]
      }

      condition {
        test     = var.trust_condition_test
        variable = "${replace(provider.value.provider_arn, "/^(.*provider/)/", "")}:aud"
        values   = ["sts.amazonaws.com"]
      }
    }
  }
}

resource "aws_iam_role" "this" {
  count                = var.create ? 1 : 0
  name                 = var.use_name_prefix ? null : var.name
  name_prefix          = var.use_name_prefix ? "${var.name}-" : null
  path                 = var.path
  assume_role_policy   = data.aws_iam_policy_document.assume[0].json
  max_session_duration = var.max_session_duration
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags
}

resource "aws_iam_role_policy_attachment" "additional" {
  for_each   = { for key, arn in var.policies : key => arn if var.create }
  role       = aws_iam_role.this[0].name
  policy_arn = each.value
}

data "aws_iam_policy_document" "this" {
  source_policy_documents   = var.source_policy_documents
  override_policy_documents = var.override_policy_documents

  dynamic "statement" {
    for_each = var.permissions != null ? var.permissions : {}
    content {
      sid           = try(coalesce(statement.value.sid, null), can(tonumber(statement.key)) ? null : replace(statement.key, "/[^0-9A-Za-z]*/", ""))
      effect        = try(statement.value.effect, null)
      actions       = try(statement.value.actions, null)
      not_actions   = try(statement.value.not_actions, null)
      resources     = try(statement.value.resources, null)
      not_resources = try(statement.value.not_resources, null)

      dynamic "principals" {
        for_each = try(coalesce(statement.value.principals, []), [])
        content {
          type        = principals.value.type
          identifiers = principals.value.identifiers
        }
      }

      dynamic "not_principals" {
        for_each = try(coalesce(statement.value.not_principals, []), [])
        content {
          type        = not_principals.value.type
          identifiers = not_principals.value.identifiers
        }
      }

      dynamic "condition" {
        for_each = try(coalesce(statement.value.condition, []), statement.value.conditions, [])
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_iam_policy" "this" {
  count  = var.create && var.create_policy && (length(var.source_policy_documents) > 0 || length(var.override_policy_documents) > 0 || var.permissions != null) ? 1 : 0
  name   = var.name
  policy = data.aws_iam_policy_document.this.json
}

resource "aws_iam_role_policy_attachment" "this" {
  count      = length(aws_iam_policy.this)
  role       = aws_iam_role.this[0].name
  policy_arn = aws_iam_policy.this[0].arn
}

# The policies of well-known controllers are the module's own; what they hold is not read here.
resource "terraform_data" "controller_policy" {}

resource "aws_iam_role_policy" "controller" {
  count  = var.create && local.is_controller ? 1 : 0
  role   = aws_iam_role.this[0].name
  policy = terraform_data.controller_policy.id
}

output "name" {
  value = try(aws_iam_role.this[0].name, null)
}

output "arn" {
  value = try(aws_iam_role.this[0].arn, null)
}

output "unique_id" {
  value = try(aws_iam_role.this[0].unique_id, null)
}

output "iam_role_arn" {
  value = try(aws_iam_role.this[0].arn, null)
}

output "iam_role_name" {
  value = try(aws_iam_role.this[0].name, null)
}
