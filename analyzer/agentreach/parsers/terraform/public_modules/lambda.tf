# What terraform-aws-modules/lambda/aws declares, by its inputs: https://registry.terraform.io/modules/terraform-aws-modules/lambda/aws/latest
# Only what says who an agent is and what it may do.

variable "create" {
  default = true
}

variable "create_function" {
  default = true
}

variable "create_layer" {
  default = false
}

variable "create_role" {
  default = true
}

variable "function_name" {
  default = ""
}

variable "description" {
  default = ""
}

variable "handler" {
  default = ""
}

variable "runtime" {
  default = ""
}

variable "image_uri" {
  default = null
}

variable "package_type" {
  default = "Zip"
}

variable "memory_size" {
  default = 128
}

variable "timeout" {
  default = 3
}

variable "environment_variables" {
  default = {}
}

variable "lambda_role" {
  default = ""
}

variable "role_name" {
  default = null
}

variable "role_path" {
  default = null
}

variable "role_permissions_boundary" {
  default = null
}

variable "role_maximum_session_duration" {
  default = 3600
}

variable "tags" {
  default = {}
}

variable "role_tags" {
  default = {}
}

variable "trusted_entities" {
  default = []
}

variable "assume_role_policy_statements" {
  default = {}
}

variable "attach_cloudwatch_logs_policy" {
  default = true
}

variable "attach_policy_json" {
  default = false
}

variable "policy_json" {
  default = null
}

variable "attach_policy_jsons" {
  default = false
}

variable "policy_jsons" {
  default = []
}

variable "number_of_policy_jsons" {
  default = 0
}

variable "attach_policy" {
  default = false
}

variable "policy" {
  default = null
}

variable "attach_policies" {
  default = false
}

variable "policies" {
  default = []
}

variable "number_of_policies" {
  default = 0
}

variable "attach_policy_statements" {
  default = false
}

variable "policy_statements" {
  default = {}
}

variable "attach_network_policy" {
  default = false
}

variable "attach_tracing_policy" {
  default = false
}

variable "tracing_mode" {
  default = null
}

variable "vpc_subnet_ids" {
  default = null
}

variable "vpc_security_group_ids" {
  default = null
}

variable "reserved_concurrent_executions" {
  default = -1
}

variable "publish" {
  default = false
}

variable "allowed_triggers" {
  default = {}
}

variable "create_unqualified_alias_allowed_triggers" {
  default = true
}

variable "create_current_version_allowed_triggers" {
  default = true
}

variable "create_lambda_function_url" {
  default = false
}

variable "authorization_type" {
  default = "NONE"
}

variable "cors" {
  default = {}
}

variable "kms_key_arn" {
  default = null
}

variable "layers" {
  default = null
}

variable "architectures" {
  default = null
}

variable "use_existing_cloudwatch_log_group" {
  default = false
}

variable "cloudwatch_logs_retention_in_days" {
  default = null
}

variable "attach_dead_letter_policy" {
  default = false
}

variable "dead_letter_target_arn" {
  default = null
}

variable "attach_async_event_policy" {
  default = false
}

variable "destination_on_failure" {
  default = null
}

variable "destination_on_success" {
  default = null
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  is_function = var.create && var.create_function && !var.create_layer
  has_role    = local.is_function && var.create_role
  role_name   = try(coalesce(var.role_name, var.function_name), null)
  log_group   = "arn:${data.aws_partition.current.partition}:logs:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}:log-group:/aws/lambda/${var.function_name}"
}

data "aws_iam_policy_document" "assume_role" {
  count = local.has_role ? 1 : 0

  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = distinct(compact(concat(["lambda.amazonaws.com"], [for entity in var.trusted_entities : try(tostring(entity), "")])))
    }

    dynamic "principals" {
      for_each = [for entity in var.trusted_entities : entity if !can(tostring(entity))]
      content {
        type        = principals.value.type
        identifiers = principals.value.identifiers
      }
    }
  }

  dynamic "statement" {
    for_each = var.assume_role_policy_statements
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

resource "aws_iam_role" "lambda" {
  count                = local.has_role ? 1 : 0
  name                 = local.role_name
  path                 = var.role_path
  permissions_boundary = var.role_permissions_boundary
  assume_role_policy   = data.aws_iam_policy_document.assume_role[0].json
  max_session_duration = var.role_maximum_session_duration
  tags                 = merge(var.tags, var.role_tags)
}

resource "aws_iam_role_policy" "logs" {
  count = local.has_role && var.attach_cloudwatch_logs_policy ? 1 : 0
  role  = aws_iam_role.lambda[0].name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = concat(var.use_existing_cloudwatch_log_group ? [] : ["logs:CreateLogGroup"], ["logs:CreateLogStream", "logs:PutLogEvents"])
      Resource = ["${local.log_group}:*", "${local.log_group}:*:*"]
    }]
  })
}

resource "aws_iam_role_policy" "dead_letter" {
  count = local.has_role && var.attach_dead_letter_policy ? 1 : 0
  role  = aws_iam_role.lambda[0].name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["sns:Publish", "sqs:SendMessage"], Resource = [var.dead_letter_target_arn] }]
  })
}

resource "aws_iam_role_policy" "async" {
  count = local.has_role && var.attach_async_event_policy ? 1 : 0
  role  = aws_iam_role.lambda[0].name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["sns:Publish", "sqs:SendMessage", "events:PutEvents", "lambda:InvokeFunction"]
      Resource = compact(distinct([var.destination_on_failure, var.destination_on_success]))
    }]
  })
}

resource "aws_iam_role_policy_attachment" "vpc" {
  count      = local.has_role && var.attach_network_policy ? 1 : 0
  role       = aws_iam_role.lambda[0].name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AWSLambdaENIManagementAccess"
}

resource "aws_iam_role_policy_attachment" "tracing" {
  count      = local.has_role && var.attach_tracing_policy ? 1 : 0
  role       = aws_iam_role.lambda[0].name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/AWSXRayDaemonWriteAccess"
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

data "aws_iam_policy_document" "additional_inline" {
  count = local.has_role && var.attach_policy_statements ? 1 : 0

  dynamic "statement" {
    for_each = var.policy_statements
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

resource "aws_iam_role_policy" "additional_inline" {
  count  = local.has_role && var.attach_policy_statements ? 1 : 0
  role   = aws_iam_role.lambda[0].name
  policy = data.aws_iam_policy_document.additional_inline[0].json
}

resource "aws_lambda_function" "this" {
  count                          = local.is_function ? 1 : 0
  function_name                  = var.function_name
  description                    = var.description
  role                           = var.create_role ? aws_iam_role.lambda[0].arn : var.lambda_role
  handler                        = var.package_type != "Zip" ? null : var.handler
  runtime                        = var.package_type != "Zip" ? null : var.runtime
  image_uri                      = var.image_uri
  package_type                   = var.package_type
  memory_size                    = var.memory_size
  timeout                        = var.timeout
  layers                         = var.layers
  kms_key_arn                    = var.kms_key_arn
  architectures                  = var.architectures
  reserved_concurrent_executions = var.reserved_concurrent_executions
  publish                        = var.publish
  tags                           = var.tags

  dynamic "environment" {
    for_each = length(keys(var.environment_variables)) == 0 ? [] : [true]
    content {
      variables = var.environment_variables
    }
  }

  dynamic "tracing_config" {
    for_each = var.tracing_mode == null ? [] : [true]
    content {
      mode = var.tracing_mode
    }
  }

  dynamic "vpc_config" {
    for_each = var.vpc_subnet_ids != null && var.vpc_security_group_ids != null ? [true] : []
    content {
      security_group_ids = var.vpc_security_group_ids
      subnet_ids         = var.vpc_subnet_ids
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
  principal      = try(each.value.principal, format("%s.amazonaws.com", try(each.value.service, "")))
  source_arn     = try(each.value.source_arn, null)
  source_account = try(each.value.source_account, null)
}

resource "aws_lambda_function_url" "this" {
  count              = local.is_function && var.create_lambda_function_url ? 1 : 0
  function_name      = aws_lambda_function.this[0].function_name
  authorization_type = var.authorization_type
}

output "lambda_function_arn" {
  value = try(aws_lambda_function.this[0].arn, "")
}

output "lambda_function_name" {
  value = try(aws_lambda_function.this[0].function_name, "")
}

output "lambda_function_qualified_arn" {
  value = try(aws_lambda_function.this[0].qualified_arn, "")
}

output "lambda_function_invoke_arn" {
  value = try(aws_lambda_function.this[0].invoke_arn, "")
}

output "lambda_function_version" {
  value = try(aws_lambda_function.this[0].version, "")
}

output "lambda_function_arn_static" {
  value = "arn:${data.aws_partition.current.partition}:lambda:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}:function:${var.function_name}"
}

output "lambda_role_arn" {
  value = try(aws_iam_role.lambda[0].arn, "")
}

output "lambda_role_name" {
  value = try(aws_iam_role.lambda[0].name, "")
}

output "lambda_function_url" {
  value = try(aws_lambda_function_url.this[0].function_url, "")
}

output "lambda_cloudwatch_log_group_name" {
  value = try(aws_cloudwatch_log_group.lambda[0].name, "")
}

output "lambda_cloudwatch_log_group_arn" {
  value = try(aws_cloudwatch_log_group.lambda[0].arn, "")
}
