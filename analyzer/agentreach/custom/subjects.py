"""What a declarative check may be about, as JSON records with the agent they belong to."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from agentreach.identity import Confidence, Evidence
from agentreach.named_tuples import NamedTuple
from agentreach_reports import records

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from agentreach.graph import AgentGraph
    from agentreach.graph.views import AgentView
    from agentreach.model import Key

Json = dict[str, Any]
LISTS = {
    "identities": "identity",
    "credentials": "credential",
    "tools": "agent_tool",
    "reach": "reach",
    "gates": "gate",
}
ABOUT = ("agents", *LISTS)
DEEPEST = 3


class Subject(NamedTuple):
    """One record, and what a finding about it says."""

    record: Json
    key: Key
    cause: str
    evidence: tuple[Evidence, ...]
    agents: tuple[Key, ...]
    confidence: Confidence


def subjects(graph: AgentGraph, about: str) -> Iterator[Subject]:
    """Every record of a kind; one that concerns several agents once, with the first agent's fields."""
    seen: dict[tuple[Key, str], list[Key]] = {}
    found: list[Subject] = []
    for view in graph.agents:
        own = records.agent(graph, view)
        for one in READERS[about](graph, view):
            spot = (one.key, one.cause)
            if spot not in seen:
                seen[spot] = list(one.agents)
                record = own if about == "agents" else one.record | {"agent": own}
                found.append(one._replace(record=record))
    yield from found


def _named(view: AgentView) -> tuple[Key, ...]:
    return (view.key,) if view.stands_alone else view.used_by


def _agents(_graph: AgentGraph, view: AgentView) -> Iterator[Subject]:
    evidence = (Evidence(view.agent.at, "declared here"), *view.agent.because)
    yield Subject({}, view.key, "", evidence, _named(view), view.confidence)


def _identities(_graph: AgentGraph, view: AgentView) -> Iterator[Subject]:
    for one in view.identities:
        evidence = (Evidence(one.at, "identity"), *one.via)
        sure = min(one.confidence, view.confidence)
        yield Subject(records.identity(one), one.key, view.key.address, evidence, _named(view), sure)


def _credentials(graph: AgentGraph, view: AgentView) -> Iterator[Subject]:
    for one in graph.credentials(view.key):
        sure = min(one.confidence, view.confidence)
        yield Subject(records.credential(one), one.credential.key, one.credential.kind, one.evidence, one.agents, sure)


def _tools(_graph: AgentGraph, view: AgentView) -> Iterator[Subject]:
    for one in view.tools:
        evidence = (Evidence(one.tool.at, "tool declared here"), *one.because)
        yield Subject(records.tool(one), one.key, "", evidence, one.agents, min(one.confidence, view.confidence))


def _reach(graph: AgentGraph, view: AgentView) -> Iterator[Subject]:
    for one in graph.reach(agent=view.key):
        sure = min(one.confidence, view.confidence, Confidence.HIGH if one.certain else Confidence.MEDIUM)
        cause = f"{one.cause}/{one.step.label}/{one.service}"
        yield Subject(records.reach(one), one.identity, cause, one.evidence, one.agents, sure)


def _gates(_graph: AgentGraph, view: AgentView) -> Iterator[Subject]:
    for one in view.gates:
        evidence = (Evidence(one.at, one.note or f"{one.kind} gate"),)
        yield Subject(records.gate(one), one.subject, one.kind, evidence, _named(view), view.confidence)


READERS: dict[str, Callable[[AgentGraph, AgentView], Iterator[Subject]]] = {
    "agents": _agents,
    "identities": _identities,
    "credentials": _credentials,
    "tools": _tools,
    "reach": _reach,
    "gates": _gates,
}


@cache
def fields_of(about: str) -> frozenset[str]:
    """The fields that a condition may name, read from the published schema of the records."""
    agents = frozenset(_fields(_schema()["properties"]["agents"]))
    if about == "agents":
        return agents
    return frozenset(_fields({"$ref": f"#/$defs/{LISTS[about]}"})) | {f"agent.{name}" for name in agents}


@cache
def _schema() -> Json:
    text = files("agentreach_reports").joinpath("schemas", "scan-1.json").read_text(encoding="utf-8")
    schema: Json = json.loads(text)
    return schema


def _fields(shape: Json, prefix: str = "", depth: int = 0) -> Iterator[str]:
    """Dotted names of a shape's fields; those of lists of records are the fields of every record."""
    shape = _resolved(shape)
    for name, inner in shape.get("properties", {}).items():
        yield f"{prefix}{name}"
        if depth < DEEPEST:
            yield from _fields(inner, f"{prefix}{name}.", depth + 1)


def _resolved(shape: Json) -> Json:
    while True:
        if "$ref" in shape:
            shape = _schema()["$defs"][shape["$ref"].rpartition("/")[2]]
        elif "items" in shape:
            shape = shape["items"]
        elif "anyOf" in shape:
            shape = next((one for one in shape["anyOf"] if one.get("type") != "null"), {})
        else:
            return shape
