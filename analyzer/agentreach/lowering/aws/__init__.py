"""AWS resources, in Terraform (aws, awscc) and CloudFormation, to the same facts.

Each module below reads some types by CloudFormation's names; `dialect` says which Terraform types mean the
same. A module is imported when the first resource it reads occurs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from agentreach.lowering.aws.dialect import TERRAFORM, canonical, names
from agentreach.lowering.aws.families import is_agent_related
from agentreach.lowering.context import Context, Lowering
from agentreach.lowering.declaration import Scope
from agentreach.model import Unknown

if TYPE_CHECKING:
    from agentreach.identity import Fact
    from agentreach.model import Resource

Reading = Callable[[Scope, Context], Iterator["Fact"]]
"""What a module's `LOWERINGS` hold: facts from a declaration read by CloudFormation's names."""

MACRO = "Fn::Transform"
"""Beside a resource's attributes: why a macro that only runs at deployment may add to it."""

MODULES: dict[str, tuple[str, ...]] = {
    "roles": ("AWS::IAM::Role",),
    "principals": (
        "AWS::IAM::User",
        "AWS::IAM::Group",
        "AWS::IAM::InstanceProfile",
        "AWS::IAM::OIDCProvider",
        "AWS::IAM::SAMLProvider",
        "AWS::IAM::UserToGroupAddition",
        "AWS::EKS::PodIdentityAssociation",
        "aws_iam_user_group_membership",
        "aws_iam_group_membership",
        "aws_iam_user_login_profile",
    ),
    "policies": (
        "AWS::IAM::ManagedPolicy",
        "AWS::IAM::Policy",
        "AWS::IAM::RolePolicy",
        "AWS::IAM::UserPolicy",
        "AWS::IAM::GroupPolicy",
    ),
    "attachments": (
        "aws_iam_role_policy_attachment",
        "aws_iam_user_policy_attachment",
        "aws_iam_group_policy_attachment",
        "aws_iam_policy_attachment",
        "aws_iam_role_policy_attachments_exclusive",
        "aws_iam_user_policy_attachments_exclusive",
        "aws_iam_group_policy_attachments_exclusive",
    ),
    "permission_sets": (
        "AWS::SSO::PermissionSet",
        "aws_ssoadmin_permission_set_inline_policy",
        "aws_ssoadmin_managed_policy_attachment",
        "aws_ssoadmin_customer_managed_policy_attachment",
        "aws_ssoadmin_permissions_boundary_attachment",
    ),
    "organizations": ("AWS::Organizations::Policy", "aws_organizations_policy_attachment"),
    "resource_policies": (
        "AWS::S3::BucketPolicy",
        "AWS::KMS::Key",
        "AWS::S3::Bucket",
        "AWS::SQS::Queue",
        "AWS::SNS::Topic",
        "AWS::ECR::Repository",
        "AWS::DynamoDB::Table",
        "AWS::SecretsManager::ResourcePolicy",
        "AWS::SQS::QueuePolicy",
        "AWS::SNS::TopicPolicy",
        "AWS::BedrockAgentCore::ResourcePolicy",
        "AWS::Events::EventBus",
        "AWS::Events::EventBusPolicy",
        "AWS::OpenSearchService::Domain",
        "AWS::EFS::FileSystem",
        "aws_s3_bucket_policy",
        "aws_kms_key_policy",
        "aws_secretsmanager_secret_policy",
        "aws_sqs_queue_policy",
        "aws_sns_topic_policy",
        "aws_ecr_repository_policy",
        "aws_dynamodb_resource_policy",
        "aws_cloudwatch_event_bus_policy",
        "aws_opensearch_domain_policy",
        "aws_efs_file_system_policy",
        "aws_api_gateway_rest_api_policy",
    ),
    "systems": (
        "AWS::DynamoDB::GlobalTable",
        "AWS::KMS::Alias",
        "AWS::RDS::DBInstance",
        "AWS::RDS::DBCluster",
        "AWS::DocDB::DBCluster",
        "AWS::Redshift::Cluster",
        "AWS::ElastiCache::ReplicationGroup",
        "AWS::Kinesis::Stream",
        "AWS::KinesisFirehose::DeliveryStream",
        "AWS::CloudTrail::Trail",
        "AWS::ECS::Cluster",
        "AWS::EKS::Cluster",
        "AWS::OpenSearchServerless::Collection",
        "AWS::Glue::Database",
        "AWS::CodeCommit::Repository",
        "AWS::Cognito::UserPool",
        "AWS::SageMaker::Endpoint",
    ),
    "secret_stores": (
        "AWS::SecretsManager::Secret",
        "AWS::SecretsManager::RotationSchedule",
        "AWS::SSM::Parameter",
        "aws_secretsmanager_secret_version",
    ),
    "keys": (
        "AWS::IAM::AccessKey",
        "AWS::IAM::ServiceSpecificCredential",
        "AWS::RolesAnywhere::Profile",
        "AWS::Cognito::UserPoolClient",
        "AWS::AppSync::ApiKey",
        "AWS::Events::Connection",
    ),
    "identity_pools": ("AWS::Cognito::IdentityPool", "AWS::Cognito::IdentityPoolRoleAttachment"),
    "functions": (
        "AWS::Lambda::Function",
        "AWS::Lambda::Url",
        "AWS::Serverless::Function",
        "AWS::LambdaMicroVMs::MicroVM",
    ),
    "api_routes": (
        "AWS::ApiGateway::Method",
        "AWS::ApiGateway::RestApi",
        "AWS::ApiGatewayV2::Api",
        "AWS::ApiGatewayV2::Route",
        "AWS::Lambda::Permission",
    ),
    "load_balancers": ("AWS::ElasticLoadBalancingV2::Listener", "AWS::ElasticLoadBalancingV2::ListenerRule"),
    "containers": (
        "AWS::ECS::TaskDefinition",
        "AWS::ECS::Service",
        "AWS::AppRunner::Service",
        "AWS::Batch::JobDefinition",
    ),
    "instances": (
        "AWS::EC2::Instance",
        "AWS::EC2::LaunchTemplate",
        "AWS::EKS::Nodegroup",
        "AWS::SageMaker::NotebookInstance",
        "AWS::SageMaker::Model",
    ),
    "builds": ("AWS::CodeBuild::Project", "AWS::CodePipeline::Pipeline"),
    "orchestration": (
        "AWS::StepFunctions::StateMachine",
        "AWS::Serverless::StateMachine",
        "AWS::Scheduler::Schedule",
        "AWS::Events::Rule",
        "aws_cloudwatch_event_target",
    ),
    "log_groups": ("AWS::Logs::LogGroup", "aws_bedrock_model_invocation_logging_configuration"),
    "bedrock_agents": (
        "AWS::Bedrock::Agent",
        "AWS::Bedrock::AgentAlias",
        "aws_bedrockagent_agent_action_group",
        "aws_bedrockagent_agent_collaborator",
        "aws_bedrockagent_agent_knowledge_base_association",
    ),
    "bedrock_flows": ("AWS::Bedrock::Flow", "AWS::Bedrock::Prompt"),
    "bedrock_knowledge": (
        "AWS::Bedrock::KnowledgeBase",
        "AWS::Bedrock::DataSource",
        "AWS::Bedrock::Guardrail",
        "aws_bedrock_custom_model",
    ),
    "agentcore_runtimes": (
        "AWS::BedrockAgentCore::Runtime",
        "AWS::BedrockAgentCore::RuntimeEndpoint",
        "AWS::BedrockAgentCore::CapacityProvider",
    ),
    "agentcore_harnesses": ("AWS::BedrockAgentCore::Harness", "AWS::BedrockAgentCore::HarnessEndpoint"),
    "agentcore_gateways": (
        "AWS::BedrockAgentCore::Gateway",
        "AWS::BedrockAgentCore::GatewayTarget",
        "AWS::BedrockAgentCore::GatewayRule",
        "AWS::BedrockAgentCore::GatewayRateLimit",
    ),
    "agentcore_tools": (
        "AWS::BedrockAgentCore::BrowserCustom",
        "AWS::BedrockAgentCore::BrowserProfile",
        "AWS::BedrockAgentCore::CodeInterpreterCustom",
        "AWS::BedrockAgentCore::PaymentManager",
        "AWS::BedrockAgentCore::PaymentConnector",
    ),
    "agentcore_memories": ("AWS::BedrockAgentCore::Memory",),
    "agentcore_credentials": (
        "AWS::BedrockAgentCore::WorkloadIdentity",
        "AWS::BedrockAgentCore::OAuth2CredentialProvider",
        "AWS::BedrockAgentCore::ApiKeyCredentialProvider",
        "AWS::BedrockAgentCore::PaymentCredentialProvider",
        "aws_bedrockagentcore_token_vault_cmk",
    ),
    "agentcore_policies": (
        "AWS::BedrockAgentCore::PolicyEngine",
        "AWS::BedrockAgentCore::Policy",
        "AWS::BedrockAgentCore::ConsentPortal",
        "AWS::BedrockAgentCore::ConfigurationBundle",
        "AWS::BedrockAgentCore::OnlineEvaluationConfig",
    ),
    "operations_agents": (
        "AWS::DevOpsAgent::AgentSpace",
        "AWS::DevOpsAgent::Association",
        "AWS::DevOpsAgent::Service",
        "AWS::DevOpsAgent::Trigger",
        "AWS::SecurityAgent::AgentSpace",
        "AWS::SecurityAgent::Integration",
        "AWS::SecurityAgent::Pentest",
        "AWS::AIOps::InvestigationGroup",
        "AWS::NovaAct::WorkflowDefinition",
    ),
    "business_agents": (
        "AWS::QBusiness::Application",
        "AWS::QBusiness::Plugin",
        "AWS::QBusiness::DataAccessor",
        "AWS::QuickSight::ActionConnector",
        "AWS::Wisdom::AIAgent",
        "AWS::Wisdom::AIGuardrail",
        "AWS::Lex::Bot",
        "AWS::Lex::BotAlias",
        "AWS::AgentRegistry::Registry",
        "AWS::AgentRegistry::RegistryRecord",
    ),
    "made_at_deployment": ("AWS::CloudFormation::CustomResource", "aws_lambda_invocation"),
    "looked_up": (
        "AWS::ApiGatewayV2::Integration",
        "AWS::Bedrock::EnforcedGuardrailConfiguration",
        "AWS::EC2::SecurityGroup",
        "AWS::EC2::SecurityGroupEgress",
        "AWS::Lambda::Alias",
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        "AWS::Lambda::Version",
        "AWS::Logs::DeliverySource",
        "aws_api_gateway_integration",
        "aws_cloudformation_stack",
        "aws_cloudformation_stack_set",
        "aws_cloudwatch_log_delivery_source",
        "aws_lb_target_group_attachment",
        "aws_security_group_rule",
        "aws_vpc_security_group_egress_rule",
    ),
}
"""Which module reads which types."""

_MODULE_OF = {type_: module for module, types in MODULES.items() for type_ in types}

CLOUDFORMATION = tuple(type_ for type_ in _MODULE_OF if type_.startswith("AWS::"))
"""Every CloudFormation type that is read; awscc types are these in snake case."""


class _Table(Mapping[str, Lowering]):
    """The lowering of each type, whichever language it is written in; modules load when called."""

    def __getitem__(self, type_: str) -> Lowering:
        if type_.startswith("data."):
            return _data_source(type_)
        return _reading(_MODULE_OF[canonical(type_)], canonical(type_))

    def __iter__(self) -> Iterator[str]:
        yield from TERRAFORM
        yield from _MODULE_OF

    def __len__(self) -> int:
        return len(TERRAFORM) + len(_MODULE_OF)


TABLE: Mapping[str, Lowering] = _Table()


def family(type_: str) -> Lowering | None:
    """The lowering of types that are agent-related by their prefix, or create something by code."""
    if type_.startswith("data."):
        return None
    if type_.startswith("Custom::"):
        return _reading("made_at_deployment", "AWS::CloudFormation::CustomResource")
    return _reading("unmodelled", "") if is_agent_related(type_) else None


@cache
def _reading(module: str, type_: str) -> Lowering:
    def lowering(resource: Resource, context: Context) -> Iterator[Fact]:
        read: Reading = import_module(f"{__name__}.{module}").LOWERINGS[type_]
        yield from read(Scope(resource, resource.attributes, names(resource.type)), context)
        if isinstance(macro := resource.siblings.get(MACRO), Unknown):
            yield from import_module(f"{__name__}.macros").rewritten(resource, macro)

    return lowering


def _data_source(type_: str) -> Lowering:
    """Data sources are read for the names they give, never lowered."""
    from agentreach.lowering.aws.arn_table import NAMING  # noqa: PLC0415 - only where one occurs

    if canonical(type_) not in NAMING:
        raise KeyError(type_)
    return _nothing


def _nothing(_resource: Resource, _context: Context) -> Iterator[Fact]:
    return iter(())
