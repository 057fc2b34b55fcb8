"""What must say yes at request time, and for which tools and agents it does."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from agentreach.graph.resolve import root_of
from agentreach.graph.views import GateView
from agentreach.identity import Agent, Gate, Principal, Tool, Workload
from agentreach.records import replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from agentreach.graph.index import FactIndex
    from agentreach.graph.resolve import Directory
    from agentreach.graph.views import ToolView
    from agentreach.identity import Operation
    from agentreach.model import Key, Span

RETURN_CONTROL = "return-control"
GUARDED = (Tool, Agent, Workload, Principal)
_ON_TOOLS = {"confirmation", "policy-engine", "interceptor", "hook", "approval", "admission"}
_ON_CALLS = {"policy-engine", "interceptor"}
_ON_EVERYTHING = {"approval"}
"""An approval of the agent itself covers what it does with its own role too; the others cover its tools."""


class GateBook:
    """All gates, by what they guard."""

    __slots__ = ("by_subject",)

    def __init__(self, index: FactIndex, directory: Directory) -> None:
        self.by_subject: defaultdict[Key, list[GateView]] = defaultdict(list)
        for gate in index.of(Gate):
            match = directory.resolve(gate.subject, root_of(gate.subject), GUARDED)
            for subject in match.keys:
                self.by_subject[subject].append(_view(gate, subject, certain=match.certain))

    def of(self, subject: Key) -> tuple[GateView, ...]:
        """Everything declared to guard this subject, whether or not it holds."""
        return tuple(self.by_subject.get(subject, ()))

    def of_entry(self, subject: Key) -> tuple[GateView, ...]:
        """Gates that cover whatever the subject does."""
        return tuple(gate for gate in self.of(subject) if gate.kind in _ON_EVERYTHING and not gate.covers)

    def of_server(self, subject: Key) -> tuple[GateView, ...]:
        """Gates that decide on every call which reaches a server or gateway, whoever makes it."""
        return tuple(gate for gate in self.of(subject) if gate.kind in _ON_CALLS and not gate.covers)

    def of_tool(self, tool: Tool, owners: Iterable[Key]) -> tuple[GateView, ...]:
        """Gates that cover the use of a tool: its own, and those of the agents or gateways that offer it."""
        found = [gate for gate in self.of(tool.key) if gate.kind in _ON_TOOLS]
        for owner in owners:
            found += [gate for gate in self.of(owner) if gate.kind in _ON_TOOLS and _covers(gate, tool)]
        if confirmation(tool) is True:
            found.append(GateView(kind="confirmation", subject=tool.key, at=tool.at, note="confirmation is required"))
        return tuple(dict.fromkeys(_for(gate, tool) for gate in found))


def confirmation(tool: Tool) -> bool | None:
    """Whether every mutating function requires confirmation.

    None when the schema is elsewhere, and when the caller executes the tool: then the caller decides.
    """
    if tool.executor == RETURN_CONTROL:
        return None
    mutating = [operation for operation in tool.operations if operation.mutating is not False]
    answers = {_answer(operation, tool) for operation in mutating}
    if not answers:
        return tool.confirmation
    if False in answers:
        return False
    return None if None in answers else True


def _answer(operation: Operation, tool: Tool) -> bool | None:
    return tool.confirmation if operation.confirmation is None else operation.confirmation


def declared_gates(gates: Iterable[GateView], tools: Iterable[ToolView]) -> tuple[GateView, ...]:
    """Each gate where it is written, once: operations that ask stand for the tool that asks because they do."""
    found: dict[tuple[str, Key, Span], GateView] = {}
    for gate in gates:
        if gate.gate is not None or gate.kind != "confirmation":
            found.setdefault((gate.kind, gate.subject, gate.at), gate)
    asked = {name for gate in found.values() for name in gate.covers}
    for view in tools:
        for gate in _asking(view.tool):
            if asked.isdisjoint(gate.covers):
                found.setdefault((gate.kind, gate.subject, gate.at), gate)
    return tuple(found.values())


def _asking(tool: Tool) -> Iterator[GateView]:
    """The confirmations that a tool's declaration asks for; a caller who executes it may be one, or may not."""
    if tool.executor == RETURN_CONTROL:
        covers = tuple(one.name for one in tool.operations)
        yield GateView(kind=RETURN_CONTROL, subject=tool.key, at=tool.at, covers=covers, holds=None, note=tool.note)
    for one in tool.operations:
        if one.confirmation:
            yield GateView(kind="confirmation", subject=tool.key, at=one.at, covers=(one.name,))
    if tool.confirmation and not tool.operations:
        yield GateView(kind="confirmation", subject=tool.key, at=tool.at)


def holds(gates: Iterable[GateView]) -> bool | None:
    """True when one of them fails closed, None when one might, False when nothing stands in the way."""
    answers = {gate.holds for gate in gates}
    if True in answers:
        return True
    return None if None in answers else False


def _covers(gate: GateView, tool: Tool) -> bool:
    """A gate that names some functions of a tool covers the tool only if it names all that may change something."""
    covered = set(gate.covers)
    if not covered or not covered.isdisjoint({tool.name, tool.key.address}):
        return True
    mutating = {operation.name for operation in tool.operations if operation.mutating is not False}
    return bool(mutating) and mutating <= covered


def _for(gate: GateView, tool: Tool) -> GateView:
    """The gate as it guards a tool: what only reads may be left free."""
    reading = {one.name for one in tool.operations if one.mutating is False and one.confirmation is not True}
    asked = set(gate.covers)
    if gate.kind != "confirmation" or not reading or not asked.isdisjoint({tool.name, tool.key.address}):
        return gate
    return gate if reading <= asked else replace(gate, passes_reads=True)


def _view(gate: Gate, subject: Key, *, certain: bool) -> GateView:
    return GateView(
        kind=gate.kind,
        subject=subject,
        at=gate.at,
        note=gate.note,
        covers=gate.covers,
        holds=gate.fails_closed if certain else (None if gate.fails_closed else gate.fails_closed),
        gate=gate,
    )
