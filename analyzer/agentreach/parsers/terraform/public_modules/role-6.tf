# The role that the modules of terraform-aws-modules/iam from version 6 on declare: `local.trust` says who may take it.

resource "aws_iam_role" "this" {
  count                = var.create ? 1 : 0
  name                 = var.use_name_prefix ? null : var.name
  name_prefix          = var.use_name_prefix ? "${var.name}-" : null
  path                 = var.path
  assume_role_policy   = local.trust
  max_session_duration = var.max_session_duration
  permissions_boundary = local.boundary
  tags                 = var.tags
}
