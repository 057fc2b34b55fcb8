"""CodeBuild projects: what a build acts as and what it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Gate, SecretUse
from agentreach.lowering.aws import environment
from agentreach.lowering.aws.environment import Variable
from agentreach.lowering.aws.pieces import system, uses
from agentreach.lowering.aws.workload import image, workload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope

_STORED = frozenset({"SECRETS_MANAGER", "PARAMETER_STORE"})


def project(scope: Scope, context: Context) -> Iterator[Fact]:
    """A build project; variables of type SECRETS_MANAGER or PARAMETER_STORE name what is read for them."""
    key = scope.resource.key
    yield from workload(scope, "codebuild-project", "Name")
    yield system(scope, context, "codebuild", "build-project")
    yield from uses(scope, "ServiceRole", context)
    for value in scope.values("Environment.Image"):
        yield from image(key, value, context)
    for pair in scope.each("Environment.EnvironmentVariables"):
        yield from _variable(pair, context)


def _variable(pair: Scope, context: Context) -> Iterator[Fact]:
    key, name, value = pair.resource.key, pair.text("Name") or "", pair.get("Value")
    if value is None:
        return
    if pair.text("Type") in _STORED:
        yield SecretUse(subject=key, secret=value, variable=name, at=pair.at("Value"))
        return
    yield from environment.facts(key, iter((Variable(name, value, pair.at("Value")),)), pair, context)


def pipeline(scope: Scope, context: Context) -> Iterator[Fact]:
    """A pipeline; its manual approvals stand before the stages after them."""
    key = scope.resource.key
    yield from workload(scope, "codepipeline", "Name")
    yield system(scope, context, "codepipeline", "pipeline")
    yield from uses(scope, "RoleArn", context)
    stages = tuple(scope.each("Stages"))
    for index, stage in enumerate(stages):
        for action in stage.each("Actions"):
            if (action.text("ActionTypeId.Category") or action.text("category")) == "Approval":
                behind = tuple(later.text("Name") or "" for later in stages[index:])
                yield Gate(
                    subject=key,
                    kind="approval",
                    at=action.at("Name"),
                    covers=tuple(name for name in behind if name),
                    note="manual approval",
                )


LOWERINGS = {"AWS::CodeBuild::Project": project, "AWS::CodePipeline::Pipeline": pipeline}
