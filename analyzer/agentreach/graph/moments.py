"""Which conditions make a grant less than standing: it ends by itself, or must be proved anew with each request.

Never enough: what is true for every normal call (encryption in transit, source account, region, network,
organisation), what the agent can set itself (request tags, its session's name), tags declared on the identity.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.graph.spelling import spell
from agentreach.graph.views import GateView

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from agentreach.identity import Condition, Statement
    from agentreach.model import Key

_ENDS = {"datelessthan", "datelessthanequals"}
_TIMES = {"aws:currenttime", "aws:epochtime"}
_PER_REQUEST = {"aws:multifactorauthage", "aws:sourceidentity", "sts:sourceidentity"}
_SECOND_FACTOR = "aws:multifactorauthpresent"
_SESSION_TAG = "aws:principaltag/"
_END_USERS = (":userid", ":sub", ":user_id")
_NOT_USERS = {"aws:userid"}


def gates_of(statement: Statement, subject: Key, tags: Mapping[str, str]) -> tuple[GateView, ...]:
    """The conditions that gate a statement. `tags` are those declared on the identity."""
    return tuple(_gates(statement, subject, tags))


def _gates(statement: Statement, subject: Key, tags: Mapping[str, str]) -> Iterator[GateView]:
    declared = {name.lower() for name in tags}
    for condition in statement.conditions:
        if _counts(condition, declared):
            note = f"{condition.operator} {condition.key} {' or '.join(map(spell, condition.values))}"
            yield GateView(kind="condition", subject=subject, at=condition.at, note=note)


def _counts(condition: Condition, declared: set[str]) -> bool:
    operator, key = condition.operator.lower(), condition.key.lower()
    if operator.endswith("ifexists") or operator.startswith("forallvalues:"):
        return False
    if key in _TIMES:
        return operator in _ENDS
    if "not" in operator or not condition.values:
        return False
    if operator == "null":
        return key in {_SECOND_FACTOR, *_PER_REQUEST} and _says(condition, "false")
    if key == _SECOND_FACTOR:
        return _says(condition, "true")
    if key.startswith(_SESSION_TAG):
        return key.removeprefix(_SESSION_TAG) not in declared
    return key in _PER_REQUEST or (key.endswith(_END_USERS) and key not in _NOT_USERS)


def _says(condition: Condition, text: str) -> bool:
    return all(spell(value).lower() == text for value in condition.values)
