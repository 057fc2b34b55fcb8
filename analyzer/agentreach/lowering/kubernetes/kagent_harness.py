"""kagent's harnesses: environments of coding agents, driven from chat or by people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Aspect, SecretUse, Setting
from agentreach.lowering.kubernetes import containers
from agentreach.lowering.kubernetes.kagent import model_key
from agentreach.lowering.kubernetes.manifest import namespace, object_name, spec
from agentreach.lowering.kubernetes.pods import Pod
from agentreach.lowering.kubernetes.tools import declared
from agentreach.model import child, descend, elements, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.model import Resource, Value


def harness(resource: Resource, context: Context) -> Iterator[Fact]:
    """An AgentHarness or Harness: a coding agent's environment, driven from chat or by people."""
    yield declared(resource, "kagent-harness", context)
    body = spec(resource)
    for image in (
        found for path in ("image", "workload.image", "substrate.workloadImage") if (found := descend(body, path))
    ):
        yield containers.image_setting(resource.key, image)
    pod = Pod(at=resource.at, namespace=namespace(resource), containers=(body,) if body is not None else ())
    yield from containers.secret_uses(resource.key, pod, context)
    for variable in elements(child(body, "env")):
        name = descend(variable, "credentialRef.name")
        if name is not None:
            yield SecretUse(
                subject=resource.key,
                secret=object_name(namespace(resource), name),
                variable=string(child(variable, "name")) or "",
                at=variable.at,
            )
    for channel in elements(child(body, "channels")):
        yield from _channel(resource, channel)
    yield Setting(
        subject=resource.key,
        aspect=Aspect.CODE_EXECUTION,
        state=True,
        at=resource.at,
        note="a harness runs commands that the model writes",
    )
    yield from model_key(resource, context)


def _channel(resource: Resource, channel: Value) -> Iterator[Fact]:
    for kind in ("telegram", "slack"):
        options = child(channel, kind)
        for token in ("botToken", "appToken"):
            yield from _channel_token(resource, f"{kind} {token}", child(options, token))
        if options is not None and not _limits_people(options):
            yield Setting(
                subject=resource.key,
                aspect=Aspect.ANONYMOUS_INBOUND,
                state=True,
                at=options.at,
                note=f"anyone who can write to the {kind} channel drives the agent: no allowlist of users or channels",
            )


def _limits_people(options: Value) -> bool:
    named = ("allowedUserIDs", "allowedUserIDsFrom", "hermes.allowedUserIDs", "hermes.allowedUserIDsFrom")
    if any(elements(descend(options, path)) for path in named):
        return True
    return string(descend(options, "openclaw.channelAccess")) in {"allowlist", "disabled"}


def _channel_token(resource: Resource, name: str, token: Value | None) -> Iterator[Fact]:
    literal, secret = child(token, "value"), descend(token, "valueFrom.name")
    if literal is not None:
        yield from containers.literal_use(resource.key, f"{name} token", literal)
    elif token is not None and secret is not None:
        secret_name = object_name(namespace(resource), secret)
        yield SecretUse(subject=resource.key, secret=secret_name, variable=name, at=token.at)
