"""The smaller policy: what a statement is when that goes which nothing declared calls for.

Only where something is certainly not needed, and where nobody else acts as the identity: what one agent can do without,
another may live on. Effect, Sid, resources and conditions stay as they are written; `…` stands for what only deployment
knows. A predefined role of Google or Azure gives way to the smaller one that does, at the things that are used.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from agentreach.graph.spelling import spell
from agentreach.identity import IdentityRelation, RbacStatement, RoleAssignment, Statement
from agentreach.model import Scalar, string
from agentreach.named_tuples import NamedTuple
from agentreach.records import dataclass
from agentreach.remedies.bindings import assigned_at
from agentreach.remedies.edits import ByHand
from agentreach.remedies.narrowing import Written, around_role, narrowed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from agentreach.graph.needs import Need
    from agentreach.graph.views import AgentView, Reach
    from agentreach.model import Key, Span

_ITS_OWN = frozenset({IdentityRelation.RUNS_AS, IdentityRelation.TOOL_ACTS_AS, IdentityRelation.FEDERATED})
"""What is assumed, delegated or the node's has other users too, whom the agent's needs say nothing about."""
_MANAGED = "is the provider's own: detach it, and attach this instead"


class Judged(NamedTuple):
    """An action of a reach, and whether it is needed."""

    action: str
    need: Need
    reach: Reach


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A smaller statement that still grants what is needed or may be; `statement` is JSON. `dropped`: not needed.

    An empty `statement`: nothing of it is needed. `written`: the same in the words of the file, as far as the file
    writes a list there; else `by_hand` says what to do.
    """

    identity: Key
    cause: str
    at: Span
    statement: str
    dropped: tuple[str, ...]
    written: tuple[Written, ...] = ()
    by_hand: str = ""

    @property
    def has_holes(self) -> bool:
        """Whether something of it is only known at deploy time."""
        return "…" in self.statement or "${" in self.statement


Spared = Mapping[tuple[str, int], "set[str]"]
"""By the place of a statement, what of it stays for another identity: a module writes it once for several of them."""


def place_of(reach: Reach) -> tuple[str, int]:
    """Where the statement of a reach stands."""
    at = reach.evidence[0].at
    return at.source.path, at.start


def proposals(
    judged: Iterable[Judged], view: AgentView, others: Iterable[AgentView] = (), spared: Spared | None = None
) -> Iterator[Proposal]:
    """For each statement of which something is certainly not needed, the rest of it."""
    elsewhere = {identity.key for other in others if other.stands_alone for identity in other.identities}
    alone = (one for one in view.identities if one.relation in _ITS_OWN and not one.shared_by)
    own = {identity.key for identity in alone} - elsewhere
    grouped: dict[tuple[Key, str], list[Judged]] = {}
    for one in judged:
        if one.reach.identity in own and _is_listed(one.reach.statement):
            grouped.setdefault((one.reach.identity, one.reach.cause), []).append(one)
    for (identity, cause), several in sorted(grouped.items(), key=lambda item: item[0]):
        needed = (spared or {}).get(place_of(several[0].reach), set())
        replacing = {action: left for action, left in _replacing(several).items() if action not in needed}
        if replacing:
            yield _proposal(identity, cause, several, replacing)


def _is_listed(statement: object) -> bool:
    """Whether it names what it allows: the complement of a list has no smaller list."""
    if isinstance(statement, Statement):
        return bool(statement.actions) and not statement.not_resources and not statement.open
    if isinstance(statement, RbacStatement):
        return not statement.non_resource_urls
    return isinstance(statement, RoleAssignment)


def _replacing(several: Sequence[Judged]) -> dict[str, tuple[str, ...]]:
    """What each name that is not called for, or not wholly, gives way to.

    A pattern has a part of its own at every step: what is left of it is what is left of all of them.
    """
    parts: dict[str, list[Judged]] = {}
    for one in several:
        parts.setdefault(one.action, []).append(one)
    return {
        action: tuple(dict.fromkeys(name for part in own for name in _left(part)))
        for action, own in parts.items()
        if any(part.need.answer is False or part.need.left for part in own)
    }


def _left(part: Judged) -> tuple[str, ...]:
    if part.need.answer is False or part.need.left:
        return part.need.left
    return part.reach.names if "*" in part.action else (part.action,)


def _proposal(
    identity: Key, cause: str, several: Sequence[Judged], replacing: Mapping[str, tuple[str, ...]]
) -> Proposal:
    reach = several[0].reach
    kept = dict.fromkeys(name for one in several for name in replacing.get(one.action, (one.action,)))
    written, by_hand = _in_the_file(several, replacing) if kept else ((), "")
    return Proposal(
        identity=identity,
        cause=cause,
        at=reach.evidence[0].at,
        statement=_rest(reach, list(kept), several[0].need.places),
        dropped=tuple(sorted(set(replacing) - set(kept))),
        written=written,
        by_hand=by_hand,
    )


# In the words of the file --------------------------------------------------------------------------------------


def _in_the_file(
    several: Sequence[Judged], replacing: Mapping[str, tuple[str, ...]]
) -> tuple[tuple[Written, ...], str]:
    reach = several[0].reach
    if reach.managed and not isinstance(reach.statement, RoleAssignment):
        return (), f"{reach.managed} {_MANAGED}"
    try:
        return tuple(dict.fromkeys(_written(several, replacing))), ""
    except ByHand as reason:
        return (), str(reason)


def _written(several: Sequence[Judged], replacing: Mapping[str, tuple[str, ...]]) -> Iterator[Written]:
    statement = several[0].reach.statement
    if isinstance(statement, RbacStatement):
        yield _rule_written(statement, [one.action for one in several if one.action not in replacing])
    elif isinstance(statement, RoleAssignment) and several[0].reach.managed:
        yield _role_written(statement, several[0].need)
    elif isinstance(statement, RoleAssignment):
        for one in several:
            if one.action in replacing:
                yield narrowed(one.reach.evidence[0].at, replacing)
    elif isinstance(statement, Statement):
        spelled = {name.lower(): left for name, left in replacing.items()}
        texts = [(one, text) for one in statement.actions if isinstance(one, Scalar) and (text := string(one))]
        as_written = {text: spelled[text.lower()] for _, text in texts if text.lower() in spelled}
        if not as_written:
            raise ByHand("what it allows is put together where it is used: change it by hand")
        yield from (narrowed(one.at, as_written, statement.at) for one, text in texts if text in as_written)


def _role_written(assignment: RoleAssignment, need: Need) -> Written:
    at = assignment.role.at
    if need.places:
        return assigned_at(at, need.left[0], need.places)
    return narrowed(at, {string(assignment.role) or "": need.left}, around_role(at))


def _rule_written(rule: RbacStatement, kept: Sequence[str]) -> Written:
    left = _rule(rule, kept)
    gone: dict[str, tuple[str, ...]] = {}
    for name, had in (("verbs", rule.verbs), ("resources", rule.resources)):
        gone |= {one: () for one in had if one not in left[name]}  # type: ignore[operator]
    name = "verbs" if set(gone) & set(rule.verbs) else "resources"
    return narrowed(rule.at, gone, rule.at, name)


# As a policy ---------------------------------------------------------------------------------------------------


def _rest(reach: Reach, kept: Sequence[str], places: Sequence[str]) -> str:
    if not kept:
        return ""
    statement = reach.statement
    if isinstance(statement, RbacStatement):
        document = _rule(statement, kept)
    elif isinstance(statement, RoleAssignment):
        document = {"role": kept[0]} if reach.managed else {"permissions": list(kept)}
        document["scope"] = list(places or reach.resources)
    else:
        document = _statement(statement, kept)
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
