"""Bedrock flows: a fixed order of prompts, agents, functions and code, run with one role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import AgentLink, Aspect, Setting, Tool
from agentreach.lowering.aws.agent_parts import declared, linked
from agentreach.lowering.aws.bedrock_agents import behind
from agentreach.lowering.aws.pieces import placed, uses
from agentreach.model import Key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope


def flow(scope: Scope, context: Context) -> Iterator[Fact]:
    """A flow and its nodes."""
    yield from declared(scope, context, "bedrock-flow", "Name", service="bedrock")
    yield from uses(scope, "ExecutionRoleArn", context)
    nodes = tuple(scope.each("Definition.Nodes"))
    for index, node in enumerate(nodes):
        yield from _node(node, node.text("Name") or f"#{index}", context)
    yield from _guardrail(scope, nodes)


def _node(node: Scope, name: str, context: Context) -> Iterator[Fact]:
    key = node.resource.key
    for value in node.values("Configuration.Agent.AgentAliasArn"):
        place = node.at("Configuration.Agent.AgentAliasArn")
        yield AgentLink(agent=key, other=behind(value, context), relation="collaborates", at=place)
    for value in node.values("Configuration.LambdaFunction.LambdaArn"):
        yield Tool(
            key=Key(key.root, f"{key.address}.{name}"),
            agent=key,
            name=name,
            executor="lambda",
            at=node.at("Configuration.LambdaFunction.LambdaArn"),
            target=placed(value, node.at("Configuration.LambdaFunction.LambdaArn")),
            confirmation=False,
            confirmable=False,
        )
    if node.has("Configuration.InlineCode"):
        place = node.at("Configuration.InlineCode")
        yield Setting(subject=key, aspect=Aspect.CODE_EXECUTION, state=True, at=place, note=f"inline code node {name}")
    yield from linked(node, "Configuration.KnowledgeBase.KnowledgeBaseId", "uses-knowledge-base")


_GUARDRAIL = "GuardrailConfiguration"


def _guardrail(scope: Scope, nodes: tuple[Scope, ...]) -> Iterator[Fact]:
    """Every prompt and knowledge base node names its own guardrail."""
    asking = [
        (node, path)
        for node in nodes
        for path in ("Configuration.Prompt", "Configuration.KnowledgeBase")
        if node.has(path)
    ]
    without = [
        (node, path) for node, path in asking if not node.has(f"{path}.{_GUARDRAIL}") and not node.has(_GUARDRAIL)
    ]
    if asking:
        node, path = (without or asking)[0]
        yield Setting(
            subject=scope.resource.key,
            aspect=Aspect.GUARDRAIL,
            state=not without,
            at=node.at(f"{path}.{_GUARDRAIL}", path),
            note=f"node {node.text('Name') or ''} has none" if without else "",
            defaulted=bool(without),
        )


def nothing(_scope: Scope, _context: Context) -> Iterator[Fact]:
    """A prompt acts with the identity of whoever uses it."""
    return iter(())


LOWERINGS = {"AWS::Bedrock::Flow": flow, "AWS::Bedrock::Prompt": nothing}
