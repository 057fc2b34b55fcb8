"""Which Terraform types mean which CloudFormation types, and the attribute names that differ.

Names that only differ in capitals, underscores or a plural are not listed: `lowering.declaration` folds them.
Paths of a block within a list are relative to it and listed under the block's full path.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from agentreach.lowering.declaration import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

TERRAFORM: dict[str, tuple[str, dict[str, str]]] = {
    # identity and access management
    "aws_iam_role": (
        "AWS::IAM::Role",
        {
            "RoleName": "name",
            "AssumeRolePolicyDocument": "assume_role_policy",
            "Policies": "inline_policy",
            "Policies.PolicyName": "name",
            "Policies.PolicyDocument": "policy",
        },
    ),
    "aws_iam_user": ("AWS::IAM::User", {"UserName": "name"}),
    "aws_iam_group": ("AWS::IAM::Group", {"GroupName": "name"}),
    "aws_iam_policy": ("AWS::IAM::ManagedPolicy", {"ManagedPolicyName": "name", "PolicyDocument": "policy"}),
    "aws_iam_role_policy": (
        "AWS::IAM::RolePolicy",
        {"PolicyName": "name", "PolicyDocument": "policy", "RoleName": "role"},
    ),
    "aws_iam_user_policy": (
        "AWS::IAM::UserPolicy",
        {"PolicyName": "name", "PolicyDocument": "policy", "UserName": "user"},
    ),
    "aws_iam_group_policy": (
        "AWS::IAM::GroupPolicy",
        {"PolicyName": "name", "PolicyDocument": "policy", "GroupName": "group"},
    ),
    "aws_iam_instance_profile": ("AWS::IAM::InstanceProfile", {"InstanceProfileName": "name", "Roles": "role"}),
    "aws_iam_access_key": ("AWS::IAM::AccessKey", {"UserName": "user"}),
    "aws_iam_service_specific_credential": ("AWS::IAM::ServiceSpecificCredential", {}),
    "aws_iam_openid_connect_provider": ("AWS::IAM::OIDCProvider", {}),
    "aws_iam_saml_provider": ("AWS::IAM::SAMLProvider", {}),
    "aws_rolesanywhere_profile": ("AWS::RolesAnywhere::Profile", {}),
    "aws_ssoadmin_permission_set": ("AWS::SSO::PermissionSet", {}),
    "aws_organizations_policy": ("AWS::Organizations::Policy", {}),
    "aws_eks_pod_identity_association": ("AWS::EKS::PodIdentityAssociation", {}),
    # things that can be reached
    "aws_s3_bucket": ("AWS::S3::Bucket", {"BucketName": "bucket", "Policy": "policy"}),
    "aws_dynamodb_table": ("AWS::DynamoDB::Table", {"TableName": "name"}),
    "aws_sqs_queue": ("AWS::SQS::Queue", {"QueueName": "name"}),
    "aws_sns_topic": ("AWS::SNS::Topic", {"TopicName": "name"}),
    "aws_kms_key": ("AWS::KMS::Key", {"KeyPolicy": "policy", "KeySpec": "customer_master_key_spec"}),
    "aws_kms_alias": ("AWS::KMS::Alias", {"AliasName": "name"}),
    "aws_secretsmanager_secret": ("AWS::SecretsManager::Secret", {}),
    "aws_secretsmanager_secret_rotation": ("AWS::SecretsManager::RotationSchedule", {}),
    "aws_ssm_parameter": ("AWS::SSM::Parameter", {}),
    "aws_db_instance": (
        "AWS::RDS::DBInstance",
        {"DBInstanceIdentifier": "identifier", "MasterUserPassword": "password", "MasterUsername": "username"},
    ),
    "aws_rds_cluster": (
        "AWS::RDS::DBCluster",
        {"DBClusterIdentifier": "cluster_identifier", "MasterUserPassword": "master_password"},
    ),
    "aws_redshift_cluster": ("AWS::Redshift::Cluster", {"MasterUserPassword": "master_password"}),
    "aws_ecr_repository": ("AWS::ECR::Repository", {"RepositoryName": "name"}),
    "aws_kinesis_stream": ("AWS::Kinesis::Stream", {}),
    "aws_kinesis_firehose_delivery_stream": ("AWS::KinesisFirehose::DeliveryStream", {"DeliveryStreamName": "name"}),
    "aws_efs_file_system": ("AWS::EFS::FileSystem", {}),
    "aws_cloudwatch_event_bus": ("AWS::Events::EventBus", {}),
    "aws_cloudwatch_log_group": ("AWS::Logs::LogGroup", {"LogGroupName": "name"}),
    "aws_cloudtrail": ("AWS::CloudTrail::Trail", {"TrailName": "name"}),
    "aws_ecs_cluster": ("AWS::ECS::Cluster", {"ClusterName": "name"}),
    "aws_eks_cluster": ("AWS::EKS::Cluster", {}),
    "aws_opensearch_domain": ("AWS::OpenSearchService::Domain", {}),
    "aws_opensearchserverless_collection": ("AWS::OpenSearchServerless::Collection", {}),
    "aws_glue_catalog_database": ("AWS::Glue::Database", {}),
    "aws_codepipeline": ("AWS::CodePipeline::Pipeline", {"Stages": "stage"}),
    "aws_codecommit_repository": ("AWS::CodeCommit::Repository", {}),
    "aws_cognito_user_pool": ("AWS::Cognito::UserPool", {"UserPoolName": "name"}),
    "aws_cognito_identity_pool": ("AWS::Cognito::IdentityPool", {}),
    "aws_cognito_identity_pool_roles_attachment": (
        "AWS::Cognito::IdentityPoolRoleAttachment",
        {
            "RoleMappings": "role_mapping",
            "RoleMappings.RulesConfiguration.Rules": "mapping_rule",
            "RoleMappings.RulesConfiguration.Rules.RoleARN": "role_arn",
        },
    ),
    "aws_sagemaker_endpoint": ("AWS::SageMaker::Endpoint", {"EndpointName": "name"}),
    "aws_api_gateway_rest_api": ("AWS::ApiGateway::RestApi", {}),
    "aws_api_gateway_method": ("AWS::ApiGateway::Method", {"AuthorizationType": "authorization"}),
    "aws_apigatewayv2_api": ("AWS::ApiGatewayV2::Api", {}),
    "aws_apigatewayv2_integration": ("AWS::ApiGatewayV2::Integration", {}),
    "aws_apigatewayv2_route": ("AWS::ApiGatewayV2::Route", {}),
    "aws_elasticache_replication_group": ("AWS::ElastiCache::ReplicationGroup", {}),
    "aws_docdb_cluster": ("AWS::DocDB::DBCluster", {"DBClusterIdentifier": "cluster_identifier"}),
    # workloads
    "aws_lambda_function": ("AWS::Lambda::Function", {"Code.ImageUri": "image_uri"}),
    "aws_lambda_alias": ("AWS::Lambda::Alias", {}),
    "aws_lambda_permission": ("AWS::Lambda::Permission", {}),
    "aws_lambda_function_url": (
        "AWS::Lambda::Url",
        {"AuthType": "authorization_type", "TargetFunctionArn": "function_name"},
    ),
    "aws_lb": ("AWS::ElasticLoadBalancingV2::LoadBalancer", {}),
    "aws_alb": ("AWS::ElasticLoadBalancingV2::LoadBalancer", {}),
    "aws_lb_target_group": ("AWS::ElasticLoadBalancingV2::TargetGroup", {}),
    "aws_alb_target_group": ("AWS::ElasticLoadBalancingV2::TargetGroup", {}),
    "aws_lb_listener": ("AWS::ElasticLoadBalancingV2::Listener", {}),
    "aws_alb_listener": ("AWS::ElasticLoadBalancingV2::Listener", {}),
    "aws_lb_listener_rule": ("AWS::ElasticLoadBalancingV2::ListenerRule", {}),
    "aws_alb_listener_rule": ("AWS::ElasticLoadBalancingV2::ListenerRule", {}),
    "aws_ecs_task_definition": ("AWS::ECS::TaskDefinition", {}),
    "aws_ecs_service": ("AWS::ECS::Service", {"ServiceName": "name"}),
    "aws_instance": ("AWS::EC2::Instance", {"ImageId": "ami"}),
    "aws_launch_template": (
        "AWS::EC2::LaunchTemplate",
        {
            "LaunchTemplateName": "name",
            "LaunchTemplateData.IamInstanceProfile": "iam_instance_profile",
            "LaunchTemplateData.IamInstanceProfile.Arn": "iam_instance_profile.arn",
            "LaunchTemplateData.IamInstanceProfile.Name": "iam_instance_profile.name",
            "LaunchTemplateData.UserData": "user_data",
            "LaunchTemplateData.MetadataOptions.HttpTokens": "metadata_options.http_tokens",
            "LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit": (
                "metadata_options.http_put_response_hop_limit"
            ),
            "LaunchTemplateData.TagSpecifications": "tag_specifications",
        },
    ),
    "aws_eks_node_group": ("AWS::EKS::Nodegroup", {"NodeRole": "node_role_arn", "NodegroupName": "node_group_name"}),
    "aws_apprunner_service": ("AWS::AppRunner::Service", {}),
    "aws_sagemaker_notebook_instance": ("AWS::SageMaker::NotebookInstance", {"NotebookInstanceName": "name"}),
    "aws_sagemaker_model": ("AWS::SageMaker::Model", {"ModelName": "name"}),
    "aws_codebuild_project": (
        "AWS::CodeBuild::Project",
        {"TimeoutInMinutes": "build_timeout", "Environment.EnvironmentVariables": "environment.environment_variable"},
    ),
    "aws_batch_job_definition": ("AWS::Batch::JobDefinition", {"JobDefinitionName": "name"}),
    "aws_sfn_state_machine": (
        "AWS::StepFunctions::StateMachine",
        {"StateMachineName": "name", "DefinitionString": "definition", "Definition": "-"},
    ),
    "aws_scheduler_schedule": ("AWS::Scheduler::Schedule", {}),
    "aws_cloudwatch_event_rule": ("AWS::Events::Rule", {"EventPattern": "event_pattern"}),
    "aws_security_group": ("AWS::EC2::SecurityGroup", {}),
    "aws_lambdamicrovms_microvm": ("AWS::LambdaMicroVMs::MicroVM", {}),
    # credentials
    "aws_cognito_user_pool_client": ("AWS::Cognito::UserPoolClient", {"ClientName": "name"}),
    "aws_appsync_api_key": ("AWS::AppSync::ApiKey", {}),
    "aws_cloudwatch_event_connection": (
        "AWS::Events::Connection",
        {
            "AuthParameters.ApiKeyAuthParameters.ApiKeyValue": "auth_parameters.api_key.value",
            "AuthParameters.BasicAuthParameters.Password": "auth_parameters.basic.password",
            "AuthParameters.OAuthParameters.ClientParameters.ClientSecret": (
                "auth_parameters.oauth.client_parameters.client_secret"
            ),
        },
    ),
    # Bedrock
    "aws_bedrockagent_agent": ("AWS::Bedrock::Agent", {}),
    "aws_bedrockagent_agent_alias": ("AWS::Bedrock::AgentAlias", {}),
    "aws_bedrockagent_knowledge_base": ("AWS::Bedrock::KnowledgeBase", {}),
    "aws_bedrockagent_data_source": ("AWS::Bedrock::DataSource", {}),
    "aws_bedrockagent_flow": ("AWS::Bedrock::Flow", {}),
    "aws_bedrockagent_prompt": ("AWS::Bedrock::Prompt", {}),
    "aws_bedrock_guardrail": ("AWS::Bedrock::Guardrail", {}),
    # Bedrock AgentCore
    "aws_bedrockagentcore_agent_runtime": ("AWS::BedrockAgentCore::Runtime", {}),
    "aws_bedrockagentcore_agent_runtime_endpoint": ("AWS::BedrockAgentCore::RuntimeEndpoint", {}),
    "aws_bedrockagentcore_harness": ("AWS::BedrockAgentCore::Harness", {}),
    "aws_bedrockagentcore_gateway": (
        "AWS::BedrockAgentCore::Gateway",
        {"InterceptorConfigurations": "interceptor_configuration"},
    ),
    "aws_bedrockagentcore_gateway_target": ("AWS::BedrockAgentCore::GatewayTarget", {}),
    "aws_bedrockagentcore_memory": ("AWS::BedrockAgentCore::Memory", {}),
    "aws_bedrockagentcore_browser": (
        "AWS::BedrockAgentCore::BrowserCustom",
        {"RecordingConfig": "recording", "RecordingConfig.Enabled": "recording.enabled"},
    ),
    "aws_bedrockagentcore_code_interpreter": ("AWS::BedrockAgentCore::CodeInterpreterCustom", {}),
    "aws_bedrockagentcore_workload_identity": ("AWS::BedrockAgentCore::WorkloadIdentity", {}),
    "aws_bedrockagentcore_oauth2_credential_provider": ("AWS::BedrockAgentCore::OAuth2CredentialProvider", {}),
    "aws_bedrockagentcore_api_key_credential_provider": ("AWS::BedrockAgentCore::ApiKeyCredentialProvider", {}),
    "aws_bedrockagentcore_policy_engine": ("AWS::BedrockAgentCore::PolicyEngine", {}),
    "aws_bedrockagentcore_policy": ("AWS::BedrockAgentCore::Policy", {}),
    "aws_bedrockagentcore_resource_policy": ("AWS::BedrockAgentCore::ResourcePolicy", {}),
    # other agents
    "aws_qbusiness_application": ("AWS::QBusiness::Application", {"RoleArn": "iam_service_role_arn"}),
    "aws_lexv2models_bot": ("AWS::Lex::Bot", {}),
}
"""Terraform type: its CloudFormation twin, and attribute paths that are named differently."""


_TERRAFORM_ONLY: dict[str, dict[str, str]] = {
    "aws_bedrockagent_agent_action_group": {
        "FunctionSchema.Functions": "function_schema.member_functions.functions",
    },
}
"""The same for types that CloudFormation has no twin of, or whose twin is nested."""


def canonical(type_: str) -> str:
    """Return the type whose lowering reads this one: CloudFormation's name where there is one."""
    bare = type_.removeprefix("data.")
    if bare in TERRAFORM:
        return TERRAFORM[bare][0]
    if bare.startswith("awscc_"):
        return _awscc().get(fold(bare.removeprefix("awscc_")), bare)
    return bare


def names(type_: str) -> Mapping[str, str]:
    """Return the attribute paths that a Terraform type spells differently."""
    bare = type_.removeprefix("data.")
    return TERRAFORM[bare][1] if bare in TERRAFORM else _TERRAFORM_ONLY.get(bare, {})


@cache
def _awscc() -> dict[str, str]:
    from agentreach.lowering.aws import CLOUDFORMATION  # noqa: PLC0415 - the package's list of types imports this module

    return {fold("".join(type_.split("::")[1:])): type_ for type_ in CLOUDFORMATION}
