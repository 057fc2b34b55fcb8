# The role that the modules of terraform-aws-modules/iam up to version 5 declare: `local.trust` says who may take it.

resource "aws_iam_role" "this" {
  count                = var.create_role ? 1 : 0
  name                 = var.role_name
  name_prefix          = var.role_name_prefix
  path                 = var.role_path
  assume_role_policy   = local.trust
  max_session_duration = var.max_session_duration
  permissions_boundary = var.role_permissions_boundary_arn
  tags                 = var.tags
}

outputs {
  iam_role_arn       = try(aws_iam_role.this[0].arn, "")
  iam_role_name      = try(aws_iam_role.this[0].name, "")
  iam_role_path      = try(aws_iam_role.this[0].path, "")
  iam_role_unique_id = try(aws_iam_role.this[0].unique_id, "")
}
