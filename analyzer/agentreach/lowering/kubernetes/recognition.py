"""Signs that a workload's pods are an agent, or serve an agent's tools."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Agent, Confidence, Evidence, Role, Signal, Strength
from agentreach.lowering import signal_words, signals
from agentreach.lowering.kubernetes import containers
from agentreach.lowering.kubernetes.accounts import CLOUD_IDENTITIES
from agentreach.lowering.kubernetes.manifest import annotations_of, key_at, kind, labels_of, name_at, namespace, tags
from agentreach.lowering.kubernetes.tools import is_behind_a_server
from agentreach.model import Scalar, child, descend, string

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.kubernetes.pods import Pod
    from agentreach.model import Resource, Value

_NAME_LABELS = ("app", "name", "app.kubernetes.io/name", "app.kubernetes.io/instance", "k8s-app")
_COMMANDS = {
    "claude": "claude-code",
    "@anthropic-ai/claude-code": "claude-code",
    "@openai/codex": "codex",
    "@google/gemini-cli": "gemini-cli",
    "openclaw": "openclaw",
    "aider": "aider",
    "goose": "goose",
    "langgraph": "langgraph",
    "crewai": "crewai",
    "n8n": "n8n",
    "openhands": "openhands",
}


def recognise(resource: Resource, pods: Sequence[Pod], context: Context) -> Iterator[Fact]:
    """An MCP server proved by two kinds of sign is a tool; else every sign there is, for the graph to weigh.

    Nothing when a declared MCP server stands for the workload.
    """
    found = _independent(list(_signals(resource, pods, context)), pods)
    if [one.kind for one in found] == ["name"] and signals.says_only_agent(resource.name):
        # What the account may do could be the second sign; without a cloud identity nothing can.
        found = found if any(_is_federated(pod, resource.key.root, context) for pod in pods) else []
    images = [string(child(container, "image")) or "" for pod in pods for container in pod.containers]
    if is_behind_a_server(resource.key, context):
        return
    if any(signals.is_mcp_image(image) for image in images) and _serves_tools(resource, found, pods, context):
        yield _tool_server(resource, found)
    else:
        yield from found


def _independent(found: list[Signal], pods: Sequence[Pod]) -> list[Signal]:
    """Without the signs that only repeat the image: `ai-gateway` of the image `ai-gateway` says one thing."""
    if not any(one.kind == "image" for one in found):
        return found
    paths = [
        signals.repository(string(child(container, "image")) or "") for pod in pods for container in pod.containers
    ]
    return [
        one
        for one in found
        if one.kind not in {"name", "label"} or not any(signals.repeats(one.detail, path) for path in paths)
    ]


def _is_federated(pod: Pod, root: str, context: Context) -> bool:
    name = pod.account or Scalar(pod.unnamed_account, pod.at)
    declared = containers.find("v1/ServiceAccount", name, pod.namespace, root, context)
    return declared is not None and any(name in annotations_of(declared) for name in CLOUD_IDENTITIES)


def _serves_tools(resource: Resource, found: list[Signal], pods: Sequence[Pod], context: Context) -> bool:
    said = (resource.name, *labels_of(resource).values(), *(text for pod in pods for text in pod.labels.values()))
    if any("mcp" in text.lower().replace("_", "-").split("-") for text in said):
        return True
    names = {variable.name for pod in pods for variable in _variables(resource, pod, context)}
    decisive = any(signal.strength is Strength.DECISIVE for signal in found)
    return not decisive and bool(names & signal_words.MCP_CREDENTIALS)


def _tool_server(resource: Resource, found: list[Signal]) -> Agent:
    return Agent(
        key=resource.key,
        name=resource.name,
        platform="kubernetes",
        kind="mcp-server",
        at=resource.at,
        role=Role.TOOL,
        confidence=Confidence.MEDIUM,
        because=tuple(Evidence(signal.at, signal.detail) for signal in found),
        tags=tags(resource),
    )


def _signals(resource: Resource, pods: Sequence[Pod], context: Context) -> Iterator[Signal]:
    seen: set[tuple[str, str]] = set()
    for signal in _all(resource, pods, context):
        if (signal.kind, signal.detail) not in seen:
            seen.add((signal.kind, signal.detail))
            yield signal


def _all(resource: Resource, pods: Sequence[Pod], context: Context) -> Iterator[Signal]:
    yield from _of_name(resource)
    yield from _of_labels(resource, descend(resource.attributes, "metadata.labels"), labels_of(resource))
    for pod in pods:
        yield from _of_labels(resource, None, pod.labels)
        for container in pod.containers:
            yield from _of_image(resource, container)
            yield from _of_command(resource, container)
        for variable in _variables(resource, pod, context):
            sign = signals.of_variable(variable.name)
            if sign is not None:
                yield Signal(
                    subject=resource.key,
                    kind="environment",
                    strength=sign.strength,
                    detail=sign.detail,
                    at=variable.at,
                )


def _variables(resource: Resource, pod: Pod, context: Context) -> Iterator[containers.Variable]:
    for container in pod.containers:
        yield from containers.variables(container, namespace(resource), resource.key.root, context)


def _of_name(resource: Resource) -> Iterator[Signal]:
    sign = signals.of_name(resource.name)
    if sign is not None:
        yield Signal(
            subject=resource.key, kind="name", strength=sign.strength, detail=sign.detail, at=name_at(resource)
        )


def _of_labels(resource: Resource, owner: Value | None, said: dict[str, str]) -> Iterator[Signal]:
    """Labels that only repeat the object's name are no sign of their own."""
    for key, value in said.items():
        repeats = key in _NAME_LABELS and (value in resource.name or resource.name in value)
        sign = None if repeats else signals.of_label(key, value)
        if sign is not None:
            at = key_at(owner, key, resource.at)
            yield Signal(subject=resource.key, kind="label", strength=sign.strength, detail=sign.detail, at=at)


def _of_image(resource: Resource, container: Value) -> Iterator[Signal]:
    image = child(container, "image")
    sign = signals.of_image(string(image) or "")
    if image is not None and sign is not None:
        yield Signal(subject=resource.key, kind="image", strength=sign.strength, detail=sign.detail, at=image.at)


def _of_command(resource: Resource, container: Value) -> Iterator[Signal]:
    for word in containers.words(container):
        product = _COMMANDS.get(word.rpartition("/bin/")[2].partition("@latest")[0])
        if product is not None:
            yield Signal(
                subject=resource.key,
                kind="command",
                strength=Strength.STRONG,
                detail=f"{kind(resource)} runs {product}",
                at=container.at,
            )
