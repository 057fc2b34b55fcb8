# The identity that terraform-aws-modules/iam/aws//modules/iam-policy declares, by its inputs.
# https://registry.terraform.io/modules/terraform-aws-modules/iam/aws/latest/submodules/iam-policy

inputs {
  create        = true
  create_policy = true
  name          = null
  name_prefix   = null
  path          = "/"
  policy        = ""
  tags          = {}
}

resource "aws_iam_policy" "policy" {
  count       = var.create && var.create_policy ? 1 : 0
  name        = var.name
  name_prefix = var.name_prefix
  path        = var.path
  policy      = var.policy
  tags        = var.tags
}

outputs {
  id     = try(aws_iam_policy.policy[0].id, "")
  arn    = try(aws_iam_policy.policy[0].arn, "")
  name   = try(aws_iam_policy.policy[0].name, "")
  policy = try(aws_iam_policy.policy[0].policy, "")
}
