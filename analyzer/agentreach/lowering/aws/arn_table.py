"""How AWS names things: the ARN of each type, and what `Ref` and Terraform's `id` return.

`{name}` is the declared name, else a hole that only this resource fills; `{path}` is IAM's path with both slashes.
`{?}` is something the service generates. Source: the service authorization reference, "Resource types".
"""

from __future__ import annotations

from agentreach.named_tuples import NamedTuple


class Naming(NamedTuple):
    """`name`: the property that holds the name. `ref` and `id`: "name", "arn", or "" for anything else."""

    arn: str
    name: str = "Name"
    ref: str = "name"
    id: str = "name"


_ARN = "arn:{partition}:"
_HERE = "{region}:{account}"

NAMING: dict[str, Naming] = {
    "AWS::IAM::Role": Naming(_ARN + "iam::{account}:role{path}{name}", "RoleName"),
    "AWS::IAM::User": Naming(_ARN + "iam::{account}:user{path}{name}", "UserName"),
    "AWS::IAM::Group": Naming(_ARN + "iam::{account}:group{path}{name}", "GroupName"),
    "AWS::IAM::ManagedPolicy": Naming(_ARN + "iam::{account}:policy{path}{name}", "ManagedPolicyName", "arn", "arn"),
    "AWS::IAM::InstanceProfile": Naming(_ARN + "iam::{account}:instance-profile{path}{name}", "InstanceProfileName"),
    "AWS::IAM::OIDCProvider": Naming(_ARN + "iam::{account}:oidc-provider/{name}", "Url", "arn", "arn"),
    "AWS::IAM::SAMLProvider": Naming(_ARN + "iam::{account}:saml-provider/{name}", "Name", "arn", "arn"),
    "AWS::SSO::PermissionSet": Naming(_ARN + "sso:::permissionSet/{?}/{?}", "Name", "", "arn"),
    "AWS::S3::Bucket": Naming(_ARN + "s3:::{name}", "BucketName"),
    "AWS::DynamoDB::Table": Naming(_ARN + f"dynamodb:{_HERE}:table/{{name}}", "TableName"),
    "AWS::DynamoDB::GlobalTable": Naming(_ARN + f"dynamodb:{_HERE}:table/{{name}}", "TableName"),
    "AWS::SQS::Queue": Naming(_ARN + f"sqs:{_HERE}:{{name}}", "QueueName", "", ""),
    "AWS::SNS::Topic": Naming(_ARN + f"sns:{_HERE}:{{name}}", "TopicName", "arn", "arn"),
    "AWS::KMS::Key": Naming(_ARN + f"kms:{_HERE}:key/{{name}}", "KeyId"),
    "AWS::KMS::Alias": Naming(_ARN + f"kms:{_HERE}:{{name}}", "AliasName"),
    "AWS::SecretsManager::Secret": Naming(_ARN + f"secretsmanager:{_HERE}:secret:{{name}}-{{?}}", "Name", "arn", "arn"),
    "AWS::SSM::Parameter": Naming(_ARN + f"ssm:{_HERE}:parameter/{{name}}"),
    "AWS::RDS::DBInstance": Naming(_ARN + f"rds:{_HERE}:db:{{name}}", "DBInstanceIdentifier", "name", ""),
    "AWS::RDS::DBCluster": Naming(_ARN + f"rds:{_HERE}:cluster:{{name}}", "DBClusterIdentifier"),
    "AWS::DocDB::DBCluster": Naming(_ARN + f"rds:{_HERE}:cluster:{{name}}", "DBClusterIdentifier"),
    "AWS::Redshift::Cluster": Naming(_ARN + f"redshift:{_HERE}:cluster:{{name}}", "ClusterIdentifier"),
    "AWS::ElastiCache::ReplicationGroup": Naming(
        _ARN + f"elasticache:{_HERE}:replicationgroup:{{name}}", "ReplicationGroupId"
    ),
    "AWS::ECR::Repository": Naming(_ARN + f"ecr:{_HERE}:repository/{{name}}", "RepositoryName"),
    "AWS::Kinesis::Stream": Naming(_ARN + f"kinesis:{_HERE}:stream/{{name}}", "Name", "name", "arn"),
    "AWS::KinesisFirehose::DeliveryStream": Naming(
        _ARN + f"firehose:{_HERE}:deliverystream/{{name}}", "DeliveryStreamName", "name", "arn"
    ),
    "AWS::EFS::FileSystem": Naming(_ARN + f"elasticfilesystem:{_HERE}:file-system/{{name}}", "FileSystemId"),
    "AWS::Events::EventBus": Naming(_ARN + f"events:{_HERE}:event-bus/{{name}}"),
    "AWS::Events::Rule": Naming(_ARN + f"events:{_HERE}:rule/{{name}}"),
    "AWS::Events::Connection": Naming(_ARN + f"events:{_HERE}:connection/{{name}}/{{?}}"),
    "AWS::Scheduler::Schedule": Naming(_ARN + f"scheduler:{_HERE}:schedule/{{?}}/{{name}}", "Name", "name", ""),
    "AWS::Logs::LogGroup": Naming(_ARN + f"logs:{_HERE}:log-group:{{name}}", "LogGroupName"),
    "AWS::CloudTrail::Trail": Naming(_ARN + f"cloudtrail:{_HERE}:trail/{{name}}", "TrailName"),
    "AWS::ECS::Cluster": Naming(_ARN + f"ecs:{_HERE}:cluster/{{name}}", "ClusterName", "name", "arn"),
    "AWS::ECS::TaskDefinition": Naming(_ARN + f"ecs:{_HERE}:task-definition/{{name}}:{{?}}", "Family", "arn", ""),
    "AWS::ECS::Service": Naming(_ARN + f"ecs:{_HERE}:service/{{?}}/{{name}}", "ServiceName", "arn", "arn"),
    "AWS::EKS::Cluster": Naming(_ARN + f"eks:{_HERE}:cluster/{{name}}"),
    "AWS::EKS::Nodegroup": Naming(_ARN + f"eks:{_HERE}:nodegroup/{{?}}/{{name}}/{{?}}", "NodegroupName", "", ""),
    "AWS::EC2::Instance": Naming(_ARN + f"ec2:{_HERE}:instance/{{name}}", "InstanceId"),
    "AWS::EC2::LaunchTemplate": Naming(_ARN + f"ec2:{_HERE}:launch-template/{{?}}", "LaunchTemplateName", "", ""),
    "AWS::OpenSearchService::Domain": Naming(_ARN + f"es:{_HERE}:domain/{{name}}", "DomainName", "name", "arn"),
    "AWS::OpenSearchServerless::Collection": Naming(_ARN + f"aoss:{_HERE}:collection/{{?}}", "Name", "", ""),
    "AWS::Glue::Database": Naming(_ARN + f"glue:{_HERE}:database/{{name}}", "DatabaseInput.Name", "name", ""),
    "AWS::Lambda::Function": Naming(_ARN + f"lambda:{_HERE}:function:{{name}}", "FunctionName"),
    "AWS::Serverless::Function": Naming(_ARN + f"lambda:{_HERE}:function:{{name}}", "FunctionName"),
    "AWS::StepFunctions::StateMachine": Naming(
        _ARN + f"states:{_HERE}:stateMachine:{{name}}", "StateMachineName", "arn", "arn"
    ),
    "AWS::Serverless::StateMachine": Naming(_ARN + f"states:{_HERE}:stateMachine:{{name}}", "Name", "arn", "arn"),
    "AWS::CodeBuild::Project": Naming(_ARN + f"codebuild:{_HERE}:project/{{name}}", "Name", "name", "arn"),
    "AWS::CodePipeline::Pipeline": Naming(_ARN + f"codepipeline:{_HERE}:{{name}}"),
    "AWS::CodeCommit::Repository": Naming(_ARN + f"codecommit:{_HERE}:{{name}}", "RepositoryName", "", "name"),
    "AWS::Batch::JobDefinition": Naming(
        _ARN + f"batch:{_HERE}:job-definition/{{name}}:{{?}}", "JobDefinitionName", "arn", "arn"
    ),
    "AWS::AppRunner::Service": Naming(_ARN + f"apprunner:{_HERE}:service/{{name}}/{{?}}", "ServiceName", "arn", "arn"),
    "AWS::SageMaker::NotebookInstance": Naming(
        _ARN + f"sagemaker:{_HERE}:notebook-instance/{{name}}", "NotebookInstanceName", "arn"
    ),
    "AWS::SageMaker::Endpoint": Naming(_ARN + f"sagemaker:{_HERE}:endpoint/{{name}}", "EndpointName", "arn"),
    "AWS::SageMaker::Model": Naming(_ARN + f"sagemaker:{_HERE}:model/{{name}}", "ModelName", "arn"),
    "AWS::Cognito::UserPool": Naming(_ARN + f"cognito-idp:{_HERE}:userpool/{{?}}", "UserPoolName", "", ""),
    "AWS::ApiGateway::RestApi": Naming(_ARN + "apigateway:{region}::/restapis/{?}", "Name", "", ""),
    "AWS::ApiGatewayV2::Api": Naming(_ARN + "apigateway:{region}::/apis/{?}", "Name", "", ""),
    "AWS::Bedrock::Agent": Naming(_ARN + f"bedrock:{_HERE}:agent/{{name}}", "AgentId", "", "name"),
    "AWS::Bedrock::AgentAlias": Naming(_ARN + f"bedrock:{_HERE}:agent-alias/{{?}}/{{name}}", "AgentAliasId", "", ""),
    "AWS::Bedrock::KnowledgeBase": Naming(_ARN + f"bedrock:{_HERE}:knowledge-base/{{name}}", "KnowledgeBaseId"),
    "AWS::Bedrock::Guardrail": Naming(_ARN + f"bedrock:{_HERE}:guardrail/{{name}}", "GuardrailId", "", ""),
    "AWS::Bedrock::Flow": Naming(_ARN + f"bedrock:{_HERE}:flow/{{name}}", "FlowId", "", "name"),
    "AWS::Bedrock::Prompt": Naming(_ARN + f"bedrock:{_HERE}:prompt/{{name}}", "PromptId", "", "name"),
    "AWS::BedrockAgentCore::Runtime": Naming(
        _ARN + f"bedrock-agentcore:{_HERE}:runtime/{{name}}-{{?}}", "AgentRuntimeName", "", ""
    ),
    "AWS::BedrockAgentCore::Harness": Naming(
        _ARN + f"bedrock-agentcore:{_HERE}:harness/{{name}}-{{?}}", "HarnessName", "", ""
    ),
    "AWS::BedrockAgentCore::Gateway": Naming(
        _ARN + f"bedrock-agentcore:{_HERE}:gateway/{{name}}-{{?}}", "Name", "", ""
    ),
    "AWS::BedrockAgentCore::Memory": Naming(_ARN + f"bedrock-agentcore:{_HERE}:memory/{{name}}-{{?}}", "Name", "", ""),
    "AWS::BedrockAgentCore::BrowserCustom": Naming(
        _ARN + f"bedrock-agentcore:{_HERE}:browser-custom/{{name}}-{{?}}", "Name", "", ""
    ),
    "AWS::BedrockAgentCore::CodeInterpreterCustom": Naming(
        _ARN + f"bedrock-agentcore:{_HERE}:code-interpreter-custom/{{name}}-{{?}}", "Name", "", ""
    ),
    "AWS::BedrockAgentCore::WorkloadIdentity": Naming(
        _ARN + f"bedrock-agentcore:{_HERE}:workload-identity-directory/default/workload-identity/{{name}}"
    ),
    "AWS::BedrockAgentCore::ApiKeyCredentialProvider": Naming(
        _ARN + f"bedrock-agentcore:{_HERE}:token-vault/default/apikeycredentialprovider/{{name}}", "Name", "", ""
    ),
    "AWS::BedrockAgentCore::OAuth2CredentialProvider": Naming(
        _ARN + f"bedrock-agentcore:{_HERE}:token-vault/default/oauth2credentialprovider/{{name}}", "Name", "", ""
    ),
    "AWS::BedrockAgentCore::PolicyEngine": Naming(
        _ARN + f"bedrock-agentcore:{_HERE}:policy-engine/{{name}}-{{?}}", "Name", "", ""
    ),
    "AWS::QBusiness::Application": Naming(_ARN + f"qbusiness:{_HERE}:application/{{?}}", "DisplayName", "", ""),
}
"""Types whose ARN can be told from the declaration."""
