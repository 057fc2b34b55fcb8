"""The condition keys of a request: what the query says, what the code says, and what is unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from agentreach.access.globs import Hole, Tokens
from agentreach.access.patterns import literal
from agentreach.access.request import Alternatives, PrincipalKind
from agentreach.late_regex import late_regex
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agentreach.access.request import ContextValue, Parts, PrincipalFacts, Request

Values = tuple[Tokens, ...]
"""The values of a key; none means the key is absent."""

Choices = tuple[Values, ...]
"""What the values of a key may be; exactly one when it is known."""

NOW: Final = Hole(symbol="now")
"""The moment of the request: at or after the moment the question is about."""

ABSENT: Final[Choices] = ((),)
UNKNOWN: Final[Choices] = ((), ((Hole(),),))
PRESENT: Final[Choices] = (((Hole(),),),)

ALWAYS_PRESENT: Final = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principaltype",
        "aws:requestedregion",
        "aws:securetransport",
        "aws:userid",
    }
)
"""Keys that every signed request carries (IAM User Guide, "AWS global condition context keys")."""

_ACCOUNT: Final = late_regex(r"arn:[^:]*:[^:]*:[^:]*:(\d{12}):")
_TYPES: Final = {
    PrincipalKind.ROLE: "AssumedRole",
    PrincipalKind.ROLE_SESSION: "AssumedRole",
    PrincipalKind.USER: "User",
    PrincipalKind.ROOT: "Account",
}


class Context(NamedTuple):
    """Looks keys up in lower case."""

    given: Mapping[str, Choices]
    complete: bool
    facts: Mapping[str, Choices]
    tags_complete: bool

    def choices(self, key: str) -> Choices:
        """What the values of a key may be."""
        key = key.lower()
        found = self.given.get(key)
        if found is not None:
            return found
        if self.complete:
            return ABSENT
        return self.facts.get(key) or self._unstated(key)

    def _unstated(self, key: str) -> Choices:
        if self.tags_complete and key.startswith("aws:principaltag/"):
            return ABSENT
        return PRESENT if key in ALWAYS_PRESENT else UNKNOWN


def account_of(parts: Parts) -> str | None:
    """The account id written in an ARN, when it is known."""
    found = _ACCOUNT.match(parts[0]) if parts and isinstance(parts[0], str) else None
    return found[1] if found else None


def context_of(request: Request) -> Context:
    """Everything known about the condition keys of a request."""
    return Context(
        given={key.lower(): _choices(value) for key, value in request.context.items()},
        complete=request.context_complete,
        facts={} if request.context_complete else dict(_facts(request)),
        tags_complete=request.principal.tags_complete,
    )


def _choices(value: ContextValue) -> Choices:
    if isinstance(value, Alternatives):
        return tuple(_values(choice) for choice in value.choices)
    return (_values(value),)


def _values(value: tuple[Parts, ...]) -> Values:
    return tuple(literal(parts) for parts in value)


def _facts(request: Request) -> list[tuple[str, Choices]]:
    facts = request.principal
    known: list[tuple[str, Choices]] = [("aws:currenttime", (((NOW,),),)), ("aws:epochtime", (((NOW,),),))]
    known += [(f"aws:principaltag/{key.lower()}", _one(parts)) for key, parts in facts.tags.items()]
    if facts.kind is PrincipalKind.SERVICE:
        return known + _service(facts)
    if facts.kind in {PrincipalKind.FEDERATED, PrincipalKind.ANONYMOUS}:
        return known + [(key, UNKNOWN) for key in ("aws:principalarn", "aws:principalaccount", "aws:principaltype")]
    if facts.arn:
        known.append(("aws:principalarn", _one(facts.arn)))
    if account := facts.account or account_of(facts.arn) or request.resource_account or account_of(request.resource):
        known.append(("aws:principalaccount", _one((account,))))
    known.append(("aws:principaltype", _one((_TYPES[facts.kind],))))
    return known + _session(facts)


def _one(parts: Parts) -> Choices:
    return ((literal(parts),),)


def _service(facts: PrincipalFacts) -> list[tuple[str, Choices]]:
    return [
        ("aws:principalisawsservice", _one(("true",))),
        ("aws:principalservicename", _one(facts.arn) if facts.arn else PRESENT),
        ("aws:principalarn", ABSENT),
        ("aws:principalaccount", ABSENT),
        ("aws:principaltype", ABSENT),
        ("aws:multifactorauthpresent", ABSENT),
        ("aws:multifactorauthage", ABSENT),
    ]


def _session(facts: PrincipalFacts) -> list[tuple[str, Choices]]:
    """A user has a name; a role does not, and one that services assume has no second factor."""
    if facts.kind is PrincipalKind.USER:
        return [("aws:username", _user_name(facts.arn))]
    known = [("aws:username", ABSENT)]
    if facts.service_role:
        known += [("aws:multifactorauthpresent", ABSENT), ("aws:multifactorauthage", ABSENT)]
    return known


def _user_name(arn: Parts) -> Choices:
    tokens = literal(arn)
    if tokens and isinstance(tokens[-1], str) and "/" in tokens[-1]:
        return (((tokens[-1].rpartition("/")[2],),),)
    return PRESENT
