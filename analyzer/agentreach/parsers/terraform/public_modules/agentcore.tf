# The runtimes, gateways, tools and identities that aws-ia/agentcore/aws (version 1) declares, by its inputs.
# https://registry.terraform.io/modules/aws-ia/agentcore/aws/latest

variable "runtimes" {
  type = map(object({
    source_type              = string
    execution_role_arn       = optional(string)
    code_source_path         = optional(string)
    code_s3_bucket           = optional(string)
    code_s3_key              = optional(string, "source.zip")
    container_source_path    = optional(string)
    container_image_tag      = optional(string, "latest")
    container_image_uri      = optional(string)
    execution_network_mode   = optional(string, "PUBLIC")
    execution_network_config = optional(any)
    environment_variables    = optional(map(string), {})
    create_endpoint          = optional(bool, true)
    tags                     = optional(map(string))
  }))
  default = {}
}

variable "memories" {
  type = map(object({
    execution_role_arn    = optional(string)
    event_expiry_duration = optional(number, 90)
    encryption_key_arn    = optional(string)
    strategies            = optional(any, [])
    tags                  = optional(map(string))
  }))
  default = {}
}

variable "gateways" {
  type = map(object({
    role_arn                   = optional(string)
    authorizer_type            = optional(string, "AWS_IAM")
    authorizer_configuration   = optional(any)
    protocol_type              = optional(string, "MCP")
    protocol_configuration     = optional(any)
    exception_level            = optional(string, "DEBUG")
    interceptor_configurations = optional(any, [])
    kms_key_arn                = optional(string)
    tags                       = optional(map(string))
  }))
  default = {}
}

variable "gateway_targets" {
  type = map(object({
    gateway_name             = string
    type                     = string
    credential_provider_type = optional(string)
    api_key_config           = optional(any)
    oauth_config             = optional(any)
    lambda_config            = optional(any)
    mcp_server_config        = optional(any)
  }))
  default = {}
}

variable "browsers" {
  type = map(object({
    execution_role_arn    = optional(string)
    network_mode          = optional(string, "PUBLIC")
    network_configuration = optional(any)
    recording_enabled     = optional(bool, false)
    recording_config      = optional(any)
    tags                  = optional(map(string))
  }))
  default = {}
}

variable "code_interpreters" {
  type = map(object({
    execution_role_arn    = optional(string)
    network_mode          = optional(string, "SANDBOX")
    network_configuration = optional(any)
    tags                  = optional(map(string))
  }))
  default = {}
}

inputs {
  project_prefix = "agentcore"
  debug          = false
  tags           = {}
}

data "aws_caller_identity" "here" {}

data "aws_region" "here" {}

locals {
  code       = { for name, one in var.runtimes : name => one if one.source_type == "CODE" }
  containers = { for name, one in var.runtimes : name => one if one.source_type == "CONTAINER" }
  built = {
    for name, one in var.runtimes : name => one.source_type if one.code_source_path != null || one.container_source_path != null
  }
  trust = { for service in ["bedrock-agentcore", "codebuild"] : service => jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "${service}.amazonaws.com" } }]
  }) }

  logs = {
    Sid      = "AllowCloudWatchLogs"
    Effect   = "Allow"
    Action   = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
    Resource = ["arn:aws:logs:*:*:log-group:/aws/bedrock/agentcore/*"]
  }
  metrics = {
    Sid       = "AllowCloudWatchMetrics"
    Effect    = "Allow"
    Action    = ["cloudwatch:PutMetricData"]
    Resource  = ["*"]
    Condition = { StringEquals = { "cloudwatch:namespace" = ["AWS/Bedrock/AgentCore"] } }
  }
  # Statements on everything, by their Sid.
  everything = { for sid, actions in {
    AllowXRayTracing                     = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
    AllowBedrockModelInvocation          = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]
    AllowWorkloadIdentityTokenManagement = ["bedrock-agentcore:GetWorkloadIdentityToken", "bedrock-agentcore:RefreshWorkloadIdentityToken"]
    AllowECRPull                         = ["ecr:GetAuthorizationToken", "ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"]
  } : sid => { Sid = sid, Effect = "Allow", Action = actions, Resource = ["*"] } }
  for_models = [local.everything.AllowBedrockModelInvocation, local.everything.AllowWorkloadIdentityTokenManagement]
  read       = ["s3:GetObject", "s3:GetObjectVersion"]
  push = [for action in ["BatchCheckLayerAvailability", "CompleteLayerUpload", "InitiateLayerUpload", "PutImage", "UploadLayerPart", "DescribeImages"] :
    "ecr:${action}"
  ]
  functions = { for gateway in keys(var.gateways) : gateway => [
    for target in values(var.gateway_targets) : target.lambda_config.lambda_arn if target.gateway_name == gateway && target.type == "LAMBDA"
  ] }
}

resource "aws_s3_bucket" "runtime" {
  for_each = local.built
}

resource "aws_ecr_repository" "runtime" {
  for_each = { for name, type in local.built : name => type if type == "CONTAINER" }
  name     = "${var.project_prefix}/${each.key}"
}

resource "aws_iam_role" "codebuild_container" {
  for_each           = { for name, type in local.built : name => type if type == "CONTAINER" }
  name               = "${var.project_prefix}-${each.key}-codebuild-container"
  assume_role_policy = local.trust["codebuild"]
  tags               = var.tags
}

resource "aws_iam_role_policy" "codebuild_container" {
  for_each = aws_iam_role.codebuild_container
  role     = each.value.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = local.read, Resource = ["${aws_s3_bucket.runtime[each.key].arn}/*"] },
    { Effect = "Allow", Action = ["ecr:GetAuthorizationToken"], Resource = ["*"] },
    { Effect = "Allow", Action = local.push, Resource = [aws_ecr_repository.runtime[each.key].arn] },
  ] })
}

resource "aws_iam_role" "codebuild_code" {
  for_each           = { for name, type in local.built : name => type if type == "CODE" }
  name               = "${var.project_prefix}-${each.key}-codebuild-code"
  assume_role_policy = local.trust["codebuild"]
  tags               = var.tags
}

resource "aws_iam_role_policy" "codebuild_code" {
  for_each = aws_iam_role.codebuild_code
  role     = each.value.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = concat(local.read, ["s3:PutObject", "s3:HeadObject"]), Resource = ["${aws_s3_bucket.runtime[each.key].arn}/*"] },
  ] })
}

resource "aws_iam_role" "runtime" {
  for_each           = { for name, one in var.runtimes : name => one if one.execution_role_arn == null }
  name               = "${var.project_prefix}-${each.key}-runtime"
  assume_role_policy = local.trust["bedrock-agentcore"]
  tags               = var.tags
}

resource "aws_iam_role_policy" "runtime" {
  for_each = { for name, one in var.runtimes : name => one if one.execution_role_arn == null }
  role     = aws_iam_role.runtime[each.key].name
  policy = jsonencode({ Version = "2012-10-17", Statement = concat(
    [local.logs, local.everything.AllowXRayTracing, local.metrics],
    local.for_models,
    each.value.source_type == "CODE" ? [{ Sid = "AllowS3Read", Effect = "Allow", Action = local.read, Resource = ["${aws_s3_bucket.runtime[each.key].arn}/*"] }] : [],
    each.value.source_type == "CONTAINER" ? [local.everything.AllowECRPull] : [],
  ) })
}

resource "awscc_bedrockagentcore_runtime" "runtime_code" {
  for_each              = local.code
  agent_runtime_name    = each.key
  role_arn              = each.value.execution_role_arn == null ? aws_iam_role.runtime[each.key].arn : each.value.execution_role_arn
  environment_variables = each.value.environment_variables
  tags                  = merge(var.tags, each.value.tags)
  network_configuration = {
    network_mode        = each.value.execution_network_mode
    network_mode_config = each.value.execution_network_mode == "VPC" ? each.value.execution_network_config : null
  }
  agent_runtime_artifact = { code_configuration = {
    code = { s3 = { bucket = each.value.code_s3_bucket == null ? aws_s3_bucket.runtime[each.key].id : each.value.code_s3_bucket, prefix = each.value.code_s3_key } }
  } }
}

resource "awscc_bedrockagentcore_runtime" "runtime_container" {
  for_each              = local.containers
  agent_runtime_name    = each.key
  role_arn              = each.value.execution_role_arn == null ? aws_iam_role.runtime[each.key].arn : each.value.execution_role_arn
  environment_variables = each.value.environment_variables
  tags                  = merge(var.tags, each.value.tags)
  network_configuration = {
    network_mode        = each.value.execution_network_mode
    network_mode_config = each.value.execution_network_mode == "VPC" ? each.value.execution_network_config : null
  }
  agent_runtime_artifact = { container_configuration = {
    container_uri = each.value.container_image_uri != null ? each.value.container_image_uri : join("", [
      data.aws_caller_identity.here.account_id, ".dkr.ecr.", data.aws_region.here.region, ".amazonaws.com/",
      aws_ecr_repository.runtime[each.key].name, ":", each.value.container_image_tag,
    ])
  } }
}

resource "awscc_bedrockagentcore_runtime_endpoint" "runtime" {
  for_each         = { for name, one in var.runtimes : name => one if one.create_endpoint }
  name             = "${each.key}_endpoint"
  agent_runtime_id = merge(awscc_bedrockagentcore_runtime.runtime_code, awscc_bedrockagentcore_runtime.runtime_container)[each.key].agent_runtime_id
}

resource "aws_iam_role" "gateway" {
  for_each           = { for name, one in var.gateways : name => one if one.role_arn == null }
  name               = "${var.project_prefix}-${each.key}-gateway"
  assume_role_policy = local.trust["bedrock-agentcore"]
  tags               = var.tags
}

resource "aws_iam_role_policy" "gateway_role_policy" {
  for_each = aws_iam_role.gateway
  role     = each.value.name
  policy = jsonencode({ Version = "2012-10-17", Statement = concat(
    local.for_models,
    length(local.functions[each.key]) == 0 ? [] : [
      { Sid = "AllowLambdaInvocation", Effect = "Allow", Action = ["lambda:InvokeFunction"], Resource = local.functions[each.key] },
    ],
  ) })
}

resource "awscc_bedrockagentcore_gateway" "gateway" {
  for_each                   = var.gateways
  name                       = each.key
  role_arn                   = each.value.role_arn == null ? aws_iam_role.gateway[each.key].arn : each.value.role_arn
  authorizer_type            = each.value.authorizer_type
  authorizer_configuration   = each.value.authorizer_type == "CUSTOM_JWT" ? each.value.authorizer_configuration : null
  protocol_type              = each.value.protocol_type
  protocol_configuration     = each.value.protocol_configuration
  exception_level            = each.value.exception_level
  interceptor_configurations = length(each.value.interceptor_configurations) > 0 ? each.value.interceptor_configurations : null
  kms_key_arn                = each.value.kms_key_arn
  tags                       = merge(var.tags, each.value.tags)
}

resource "aws_bedrockagentcore_gateway_target" "gateway_target" {
  for_each           = var.gateway_targets
  name               = "${var.project_prefix}-${each.key}"
  gateway_identifier = awscc_bedrockagentcore_gateway.gateway[each.value.gateway_name].gateway_identifier

  dynamic "credential_provider_configuration" {
    for_each = each.value.credential_provider_type == null ? [] : [each.value.credential_provider_type]
    iterator = kind
    content {
      dynamic "gateway_iam_role" {
        for_each = kind.value == "GATEWAY_IAM_ROLE" ? [kind.value] : []
        content {}
      }
      dynamic "api_key" {
        for_each = kind.value == "API_KEY" && each.value.api_key_config != null ? [each.value.api_key_config] : []
        content {
          provider_arn = api_key.value.provider_arn
        }
      }
      dynamic "oauth" {
        for_each = kind.value == "OAUTH" && each.value.oauth_config != null ? [each.value.oauth_config] : []
        content {
          provider_arn = oauth.value.provider_arn
          scopes       = try(oauth.value.scopes, null)
        }
      }
    }
  }

  target_configuration {
    mcp {
      dynamic "lambda" {
        for_each = each.value.type == "LAMBDA" && each.value.lambda_config != null ? [each.value.lambda_config] : []
        content {
          lambda_arn = lambda.value.lambda_arn
          tool_schema {
            dynamic "inline_payload" {
              for_each = try(lambda.value.inline_schema, null) == null ? [] : [lambda.value.inline_schema]
              content {
                name        = inline_payload.value.name
                description = try(inline_payload.value.description, null)
              }
            }
            dynamic "s3" {
              for_each = try(lambda.value.s3_schema, null) == null ? [] : [lambda.value.s3_schema]
              content {
                uri = s3.value.uri
              }
            }
          }
        }
      }
      dynamic "mcp_server" {
        for_each = each.value.type == "MCP_SERVER" && each.value.mcp_server_config != null ? [each.value.mcp_server_config] : []
        content {
          endpoint = mcp_server.value.endpoint
        }
      }
    }
  }
}

resource "aws_iam_role" "memory" {
  for_each           = { for name, one in var.memories : name => one if one.execution_role_arn == null && length(one.strategies) > 0 }
  name               = "${var.project_prefix}-${each.key}-memory"
  assume_role_policy = local.trust["bedrock-agentcore"]
  tags               = var.tags
}

resource "awscc_bedrockagentcore_memory" "memory" {
  for_each                  = var.memories
  name                      = each.key
  event_expiry_duration     = each.value.event_expiry_duration
  encryption_key_arn        = each.value.encryption_key_arn
  memory_execution_role_arn = each.value.execution_role_arn == null ? try(aws_iam_role.memory[each.key].arn, null) : each.value.execution_role_arn
  memory_strategies         = each.value.strategies
  tags                      = merge(var.tags, each.value.tags)
}

resource "aws_iam_role" "browser" {
  for_each           = { for name, one in var.browsers : name => one if one.execution_role_arn == null }
  name               = "${var.project_prefix}-${each.key}-browser"
  assume_role_policy = local.trust["bedrock-agentcore"]
  tags               = var.tags
}

resource "aws_iam_role_policy" "browser_role_policy" {
  for_each = { for name, one in var.browsers : name => one if one.execution_role_arn == null }
  role     = aws_iam_role.browser[each.key].name
  policy = jsonencode({ Version = "2012-10-17", Statement = concat([local.logs], each.value.recording_enabled ? [{
    Sid      = "AllowS3Recording"
    Effect   = "Allow"
    Action   = ["s3:PutObject", "s3:PutObjectAcl"]
    Resource = ["arn:aws:s3:::${each.value.recording_config.bucket}/${each.value.recording_config.prefix}*"]
  }] : []) })
}

resource "awscc_bedrockagentcore_browser_custom" "browser" {
  for_each              = var.browsers
  name                  = each.key
  execution_role_arn    = each.value.execution_role_arn == null ? aws_iam_role.browser[each.key].arn : each.value.execution_role_arn
  network_configuration = { network_mode = each.value.network_mode, vpc_config = each.value.network_mode == "VPC" ? each.value.network_configuration : null }
  recording_config      = each.value.recording_enabled ? { enabled = true, s3_location = each.value.recording_config } : null
  tags                  = merge(var.tags, each.value.tags)
}

resource "aws_iam_role" "code_interpreter" {
  for_each           = { for name, one in var.code_interpreters : name => one if one.execution_role_arn == null }
  name               = "${var.project_prefix}-${each.key}-code-interpreter"
  assume_role_policy = local.trust["bedrock-agentcore"]
  tags               = var.tags
}

resource "aws_iam_role_policy" "code_interpreter_role_policy" {
  for_each = aws_iam_role.code_interpreter
  role     = each.value.name
  policy   = jsonencode({ Version = "2012-10-17", Statement = [local.logs] })
}

resource "awscc_bedrockagentcore_code_interpreter_custom" "code_interpreter" {
  for_each              = var.code_interpreters
  name                  = each.key
  execution_role_arn    = each.value.execution_role_arn == null ? aws_iam_role.code_interpreter[each.key].arn : each.value.execution_role_arn
  network_configuration = { network_mode = each.value.network_mode, vpc_config = each.value.network_mode == "VPC" ? each.value.network_configuration : null }
  tags                  = merge(var.tags, each.value.tags)
}

locals {
  all_runtimes = merge(awscc_bedrockagentcore_runtime.runtime_code, awscc_bedrockagentcore_runtime.runtime_container)
}

outputs {
  runtime_ids                = { for name, one in local.all_runtimes : name => one.agent_runtime_id }
  runtime_arns               = { for name, one in local.all_runtimes : name => one.agent_runtime_arn }
  runtime_role_arns          = { for name, one in aws_iam_role.runtime : name => one.arn }
  gateway_ids                = { for name, one in awscc_bedrockagentcore_gateway.gateway : name => one.gateway_identifier }
  gateway_arns               = { for name, one in awscc_bedrockagentcore_gateway.gateway : name => one.gateway_arn }
  gateway_urls               = { for name, one in awscc_bedrockagentcore_gateway.gateway : name => one.gateway_url }
  gateway_role_arns          = { for name, one in aws_iam_role.gateway : name => one.arn }
  memory_ids                 = { for name, one in awscc_bedrockagentcore_memory.memory : name => one.memory_id }
  memory_arns                = { for name, one in awscc_bedrockagentcore_memory.memory : name => one.memory_arn }
  memory_role_arns           = { for name, one in aws_iam_role.memory : name => one.arn }
  browser_ids                = { for name, one in awscc_bedrockagentcore_browser_custom.browser : name => one.browser_id }
  browser_arns               = { for name, one in awscc_bedrockagentcore_browser_custom.browser : name => one.browser_arn }
  browser_role_arns          = { for name, one in aws_iam_role.browser : name => one.arn }
  code_interpreter_ids       = { for name, one in awscc_bedrockagentcore_code_interpreter_custom.code_interpreter : name => one.code_interpreter_id }
  code_interpreter_arns      = { for name, one in awscc_bedrockagentcore_code_interpreter_custom.code_interpreter : name => one.code_interpreter_arn }
  code_interpreter_role_arns = { for name, one in aws_iam_role.code_interpreter : name => one.arn }
}
