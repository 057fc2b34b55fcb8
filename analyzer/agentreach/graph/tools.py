"""Tools with the identities they act as, and whether they change anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.graph.edges import RUNNERS
from agentreach.graph.gates import confirmation
from agentreach.graph.views import ToolView
from agentreach.identity import Agent, Confidence, Evidence, IdentityRelation, Step, Tool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from agentreach.graph.concern import Concern
    from agentreach.graph.identities import IdentityFinder
    from agentreach.graph.rows import Row
    from agentreach.graph.views import IdentityView
    from agentreach.graph.world import World
    from agentreach.model import Key

_OWN = {IdentityRelation.RUNS_AS, IdentityRelation.TOOL_ACTS_AS, IdentityRelation.FEDERATED, IdentityRelation.DELEGATED}
_HARMLESS = {"user-input"}


def tool_views(
    world: World, finder: IdentityFinder, concern: Concern, rows: Callable[[Key], Sequence[Row]]
) -> Iterator[ToolView]:
    """Every tool that some entry reaches."""
    for tool in world.index.of(Tool):
        owners = concern.owners(tool.key)
        users = tuple(key for key in owners if key != tool.key)
        if owners:
            yield _view(tool, users or owners, world, finder, concern, rows)


def _view(
    tool: Tool,
    entries: tuple[Key, ...],
    world: World,
    finder: IdentityFinder,
    concern: Concern,
    rows: Callable[[Key], Sequence[Row]],
) -> ToolView:
    acts_as = executor_identities(tool, finder)
    owners = world.directory.resolve(tool.agent, tool.key.root, RUNNERS)
    mutating, because = _mutating(tool, acts_as, rows)
    target = world.directory.resolve(tool.target, tool.key.root)
    return ToolView(
        tool=tool,
        agents=concern.named(entries),
        entries=entries,
        acts_as=acts_as,
        confirmation=confirmation(tool),
        mutating=mutating,
        because=because,
        target=target.keys[0] if target.keys else None,
        gates=world.gates.of_tool(tool, owners.keys),
        confidence=_confidence(because),
        highest=_highest(acts_as, rows),
    )


def executor_identities(tool: Tool, finder: IdentityFinder) -> tuple[IdentityView, ...]:
    """What a tool acts as itself: not what its identity could assume in turn."""
    entry = Agent(key=tool.key, name=tool.name, platform="", kind="tool", at=tool.at)
    return tuple(view for view in finder.of(entry) if view.relation in _OWN and not _passes_other_agent(view))


def _passes_other_agent(view: IdentityView) -> bool:
    return any(hop.relation in {"assumes", "collaborates"} for hop in view.hops)


def _mutating(
    tool: Tool, acts_as: Iterable[IdentityView], rows: Callable[[Key], Sequence[Row]]
) -> tuple[bool | None, tuple[Evidence, ...]]:
    if tool.executor in _HARMLESS:
        return False, ()
    acts_as = tuple(acts_as)
    for view in acts_as:
        for row in rows(view.key):
            if row.step >= Step.WRITE_DATA:
                return True, row.evidence
    declared = tuple(one for one in tool.operations if one.mutating)
    if declared:
        return True, tuple(Evidence(one.at, f"operation {one.name}") for one in declared)
    return _read_only(tool, acts_as), ()


def _read_only(tool: Tool, acts_as: tuple[IdentityView, ...]) -> bool | None:
    """False when the operations all say so, or the identity is known and only reads; else unknown."""
    known = [view for view in acts_as if view.declared and not view.unknown]
    names = {one.mutating for one in tool.operations}
    if names == {False} or (known and len(known) == len(acts_as) and None not in names):
        return False
    return None


def _confidence(because: tuple[Evidence, ...]) -> Confidence:
    named = any(one.note.startswith("operation ") for one in because)
    return Confidence.MEDIUM if named else Confidence.HIGH


def _highest(acts_as: Iterable[IdentityView], rows: Callable[[Key], Sequence[Row]]) -> Step | None:
    return max((row.step for view in acts_as for row in rows(view.key)), default=None)
