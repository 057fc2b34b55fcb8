# What aws-ia/bedrock/aws declares, by its inputs: https://registry.terraform.io/modules/aws-ia/bedrock/aws/latest
# Only what says who an agent is and what it may do.

variable "name_prefix" {
  default = "BedrockAgents"
}

variable "agent_name" {
  default = "TerraformBedrockAgents"
}

variable "create_agent" {
  default = true
}

variable "foundation_model" {
  default = null
}

variable "instruction" {
  default = ""
}

variable "agent_description" {
  default = null
}

variable "idle_session_ttl" {
  default = 600
}

variable "kms_key_arn" {
  default = null
}

variable "tags" {
  default = null
}

variable "orchestration_type" {
  default = "DEFAULT"
}

variable "custom_orchestration_lambda_arn" {
  default = null
}

variable "memory_configuration" {
  default = null
}

variable "agent_resource_role_arn" {
  default = null
}

variable "permissions_boundary_arn" {
  default = null
}

variable "create_agent_alias" {
  default = false
}

variable "agent_alias_name" {
  default = "TerraformBedrockAgentAlias"
}

variable "agent_id" {
  default = null
}

variable "use_aws_provider_alias" {
  default = false
}

variable "create_collaborator" {
  default = false
}

variable "collaboration_instruction" {
  default = null
}

variable "collaborator_name" {
  default = "TerraformBedrockAgentCollaborator"
}

variable "create_supervisor" {
  default = false
}

variable "supervisor_id" {
  default = null
}

variable "supervisor_name" {
  default = "TerraformBedrockAgentSupervisor"
}

variable "supervisor_idle_session_ttl" {
  default = 600
}

variable "supervisor_model" {
  default = null
}

variable "supervisor_instruction" {
  default = ""
}

variable "agent_collaboration" {
  default = "SUPERVISOR"
}

variable "supervisor_kms_key_arn" {
  default = null
}

variable "create_guardrail" {
  default = false
}

variable "guardrail_name" {
  default = "TerraformBedrockGuardrail"
}

variable "create_app_inference_profile" {
  default = false
}

variable "use_app_inference_profile" {
  default = false
}

variable "app_inference_profile_model_source" {
  default = null
}

variable "existing_kb" {
  default = null
}

variable "create_kb" {
  default = false
}

variable "create_default_kb" {
  default = false
}

variable "create_rds_config" {
  default = false
}

variable "create_mongo_config" {
  default = false
}

variable "create_pinecone_config" {
  default = false
}

variable "create_opensearch_config" {
  default = false
}

variable "create_opensearch_managed_config" {
  default = false
}

variable "create_kendra_config" {
  default = false
}

variable "kb_role_arn" {
  default = null
}

variable "kb_name" {
  default = "knowledge-base"
}

variable "create_ag" {
  default = false
}

variable "action_group_name" {
  default = null
}

variable "action_group_state" {
  default = null
}

variable "action_group_description" {
  default = null
}

variable "parent_action_group_signature" {
  default = null
}

variable "custom_control" {
  default = null
}

variable "lambda_action_group_executor" {
  default = null
}

variable "api_schema_payload" {
  default = null
}

variable "api_schema_s3_bucket_name" {
  default = null
}

variable "api_schema_s3_object_key" {
  default = null
}

variable "action_group_list" {
  default = []
}

variable "action_group_lambda_arns_list" {
  default = []
}

variable "action_group_lambda_names_list" {
  default = []
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  account     = data.aws_caller_identity.current.account_id
  partition   = data.aws_partition.current.partition
  region      = data.aws_region.current.region
  has_kb      = var.create_default_kb || var.create_rds_config || var.create_mongo_config || var.create_pinecone_config || var.create_opensearch_config || var.create_opensearch_managed_config || var.create_kb || var.create_kendra_config
  has_role    = var.agent_resource_role_arn == null && (var.create_agent || var.create_supervisor)
  has_kb_role = var.kb_role_arn == null && local.has_kb
  model       = var.create_agent ? var.foundation_model : var.supervisor_model
  role_arn    = var.agent_resource_role_arn != null ? var.agent_resource_role_arn : aws_iam_role.agent_role[0].arn

  own_action_groups = var.create_ag ? [{
    action_group_name             = var.action_group_name
    description                   = var.action_group_description
    action_group_state            = var.action_group_state
    parent_action_group_signature = var.parent_action_group_signature
    api_schema = {
      payload = var.api_schema_payload
      s3 = {
        s3_bucket_name = var.api_schema_s3_bucket_name
        s3_object_key  = var.api_schema_s3_object_key
      }
    }
    action_group_executor = {
      custom_control = var.custom_control
      lambda         = var.lambda_action_group_executor
    }
  }] : []
  action_groups = concat(local.own_action_groups, var.action_group_list)
}

resource "random_string" "solution_prefix" {
  length = 4
}

data "aws_iam_policy_document" "agent_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["bedrock.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }

    condition {
      test     = "ArnLike"
      variable = "AWS:SourceArn"
      values   = ["arn:${local.partition}:bedrock:${local.region}:${local.account}:agent/*"]
    }
  }
}

data "aws_iam_policy_document" "agent_permissions" {
  statement {
    actions = ["bedrock:InvokeModel*", "bedrock:UseInferenceProfile", "bedrock:GetInferenceProfile"]
    resources = concat(
      var.use_app_inference_profile || var.create_app_inference_profile ? [
        var.app_inference_profile_model_source,
        "arn:${local.partition}:bedrock:*:*:inference-profile/*",
        "arn:${local.partition}:bedrock:*::foundation-model/*",
        "arn:${local.partition}:bedrock:*:*:application-inference-profile/*",
        ] : [
        "arn:${local.partition}:bedrock:${local.region}::foundation-model/${local.model}",
        "arn:${local.partition}:bedrock:*::foundation-model/${local.model}",
        "arn:${local.partition}:bedrock:${local.region}:${local.account}:inference-profile/*.${local.model}",
      ],
    )
  }
}

data "aws_iam_policy_document" "agent_alias_permissions" {
  statement {
    actions = ["bedrock:GetAgentAlias", "bedrock:InvokeAgent"]
    resources = [
      "arn:${local.partition}:bedrock:${local.region}:${local.account}:agent/*",
      "arn:${local.partition}:bedrock:${local.region}:${local.account}:agent-alias/*",
    ]
  }
}

data "aws_iam_policy_document" "knowledge_base_permissions" {
  statement {
    actions   = ["bedrock:Retrieve"]
    resources = ["arn:${local.partition}:bedrock:${local.region}:${local.account}:knowledge-base/*"]
  }
}

resource "aws_iam_role" "agent_role" {
  count                = local.has_role ? 1 : 0
  name_prefix          = var.name_prefix
  assume_role_policy   = data.aws_iam_policy_document.agent_trust.json
  permissions_boundary = var.permissions_boundary_arn
}

resource "aws_iam_role_policy" "agent_policy" {
  count  = local.has_role ? 1 : 0
  role   = aws_iam_role.agent_role[0].name
  policy = data.aws_iam_policy_document.agent_permissions.json
}

resource "aws_iam_role_policy" "agent_alias_policy" {
  count  = local.has_role && (var.create_agent_alias || var.create_supervisor) ? 1 : 0
  role   = aws_iam_role.agent_role[0].name
  policy = data.aws_iam_policy_document.agent_alias_permissions.json
}

resource "aws_iam_role_policy" "kb_policy" {
  count  = local.has_role && local.has_kb && var.create_agent ? 1 : 0
  role   = aws_iam_role.agent_role[0].name
  policy = data.aws_iam_policy_document.knowledge_base_permissions.json
}

resource "aws_iam_role_policy" "action_group_policy" {
  count = local.has_role && var.create_ag ? 1 : 0
  role  = aws_iam_role.agent_role[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "lambda:InvokeFunction"
      Resource = concat([var.lambda_action_group_executor], var.action_group_lambda_arns_list)
    }]
  })
}

resource "aws_iam_role_policy" "guardrail_policy" {
  count = local.has_role && var.create_guardrail && var.create_agent ? 1 : 0
  role  = aws_iam_role.agent_role[0].id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["bedrock:ApplyGuardrail"], Resource = awscc_bedrock_guardrail.guardrail[0].id }]
  })
}

resource "aws_iam_role_policy" "app_inference_profile_policy" {
  count = local.has_role && var.create_app_inference_profile ? 1 : 0
  role  = aws_iam_role.agent_role[0].name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow"
      Action = ["bedrock:GetInferenceProfile", "bedrock:ListInferenceProfiles", "bedrock:UseInferenceProfile"]
      Resource = [
        "arn:${local.partition}:bedrock:*:*:inference-profile/*",
        "arn:${local.partition}:bedrock:*:*:application-inference-profile/*",
      ]
    }]
  })
}

resource "aws_lambda_permission" "allow_bedrock_agent" {
  count         = var.create_ag ? 1 + length(var.action_group_lambda_names_list) : 0
  action        = "lambda:InvokeFunction"
  function_name = concat(var.action_group_lambda_names_list, [var.lambda_action_group_executor])[count.index]
  principal     = "bedrock.amazonaws.com"
  source_arn    = awscc_bedrock_agent.bedrock_agent[0].agent_arn
}

resource "awscc_bedrock_guardrail" "guardrail" {
  count = var.create_guardrail ? 1 : 0
  name  = var.guardrail_name
}

resource "awscc_bedrock_agent" "bedrock_agent" {
  count                       = var.create_agent ? 1 : 0
  agent_name                  = "${random_string.solution_prefix.result}-${var.agent_name}"
  foundation_model            = var.use_app_inference_profile ? var.app_inference_profile_model_source : var.foundation_model
  instruction                 = var.instruction
  description                 = var.agent_description
  idle_session_ttl_in_seconds = var.idle_session_ttl
  agent_resource_role_arn     = local.role_arn
  orchestration_type          = var.orchestration_type
  customer_encryption_key_arn = var.kms_key_arn
  tags                        = var.tags
  action_groups               = length(local.action_groups) > 0 ? local.action_groups : null
  memory_configuration        = var.memory_configuration
  custom_orchestration = var.orchestration_type == "CUSTOM" ? {
    executor = {
      lambda = var.custom_orchestration_lambda_arn
    }
  } : null
  guardrail_configuration = var.create_guardrail ? {
    guardrail_identifier = awscc_bedrock_guardrail.guardrail[0].id
    guardrail_version    = "DRAFT"
  } : null
}

resource "awscc_bedrock_agent_alias" "bedrock_agent_alias" {
  count            = var.create_agent_alias && !var.use_aws_provider_alias ? 1 : 0
  agent_alias_name = var.agent_alias_name
  agent_id         = var.create_agent ? awscc_bedrock_agent.bedrock_agent[0].id : var.agent_id
}

resource "aws_bedrockagent_agent_alias" "bedrock_agent_alias" {
  count            = var.create_agent_alias && var.use_aws_provider_alias ? 1 : 0
  agent_alias_name = var.agent_alias_name
  agent_id         = var.create_agent ? awscc_bedrock_agent.bedrock_agent[0].id : var.agent_id
}

resource "aws_bedrockagent_agent" "agent_supervisor" {
  count                       = var.create_supervisor ? 1 : 0
  agent_name                  = "${random_string.solution_prefix.result}-${var.supervisor_name}"
  agent_resource_role_arn     = local.role_arn
  agent_collaboration         = var.agent_collaboration
  idle_session_ttl_in_seconds = var.supervisor_idle_session_ttl
  foundation_model            = var.supervisor_model
  instruction                 = var.supervisor_instruction
  customer_encryption_key_arn = var.supervisor_kms_key_arn
}

resource "aws_bedrockagent_agent_collaborator" "agent_collaborator" {
  count                     = var.create_agent && var.create_agent_alias && var.create_collaborator ? 1 : 0
  agent_id                  = var.create_supervisor ? aws_bedrockagent_agent.agent_supervisor[0].agent_id : var.supervisor_id
  collaboration_instruction = var.collaboration_instruction
  collaborator_name         = var.collaborator_name

  agent_descriptor {
    alias_arn = var.use_aws_provider_alias ? aws_bedrockagent_agent_alias.bedrock_agent_alias[0].agent_alias_arn : awscc_bedrock_agent_alias.bedrock_agent_alias[0].agent_alias_arn
  }
}

# The policies of the knowledge base's own role depend on its store and are not read here.
resource "terraform_data" "knowledge_base_policy" {}

resource "aws_iam_role" "bedrock_knowledge_base_role" {
  count                = local.has_kb_role ? 1 : 0
  permissions_boundary = var.permissions_boundary_arn
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "bedrock.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy" "bedrock_knowledge_base" {
  count  = local.has_kb_role ? 1 : 0
  role   = aws_iam_role.bedrock_knowledge_base_role[0].name
  policy = terraform_data.knowledge_base_policy.id
}

output "bedrock_agent" {
  value = var.create_agent ? awscc_bedrock_agent.bedrock_agent : null
}

output "bedrock_agent_alias" {
  value = var.create_agent_alias ? (var.use_aws_provider_alias ? aws_bedrockagent_agent_alias.bedrock_agent_alias : awscc_bedrock_agent_alias.bedrock_agent_alias) : null
}

output "supervisor_id" {
  value = var.create_supervisor ? aws_bedrockagent_agent.agent_supervisor[0].agent_id : null
}

output "agent_resource_role_arn" {
  value = var.agent_resource_role_arn != null ? var.agent_resource_role_arn : (var.create_agent ? aws_iam_role.agent_role[0].arn : null)
}

output "agent_resource_role_name" {
  value = var.create_agent ? try(aws_iam_role.agent_role[0].name, null) : null
}

output "knowledge_base_role_name" {
  value = try(aws_iam_role.bedrock_knowledge_base_role[0].name, null)
}
