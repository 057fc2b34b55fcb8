"""Every attribute of the catalogue about AWS changes what is stated when it alone is written, or has a reason not to."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import pytest

from agentreach.lowering import lower
from lowering.loading import plain
from lowering.test_catalogue_rows import AWS, ROLE, SECRET, declared

if TYPE_CHECKING:
    from agentreach.identity import Fact
    from agentreach.lowering.catalogue import Attribute

LITERAL = "Zx81-kP3q-9vTq-77aa"
SAMPLES: tuple[str | float, ...] = (
    "NONE",
    "PUBLIC",
    "ENABLED",
    "optional",
    True,
    False,
    "x",
    ROLE,
    SECRET,
    90,
    LITERAL,
    "https://x.example.com/mcp",
    "*",
)
BESIDE: tuple[dict[str, str], ...] = (
    {},
    {"user_name": "u", "service_name": "bedrock.amazonaws.com", "role": "r", "RoleName": "r"},
    {"agent_id": "A1", "AgentId": "A1", "AgentSpaceId": "s", "FunctionName": "f", "function_name": "f"},
    {"GatewayIdentifier": "g", "gateway_identifier": "g"},
    {"principal": "*", "Principal": "*", "name": "n", "Name": "n"},
)

ELSEWHERE: dict[str, tuple[str, ...]] = {
    "together with what is declared beside it: in the parity suite and the tests of its lowering": (
        "AWS::AgentRegistry::Registry.AuthorizerType",
        "AWS::AgentRegistry::RegistryRecord.Descriptors.A2aAgentCard.Source.FromUrl.Url",
        "AWS::AgentRegistry::RegistryRecord.Descriptors.McpServer.Source.FromUrl.CredentialProviderConfigurations[].CredentialProviderType",
        "AWS::AgentRegistry::RegistryRecord.Descriptors.McpServer.Source.FromUrl.Url",
        "AWS::AgentRegistry::RegistryRecord.Status",
        "AWS::AppRunner::Service.SourceConfiguration.ImageRepository.ImageConfiguration.RuntimeEnvironmentSecrets",
        "AWS::AppRunner::Service.SourceConfiguration.ImageRepository.ImageConfiguration.RuntimeEnvironmentVariables",
        "AWS::Bedrock::KnowledgeBase.StorageConfiguration",
        "AWS::BedrockAgentCore::BrowserCustom.EnterprisePolicies[].Type",
        "AWS::BedrockAgentCore::ConsentPortal.Sources[].Identifier",
        "AWS::BedrockAgentCore::Gateway.WafConfiguration.FailureMode",
        "AWS::BedrockAgentCore::GatewayRateLimit.Entries[].Requests[].Rate",
        "AWS::BedrockAgentCore::GatewayRule.Conditions[].MatchPrincipals.AnyOf[].IamPrincipal.Arn",
        "AWS::BedrockAgentCore::GatewayTarget.CredentialProviderConfigurations[].CredentialProvider.OauthCredentialProvider.GrantType",
        "AWS::BedrockAgentCore::GatewayTarget.CredentialProviderConfigurations[].CredentialProvider.OauthCredentialProvider.Scopes",
        "AWS::BedrockAgentCore::Harness.EnvironmentVariables",
        "AWS::BedrockAgentCore::Harness.Hooks[].BeforeInvocation.Target.Lambda.Arn",
        "AWS::BedrockAgentCore::OAuth2CredentialProvider.Oauth2ProviderConfigInput.CustomOauth2ProviderConfig.OnBehalfOfTokenExchangeConfig.GrantType",
        "AWS::BedrockAgentCore::PaymentConnector.ConnectorType",
        "AWS::BedrockAgentCore::PaymentManager.AuthorizerType",
        "AWS::BedrockAgentCore::Policy.Definition.Cedar.Statement",
        "AWS::BedrockAgentCore::Policy.EnforcementMode",
        "AWS::BedrockAgentCore::Policy.ValidationMode",
        "AWS::BedrockAgentCore::ResourcePolicy.Policy",
        "AWS::BedrockAgentCore::Runtime.EnvironmentVariables",
        "AWS::BedrockAgentCore::Runtime.NetworkConfiguration.NetworkModeConfig.SecurityGroups",
        "AWS::BedrockAgentCore::Runtime.ProtocolConfiguration",
        "AWS::CodeBuild::Project.Environment.EnvironmentVariables[].Value",
        "AWS::DevOpsAgent::Service.AdditionalServiceDetails.GitHub.AppVariant",
        "AWS::EC2::Instance.UserData",
        "AWS::EC2::LaunchTemplate.LaunchTemplateData.UserData",
        "AWS::ECS::Service.NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp",
        "AWS::ECS::TaskDefinition.ContainerDefinitions[].Environment",
        "AWS::EKS::PodIdentityAssociation.Namespace",
        "AWS::EKS::PodIdentityAssociation.ServiceAccount",
        "AWS::IAM::Role.Policies",
        "AWS::Lambda::Function.Environment.Variables",
        "AWS::Lambda::Function.VpcConfig",
        "AWS::Lambda::Url.AuthType",
        "AWS::Lex::BotAlias.BotAliasLocaleSettings[].BotAliasLocaleSetting.CodeHookSpecification.LambdaCodeHook.LambdaArn",
        "AWS::Lex::BotAlias.ConversationLogSettings.TextLogSettings[].Enabled",
        "AWS::Logs::LogGroup.RetentionInDays",
        "AWS::QBusiness::DataAccessor.ActionConfigurations[].Action",
        "AWS::QBusiness::DataAccessor.Principal",
        "AWS::QBusiness::Plugin.AuthConfiguration.NoAuthConfiguration",
        "AWS::QBusiness::Plugin.CustomPluginConfiguration.ApiSchema",
        "AWS::QBusiness::Plugin.ServerUrl",
        "AWS::QBusiness::Plugin.Type",
        "AWS::RolesAnywhere::Profile.DurationSeconds",
        "AWS::SSM::Parameter.Value",
        "AWS::Scheduler::Schedule.ScheduleExpression",
        "AWS::Scheduler::Schedule.State",
        "AWS::SecretsManager::RotationSchedule.RotationRules.AutomaticallyAfterDays",
        "AWS::SecretsManager::RotationSchedule.RotationRules.Duration",
        "AWS::SecretsManager::RotationSchedule.RotationRules.ScheduleExpression",
        "AWS::SecurityAgent::Pentest.Assets.Actors[].Authentication.Value",
        "AWS::Serverless::Function.AssumeRolePolicyDocument",
        "AWS::Serverless::Function.Environment",
        "AWS::Serverless::Function.FunctionUrlConfig.AuthType",
        "AWS::Serverless::Function.Policies",
        "AWS::Serverless::Function.VpcConfig",
        "AWS::Serverless::StateMachine.Policies",
        "aws_apprunner_service.source_configuration.image_repository.image_configuration.runtime_environment_secrets",
        "aws_apprunner_service.source_configuration.image_repository.image_configuration.runtime_environment_variables",
        "aws_bedrockagent_agent_action_group.function_schema.member_functions.functions",
        "aws_bedrockagent_agent_action_group.parent_action_group_signature",
        "aws_bedrockagent_agent_collaborator.agent_id",
        "aws_bedrockagent_agent_knowledge_base_association.knowledge_base_state",
        "aws_bedrockagentcore_agent_runtime.environment_variables",
        "aws_bedrockagentcore_agent_runtime.network_configuration.network_mode_config.security_groups",
        "aws_bedrockagentcore_agent_runtime.protocol_configuration.server_protocol",
        "aws_bedrockagentcore_gateway_target.credential_provider_configuration.gateway_iam_role",
        "aws_bedrockagentcore_gateway_target.credential_provider_configuration.oauth.grant_type",
        "aws_bedrockagentcore_gateway_target.credential_provider_configuration.oauth.scopes",
        "aws_bedrockagentcore_harness.environment_variables",
        "aws_bedrockagentcore_harness.skill",
        "aws_bedrockagentcore_policy.definition.cedar.statement",
        "aws_bedrockagentcore_policy.validation_mode",
        "aws_cloudwatch_log_group.retention_in_days",
        "aws_codebuild_project.environment.environment_variable.value",
        "aws_cognito_user_pool_client.refresh_token_rotation",
        "aws_ecs_service.network_configuration.assign_public_ip",
        "aws_eks_pod_identity_association.namespace",
        "aws_eks_pod_identity_association.service_account",
        "aws_iam_role.inline_policy",
        "aws_iam_role_policy_attachment.role",
        "aws_iam_service_specific_credential.service_name",
        "aws_instance.user_data",
        "aws_lambda_function.environment.variables",
        "aws_lambda_function.vpc_config",
        "aws_launch_template.iam_instance_profile",
        "aws_launch_template.user_data",
        "aws_rolesanywhere_profile.duration_seconds",
        "aws_scheduler_schedule.schedule_expression",
        "aws_scheduler_schedule.state",
        "aws_secretsmanager_secret_rotation.rotation_enabled",
        "aws_secretsmanager_secret_rotation.rotation_rules.automatically_after_days",
        "aws_secretsmanager_secret_rotation.rotation_rules.duration",
        "aws_secretsmanager_secret_rotation.rotation_rules.schedule_expression",
        "aws_ssm_parameter.insecure_value",
        "aws_ssm_parameter.value",
    ),
    "a name, or a value that is written nowhere": (
        "AWS::BedrockAgentCore::ConsentPortal.IdpConfig.CredentialProviderArn",
        "AWS::IAM::AccessKey.Serial",
        "aws_bedrockagentcore_api_key_credential_provider.api_key_wo",
        "aws_bedrockagentcore_oauth2_credential_provider.credential_provider_vendor",
    ),
    "the collaborators themselves are read": (
        "AWS::Bedrock::Agent.AgentCollaboration",
        "aws_bedrockagent_agent.agent_collaboration",
        "aws_bedrockagent_agent_collaborator.relay_conversation_history",
    ),
    "how a client proves itself: its secret is read": (
        "AWS::BedrockAgentCore::OAuth2CredentialProvider.Oauth2ProviderConfigInput.CustomOauth2ProviderConfig.ClientAuthenticationMethod",
    ),
    "where a sign-in returns to, or how people sign in": (
        "AWS::BedrockAgentCore::WorkloadIdentity.AllowedResourceOauth2ReturnUrls",
        "aws_bedrockagentcore_workload_identity.allowed_resource_oauth2_return_urls",
        "aws_cognito_user_pool_client.explicit_auth_flows",
        "aws_iam_openid_connect_provider.client_id_list",
    ),
    "encrypts logs and settings, or a memory that has to be declared beside it": (
        "AWS::Bedrock::Agent.CustomerEncryptionKeyArn",
        "AWS::BedrockAgentCore::Gateway.KmsKeyArn",
        "AWS::BedrockAgentCore::PolicyEngine.EncryptionKeyArn",
        "AWS::Logs::LogGroup.KmsKeyId",
        "aws_bedrockagent_agent.customer_encryption_key_arn",
        "aws_bedrockagentcore_gateway.kms_key_arn",
        "aws_bedrockagentcore_policy_engine.encryption_key_arn",
        "aws_bedrockagentcore_token_vault_cmk.kms_configuration.key_type",
        "aws_bedrockagentcore_token_vault_cmk.kms_configuration.kms_key_arn",
        "aws_cloudwatch_log_group.kms_key_id",
        "aws_kms_key.rotation_period_in_days",
        "aws_ssm_parameter.key_id",
    ),
    "what a guardrail filters is its own affair: that one is attached is what counts": (
        "AWS::Bedrock::Guardrail.ContentPolicyConfig.FiltersConfig[].InputAction",
        "AWS::Bedrock::Guardrail.ContentPolicyConfig.FiltersConfig[].Type",
        "AWS::Bedrock::Guardrail.SensitiveInformationPolicyConfig.PiiEntitiesConfig[].Type",
        "aws_bedrock_guardrail.content_policy_config",
        "aws_bedrock_guardrail.contextual_grounding_policy_config",
        "aws_bedrock_guardrail.sensitive_information_policy_config",
        "aws_bedrock_guardrail.topic_policy_config",
    ),
    "pulls the image, is not what the task acts as": (
        "AWS::ECS::TaskDefinition.ExecutionRoleArn",
        "aws_ecs_task_definition.execution_role_arn",
    ),
    "read for the gateway's type of authorizer, which decides": (
        "AWS::BedrockAgentCore::Gateway.AuthorizerConfiguration.CustomJWTAuthorizer.AllowedAudience",
        "AWS::BedrockAgentCore::Gateway.AuthorizerConfiguration.CustomJWTAuthorizer.AllowedClients",
        "AWS::BedrockAgentCore::Gateway.AuthorizerConfiguration.CustomJWTAuthorizer.AllowedScopes",
        "AWS::BedrockAgentCore::Gateway.AuthorizerConfiguration.CustomJWTAuthorizer.CustomClaims",
        "AWS::BedrockAgentCore::Gateway.AuthorizerConfiguration.CustomJWTAuthorizer.DiscoveryUrl",
        "aws_bedrockagentcore_gateway.authorizer_configuration.custom_jwt_authorizer.allowed_audience",
        "aws_bedrockagentcore_gateway.authorizer_configuration.custom_jwt_authorizer.allowed_clients",
        "aws_bedrockagentcore_gateway.authorizer_configuration.custom_jwt_authorizer.discovery_url",
    ),
    "how much an error tells its caller": (
        "AWS::BedrockAgentCore::Gateway.ExceptionLevel",
        "aws_bedrockagentcore_gateway.exception_level",
    ),
    "of a machine; the agents it starts have records of their own": (
        "AWS::StepFunctions::StateMachine.LoggingConfiguration",
        "aws_bedrock_model_invocation_logging_configuration.logging_config",
        "aws_sfn_state_machine.logging_configuration",
        "aws_sfn_state_machine.tracing_configuration",
    ),
    "which one it is, not what it may do": (
        "AWS::Bedrock::Agent.FoundationModel",
        "AWS::Bedrock::AgentAlias.RoutingConfiguration[].AgentVersion",
        "AWS::BedrockAgentCore::RuntimeEndpoint.AgentRuntimeVersion",
        "aws_bedrockagent_agent.foundation_model",
        "aws_bedrockagent_agent_alias.routing_configuration.agent_version",
    ),
    "a private way, beside the mode of the network": (
        "AWS::BedrockAgentCore::GatewayTarget.PrivateEndpoint",
        "aws_bedrockagentcore_agent_runtime.network_configuration.network_mode_config.subnets",
        "aws_lambdamicrovms_microvm.ingress_network_connectors",
    ),
    "which headers reach the code; what the code does with them is not in the code scanned": (
        "AWS::BedrockAgentCore::Runtime.RequestHeaderConfiguration.RequestHeaderAllowlist",
        "aws_bedrockagentcore_agent_runtime.request_header_configuration.request_header_allowlist",
    ),
    "a way in for whoever may use it: the action that uses it is what is asked about": (
        "AWS::CodeBuild::Project.Environment.PrivilegedMode",
        "AWS::ECS::Service.EnableExecuteCommand",
        "aws_codebuild_project.environment.privileged_mode",
        "aws_ecs_service.enable_execute_command",
        "aws_eks_pod_identity_association.disable_session_tags",
        "aws_sagemaker_notebook_instance.root_access",
    ),
    "content, not a right": (
        "AWS::Bedrock::DataSource.DataSourceConfiguration.S3Configuration.BucketArn",
        "AWS::Bedrock::DataSource.DataSourceConfiguration.WebConfiguration",
        "AWS::Bedrock::KnowledgeBase.KnowledgeBaseConfiguration",
        "AWS::Bedrock::Prompt.Variants",
        "AWS::BedrockAgentCore::Runtime.FilesystemConfigurations[].EfsAccessPoint",
        "AWS::QBusiness::Application.QAppsConfiguration.QAppsControlMode",
        "aws_bedrockagent_data_source.data_source_configuration.web_configuration",
        "aws_bedrockagentcore_agent_runtime.filesystem_configuration",
    ),
    "the rule names its target for its own gateway": (
        "AWS::BedrockAgentCore::GatewayRule.Actions[].RouteToTarget.StaticRoute.TargetName",
    ),
    "the definition lies in a file of its own, which packaging reads": ("AWS::Serverless::StateMachine.DefinitionUri",),
    "of a key or a value that nobody holds": ("AWS::SecretsManager::Secret.GenerateSecretString",),
    "a run's limit, kept by the service itself": (
        "AWS::CodeBuild::Project.TimeoutInMinutes",
        "AWS::Lambda::Function.Timeout",
        "AWS::Serverless::Function.Timeout",
        "aws_codebuild_project.build_timeout",
        "aws_lambda_function.timeout",
    ),
    "an identity token is no credential for a resource": ("aws_cognito_user_pool_client.id_token_validity",),
}
"""Why an attribute says nothing by itself."""

SILENT = {name: why for why, names in ELSEWHERE.items() for name in names}
ROWS = [(entry.type, one) for entry in AWS for one in entry.attributes]


def stated(type_: str, path: str, value: str | float, beside: dict[str, str]) -> list[str]:
    """The facts of one declaration, as texts that can be compared."""
    return sorted(map(_shown, lower([declared(type_, path, value, beside)])))


def _shown(fact: Fact) -> str:
    values = {one.name: getattr(fact, one.name) for one in fields(fact)}
    told = {name: value if isinstance(value, str | float | bool) else plain(value) for name, value in values.items()}
    return f"{type(fact).__name__} {told} {fact.at.location.line}"


def _changes_something(type_: str, attribute: Attribute) -> bool:
    values: tuple[str | float, ...] = (*attribute.values, *attribute.good, *attribute.bad, *SAMPLES)
    return any(
        stated(type_, attribute.path, value, beside) != stated(type_, "Unheard", "x", beside)
        for beside in BESIDE
        for value in values
    )


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}.{row[1].path}")
def test_an_attribute_is_read_or_has_a_reason_not_to_be(row: tuple[str, Attribute]) -> None:
    type_, attribute = row
    name = f"{type_}.{attribute.path}"
    assert _changes_something(type_, attribute) is (name not in SILENT), SILENT.get(name, "no reason is given")


def test_reasons_are_about_what_is_in_the_catalogue() -> None:
    assert set(SILENT) <= {f"{type_}.{one.path}" for type_, one in ROWS}
