# What terraform-aws-modules/iam/aws//modules/iam-policy declares, by its inputs: https://registry.terraform.io/modules/terraform-aws-modules/iam/aws/latest/submodules/iam-policy
# Only what says who an agent is and what it may do.

variable "create_policy" {
  default = true
}

variable "create" {
  default = true
}

variable "name" {
  default = null
}

variable "name_prefix" {
  default = null
}

variable "path" {
  default = "/"
}

variable "policy" {
  default = ""
}

variable "tags" {
  default = {}
}

resource "aws_iam_policy" "policy" {
  count       = var.create && var.create_policy ? 1 : 0
  name        = var.name
  name_prefix = var.name_prefix
  path        = var.path
  policy      = var.policy
  tags        = var.tags
}

output "id" {
  value = try(aws_iam_policy.policy[0].id, "")
}

output "arn" {
  value = try(aws_iam_policy.policy[0].arn, "")
}

output "name" {
  value = try(aws_iam_policy.policy[0].name, "")
}

output "policy" {
  value = try(aws_iam_policy.policy[0].policy, "")
}
