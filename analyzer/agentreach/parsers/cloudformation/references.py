"""What `Ref` and `Fn::GetAtt` of a declared resource give, where a property of the resource decides it.

Return values: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/ (section
"Return values" of each type). Where the property is a known text, so is the reference; otherwise it
stays a Reference.
"""

from __future__ import annotations

REF_PROPERTY = {
    "AWS::AutoScaling::AutoScalingGroup": "AutoScalingGroupName",
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::CodeBuild::Project": "Name",
    "AWS::CodePipeline::Pipeline": "Name",
    "AWS::DynamoDB::GlobalTable": "TableName",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::ECR::Repository": "RepositoryName",
    "AWS::ECS::Cluster": "ClusterName",
    "AWS::EKS::Cluster": "Name",
    "AWS::Events::EventBus": "Name",
    "AWS::Glue::Job": "Name",
    "AWS::IAM::Group": "GroupName",
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::User": "UserName",
    "AWS::Kinesis::Stream": "Name",
    "AWS::KinesisFirehose::DeliveryStream": "DeliveryStreamName",
    "AWS::KMS::Alias": "AliasName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::OpenSearchService::Domain": "DomainName",
    "AWS::RDS::DBInstance": "DBInstanceIdentifier",
    "AWS::S3::Bucket": "BucketName",
    "AWS::Serverless::Function": "FunctionName",
    "AWS::Serverless::SimpleTable": "TableName",
    "AWS::SSM::Parameter": "Name",
}

ATTRIBUTE_PROPERTY = {
    ("AWS::SNS::Topic", "TopicName"): "TopicName",
    ("AWS::SQS::Queue", "QueueName"): "QueueName",
    ("AWS::StepFunctions::StateMachine", "Name"): "StateMachineName",
}


def deciding_property(type_: str, attribute: str) -> str | None:
    """The property whose known text an attribute ("Ref" among them) repeats; None when there is none."""
    if attribute == "Ref":
        return REF_PROPERTY.get(type_)
    return ATTRIBUTE_PROPERTY.get((type_, attribute))
