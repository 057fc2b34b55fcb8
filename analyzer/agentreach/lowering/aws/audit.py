"""Is what an agent does written down? Model invocation logs, and logs delivered for a resource.

Neither is an attribute of the agent: invocation logging is one setting per account and region, delivery is a
resource that refers to the agent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Aspect, Setting
from agentreach.lowering.aws.dialect import canonical

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Resource

_INVOCATIONS = ("aws_bedrock_model_invocation_logging_configuration",)
_DELIVERIES = ("aws_cloudwatch_log_delivery_source", "AWS::Logs::DeliverySource")


def audit(scope: Scope, context: Context, *, model_invocations: bool) -> Iterator[Fact]:
    """Whether a log of the agent is declared anywhere in the scanned code."""
    recorder = _recorder(scope.resource, context, model_invocations=model_invocations)
    missing = "no model invocation log is declared" if model_invocations else "no log delivery is declared"
    yield Setting(
        subject=scope.resource.key,
        aspect=Aspect.AUDIT_LOG,
        state=recorder is not None,
        at=scope.resource.at if recorder is None else recorder.at,
        note=missing if recorder is None else "",
        defaulted=recorder is None,
    )


def _recorder(resource: Resource, context: Context, *, model_invocations: bool) -> Resource | None:
    if model_invocations:
        invocations = context.of_type(*_INVOCATIONS)
        if invocations:
            return invocations[0]
    if not context.of_type(*_DELIVERIES):
        return None
    return next((one for one in _mentioning(resource, context) if one.type in _DELIVERIES), None)


def _mentioning(resource: Resource, context: Context) -> Iterator[Resource]:
    """What refers to the agent, or to an alias of it: logs are delivered for either."""
    for one in context.mentions(resource.key):
        yield one
        if canonical(one.type) == "AWS::Bedrock::AgentAlias":
            yield from context.mentions(one.key)
