# What terraform-aws-modules/eks-pod-identity/aws declares, by its inputs: https://registry.terraform.io/modules/terraform-aws-modules/eks-pod-identity/aws/latest
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

variable "permissions_boundary_arn" {
  default = null
}

variable "trust_policy_conditions" {
  default = []
}

variable "trust_policy_statements" {
  default = null
}

variable "additional_policy_arns" {
  default = {}
}

variable "association_defaults" {
  default = {}
}

variable "associations" {
  default = {}
}

variable "source_policy_documents" {
  default = []
}

variable "override_policy_documents" {
  default = []
}

variable "policy_statements" {
  default = null
}

variable "attach_custom_policy" {
  default = false
}

variable "attach_amazon_managed_service_prometheus_policy" {
  default = false
}

variable "attach_aws_appmesh_controller_policy" {
  default = false
}

variable "attach_aws_cloudwatch_observability_policy" {
  default = false
}

variable "attach_aws_appmesh_envoy_proxy_policy" {
  default = false
}

variable "attach_aws_ebs_csi_policy" {
  default = false
}

variable "attach_aws_efs_csi_policy" {
  default = false
}

variable "attach_aws_fsx_lustre_csi_policy" {
  default = false
}

variable "attach_aws_gateway_controller_policy" {
  default = false
}

variable "attach_aws_lb_controller_policy" {
  default = false
}

variable "attach_aws_lb_controller_targetgroup_binding_only_policy" {
  default = false
}

variable "attach_aws_node_termination_handler_policy" {
  default = false
}

variable "attach_aws_privateca_issuer_policy" {
  default = false
}

variable "attach_aws_vpc_cni_policy" {
  default = false
}

variable "attach_cert_manager_policy" {
  default = false
}

variable "attach_cluster_autoscaler_policy" {
  default = false
}

variable "attach_external_dns_policy" {
  default = false
}

variable "attach_external_secrets_policy" {
  default = false
}

variable "attach_mountpoint_s3_csi_policy" {
  default = false
}

variable "attach_pganalyze_policy" {
  default = false
}

variable "attach_velero_policy" {
  default = false
}

locals {
  is_controller = anytrue([
    var.attach_amazon_managed_service_prometheus_policy,
    var.attach_aws_appmesh_controller_policy,
    var.attach_aws_cloudwatch_observability_policy,
    var.attach_aws_appmesh_envoy_proxy_policy,
    var.attach_aws_ebs_csi_policy,
    var.attach_aws_efs_csi_policy,
    var.attach_aws_fsx_lustre_csi_policy,
    var.attach_aws_gateway_controller_policy,
    var.attach_aws_lb_controller_policy,
    var.attach_aws_lb_controller_targetgroup_binding_only_policy,
    var.attach_aws_node_termination_handler_policy,
    var.attach_aws_privateca_issuer_policy,
    var.attach_aws_vpc_cni_policy,
    var.attach_cert_manager_policy,
    var.attach_cluster_autoscaler_policy,
    var.attach_external_dns_policy,
    var.attach_external_secrets_policy,
    var.attach_mountpoint_s3_csi_policy,
    var.attach_pganalyze_policy,
    var.attach_velero_policy,
  ])
}

data "aws_iam_policy_document" "assume" {
  count = var.create ? 1 : 0

  statement {
    actions = ["sts:AssumeRole", "sts:TagSession"]

    principals {
      type        = "Service"
      identifiers = ["pods.eks.amazonaws.com"]
    }

    dynamic "condition" {
      for_each = var.trust_policy_conditions
      content {
        test     = condition.value.test
        variable = condition.value.variable
        values   = condition.value.values
      }
    }
  }

  dynamic "statement" {
    for_each = var.trust_policy_statements != null ? var.trust_policy_statements : []
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

resource "aws_iam_role" "this" {
  count                = var.create ? 1 : 0
  name                 = var.use_name_prefix ? null : var.name
  name_prefix          = var.use_name_prefix ? "${var.name}-" : null
  path                 = var.path
  assume_role_policy   = data.aws_iam_policy_document.assume[0].json
  max_session_duration = var.max_session_duration
  permissions_boundary = var.permissions_boundary_arn
  tags                 = var.tags
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each   = { for key, arn in var.additional_policy_arns : key => arn if var.create }
  role       = aws_iam_role.this[0].name
  policy_arn = each.value
}

data "aws_iam_policy_document" "base" {
  source_policy_documents   = var.source_policy_documents
  override_policy_documents = var.override_policy_documents

  dynamic "statement" {
    for_each = var.policy_statements != null ? var.policy_statements : []
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

resource "aws_iam_policy" "custom" {
  count       = var.create && var.attach_custom_policy ? 1 : 0
  name        = var.use_name_prefix ? null : var.name
  name_prefix = var.use_name_prefix ? "${var.name}-" : null
  policy      = data.aws_iam_policy_document.base.json
  tags        = var.tags
}

resource "aws_iam_role_policy_attachment" "custom" {
  count      = var.create && var.attach_custom_policy ? 1 : 0
  role       = aws_iam_role.this[0].name
  policy_arn = aws_iam_policy.custom[0].arn
}

# The policies of well-known controllers are the module's own; what they hold is not read here.
resource "terraform_data" "controller_policy" {}

resource "aws_iam_role_policy" "controller" {
  count  = var.create && local.is_controller ? 1 : 0
  role   = aws_iam_role.this[0].name
  policy = terraform_data.controller_policy.id
}

resource "aws_eks_pod_identity_association" "this" {
  for_each        = { for key, association in var.associations : key => association if var.create }
  cluster_name    = try(coalesce(each.value.cluster_name, null), var.association_defaults.cluster_name, null)
  namespace       = try(coalesce(each.value.namespace, null), var.association_defaults.namespace, null)
  service_account = try(coalesce(each.value.service_account, null), var.association_defaults.service_account, null)
  target_role_arn = try(coalesce(each.value.target_role_arn, null), var.association_defaults.target_role_arn, null)
  role_arn        = aws_iam_role.this[0].arn
}

output "iam_role_arn" {
  value = try(aws_iam_role.this[0].arn, null)
}

output "iam_role_name" {
  value = try(aws_iam_role.this[0].name, null)
}

output "iam_policy_arn" {
  value = try(aws_iam_policy.custom[0].arn, null)
}

output "associations" {
  value = aws_eks_pod_identity_association.this
}
