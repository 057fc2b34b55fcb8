"""The identity chain as a graph: agent → tools and identities → systems, for the page to lay out and draw.

Systems stand for what can be reached: one node for each identity, privilege step and service. An agent that reaches
very many shows the highest; the rest is one node that says how many there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agentreach.identity import Evidence, Step
from agentreach_reports.visible import visible
from agentreach_reports.wording import some

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from agentreach.graph.views import AgentView, Hop, Reach
    from agentreach.model import Key
    from agentreach.review import AgentReview

Record = dict[str, Any]
SYSTEMS_SHOWN = 24
Group = tuple["Key", Step, str]


def picture(one: AgentReview, places: Callable[[Iterable[Evidence]], list[Any]]) -> Record:
    """Nodes and edges; `places` turns evidence into what the page shows for it."""
    drawn = _Drawn(one.view, places)
    for identity in one.view.identities:
        for hop in identity.hops:
            drawn.hop(hop, gated=identity.standing)
    drawn.idle_tools(one.view)
    drawn.systems(one.reached)
    return {"nodes": list(drawn.nodes.values()), "edges": list(drawn.edges.values())}


class _Drawn:
    """The picture while it is made; everything once."""

    def __init__(self, view: AgentView, places: Callable[[Iterable[Evidence]], list[Any]]) -> None:
        self.places = places
        self.names = {one.key: (one.name, one.kind) for one in view.identities}
        self.highest = {one.key: one.highest for one in view.identities}
        self.tools = {one.key: one for one in view.tools}
        self.numbers: dict[object, int] = {}
        self.nodes: dict[int, Record] = {}
        self.edges: dict[tuple[int, int, str], Record] = {}
        self._node(view.key, "agent", view.name or view.key.address, view.agent.kind, view.agent.because)

    def _node(self, name: object, kind: str, label: str, below: str, evidence: Iterable[Evidence] = ()) -> int:
        number = self.numbers.setdefault(name, len(self.numbers))
        if number not in self.nodes:
            node = {"id": number, "kind": kind, "label": visible(label, 120), "below": visible(below, 120)}
            self.nodes[number] = node | {"places": self.places(evidence)}
        return number

    def _edge(
        self, origin: int, target: int, label: str, *, standing: bool | None, certain: bool, shown: list[Any]
    ) -> None:
        edge = {"from": origin, "to": target, "label": label, "standing": standing, "certain": certain, "places": shown}
        old = self.edges.setdefault((origin, target, label), edge)
        old["certain"] = old["certain"] or certain
        if old["standing"] is not True:
            old["standing"] = True if standing is True else old["standing"] if standing is False else standing

    def _thing(self, key: Key) -> int:
        """The node of whatever a hop names."""
        if key in self.numbers:
            return self.numbers[key]
        if key in self.tools:
            return self.tool(key)
        if key in self.names:
            name, kind = self.names[key]
            number = self._node(key, "identity", name or key.address, kind)
            highest = self.highest[key]
            self.nodes[number]["step"] = int(highest) if highest else 0
            return number
        return self._node(key, "workload", key.address, "")

    def hop(self, hop: Hop, *, gated: bool | None) -> None:
        """One edge of a chain."""
        origin, target = self._thing(hop.origin), self._thing(hop.target)
        shown = self.places(hop.evidence)
        label = hop.relation.replace("-", " ")
        self._edge(origin, target, label, standing=gated, certain=hop.certain, shown=shown)

    def tool(self, key: Key) -> int:
        """A tool, whether or not it acts as an identity."""
        view = self.tools[key]
        asks = {True: "asks for confirmation", False: "asks nobody", None: "confirmation unknown"}[view.confirmation]
        return self._node(
            key, "tool", view.tool.name or key.address, f"{view.executor or 'tool'}, {asks}", view.because
        )

    def idle_tools(self, view: AgentView) -> None:
        """Tools that no chain leads through, because nothing declares whom they act as."""
        agent, linked = self.numbers[view.key], {target for _, target, _ in self.edges}
        for tool in view.tools:
            number = self.tool(tool.key)
            if number not in linked and number != agent:
                places = self.places([Evidence(tool.tool.at, "the tool")])
                self._edge(agent, number, "uses tool", standing=True, certain=True, shown=places)

    def systems(self, reached: Sequence[Reach]) -> None:
        """What the identities reach, the highest steps first."""
        grouped: dict[Group, list[Reach]] = {}
        for reach in reached:
            grouped.setdefault((reach.identity, reach.step, reach.service), []).append(reach)
        ordered = sorted(grouped, key=lambda one: (-one[1], all(r.standing is False for r in grouped[one]), one))
        for group in ordered[:SYSTEMS_SHOWN]:
            self._system(group, grouped[group])
        rest: dict[Key, list[Group]] = {}
        for group in ordered[SYSTEMS_SHOWN:]:
            rest.setdefault(group[0], []).append(group)
        for identity, groups in rest.items():
            self._rest(identity, groups, [one for group in groups for one in grouped[group]])

    def _system(self, group: Group, found: list[Reach]) -> None:
        identity, step, service = group
        label = "any service" if service == "*" else service
        number = self._node(group, "system", label, _what(found))
        self.nodes[number] |= {"step": int(step), "production": any(one.production for one in found)}
        self._reaches(identity, number, step.label, found)

    def _rest(self, identity: Key, groups: list[Group], found: list[Reach]) -> None:
        highest = max(step for _, step, _ in groups)
        label = some(len(groups), "more service")
        number = self._node((identity, "rest"), "system", label, f"up to {highest.label}, see the table")
        self.nodes[number] |= {"step": int(highest), "production": any(one.production for one in found)}
        self._reaches(identity, number, "reaches", found)

    def _reaches(self, identity: Key, number: int, label: str, found: list[Reach]) -> None:
        standing = _standing(found)
        places = [place for one in found[:8] for place in self.places(one.evidence[:1])]
        certain = any(one.certain for one in found)
        self._edge(self._thing(identity), number, label, standing=standing, certain=certain, shown=places)


def _standing(found: Iterable[Reach]) -> bool | None:
    """The worst of several: held all the time, perhaps, or never without a gate."""
    states = {one.standing for one in found}
    return True if True in states else None if None in states else False


def _what(found: list[Reach]) -> str:
    names = list(dict.fromkeys(system.key.address for one in found for system in one.systems))
    names = names or list(dict.fromkeys(text for one in found for text in one.resources))
    if any(one.wildcard_resource for one in found):
        return "any resource"
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    if names == ["…"]:
        return "known only at deploy time"
    return f"{names[0]}{more}" if names else "resources"
