# The function and the identity that terraform-aws-modules/lambda/aws declares, by its inputs.
# https://registry.terraform.io/modules/terraform-aws-modules/lambda/aws/latest

inputs {
  create                            = true
  create_function                   = true
  create_layer                      = false
  create_role                       = true
  function_name                     = ""
  description                       = ""
  handler                           = ""
  runtime                           = ""
  image_uri                         = null
  package_type                      = "Zip"
  memory_size                       = 128
  timeout                           = 3
  environment_variables             = {}
  layers                            = null
  architectures                     = null
  kms_key_arn                       = null
  publish                           = false
  reserved_concurrent_executions    = -1
  tracing_mode                      = null
  vpc_subnet_ids                    = null
  vpc_security_group_ids            = null
  tags                              = {}
  lambda_role                       = ""
  role_name                         = null
  role_path                         = null
  role_permissions_boundary         = null
  role_maximum_session_duration     = 3600
  role_tags                         = {}
  trusted_entities                  = []
  assume_role_policy_statements     = {}
  attach_cloudwatch_logs_policy     = true
  use_existing_cloudwatch_log_group = false
  cloudwatch_logs_retention_in_days = null
  attach_network_policy             = false
  attach_tracing_policy             = false
  attach_dead_letter_policy         = false
  dead_letter_target_arn            = null
  attach_async_event_policy         = false
  destination_on_failure            = null
  destination_on_success            = null
  attach_policy_json                = false
  policy_json                       = null
  attach_policy_jsons               = false
  policy_jsons                      = []
  number_of_policy_jsons            = 0
  attach_policy                     = false
  policy                            = null
  attach_policies                   = false
  policies                          = []
  number_of_policies                = 0
  attach_policy_statements          = false
  policy_statements                 = {}
  allowed_triggers                  = {}
  create_lambda_function_url        = false
  authorization_type                = "NONE"
  cors                              = {}

  create_unqualified_alias_allowed_triggers = true
  create_current_version_allowed_triggers   = true
}

data "aws_caller_identity" "here" {}

data "aws_partition" "here" {}

data "aws_region" "here" {}

locals {
  is_function = var.create && var.create_function && !var.create_layer
  has_role    = local.is_function && var.create_role
  role_name   = try(coalesce(var.role_name, var.function_name), null)
  here        = "${data.aws_region.here.region}:${data.aws_caller_identity.here.account_id}"
  log_group   = "arn:${data.aws_partition.here.partition}:logs:${local.here}:log-group:/aws/lambda/${var.function_name}"
  services    = [for entity in var.trusted_entities : try(tostring(entity), "")]
  publish     = ["sns:Publish", "sqs:SendMessage"]
}

module "invoked" {
  source = "agentreach/statements"
  statements = [{
    actions = ["sts:AssumeRole"]
    principals = concat(
      [{ type = "Service", identifiers = distinct(compact(concat(["lambda.amazonaws.com"], local.services))) }],
      [for entity in var.trusted_entities : entity if !can(tostring(entity))],
    )
  }]
}

module "trust" {
  source                  = "agentreach/statements"
  source_policy_documents = [module.invoked.json]
  statements              = var.assume_role_policy_statements
}

module "rules" {
  source     = "agentreach/statements"
  statements = var.policy_statements
}

resource "aws_iam_role" "lambda" {
  count                = local.has_role ? 1 : 0
  name                 = local.role_name
  path                 = var.role_path
  permissions_boundary = var.role_permissions_boundary
  assume_role_policy   = module.trust.json
  max_session_duration = var.role_maximum_session_duration
  tags                 = merge(var.tags, var.role_tags)
}

resource "aws_iam_role_policy" "logs" {
  count = local.has_role && var.attach_cloudwatch_logs_policy ? 1 : 0
  role  = aws_iam_role.lambda[0].name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect   = "Allow"
    Action   = concat(var.use_existing_cloudwatch_log_group ? [] : ["logs:CreateLogGroup"], ["logs:CreateLogStream", "logs:PutLogEvents"])
    Resource = ["${local.log_group}:*", "${local.log_group}:*:*"]
  }] })
}

resource "aws_iam_role_policy" "dead_letter" {
  count  = local.has_role && var.attach_dead_letter_policy ? 1 : 0
  role   = aws_iam_role.lambda[0].name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = local.publish, Resource = [var.dead_letter_target_arn] }] })
}

resource "aws_iam_role_policy" "async" {
  count = local.has_role && var.attach_async_event_policy ? 1 : 0
  role  = aws_iam_role.lambda[0].name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect   = "Allow"
    Action   = concat(local.publish, ["events:PutEvents", "lambda:InvokeFunction"])
    Resource = compact(distinct([var.destination_on_failure, var.destination_on_success]))
  }] })
}

resource "aws_iam_role_policy_attachment" "vpc" {
  count      = local.has_role && var.attach_network_policy ? 1 : 0
  role       = aws_iam_role.lambda[0].name
  policy_arn = "arn:${data.aws_partition.here.partition}:iam::aws:policy/service-role/AWSLambdaENIManagementAccess"
}

resource "aws_iam_role_policy_attachment" "tracing" {
  count      = local.has_role && var.attach_tracing_policy ? 1 : 0
  role       = aws_iam_role.lambda[0].name
  policy_arn = "arn:${data.aws_partition.here.partition}:iam::aws:policy/AWSXRayDaemonWriteAccess"
}

resource "aws_iam_role_policy" "additional_json" {
  count  = local.has_role && var.attach_policy_json ? 1 : 0
  name   = local.role_name
  role   = aws_iam_role.lambda[0].name
  policy = var.policy_json
}

resource "aws_iam_role_policy" "additional_jsons" {
  count  = local.has_role && var.attach_policy_jsons ? var.number_of_policy_jsons : 0
  role   = aws_iam_role.lambda[0].name
  policy = var.policy_jsons[count.index]
}

resource "aws_iam_role_policy_attachment" "additional_one" {
  count      = local.has_role && var.attach_policy ? 1 : 0
  role       = aws_iam_role.lambda[0].name
  policy_arn = var.policy
}

resource "aws_iam_role_policy_attachment" "additional_many" {
  count      = local.has_role && var.attach_policies ? var.number_of_policies : 0
  role       = aws_iam_role.lambda[0].name
  policy_arn = var.policies[count.index]
}

resource "aws_iam_role_policy" "additional_inline" {
  count  = local.has_role && var.attach_policy_statements ? 1 : 0
  role   = aws_iam_role.lambda[0].name
  policy = module.rules.json
}

resource "aws_lambda_function" "this" {
  count         = local.is_function ? 1 : 0
  function_name = var.function_name
  role          = var.create_role ? aws_iam_role.lambda[0].arn : var.lambda_role
  handler       = var.package_type == "Zip" ? var.handler : null
  runtime       = var.package_type == "Zip" ? var.runtime : null
  image_uri     = var.image_uri
  package_type  = var.package_type
  layers        = var.layers
  kms_key_arn   = var.kms_key_arn
  tags          = var.tags

  dynamic "environment" {
    for_each = length(var.environment_variables) > 0 ? [var.environment_variables] : []
    content {
      variables = environment.value
    }
  }
  dynamic "tracing_config" {
    for_each = var.tracing_mode == null ? [] : [var.tracing_mode]
    content {
      mode = tracing_config.value
    }
  }
  dynamic "vpc_config" {
    for_each = var.vpc_subnet_ids == null || var.vpc_security_group_ids == null ? [] : [var.vpc_subnet_ids]
    content {
      subnet_ids         = vpc_config.value
      security_group_ids = var.vpc_security_group_ids
    }
  }
}

resource "aws_cloudwatch_log_group" "lambda" {
  count             = local.is_function && !var.use_existing_cloudwatch_log_group ? 1 : 0
  name              = "/aws/lambda/${var.function_name}"
  retention_in_days = var.cloudwatch_logs_retention_in_days
  tags              = var.tags
}

resource "aws_lambda_permission" "unqualified_alias_triggers" {
  for_each       = { for key, trigger in var.allowed_triggers : key => trigger if local.is_function }
  function_name  = aws_lambda_function.this[0].function_name
  statement_id   = try(each.value.statement_id, each.key)
  action         = try(each.value.action, "lambda:InvokeFunction")
  principal      = try(each.value.principal, "${each.value.service}.amazonaws.com", ".amazonaws.com")
  source_arn     = try(each.value.source_arn, null)
  source_account = try(each.value.source_account, null)
}

resource "aws_lambda_function_url" "this" {
  count              = local.is_function && var.create_lambda_function_url ? 1 : 0
  function_name      = aws_lambda_function.this[0].function_name
  authorization_type = var.authorization_type
}

outputs {
  lambda_function_arn              = try(aws_lambda_function.this[0].arn, "")
  lambda_function_arn_static       = "arn:${data.aws_partition.here.partition}:lambda:${local.here}:function:${var.function_name}"
  lambda_function_name             = try(aws_lambda_function.this[0].function_name, "")
  lambda_function_qualified_arn    = try(aws_lambda_function.this[0].qualified_arn, "")
  lambda_function_invoke_arn       = try(aws_lambda_function.this[0].invoke_arn, "")
  lambda_function_version          = try(aws_lambda_function.this[0].version, "")
  lambda_function_url              = try(aws_lambda_function_url.this[0].function_url, "")
  lambda_role_arn                  = try(aws_iam_role.lambda[0].arn, "")
  lambda_role_name                 = try(aws_iam_role.lambda[0].name, "")
  lambda_cloudwatch_log_group_arn  = try(aws_cloudwatch_log_group.lambda[0].arn, "")
  lambda_cloudwatch_log_group_name = try(aws_cloudwatch_log_group.lambda[0].name, "")
}
