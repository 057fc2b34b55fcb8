# The agents and identities that aws-ia/bedrock/aws declares, by its inputs.
# https://registry.terraform.io/modules/aws-ia/bedrock/aws/latest

inputs {
  name_prefix                        = "BedrockAgents"
  tags                               = null
  permissions_boundary_arn           = null
  create_agent                       = true
  agent_id                           = null
  agent_name                         = "TerraformBedrockAgents"
  agent_description                  = null
  agent_resource_role_arn            = null
  foundation_model                   = null
  instruction                        = ""
  idle_session_ttl                   = 600
  kms_key_arn                        = null
  memory_configuration               = null
  orchestration_type                 = "DEFAULT"
  custom_orchestration_lambda_arn    = null
  create_agent_alias                 = false
  agent_alias_name                   = "TerraformBedrockAgentAlias"
  use_aws_provider_alias             = false
  create_collaborator                = false
  collaborator_name                  = "TerraformBedrockAgentCollaborator"
  collaboration_instruction          = null
  create_supervisor                  = false
  supervisor_id                      = null
  supervisor_name                    = "TerraformBedrockAgentSupervisor"
  supervisor_model                   = null
  supervisor_instruction             = ""
  supervisor_idle_session_ttl        = 600
  supervisor_kms_key_arn             = null
  agent_collaboration                = "SUPERVISOR"
  create_guardrail                   = false
  guardrail_name                     = "TerraformBedrockGuardrail"
  create_app_inference_profile       = false
  use_app_inference_profile          = false
  app_inference_profile_model_source = null
  create_ag                          = false
  action_group_name                  = null
  action_group_state                 = null
  action_group_description           = null
  action_group_list                  = []
  action_group_lambda_arns_list      = []
  action_group_lambda_names_list     = []
  parent_action_group_signature      = null
  custom_control                     = null
  lambda_action_group_executor       = null
  api_schema_payload                 = null
  api_schema_s3_bucket_name          = null
  api_schema_s3_object_key           = null
  existing_kb                        = null
  kb_name                            = "knowledge-base"
  kb_role_arn                        = null
}

inputs "knowledge_bases" {
  create_kb                        = false
  create_default_kb                = false
  create_rds_config                = false
  create_mongo_config              = false
  create_pinecone_config           = false
  create_opensearch_config         = false
  create_opensearch_managed_config = false
  create_kendra_config             = false
}

data "aws_caller_identity" "here" {}

data "aws_partition" "here" {}

data "aws_region" "here" {}

locals {
  anywhere = "arn:${data.aws_partition.here.partition}:bedrock:*"
  region   = "arn:${data.aws_partition.here.partition}:bedrock:${data.aws_region.here.region}"
  here     = "${local.region}:${data.aws_caller_identity.here.account_id}"

  has_kb      = anytrue(local.knowledge_bases)
  has_role    = var.agent_resource_role_arn == null && (var.create_agent || var.create_supervisor)
  has_kb_role = var.kb_role_arn == null && local.has_kb
  role_arn    = var.agent_resource_role_arn == null ? aws_iam_role.agent_role[0].arn : var.agent_resource_role_arn
  model       = var.create_agent ? var.foundation_model : var.supervisor_model
  profiles    = ["${local.anywhere}:*:inference-profile/*", "${local.anywhere}:*:application-inference-profile/*"]
  has_profile = var.use_app_inference_profile || var.create_app_inference_profile

  action_group = {
    action_group_name             = var.action_group_name
    action_group_state            = var.action_group_state
    description                   = var.action_group_description
    parent_action_group_signature = var.parent_action_group_signature
    action_group_executor         = { custom_control = var.custom_control, lambda = var.lambda_action_group_executor }
    api_schema = {
      payload = var.api_schema_payload
      s3      = { s3_bucket_name = var.api_schema_s3_bucket_name, s3_object_key = var.api_schema_s3_object_key }
    }
  }
  action_groups = concat(var.create_ag ? [local.action_group] : [], var.action_group_list)

  # What each policy of the agent's role allows, and on what.
  allowed = {
    agent_policy = {
      actions = ["bedrock:InvokeModel*", "bedrock:UseInferenceProfile", "bedrock:GetInferenceProfile"]
      resources = local.has_profile ? concat([var.app_inference_profile_model_source, "${local.anywhere}::foundation-model/*"], local.profiles) : [
        "${local.region}::foundation-model/${local.model}",
        "${local.anywhere}::foundation-model/${local.model}",
        "${local.here}:inference-profile/*.${local.model}",
      ]
    }
    agent_alias_policy = {
      actions   = ["bedrock:GetAgentAlias", "bedrock:InvokeAgent"]
      resources = ["${local.here}:agent/*", "${local.here}:agent-alias/*"]
    }
    kb_policy = {
      actions   = ["bedrock:Retrieve"]
      resources = ["${local.here}:knowledge-base/*"]
    }
    action_group_policy = {
      actions   = "lambda:InvokeFunction"
      resources = concat([var.lambda_action_group_executor], var.action_group_lambda_arns_list)
    }
    guardrail_policy = {
      actions   = ["bedrock:ApplyGuardrail"]
      resources = try(awscc_bedrock_guardrail.guardrail[0].id, null)
    }
    app_inference_profile_policy = {
      actions   = ["bedrock:GetInferenceProfile", "bedrock:ListInferenceProfiles", "bedrock:UseInferenceProfile"]
      resources = local.profiles
    }
  }
  policies = { for name, one in local.allowed : name => jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = one.actions, Resource = one.resources }]
  }) }
}

module "trust" {
  source = "agentreach/statements"
  statements = [{
    actions    = ["sts:AssumeRole"]
    principals = [{ type = "Service", identifiers = ["bedrock.amazonaws.com"] }]
    condition = [
      { test = "StringEquals", variable = "aws:SourceAccount", values = [data.aws_caller_identity.here.account_id] },
      { test = "ArnLike", variable = "AWS:SourceArn", values = ["${local.here}:agent/*"] },
    ]
  }]
}

resource "aws_iam_role" "agent_role" {
  count                = local.has_role ? 1 : 0
  name_prefix          = var.name_prefix
  assume_role_policy   = module.trust.json
  permissions_boundary = var.permissions_boundary_arn
}

resource "aws_iam_role_policy" "agent_policy" {
  count  = local.has_role ? 1 : 0
  role   = aws_iam_role.agent_role[0].name
  policy = local.policies.agent_policy
}

resource "aws_iam_role_policy" "agent_alias_policy" {
  count  = local.has_role && (var.create_agent_alias || var.create_supervisor) ? 1 : 0
  role   = aws_iam_role.agent_role[0].name
  policy = local.policies.agent_alias_policy
}

resource "aws_iam_role_policy" "kb_policy" {
  count  = local.has_role && local.has_kb && var.create_agent ? 1 : 0
  role   = aws_iam_role.agent_role[0].name
  policy = local.policies.kb_policy
}

resource "aws_iam_role_policy" "action_group_policy" {
  count  = local.has_role && var.create_ag ? 1 : 0
  role   = aws_iam_role.agent_role[0].name
  policy = local.policies.action_group_policy
}

resource "aws_iam_role_policy" "guardrail_policy" {
  count  = local.has_role && var.create_guardrail && var.create_agent ? 1 : 0
  role   = aws_iam_role.agent_role[0].name
  policy = local.policies.guardrail_policy
}

resource "aws_iam_role_policy" "app_inference_profile_policy" {
  count  = local.has_role && var.create_app_inference_profile ? 1 : 0
  role   = aws_iam_role.agent_role[0].name
  policy = local.policies.app_inference_profile_policy
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

resource "random_string" "solution_prefix" {}

resource "awscc_bedrock_agent" "bedrock_agent" {
  count                       = var.create_agent ? 1 : 0
  agent_name                  = "${random_string.solution_prefix.result}-${var.agent_name}"
  agent_resource_role_arn     = local.role_arn
  foundation_model            = var.use_app_inference_profile ? var.app_inference_profile_model_source : var.foundation_model
  instruction                 = var.instruction
  description                 = var.agent_description
  idle_session_ttl_in_seconds = var.idle_session_ttl
  customer_encryption_key_arn = var.kms_key_arn
  tags                        = var.tags
  memory_configuration        = var.memory_configuration
  orchestration_type          = var.orchestration_type
  custom_orchestration        = var.orchestration_type == "CUSTOM" ? { executor = { lambda = var.custom_orchestration_lambda_arn } } : null
  guardrail_configuration     = var.create_guardrail ? { guardrail_identifier = awscc_bedrock_guardrail.guardrail[0].id, guardrail_version = "DRAFT" } : null
  action_groups               = length(local.action_groups) > 0 ? local.action_groups : null
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
  foundation_model            = var.supervisor_model
  instruction                 = var.supervisor_instruction
  idle_session_ttl_in_seconds = var.supervisor_idle_session_ttl
  customer_encryption_key_arn = var.supervisor_kms_key_arn
}

resource "aws_bedrockagent_agent_collaborator" "agent_collaborator" {
  count                     = var.create_agent && var.create_agent_alias && var.create_collaborator ? 1 : 0
  agent_id                  = var.create_supervisor ? aws_bedrockagent_agent.agent_supervisor[0].agent_id : var.supervisor_id
  collaborator_name         = var.collaborator_name
  collaboration_instruction = var.collaboration_instruction

  agent_descriptor {
    alias_arn = var.use_aws_provider_alias ? aws_bedrockagent_agent_alias.bedrock_agent_alias[0].agent_alias_arn : awscc_bedrock_agent_alias.bedrock_agent_alias[0].agent_alias_arn
  }
}

# What the knowledge base's role may do depends on its store, and is not read here.
resource "terraform_data" "own_text" {}

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
  policy = terraform_data.own_text.id
}

outputs {
  bedrock_agent            = var.create_agent ? awscc_bedrock_agent.bedrock_agent : null
  bedrock_agent_alias      = var.create_agent_alias ? (var.use_aws_provider_alias ? aws_bedrockagent_agent_alias.bedrock_agent_alias : awscc_bedrock_agent_alias.bedrock_agent_alias) : null
  supervisor_id            = var.create_supervisor ? aws_bedrockagent_agent.agent_supervisor[0].agent_id : null
  agent_resource_role_arn  = var.agent_resource_role_arn == null ? try(aws_iam_role.agent_role[0].arn, null) : var.agent_resource_role_arn
  agent_resource_role_name = try(aws_iam_role.agent_role[0].name, null)
  knowledge_base_role_name = try(aws_iam_role.bedrock_knowledge_base_role[0].name, null)
}
