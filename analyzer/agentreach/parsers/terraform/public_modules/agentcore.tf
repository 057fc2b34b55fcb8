# What aws-ia/agentcore/aws declares, by its inputs: https://registry.terraform.io/modules/aws-ia/agentcore/aws/latest
# Only what says who an agent is and what it may do (version 1).

variable "project_prefix" {
  default = "agentcore"
}

variable "tags" {
  default = {}
}

variable "debug" {
  default = false
}

variable "runtimes" {
  type = map(object({
    source_type               = string
    code_source_path          = optional(string)
    code_s3_bucket            = optional(string)
    code_s3_key               = optional(string, "source.zip")
    code_s3_version_id        = optional(string)
    code_entry_point          = optional(list(string))
    code_runtime              = optional(string, "PYTHON_3_11")
    container_source_path     = optional(string)
    container_dockerfile_name = optional(string, "Dockerfile")
    container_image_tag       = optional(string, "latest")
    container_image_uri       = optional(string)
    execution_role_arn        = optional(string)
    description               = optional(string)
    execution_network_mode    = optional(string, "PUBLIC")
    execution_network_config  = optional(any)
    environment_variables     = optional(map(string), {})
    create_endpoint           = optional(bool, true)
    endpoint_description      = optional(string)
    tags                      = optional(map(string))
  }))
  default = {}
}

variable "memories" {
  type = map(object({
    description           = optional(string)
    event_expiry_duration = optional(number, 90)
    execution_role_arn    = optional(string)
    encryption_key_arn    = optional(string)
    strategies            = optional(any, [])
    tags                  = optional(map(string))
  }))
  default = {}
}

variable "gateways" {
  type = map(object({
    description                = optional(string)
    role_arn                   = optional(string)
    authorizer_type            = optional(string, "AWS_IAM")
    protocol_type              = optional(string, "MCP")
    exception_level            = optional(string, "DEBUG")
    kms_key_arn                = optional(string)
    authorizer_configuration   = optional(any)
    protocol_configuration     = optional(any)
    interceptor_configurations = optional(any, [])
    tags                       = optional(map(string))
  }))
  default = {}
}

variable "gateway_targets" {
  type = map(object({
    gateway_name             = string
    description              = optional(string)
    credential_provider_type = optional(string)
    api_key_config           = optional(any)
    oauth_config             = optional(any)
    type                     = string
    lambda_config            = optional(any)
    mcp_server_config        = optional(any)
  }))
  default = {}
}

variable "browsers" {
  type = map(object({
    description           = optional(string)
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
    description           = optional(string)
    execution_role_arn    = optional(string)
    network_mode          = optional(string, "SANDBOX")
    network_configuration = optional(any)
    tags                  = optional(map(string))
  }))
  default = {}
}

locals {
  trust = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "bedrock-agentcore.amazonaws.com" }
    }]
  })
  build_trust = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "codebuild.amazonaws.com" }
    }]
  })
  logs = {
    Sid      = "AllowCloudWatchLogs"
    Effect   = "Allow"
    Action   = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
    Resource = ["arn:aws:logs:*:*:log-group:/aws/bedrock/agentcore/*"]
  }
  models = {
    Sid      = "AllowBedrockModelInvocation"
    Effect   = "Allow"
    Action   = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]
    Resource = ["*"]
  }
  workload_identity = {
    Sid      = "AllowWorkloadIdentityTokenManagement"
    Effect   = "Allow"
    Action   = ["bedrock-agentcore:GetWorkloadIdentityToken", "bedrock-agentcore:RefreshWorkloadIdentityToken"]
    Resource = ["*"]
  }
  own_runtimes = { for name, runtime in var.runtimes : name => runtime if runtime.execution_role_arn == null }
  built_runtimes = {
    for name, runtime in var.runtimes : name => runtime
    if runtime.code_source_path != null || runtime.container_source_path != null
  }
}

data "aws_caller_identity" "current" {}

data "aws_region" "current" {}

resource "aws_iam_role" "runtime" {
  for_each           = local.own_runtimes
  name               = "${var.project_prefix}-${each.key}-runtime"
  assume_role_policy = local.trust
  tags               = var.tags
}

resource "aws_iam_role_policy" "runtime" {
  for_each = local.own_runtimes
  role     = aws_iam_role.runtime[each.key].name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        local.logs,
        { Sid = "AllowXRayTracing", Effect = "Allow", Action = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], Resource = ["*"] },
        {
          Sid       = "AllowCloudWatchMetrics"
          Effect    = "Allow"
          Action    = ["cloudwatch:PutMetricData"]
          Resource  = ["*"]
          Condition = { StringEquals = { "cloudwatch:namespace" = ["AWS/Bedrock/AgentCore"] } }
        },
        local.models,
        local.workload_identity,
      ],
      each.value.source_type == "CODE" ? [
        { Sid = "AllowS3Read", Effect = "Allow", Action = ["s3:GetObject", "s3:GetObjectVersion"], Resource = ["${aws_s3_bucket.runtime[each.key].arn}/*"] },
      ] : [],
      each.value.source_type == "CONTAINER" ? [
        {
          Sid      = "AllowECRPull"
          Effect   = "Allow"
          Action   = ["ecr:GetAuthorizationToken", "ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"]
          Resource = ["*"]
        },
      ] : [],
    )
  })
}

resource "aws_s3_bucket" "runtime" {
  for_each = local.built_runtimes
}

resource "aws_ecr_repository" "runtime" {
  name     = "${var.project_prefix}/${each.key}"
  for_each = { for name, runtime in local.built_runtimes : name => runtime if runtime.source_type == "CONTAINER" }
}

resource "aws_iam_role" "codebuild_container" {
  for_each           = { for name, runtime in local.built_runtimes : name => runtime if runtime.source_type == "CONTAINER" }
  name               = "${var.project_prefix}-${each.key}-codebuild-container"
  assume_role_policy = local.build_trust
  tags               = var.tags
}

resource "aws_iam_role_policy" "codebuild_container" {
  for_each = aws_iam_role.codebuild_container
  role     = each.value.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["s3:GetObject", "s3:GetObjectVersion"], Resource = ["${aws_s3_bucket.runtime[each.key].arn}/*"] },
      { Effect = "Allow", Action = ["ecr:GetAuthorizationToken"], Resource = ["*"] },
      {
        Effect   = "Allow"
        Action   = ["ecr:BatchCheckLayerAvailability", "ecr:CompleteLayerUpload", "ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:UploadLayerPart", "ecr:DescribeImages"]
        Resource = [aws_ecr_repository.runtime[each.key].arn]
      },
    ]
  })
}

resource "aws_iam_role" "codebuild_code" {
  for_each           = { for name, runtime in local.built_runtimes : name => runtime if runtime.source_type == "CODE" }
  name               = "${var.project_prefix}-${each.key}-codebuild-code"
  assume_role_policy = local.build_trust
  tags               = var.tags
}

resource "aws_iam_role_policy" "codebuild_code" {
  for_each = aws_iam_role.codebuild_code
  role     = each.value.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:HeadObject"], Resource = ["${aws_s3_bucket.runtime[each.key].arn}/*"] },
    ]
  })
}

resource "awscc_bedrockagentcore_runtime" "runtime_code" {
  for_each           = { for name, runtime in var.runtimes : name => runtime if runtime.source_type == "CODE" }
  agent_runtime_name = each.key
  description        = each.value.description
  role_arn           = each.value.execution_role_arn != null ? each.value.execution_role_arn : aws_iam_role.runtime[each.key].arn
  agent_runtime_artifact = {
    code_configuration = {
      code = {
        s3 = {
          bucket = each.value.code_s3_bucket != null ? each.value.code_s3_bucket : aws_s3_bucket.runtime[each.key].id
          prefix = each.value.code_s3_key
        }
      }
      entry_point = each.value.code_entry_point
      runtime     = each.value.code_runtime
    }
  }
  network_configuration = {
    network_mode        = each.value.execution_network_mode
    network_mode_config = each.value.execution_network_mode == "VPC" ? each.value.execution_network_config : null
  }
  environment_variables = each.value.environment_variables
  tags                  = merge(var.tags, each.value.tags)
}

resource "awscc_bedrockagentcore_runtime" "runtime_container" {
  for_each           = { for name, runtime in var.runtimes : name => runtime if runtime.source_type == "CONTAINER" }
  agent_runtime_name = each.key
  description        = each.value.description
  role_arn           = each.value.execution_role_arn != null ? each.value.execution_role_arn : aws_iam_role.runtime[each.key].arn
  agent_runtime_artifact = {
    container_configuration = {
      container_uri = each.value.container_image_uri != null ? each.value.container_image_uri : "${data.aws_caller_identity.current.account_id}.dkr.ecr.${data.aws_region.current.id}.amazonaws.com/${aws_ecr_repository.runtime[each.key].name}:${each.value.container_image_tag}"
    }
  }
  network_configuration = {
    network_mode        = each.value.execution_network_mode
    network_mode_config = each.value.execution_network_mode == "VPC" ? each.value.execution_network_config : null
  }
  environment_variables = each.value.environment_variables
  tags                  = merge(var.tags, each.value.tags)
}

resource "awscc_bedrockagentcore_runtime_endpoint" "runtime" {
  for_each         = { for name, runtime in var.runtimes : name => runtime if runtime.create_endpoint }
  name             = "${each.key}_endpoint"
  description      = each.value.endpoint_description
  agent_runtime_id = try(awscc_bedrockagentcore_runtime.runtime_code[each.key].agent_runtime_id, awscc_bedrockagentcore_runtime.runtime_container[each.key].agent_runtime_id)
}

resource "aws_iam_role" "gateway" {
  for_each           = { for name, gateway in var.gateways : name => gateway if gateway.role_arn == null }
  name               = "${var.project_prefix}-${each.key}-gateway"
  assume_role_policy = local.trust
  tags               = var.tags
}

resource "aws_iam_role_policy" "gateway_role_policy" {
  for_each = aws_iam_role.gateway
  role     = each.value.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [local.models, local.workload_identity],
      length([for name, target in var.gateway_targets : name if target.gateway_name == each.key && target.type == "LAMBDA"]) > 0 ? [{
        Sid      = "AllowLambdaInvocation"
        Effect   = "Allow"
        Action   = ["lambda:InvokeFunction"]
        Resource = [for name, target in var.gateway_targets : target.lambda_config.lambda_arn if target.gateway_name == each.key && target.type == "LAMBDA"]
      }] : [],
    )
  })
}

resource "awscc_bedrockagentcore_gateway" "gateway" {
  for_each                   = var.gateways
  name                       = each.key
  description                = each.value.description
  role_arn                   = each.value.role_arn != null ? each.value.role_arn : aws_iam_role.gateway[each.key].arn
  authorizer_type            = each.value.authorizer_type
  protocol_type              = each.value.protocol_type
  exception_level            = each.value.exception_level
  kms_key_arn                = each.value.kms_key_arn
  authorizer_configuration   = each.value.authorizer_type == "CUSTOM_JWT" ? each.value.authorizer_configuration : null
  protocol_configuration     = each.value.protocol_configuration
  interceptor_configurations = length(each.value.interceptor_configurations) > 0 ? each.value.interceptor_configurations : null
  tags                       = merge(var.tags, each.value.tags)
}

resource "aws_bedrockagentcore_gateway_target" "gateway_target" {
  for_each           = var.gateway_targets
  name               = "${var.project_prefix}-${each.key}"
  gateway_identifier = awscc_bedrockagentcore_gateway.gateway[each.value.gateway_name].gateway_identifier
  description        = each.value.description

  dynamic "credential_provider_configuration" {
    for_each = each.value.credential_provider_type != null ? [each.value.credential_provider_type] : []
    iterator = kind
    content {
      dynamic "gateway_iam_role" {
        for_each = kind.value == "GATEWAY_IAM_ROLE" ? [1] : []
        content {}
      }

      dynamic "api_key" {
        for_each = kind.value == "API_KEY" && each.value.api_key_config != null ? [each.value.api_key_config] : []
        content {
          provider_arn              = api_key.value.provider_arn
          credential_location       = api_key.value.credential_location
          credential_parameter_name = api_key.value.credential_parameter_name
        }
      }

      dynamic "oauth" {
        for_each = kind.value == "OAUTH" && each.value.oauth_config != null ? [each.value.oauth_config] : []
        content {
          provider_arn      = oauth.value.provider_arn
          scopes            = try(oauth.value.scopes, null)
          custom_parameters = try(oauth.value.custom_parameters, null)
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
              for_each = try(lambda.value.inline_schema, null) != null ? [lambda.value.inline_schema] : []
              content {
                name        = inline_payload.value.name
                description = try(inline_payload.value.description, null)
              }
            }

            dynamic "s3" {
              for_each = try(lambda.value.s3_schema, null) != null ? [lambda.value.s3_schema] : []
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
  for_each           = { for name, memory in var.memories : name => memory if memory.execution_role_arn == null && length(memory.strategies) > 0 }
  name               = "${var.project_prefix}-${each.key}-memory"
  assume_role_policy = local.trust
  tags               = var.tags
}

resource "awscc_bedrockagentcore_memory" "memory" {
  for_each                  = var.memories
  name                      = each.key
  description               = each.value.description
  event_expiry_duration     = each.value.event_expiry_duration
  encryption_key_arn        = each.value.encryption_key_arn
  memory_execution_role_arn = each.value.execution_role_arn != null ? each.value.execution_role_arn : try(aws_iam_role.memory[each.key].arn, null)
  memory_strategies         = each.value.strategies
  tags                      = merge(var.tags, each.value.tags)
}

resource "aws_iam_role" "browser" {
  for_each           = { for name, browser in var.browsers : name => browser if browser.execution_role_arn == null }
  name               = "${var.project_prefix}-${each.key}-browser"
  assume_role_policy = local.trust
  tags               = var.tags
}

resource "aws_iam_role_policy" "browser_role_policy" {
  for_each = { for name, browser in var.browsers : name => browser if browser.execution_role_arn == null }
  role     = aws_iam_role.browser[each.key].name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat([local.logs], each.value.recording_enabled ? [{
      Sid      = "AllowS3Recording"
      Effect   = "Allow"
      Action   = ["s3:PutObject", "s3:PutObjectAcl"]
      Resource = ["arn:aws:s3:::${each.value.recording_config.bucket}/${each.value.recording_config.prefix}*"]
    }] : [])
  })
}

resource "awscc_bedrockagentcore_browser_custom" "browser" {
  for_each           = var.browsers
  name               = each.key
  description        = each.value.description
  execution_role_arn = each.value.execution_role_arn != null ? each.value.execution_role_arn : aws_iam_role.browser[each.key].arn
  network_configuration = {
    network_mode = each.value.network_mode
    vpc_config   = each.value.network_mode == "VPC" ? each.value.network_configuration : null
  }
  recording_config = each.value.recording_enabled ? { enabled = true, s3_location = each.value.recording_config } : null
  tags             = merge(var.tags, each.value.tags)
}

resource "aws_iam_role" "code_interpreter" {
  for_each           = { for name, interpreter in var.code_interpreters : name => interpreter if interpreter.execution_role_arn == null }
  name               = "${var.project_prefix}-${each.key}-code-interpreter"
  assume_role_policy = local.trust
  tags               = var.tags
}

resource "aws_iam_role_policy" "code_interpreter_role_policy" {
  for_each = aws_iam_role.code_interpreter
  role     = each.value.name
  policy   = jsonencode({ Version = "2012-10-17", Statement = [local.logs] })
}

resource "awscc_bedrockagentcore_code_interpreter_custom" "code_interpreter" {
  for_each           = var.code_interpreters
  name               = each.key
  description        = each.value.description
  execution_role_arn = each.value.execution_role_arn != null ? each.value.execution_role_arn : aws_iam_role.code_interpreter[each.key].arn
  network_configuration = {
    network_mode = each.value.network_mode
    vpc_config   = each.value.network_mode == "VPC" ? each.value.network_configuration : null
  }
  tags = merge(var.tags, each.value.tags)
}

output "runtime_ids" {
  value = merge(
    { for name, runtime in awscc_bedrockagentcore_runtime.runtime_code : name => runtime.agent_runtime_id },
    { for name, runtime in awscc_bedrockagentcore_runtime.runtime_container : name => runtime.agent_runtime_id },
  )
}

output "runtime_arns" {
  value = merge(
    { for name, runtime in awscc_bedrockagentcore_runtime.runtime_code : name => runtime.agent_runtime_arn },
    { for name, runtime in awscc_bedrockagentcore_runtime.runtime_container : name => runtime.agent_runtime_arn },
  )
}

output "runtime_role_arns" {
  value = { for name, role in aws_iam_role.runtime : name => role.arn }
}

output "gateway_ids" {
  value = { for name, gateway in awscc_bedrockagentcore_gateway.gateway : name => gateway.gateway_identifier }
}

output "gateway_arns" {
  value = { for name, gateway in awscc_bedrockagentcore_gateway.gateway : name => gateway.gateway_arn }
}

output "gateway_urls" {
  value = { for name, gateway in awscc_bedrockagentcore_gateway.gateway : name => gateway.gateway_url }
}

output "gateway_role_arns" {
  value = { for name, role in aws_iam_role.gateway : name => role.arn }
}

output "memory_ids" {
  value = { for name, memory in awscc_bedrockagentcore_memory.memory : name => memory.memory_id }
}

output "memory_arns" {
  value = { for name, memory in awscc_bedrockagentcore_memory.memory : name => memory.memory_arn }
}

output "memory_role_arns" {
  value = { for name, role in aws_iam_role.memory : name => role.arn }
}

output "browser_ids" {
  value = { for name, browser in awscc_bedrockagentcore_browser_custom.browser : name => browser.browser_id }
}

output "browser_arns" {
  value = { for name, browser in awscc_bedrockagentcore_browser_custom.browser : name => browser.browser_arn }
}

output "browser_role_arns" {
  value = { for name, role in aws_iam_role.browser : name => role.arn }
}

output "code_interpreter_ids" {
  value = { for name, interpreter in awscc_bedrockagentcore_code_interpreter_custom.code_interpreter : name => interpreter.code_interpreter_id }
}

output "code_interpreter_arns" {
  value = { for name, interpreter in awscc_bedrockagentcore_code_interpreter_custom.code_interpreter : name => interpreter.code_interpreter_arn }
}

output "code_interpreter_role_arns" {
  value = { for name, role in aws_iam_role.code_interpreter : name => role.arn }
}
