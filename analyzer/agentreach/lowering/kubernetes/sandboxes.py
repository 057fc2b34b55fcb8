"""agent-sandbox: isolated pods for code that agents run (agents.x-k8s.io).

A template mounts no account token and gets a network policy that allows the public internet only; a
bare Sandbox gets neither. Source: github.com/kubernetes-sigs/agent-sandbox.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import AgentLink, Aspect, Role, Setting
from agentreach.lowering.kubernetes import containers
from agentreach.lowering.kubernetes.durations import is_point_in_time
from agentreach.lowering.kubernetes.manifest import Target, key_at, link, namespace, spec
from agentreach.lowering.kubernetes.network import opening_rule
from agentreach.lowering.kubernetes.pods import from_template
from agentreach.lowering.kubernetes.tools import declared
from agentreach.lowering.kubernetes.workloads import pod_facts
from agentreach.model import Scalar, child, elements, string
from agentreach.records import replace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.model import Resource, Value

GROUP = "extensions.agents.x-k8s.io"


def sandbox(resource: Resource, context: Context) -> Iterator[Fact]:
    """A bare Sandbox: everything that any pod inherits."""
    yield from _entry(resource, context)
    for pod in from_template(child(spec(resource), "podTemplate"), resource):
        yield from pod_facts(resource.key, pod, resource.at, context)
    yield from _end(resource, spec(resource))


def _end(resource: Resource, lifecycle: Value | None) -> Iterator[Fact]:
    end = child(lifecycle, "shutdownTime")
    if end is not None:
        state = True if is_point_in_time(end) else None
        policy = string(child(lifecycle, "shutdownPolicy")) or "Retain"
        yield Setting(
            subject=resource.key, aspect=Aspect.BOUNDED_RUN, state=state, at=end.at, note=f"then {policy.lower()}"
        )


def template(resource: Resource, context: Context) -> Iterator[Fact]:
    """A SandboxTemplate: the controller's own secure defaults, unless it is told otherwise."""
    yield from _entry(resource, context)
    managed = string(child(spec(resource), "networkPolicyManagement")) != "Unmanaged"
    for pod in from_template(child(spec(resource), "podTemplate"), resource):
        secured = pod if pod.automount is not None else replace(pod, automount=Scalar(value=False, at=pod.at))
        for fact in pod_facts(resource.key, secured, resource.at, context):
            is_egress = isinstance(fact, Setting) and fact.aspect is Aspect.UNRESTRICTED_EGRESS
            yield _managed_egress(resource) if managed and is_egress else fact


def _entry(resource: Resource, context: Context) -> Iterator[Fact]:
    yield declared(resource, "agent-sandbox", context, Role.TOOL)
    yield Setting(
        subject=resource.key,
        aspect=Aspect.CODE_EXECUTION,
        state=True,
        at=resource.at,
        note="runs code that a model writes",
    )


def _managed_egress(resource: Resource) -> Setting:
    policy = child(spec(resource), "networkPolicy")
    if policy is None:
        return Setting(
            subject=resource.key,
            aspect=Aspect.UNRESTRICTED_EGRESS,
            state=True,
            at=resource.at,
            note="the controller's own policy allows the whole public internet",
            defaulted=True,
        )
    opened = opening_rule(child(policy, "egress"))
    return Setting(
        subject=resource.key,
        aspect=Aspect.UNRESTRICTED_EGRESS,
        state=opened is not None,
        at=key_at(policy, "egress", policy.at) if opened is None else opened.at,
        note="limited by the template's own network policy" if opened is None else "a rule allows every address",
    )


def claim(resource: Resource, context: Context) -> Iterator[Fact]:
    """A SandboxClaim: a sandbox made from a template."""
    yield declared(resource, "agent-sandbox", context, Role.TOOL)
    for field, kind in (("sandboxTemplateRef", "SandboxTemplate"), ("warmPoolRef", "SandboxWarmPool")):
        name = child(child(spec(resource), field), "name")
        if name is not None:
            other = link(Target(GROUP, kind, namespace(resource), name), resource.key.root, context)
            yield AgentLink(agent=resource.key, other=other, relation="made-from", at=name.at)
    for variable in elements(child(spec(resource), "env")):
        value = child(variable, "value")
        if value is not None:
            yield from containers.literal_use(resource.key, string(child(variable, "name")) or "", value)
    yield from _end(resource, child(spec(resource), "lifecycle"))


def warm_pool(resource: Resource, context: Context) -> Iterator[Fact]:
    """A SandboxWarmPool: sandboxes kept ready."""
    yield declared(resource, "agent-sandbox", context, Role.TOOL)
    name = child(child(spec(resource), "sandboxTemplateRef"), "name")
    if name is not None:
        other = link(Target(GROUP, "SandboxTemplate", namespace(resource), name), resource.key.root, context)
        yield AgentLink(agent=resource.key, other=other, relation="made-from", at=name.at)
