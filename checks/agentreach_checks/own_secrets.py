"""Which secrets are an agent's own, and which it merely reaches because nothing limits what it may read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import RbacStatement, Step
from agentreach.model import Key
from agentreach.named_tuples import NamedTuple
from agentreach_checks.statements import by_statement, each_place_once
from agentreach_checks.wording import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from agentreach.graph import AgentGraph
    from agentreach.graph.views import CredentialView, Reach
    from agentreach.identity import Evidence


def are_its_own(graph: AgentGraph, reach: Reach) -> bool:
    """Whether every secret reached is one that the agents' own workloads and tools are given."""
    given = {use.secret for entry in reach.entries for use in graph.secret_uses(entry)}
    held = {view.credential.key for entry in reach.entries for view in graph.credentials(entry)}
    own: set[Key | None] = {*given, *held}
    return not reach.wildcard_resource and bool(reach.systems) and all(one.key in own for one in reach.systems)


class Swept(NamedTuple):
    """Secrets that agents reach by one statement which names none of them: one cause, however many there are."""

    reach: Reach
    views: list[CredentialView]

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Every secret's own place, then the statement and its chain."""
        return each_place_once((*(view.evidence for view in self.views), self.reach.evidence))

    @property
    def names(self) -> str:
        """The secrets, each once."""
        return listed(_store(view).address for view in self.views)


class Divided(NamedTuple):
    """Credentials that agents were given, or that a statement names; and those that a statement sweeps up."""

    own: list[CredentialView]
    swept: list[Swept]


def divided(graph: AgentGraph, wanted: Callable[[CredentialView], bool]) -> Divided:
    """Keep apart what an agent holds and what it could read among much else."""
    sweeping = _sweeping(graph)
    own: list[CredentialView] = []
    swept: dict[tuple[Key, str], Swept] = {}
    for view in filter(wanted, graph.credentials()):
        reaches = sweeping.get(_store(view), ())
        if not reaches:
            own.append(view)
        for reach in reaches:
            swept.setdefault((reach.identity, reach.cause), Swept(reach, [])).views.append(view)
    return Divided(own, list(swept.values()))


def _store(view: CredentialView) -> Key:
    """The secret that a value is kept in."""
    owner = view.credential.owner
    return owner if isinstance(owner, Key) else view.credential.key


def _sweeping(graph: AgentGraph) -> Mapping[Key, Sequence[Reach]]:
    """The statements by which each declared secret is reached that no statement names and nobody is given."""
    swept: dict[Key, list[Reach]] = {}
    named = {use.secret for use in graph.secret_uses()}
    for reach in by_statement(graph, graph.reach(step=Step.SECRETS)):
        for system in reach.systems:
            if _names_none(reach):
                swept.setdefault(system.key, []).append(reach)
            else:
                named.add(system.key)
    return {key: reaches for key, reaches in swept.items() if key not in named}


def _names_none(reach: Reach) -> bool:
    rule = reach.statement
    return reach.wildcard_resource or (isinstance(rule, RbacStatement) and not rule.resource_names)
