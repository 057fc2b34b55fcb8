# What terraform-aws-modules/iam/aws//modules/iam-eks-role (up to version 5) declares, by its inputs: https://registry.terraform.io/modules/terraform-aws-modules/iam/aws/5.60.0/submodules/iam-eks-role
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
  default = ""
}

variable "max_session_duration" {
  default = 43200
}

variable "tags" {
  default = {}
}

variable "role_policy_arns" {
  default = {}
}

variable "cluster_service_accounts" {
  default = {}
}

variable "assume_role_condition_test" {
  default = "StringEquals"
}

data "aws_eks_cluster" "main" {
  for_each = var.cluster_service_accounts
  name     = each.key
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

variable "allow_self_assume_role" {
  default = false
}

data "aws_caller_identity" "self" {}

data "aws_partition" "self" {}

data "aws_iam_policy_document" "assume" {

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
    for_each = var.cluster_service_accounts
    iterator = cluster
    content {
      actions = ["sts:AssumeRoleWithWebIdentity"]

      principals {
        type        = "Federated"
        identifiers = ["arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:oidc-provider/${replace(data.aws_eks_cluster.main[cluster.key].identity[0].oidc[0].issuer, "https://", "")}"]
      }

      condition {
        test     = var.assume_role_condition_test
        variable = "${replace(data.aws_eks_cluster.main[cluster.key].identity[0].oidc[0].issuer, "https://", "")}:sub"
        values   = [for account in cluster.value : "system:serviceaccount:${account}"]
      }
    }
  }
}

resource "aws_iam_role" "this" {
  count                = var.create_role ? 1 : 0
  name                 = var.role_name
  name_prefix          = var.role_name_prefix
  path                 = var.role_path
  assume_role_policy   = data.aws_iam_policy_document.assume.json
  max_session_duration = var.max_session_duration
  permissions_boundary = var.role_permissions_boundary_arn
  tags                 = var.tags
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each   = { for key, arn in var.role_policy_arns : key => arn if var.create_role }
  role       = aws_iam_role.this[0].name
  policy_arn = each.value
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
