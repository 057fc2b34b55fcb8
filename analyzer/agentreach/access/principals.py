"""The Principal element: how a resource, trust or key policy names who asks.

Source: IAM User Guide, "AWS JSON policy elements: Principal". Wildcards inside a principal's ARN are not supported
by AWS and therefore literal; a lone `*` is anyone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from agentreach.access.arns import split
from agentreach.access.globs import Hole, Tokens, known_text, match, merged
from agentreach.access.patterns import any_of, same_thing
from agentreach.access.request import PrincipalKind
from agentreach.access.variables import bound
from agentreach.access.verdict import Verdict
from agentreach.model import Kind, Reference
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from agentreach.access.request import Parts, PrincipalFacts
    from agentreach.access.statements import Asked
    from agentreach.identity import Statement, Trusted

_ACCOUNT_ID_LENGTH: Final = 12
_ROLES: Final = frozenset({PrincipalKind.ROLE, PrincipalKind.ROLE_SESSION})
_AWS: Final = _ROLES | {PrincipalKind.USER, PrincipalKind.ROOT}
_KINDS: Final = {
    "aws": _AWS,
    "service": frozenset({PrincipalKind.SERVICE}),
    "federated": frozenset({PrincipalKind.FEDERATED}),
    "canonicaluser": _AWS,
}


class Named(NamedTuple):
    """How surely a principal is meant, by each way of naming it.

    `itself` is a user, a role session, a service or a federated identity; `role` is the role of a session;
    `account` delegates to the account's own policies; `anyone` is `*`.
    """

    itself: Verdict = Verdict.DENIED
    role: Verdict = Verdict.DENIED
    account: Verdict = Verdict.DENIED
    anyone: Verdict = Verdict.DENIED

    @property
    def somehow(self) -> Verdict:
        """By any of the ways."""
        return max(self)


NOBODY: Final = Named()
_PERHAPS: Final = Named(*(Verdict.POSSIBLE,) * 4)


def named(statement: Statement, asked: Asked) -> Named:
    """How a statement's Principal or NotPrincipal element means who asks."""
    if statement.not_principals:
        excluded = _any(statement.not_principals, asked)
        if statement.open:
            excluded = _either(excluded, _PERHAPS)
        return Named(anyone=excluded.somehow.complement)
    meant = _any(statement.principals, asked)
    return _either(meant, _PERHAPS) if statement.open else meant


def _any(principals: Iterable[Trusted], asked: Asked) -> Named:
    meant = NOBODY
    for trusted in principals:
        meant = _either(meant, _named(trusted, asked))
    return meant


def _either(left: Named, right: Named) -> Named:
    return Named(*map(max, left, right))


def _named(trusted: Trusted, asked: Asked) -> Named:
    """OR over the ways; each way is judged for all values the element may have."""
    ways = (_itself, _role, _account, _anyone)
    return Named(*(_way(way, trusted, asked) for way in ways))


def _way(way: Callable[[str, Parts, Asked], Verdict], trusted: Trusted, asked: Asked) -> Verdict:
    return any_of((trusted.value,), lambda parts: way(trusted.kind, parts, asked))


def _anyone(kind: str, parts: Parts, _asked: Asked) -> Verdict:
    if kind.lower() not in {"*", "aws"} or isinstance(parts[0], Reference):
        return Verdict.DENIED
    return match(bound(parts, None), ("*",))


def _account(kind: str, parts: Parts, asked: Asked) -> Verdict:
    """An account id, or the account's root ARN, which stands for everyone the account's own policies let act."""
    if kind.lower() == "canonicaluser":
        return Verdict.POSSIBLE if asked.principal.kind in _AWS else Verdict.DENIED
    if kind.lower() != "aws" or asked.principal.kind not in _AWS or _is_declared_arn(parts):
        return Verdict.DENIED
    wanted = bound(parts, asked.account)
    account = account_tokens(asked.principal, asked.account)
    segments = split(wanted)
    if segments is None:
        return max(match(wanted, account), match(wanted, merged(("arn:aws:iam::", *account, ":root"))))
    return match(segments[4], account) if segments[5] == ("root",) else Verdict.DENIED


def _is_declared_arn(parts: Parts) -> bool:
    """The ARN of something declared: a role or user, never an account's root or a session."""
    return isinstance(parts[0], Reference) and parts[0].attribute.lower().endswith("arn")


def account_tokens(principal: PrincipalFacts, assumed: str | None) -> Tokens:
    """The account a principal lives in: known, or the one that is assumed, or some twelve digits."""
    known = principal.account or assumed
    return (known,) if known else (Hole(digits=_ACCOUNT_ID_LENGTH, symbol=Kind.ACCOUNT, excludes=":/"),)


def _role(kind: str, parts: Parts, asked: Asked) -> Verdict:
    if kind.lower() != "aws" or asked.principal.kind not in _ROLES:
        return Verdict.DENIED
    return _names(parts, asked)


def _names(parts: Parts, asked: Asked) -> Verdict:
    wanted = bound(parts, asked.account)
    texts = (asked.principal.arn, *asked.principal.aliases)
    return same_thing(match(wanted, bound(text, asked.account) if text else (Hole(),)) for text in texts)


def _itself(kind: str, parts: Parts, asked: Asked) -> Verdict:
    if asked.principal.kind not in _KINDS.get(kind.lower(), ()):
        return Verdict.DENIED
    if asked.principal.kind in _ROLES:
        return _session(parts, asked)
    return _names(parts, asked)


def _session(parts: Parts, asked: Asked) -> Verdict:
    """A role session's ARN: the one asked about, or one that some session of the role may have."""
    if _is_declared_arn(parts):
        return Verdict.DENIED
    principal = asked.principal
    wanted = bound(parts, asked.account)
    if principal.session_arn:
        return match(wanted, bound(principal.session_arn, asked.account))
    account = account_tokens(principal, asked.account)
    return match(wanted, merged(("arn:aws:sts::", *account, ":assumed-role/", *_role_name(principal), "/", Hole())))


def _role_name(principal: PrincipalFacts) -> Tokens:
    text = known_text(bound(principal.arn, None))
    return (text.rpartition("/")[2],) if text else (Hole(),)
