"""Roles whose trusts read alike, so that whom they admit is asked once for all of them.

In a large account most trusts are written by a few templates: they name the same account under the same condition.
What a trust says about a principal depends on what it asks about it, mostly a tag; principals that answer alike
share the answer too.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from agentreach.access.aws import evaluate
from agentreach.access.request import Layers, Request, ResourcePolicyKind
from agentreach.access.verdict import Verdict
from agentreach.graph import places
from agentreach.graph.assume_grants import ASSUME
from agentreach.graph.spelling import spell
from agentreach.identity import Statement
from agentreach.model import Reference, Scalar, Source, Span, Text, Unknown, elements, string
from agentreach.named_tuples import NamedTuple
from agentreach.records import replace

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from agentreach.access.request import PrincipalFacts
    from agentreach.graph.homes import Homes
    from agentreach.graph.principals import PrincipalBook
    from agentreach.graph.role_index import RoleIndex
    from agentreach.graph.trusts import Trust, TrustBook
    from agentreach.graph.views import TrustedView
    from agentreach.identity import Trusted
    from agentreach.model import Key, Value

_TAG: Final = "aws:principaltag/"
_OF_WHO_COMES: Final = ("aws:principal", "aws:userid", "aws:username", "aws:sourceidentity")
_OF_MANY: Final = frozenset(
    {
        "aws:principalaccount",
        "aws:principalisawsservice",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:principaltype",
    }
)
"""Keys about who comes that all principals of one account and kind answer alike."""

_BROAD: Final = frozenset({"same-account", "foreign", "outside", "unknown", "anyone", "service", "federated"})
"""Ways of being trusted that do not single a principal out."""

_OTHERS: Final = frozenset({"foreign", "outside", "service", "federated"})

_ASSUMING: Final = frozenset({ASSUME, "sts:*", "*"})

_NOWHERE: Final = Span(Source("", ""), 0, 0)
_EVERYTHING: Final = (
    Statement(effect="Allow", actions=(Scalar("*", _NOWHERE),), resources=(Scalar("*", _NOWHERE),), at=_NOWHERE),
)


class Admission(NamedTuple):
    """How a trust admits a principal: when its own policies agree, and without a word of theirs."""

    agreed: Verdict
    alone: Verdict


REFUSED: Final = Admission(Verdict.DENIED, Verdict.DENIED)


class TrustClass(NamedTuple):
    """Roles whose trusts read alike. `asks`: the tags they ask about; None when they single principals out.

    `accounts`: the only accounts that they admit, where they name others than their own.
    """

    representative: Key
    asks: tuple[str, ...] | None
    accounts: frozenset[str]


class TrustClasses:
    """Classes of roles, made when somebody asks about one of them."""

    __slots__ = ("_answers", "_by_signature", "_classes", "_homes", "_of", "_principals", "_roles", "_trusts")

    def __init__(self, trusts: TrustBook, roles: RoleIndex, principals: PrincipalBook, homes: Homes) -> None:
        self._trusts = trusts
        self._roles = roles
        self._principals = principals
        self._homes = homes
        self._classes: dict[Key, TrustClass] = {}
        self._by_signature: dict[Hashable, TrustClass] = {}
        self._answers: dict[Hashable, Admission] = {}

    def of(self, role: Key) -> TrustClass:
        """The class of a role."""
        found = self._classes.get(role)
        if found is None:
            signature = self._signature(role)
            found = self._by_signature.get(signature)
            if found is None:
                found = self._by_signature[signature] = self._new(role)
            self._classes[role] = found
        return found

    def grouped(self, roles: Iterable[Key]) -> dict[TrustClass, int]:
        """Roles as sets, by class."""
        groups: defaultdict[TrustClass, list[Key]] = defaultdict(list)
        for role in roles:
            groups[self.of(role)].append(role)
        return {one: self._roles.of(several) for one, several in groups.items()}

    def admission(self, principal: Key, one: TrustClass, named: frozenset[str]) -> Admission:
        """Whether the roles of a class admit a principal. `named`: accounts whose roles its own policies name."""
        facts = self._facts(principal)
        shared = one.accounts & named if facts.account is None else frozenset[str]()
        who = principal if one.asks is None else _tags(facts, one.asks)
        key = (one.representative, principal.root, facts.account, facts.kind, facts.service_role, shared, who)
        found = self._answers.get(key)
        if found is None:
            found = self._answers[key] = self._judged(principal, one, facts, shared)
        return found

    def _facts(self, principal: Key) -> PrincipalFacts:
        facts = self._principals.facts(principal)
        home = self._homes.of(principal)
        return facts if facts.account == home else replace(facts, account=home)

    def _judged(self, principal: Key, one: TrustClass, facts: PrincipalFacts, accounts: frozenset[str]) -> Admission:
        """In the accounts that the code gives or, failing that, that both sides name.

        A number where the code says of no account which it is means another account than that of the code around it.
        """
        if self._is_named(principal, one.representative):
            same = self._homes.of(one.representative) in {facts.account, None} or facts.account is None
            return Admission(Verdict.ALLOWED, Verdict.ALLOWED if same else Verdict.DENIED)
        found = self._asked(one, facts, ())
        if Verdict.POSSIBLE not in found:
            return found
        itself = places.named((view.name,) for view in self._trusted(one.representative) if view.key == principal)
        elsewhere = [self._asked(one, facts, place) for place in (*itself, *map(places.in_account, sorted(accounts)))]
        if elsewhere:
            return Admission(*(max(several) for several in zip(*elsewhere, strict=True)))
        return REFUSED if one.accounts and principal.root == one.representative.root else found

    def _is_named(self, principal: Key, role: Key) -> bool:
        """Whether a trust that asks and denies nothing names a principal as the code does, in whole."""
        trusts = self._trusts.of(role)
        if len(trusts) != len(self._trusts.statements(role)) or not all(map(_is_plain, trusts)):
            return False
        mine = {text for text in map(string, self._principals.names(principal)) if text and text.startswith("arn:")}
        named = (trusted.value for trust in trusts for trusted in trust.statement.principals)
        return any(
            string(value) in mine or (isinstance(value, Reference) and value.key == principal)
            for several in named
            for value in elements(several)
        )

    def _asked(self, one: TrustClass, facts: PrincipalFacts, place: places.Place) -> Admission:
        text, aliases = self._principals.arn(one.representative)
        account = places.account(place)
        request = Request(
            action=ASSUME,
            resource=places.put(text, place),
            aliases=aliases,
            principal=replace(facts, arn=places.put(facts.arn, place), account=facts.account or account),
            resource_account=self._homes.of(one.representative) or account,
        )
        trust = self._trusts.statements(one.representative)
        return Admission(*(evaluate(request, _layers(identity, trust)).verdict for identity in (_EVERYTHING, ())))

    def _trusted(self, role: Key) -> list[TrustedView]:
        return [view for trust in self._trusts.of(role) for view in trust.trusted]

    def _signature(self, role: Key) -> Hashable:
        """What a trust says, without the places where it says it."""
        root = role.root if any(view.relation == "outside" for view in self._trusted(role)) else None
        return self._homes.of(role), root, tuple(map(_said, self._trusts.statements(role)))

    def _new(self, role: Key) -> TrustClass:
        views = self._trusted(role)
        open_ended = any(trust.statement.open or trust.statement.not_principals for trust in self._trusts.of(role))
        others = not open_ended and all(view.relation in _OTHERS for view in views)
        accounts = frozenset(view.account for view in views if view.account) if others else frozenset[str]()
        return TrustClass(role, self._asks(role), accounts)

    def _asks(self, role: Key) -> tuple[str, ...] | None:
        """The tags that a trust asks about; None when it asks for more, or names or denies someone."""
        statements = self._trusts.statements(role)
        singled = any(view.relation not in _BROAD for view in self._trusted(role))
        excepting = any(one.not_principals or one.effect == "Deny" for one in statements)
        met = [condition for one in statements for condition in one.conditions]
        keys = {condition.key.lower() for condition in met} - _OF_MANY
        tags = {key for key in keys if key.startswith(_TAG)}
        others = any(key.startswith(_OF_WHO_COMES) for key in keys - tags)
        variables = any("${" in spell(value) for condition in met for value in condition.values)
        return None if singled or excepting or others or variables else tuple(sorted(tags))


def _is_plain(trust: Trust) -> bool:
    statement = trust.statement
    sure = trust.certain and statement.certain and not statement.open and statement.effect == "Allow"
    assuming = any(string(one) in _ASSUMING for one in statement.actions)
    return sure and assuming and not statement.conditions and not statement.conditions_open


def _tags(facts: PrincipalFacts, asked: tuple[str, ...]) -> Hashable:
    tags = {f"{_TAG}{name.lower()}": value for name, value in facts.tags.items()} if asked else {}
    return tuple(tags.get(name) for name in asked)


def _layers(identity: tuple[Statement, ...], trust: tuple[Statement, ...]) -> Layers:
    return Layers(identity=identity, resource_policy=trust, resource_policy_kind=ResourcePolicyKind.TRUST)


def _said(one: Statement) -> Hashable:
    return (
        one.effect if isinstance(one.effect, str) else None,
        _shapes(one.actions),
        _shapes(one.not_actions),
        _principals(one.principals),
        _principals(one.not_principals),
        tuple((met.operator, met.key, _shapes(met.values)) for met in one.conditions),
        (one.certain, one.open, one.conditions_open, one.version),
    )


def _principals(principals: tuple[Trusted, ...]) -> Hashable:
    return tuple((trusted.kind, *_shapes((trusted.value,))) for trusted in principals)


def _shapes(values: Iterable[Value]) -> tuple[Hashable, ...]:
    return tuple(map(_shape, values))


def _shape(value: Value) -> Hashable:
    """A value without its place; what is only known at deploy time by what is known about it."""
    match value:
        case Scalar():
            return value.value
        case Unknown():
            return value.kind
        case Text():
            return tuple(_parts(value))
        case _:
            return repr(value)


def _parts(text: Text) -> Iterator[Hashable]:
    for part in text.parts:
        yield part if isinstance(part, str) else part.kind if isinstance(part, Unknown) else repr(part)
