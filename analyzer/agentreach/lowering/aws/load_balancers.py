"""Who may call what stands behind a load balancer: its listeners' rules, and whether one of them asks callers first.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Aspect, Setting
from agentreach.lowering.arns import scope_of
from agentreach.lowering.aws.dialect import canonical
from agentreach.lowering.aws.pieces import executed
from agentreach.lowering.callers import asked, unasked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Key, Resource

_ASKING = frozenset({"authenticate-oidc", "authenticate-cognito", "jwt-validation"})
_RUNNING = frozenset({"AWS::Lambda::Function", "AWS::ECS::TaskDefinition"})
_NAMING = {"AWS::ECS::Service": "TaskDefinition", "aws_lb_target_group_attachment": "TargetId"}
"""What puts something behind a target group, and the attribute that names it."""


def listener(scope: Scope, context: Context) -> Iterator[Fact]:
    """What a listener forwards to when no rule applies."""
    yield from _forwarded(scope, scope, "DefaultActions", context)


def rule(scope: Scope, context: Context) -> Iterator[Fact]:
    """What a rule of a listener forwards to."""
    declared = context.lookup(scope.get("ListenerArn"))
    if declared is not None:
        yield from _forwarded(scope, scope_of(declared), "Actions", context)


def _forwarded(scope: Scope, listening: Scope, path: str, context: Context) -> Iterator[Fact]:
    balancer = context.lookup(listening.get("LoadBalancerArn"))
    if balancer is None or not _is_public(scope_of(balancer)):
        return
    actions = list(scope.each(path))
    asks = any(one.text("Type") in _ASKING for one in actions) or _is_mutual(listening)
    for action in actions:
        for group in _groups(action, context):
            for subject in _behind(group, context):
                note = f"{balancer.key.address} forwards to {group.key.address}"
                yield Setting(subject=subject, aspect=Aspect.PUBLIC_NETWORK, state=True, at=action.place, note=note)
                if asks:
                    yield asked(subject, action.place, f"{note} and asks callers who they are")
                else:
                    yield unasked(subject, action.place, f"{note} and authenticates nobody")
                if listening.text("Protocol") == "HTTP":
                    at = listening.at("Protocol")
                    yield Setting(subject=subject, aspect=Aspect.PLAINTEXT_INBOUND, state=True, at=at, note=note)


def _is_public(balancer: Scope) -> bool:
    """Internet-facing is the default of both languages."""
    return balancer.flag("Internal") is not True and balancer.text("Scheme") != "internal"


def _is_mutual(listening: Scope) -> bool:
    return listening.text("MutualAuthentication.Mode") == "verify"


def _groups(action: Scope, context: Context) -> Iterator[Resource]:
    weighted = [*action.each("ForwardConfig.TargetGroups"), *action.each("Forward.TargetGroup")]
    named = [*action.values("TargetGroupArn"), *(one.get("TargetGroupArn") or one.get("Arn") for one in weighted)]
    for value in named:
        group = context.lookup(value)
        if group is not None:
            yield group


def _behind(group: Resource, context: Context) -> Iterator[Key]:
    """The functions and tasks that are targets of a group."""
    named = [target.get("Id") for target in scope_of(group).each("Targets")]
    for resource in context.mentions(group.key):
        attribute = _NAMING.get(canonical(resource.type))
        if attribute is not None:
            named.append(scope_of(resource).get(attribute))
    for value in named:
        found = None if value is None else context.lookup(executed(value, context))
        if found is not None and canonical(found.type) in _RUNNING:
            yield found.key


LOWERINGS = {
    "AWS::ElasticLoadBalancingV2::Listener": listener,
    "AWS::ElasticLoadBalancingV2::ListenerRule": rule,
}
