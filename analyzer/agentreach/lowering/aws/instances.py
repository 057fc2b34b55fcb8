"""EC2 instances, launch templates, EKS node groups, SageMaker notebooks and models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Aspect, Setting
from agentreach.lowering.aws import environment
from agentreach.lowering.aws.pieces import system, uses
from agentreach.lowering.aws.workload import egress, image, metadata_service, started, workload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope


def instance(scope: Scope, context: Context) -> Iterator[Fact]:
    """An instance acts as the role in its profile."""
    key = scope.resource.key
    yield from workload(scope, "ec2-instance", "Name")
    yield system(scope, context, "ec2", "instance")
    yield from uses(scope, "IamInstanceProfile", context)
    for path in ("UserData", "user_data_base64"):
        yield from started(key, scope, path)
    yield from metadata_service(scope, "MetadataOptions")
    yield from egress(key, scope, "SecurityGroupIds", context)
    yield from egress(key, scope, "vpc_security_group_ids", context)


def launch_template(scope: Scope, context: Context) -> Iterator[Fact]:
    """What instances of a template act as."""
    key = scope.resource.key
    yield from workload(scope, "launch-template", "LaunchTemplateName")
    for path in ("LaunchTemplateData.IamInstanceProfile.Arn", "LaunchTemplateData.IamInstanceProfile.Name"):
        yield from uses(scope, path, context)
    yield from started(key, scope, "LaunchTemplateData.UserData")
    yield from metadata_service(scope, "LaunchTemplateData.MetadataOptions")


def node_group(scope: Scope, context: Context) -> Iterator[Fact]:
    """Nodes of a cluster: their role is what a pod falls back to when the metadata service answers it."""
    yield from workload(scope, "eks-node-group", "NodegroupName")
    yield from uses(scope, "NodeRole", context, note="role of the nodes")


def notebook(scope: Scope, context: Context) -> Iterator[Fact]:
    """A notebook runs whatever is typed into it."""
    key = scope.resource.key
    yield from workload(scope, "sagemaker-notebook", "NotebookInstanceName")
    yield from uses(scope, "RoleArn", context)
    direct = scope.text("DirectInternetAccess")
    yield Setting(
        subject=key,
        aspect=Aspect.PUBLIC_NETWORK,
        state=direct != "Disabled",
        at=scope.at("DirectInternetAccess"),
        note="direct internet access",
        defaulted=direct is None,
    )


def model(scope: Scope, context: Context) -> Iterator[Fact]:
    """A hosted model's containers."""
    key = scope.resource.key
    yield from workload(scope, "sagemaker-model", "ModelName")
    yield from uses(scope, "ExecutionRoleArn", context)
    for path in ("PrimaryContainer", "Containers"):
        for block in scope.each(path):
            for value in block.values("Image"):
                yield from image(key, value, context)
            yield from environment.facts(key, environment.of_map(block, "Environment"), block, context)


LOWERINGS = {
    "AWS::EC2::Instance": instance,
    "AWS::EC2::LaunchTemplate": launch_template,
    "AWS::EKS::Nodegroup": node_group,
    "AWS::SageMaker::NotebookInstance": notebook,
    "AWS::SageMaker::Model": model,
}
