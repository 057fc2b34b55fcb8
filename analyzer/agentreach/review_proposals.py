"""The smaller policy: what a statement is when that goes which nothing declared calls for.

Only where something is certainly not needed, and where nobody else acts as the identity: what one agent can do without,
another may live on. Effect, Sid, resources and conditions stay as they are written; `…` stands for what only deployment
knows.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from agentreach.graph.spelling import spell
from agentreach.identity import RbacStatement, Statement
from agentreach.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from agentreach.graph.views import AgentView, Reach
    from agentreach.model import Key, Span

Judged = tuple[str, bool | None, "Reach"]
"""An action of a reach, and whether it is needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A smaller statement that still grants what is needed or may be; `statement` is JSON. `dropped`: not needed.

    An empty `statement`: nothing of it is needed.
    """

    identity: Key
    cause: str
    at: Span
    statement: str
    dropped: tuple[str, ...]

    @property
    def has_holes(self) -> bool:
        """Whether something of it is only known at deploy time."""
        return "…" in self.statement or "${" in self.statement


def proposals(judged: Iterable[Judged], view: AgentView, others: Iterable[AgentView] = ()) -> Iterator[Proposal]:
    """For each statement of which something is certainly not needed, the rest of it."""
    elsewhere = {identity.key for other in others if other.stands_alone for identity in other.identities}
    own = {identity.key for identity in view.identities if not identity.shared_by} - elsewhere
    grouped: dict[tuple[Key, str], list[Judged]] = {}
    for one in judged:
        if one[2].identity in own and _is_listed(one[2].statement):
            grouped.setdefault((one[2].identity, one[2].cause), []).append(one)
    for (identity, cause), several in sorted(grouped.items(), key=lambda item: item[0]):
        dropped = {action for action, needed, _ in several if needed is False}
        kept = {action for action, needed, _ in several if needed is not False}
        if dropped - kept:
            yield Proposal(
                identity=identity,
                cause=cause,
                at=several[0][2].evidence[0].at,
                statement=_rest(several[0][2].statement, sorted(kept)),
                dropped=tuple(sorted(dropped - kept)),
            )


def _is_listed(statement: object) -> bool:
    """Whether it names what it allows: the complement of a list has no smaller list."""
    if isinstance(statement, Statement):
        return bool(statement.actions) and not statement.not_resources and not statement.open
    return isinstance(statement, RbacStatement) and not statement.non_resource_urls


def _rest(statement: object, kept: Sequence[str]) -> str:
    if not kept:
        return ""
    document = _rule(statement, kept) if isinstance(statement, RbacStatement) else _statement(statement, kept)
    return json.dumps(document, ensure_ascii=False)


def _statement(statement: object, kept: Sequence[str]) -> dict[str, object]:
    if not isinstance(statement, Statement):
        return {}
    document: dict[str, object] = {} if statement.spot.startswith("#") else {"Sid": statement.spot}
    document |= {"Effect": "Allow", "Action": list(kept)}
    document["Resource"] = list(dict.fromkeys(map(spell, statement.resources)))
    conditions: dict[str, dict[str, list[str]]] = {}
    for one in statement.conditions:
        conditions.setdefault(one.operator, {})[one.key] = list(map(spell, one.values))
    return document | ({"Condition": conditions} if conditions else {})


def _rule(rule: RbacStatement, kept: Sequence[str]) -> dict[str, object]:
    """The verbs and resources of which something is left: as small as one rule can be."""
    pairs = [action.partition(" ") for action in kept]
    verbs, resources = {verb for verb, _, _ in pairs}, {resource for _, _, resource in pairs}
    document: dict[str, object] = {
        "apiGroups": list(rule.api_groups),
        "resources": [one for one in rule.resources if one in resources] or list(rule.resources),
    }
    if rule.resource_names:
        document["resourceNames"] = list(rule.resource_names)
    return document | {"verbs": [one for one in rule.verbs if one in verbs] or list(rule.verbs)}
