"""ECS tasks and services, App Runner services, Batch jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Aspect, Hidden, SecretUse, Setting
from agentreach.lowering.arns import outside
from agentreach.lowering.aws import environment
from agentreach.lowering.aws.pieces import uses
from agentreach.lowering.aws.workload import egress, image, workload
from agentreach.lowering.declaration import Scope
from agentreach.lowering.fetched_packages import fetched
from agentreach.lowering.policy_document import structure
from agentreach.model import MapValue, Unknown, alternatives, elements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.model import Key


def task_definition(scope: Scope, context: Context) -> Iterator[Fact]:
    """A task acts with its task role; the execution role only pulls images and secrets for it."""
    yield from workload(scope, "ecs-task", "Family")
    yield from uses(scope, "TaskRoleArn", context)
    yield from _containers(scope, "ContainerDefinitions", context)


def _containers(scope: Scope, path: str, context: Context) -> Iterator[Fact]:
    """Containers, written as blocks or as a JSON text."""
    value = scope.get(path)
    for branch in alternatives(value) if value is not None else ():
        document = structure(branch)
        if isinstance(document, Unknown):
            yield Hidden(
                subject=scope.resource.key, attribute=scope.written(path), reason=document.reason, at=document.at
            )
            continue
        for entry in elements(document):
            if isinstance(entry, MapValue):
                yield from container(Scope(scope.resource, entry, scope.names, path), context)


def container(scope: Scope, context: Context) -> Iterator[Fact]:
    """One container: its image, its environment, the secrets put into it."""
    key = scope.resource.key
    for value in scope.values("Image"):
        yield from image(key, value, context)
    yield from fetched(key, scope.get("EntryPoint"), scope.get("Command"))
    yield from environment.facts(key, environment.of_pairs(scope, "Environment"), scope, context)
    for path in ("Secrets", "LogConfiguration.SecretOptions"):
        for pair in scope.each(path):
            yield from _secret(key, pair)


def _secret(key: Key, pair: Scope) -> Iterator[Fact]:
    for value in pair.values("ValueFrom"):
        yield SecretUse(subject=key, secret=value, variable=pair.text("Name") or "", at=pair.at("ValueFrom"))


def service(scope: Scope, context: Context) -> Iterator[Fact]:
    """Where the tasks of a service run."""
    for value in scope.values("TaskDefinition"):
        resource = context.lookup(value)
        if resource is None:
            continue
        public = scope.get("NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp") or scope.get(
            "NetworkConfiguration.AssignPublicIp"
        )
        if public is not None:
            yield Setting(
                subject=resource.key,
                aspect=Aspect.PUBLIC_NETWORK,
                state=_enabled(scope),
                at=public.at,
                note="public address",
            )
        for path in ("NetworkConfiguration.AwsvpcConfiguration.SecurityGroups", "NetworkConfiguration.SecurityGroups"):
            yield from egress(resource.key, scope, path, context)


def _enabled(scope: Scope) -> bool | None:
    text = scope.text("NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp") or scope.text(
        "NetworkConfiguration.AssignPublicIp"
    )
    return {"ENABLED": True, "true": True, "DISABLED": False, "false": False}.get(text or "")


_IMAGE = "SourceConfiguration.ImageRepository"
_CONFIGURATIONS = (
    f"{_IMAGE}.ImageConfiguration",
    "SourceConfiguration.CodeRepository.CodeConfiguration.CodeConfigurationValues",
)


def app_runner(scope: Scope, context: Context) -> Iterator[Fact]:
    """An App Runner service: public unless it says otherwise, and App Runner authenticates nobody."""
    key = scope.resource.key
    yield from workload(scope, "apprunner-service", "ServiceName")
    yield from uses(scope, "InstanceConfiguration.InstanceRoleArn", context)
    for value in scope.values(f"{_IMAGE}.ImageIdentifier"):
        yield from image(key, value, context)
    for path in _CONFIGURATIONS:
        yield from environment.facts(key, _variables(scope, f"{path}.RuntimeEnvironmentVariables"), scope, context)
        yield from _runtime_secrets(scope, f"{path}.RuntimeEnvironmentSecrets", context)
    public = scope.flag("NetworkConfiguration.IngressConfiguration.IsPubliclyAccessible")
    yield Setting(
        subject=key,
        aspect=Aspect.ANONYMOUS_INBOUND,
        state=public is not False,
        at=scope.at("NetworkConfiguration.IngressConfiguration.IsPubliclyAccessible"),
        note="publicly accessible",
        defaulted=public is None,
    )


def _variables(scope: Scope, path: str) -> Iterator[environment.Variable]:
    """CloudFormation's pairs or Terraform's map."""
    yield from environment.of_map(scope, path)
    yield from environment.of_pairs(scope, path)


def _runtime_secrets(scope: Scope, path: str, context: Context) -> Iterator[Fact]:
    for variable in _variables(scope, path):
        yield SecretUse(
            subject=scope.resource.key,
            secret=outside(variable.value, context),
            variable=variable.name,
            at=variable.at,
        )


_PROPERTIES = ("ContainerProperties", "EcsProperties", "NodeProperties")


def batch_job(scope: Scope, context: Context) -> Iterator[Fact]:
    """A Batch job's containers, on one node, on several, or as ECS tasks; Terraform writes them as JSON."""
    yield from workload(scope, "batch-job", "JobDefinitionName")
    for path in _PROPERTIES:
        value = scope.get(path)
        for branch in alternatives(value) if value is not None else ():
            document = structure(branch)
            if isinstance(document, MapValue):
                yield from _batch_containers(Scope(scope.resource, document, scope.names, path), context)
            elif isinstance(document, Unknown):
                yield Hidden(
                    subject=scope.resource.key,
                    attribute=scope.written(path),
                    reason=document.reason,
                    at=document.at,
                )


def _batch_containers(properties: Scope, context: Context) -> Iterator[Fact]:
    """Of one node or a range of nodes: a container, or the tasks with theirs."""
    yield from uses(properties, "JobRoleArn", context)
    yield from container(properties, context)
    for task in properties.each("TaskProperties"):
        yield from uses(task, "TaskRoleArn", context)
        for one in task.each("Containers"):
            yield from container(one, context)
    for nodes in properties.each("NodeRangeProperties"):
        for path in ("Container", "EcsProperties"):
            for inner in nodes.each(path):
                yield from _batch_containers(inner, context)


LOWERINGS = {
    "AWS::ECS::TaskDefinition": task_definition,
    "AWS::ECS::Service": service,
    "AWS::AppRunner::Service": app_runner,
    "AWS::Batch::JobDefinition": batch_job,
}
