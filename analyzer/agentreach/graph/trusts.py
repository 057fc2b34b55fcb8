"""Who may become an identity: trust policies read as principals, forwards and backwards."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from agentreach.access.conditions import holds
from agentreach.access.request import Request
from agentreach.access.statements import asked_from
from agentreach.access.verdict import Verdict
from agentreach.graph.spelling import arn, literal, pattern, spell
from agentreach.graph.views import TrustedView
from agentreach.identity import PolicyRole, Principal
from agentreach.model import Kind, Text, Unknown, elements, string
from agentreach.named_tuples import NamedTuple
from agentreach.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.graph.homes import Homes
    from agentreach.graph.policies import Owned, PolicyBook
    from agentreach.graph.resolve import Directory
    from agentreach.identity import Policy, Statement, Trusted
    from agentreach.model import Key, Value

_ACCOUNT_LENGTH = 12
_ASSUME = "sts:AssumeRole"
_ABOUT_WHO_COMES = ("aws:principal", "aws:userid", "aws:username", "aws:multifactor", "aws:sourceidentity")
_ASSUMING = {"sts:assumerole", "sts:*", "*"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """One statement of a trust policy, with its principals resolved."""

    identity: Key
    policy: Policy
    statement: Statement
    trusted: tuple[TrustedView, ...]
    certain: bool = True


class Delegation(NamedTuple):
    """A statement that trusts the whole account; `certain` without any condition."""

    trust: Trust
    certain: bool


class TrustBook:
    """Every trust of the scan. `named`, `rooted` and `anyone` lead from who is trusted to the identities."""

    __slots__ = (
        "_directory",
        "_homes",
        "_serving",
        "_statements",
        "anyone",
        "by_identity",
        "named",
        "rooted",
        "services",
    )

    def __init__(self, book: PolicyBook, directory: Directory, homes: Homes) -> None:
        self._directory = directory
        self._homes = homes
        self._statements: dict[Key, tuple[Statement, ...]] = {}
        self._serving: dict[tuple[Key, str], Verdict] = {}
        self.by_identity: dict[Key, tuple[Trust, ...]] = {}
        self.named: defaultdict[Key, list[Key]] = defaultdict(list)
        self.services: defaultdict[str, list[Key]] = defaultdict(list)
        self.rooted: list[Key] = []
        self.anyone: list[Key] = []
        for identity in book.subjects(PolicyRole.TRUST):
            owned = book.owned(identity, PolicyRole.TRUST)
            self._statements[identity] = tuple(one for policy, _ in owned for one in policy.statements)
            trusts = tuple(self._trusts(identity, owned))
            self.by_identity[identity] = trusts
            self._reverse(identity, trusts)

    def delegation(self, identity: Key) -> Delegation | None:
        """The statement that leaves it to the policies of its own account who may become it, where there is just that.

        None when the trust asks who comes, or denies someone: then each pair has to be evaluated.
        """
        if any(one.effect != "Allow" for one in self.statements(identity)):
            return None
        found = [(trust, _delegates(trust)) for trust in self.of(identity)]
        best = max((verdict for _, verdict in found), default=Verdict.DENIED)
        if best is Verdict.DENIED:
            return None
        return Delegation(next(trust for trust, verdict in found if verdict is best), best is Verdict.ALLOWED)

    def trusts_service(self, identity: Key, service: str) -> Verdict:
        """Whether an identity lets a service become it, as far as its trust says without looking at who asks."""
        found = self._serving.get((identity, service))
        if found is None:
            found = self._serving[identity, service] = self._trusts_service(identity, service)
        return found

    def _trusts_service(self, identity: Key, service: str) -> Verdict:
        naming = [
            trust
            for trust in self.of(identity)
            if any(one.relation in {"anyone", "unknown"} or one.name == service for one in trust.trusted)
        ]
        if not naming:
            return Verdict.DENIED
        sure = any(one.certain and one.statement.certain and one.statement.effect == "Allow" for one in naming)
        return Verdict.ALLOWED if sure else Verdict.POSSIBLE

    def of(self, identity: Key) -> tuple[Trust, ...]:
        """The Allow statements (and those of unknown effect) of an identity's trust policy."""
        return self.by_identity.get(identity, ())

    def statements(self, identity: Key) -> tuple[Statement, ...]:
        """Every statement of its trust policy, Deny included."""
        return self._statements.get(identity, ())

    def _trusts(self, identity: Key, owned: tuple[Owned, ...]) -> Iterator[Trust]:
        for policy, certain in owned:
            for statement in policy.statements:
                if statement.effect != "Deny":
                    trusted = self.trusted(statement.principals, identity)
                    yield Trust(identity=identity, policy=policy, statement=statement, trusted=trusted, certain=certain)

    def _reverse(self, identity: Key, trusts: tuple[Trust, ...]) -> None:
        relations = {(one.relation, one.key, one.name) for trust in trusts for one in trust.trusted}
        if any(trust.statement.not_principals or trust.statement.open for trust in trusts):
            relations.add(("anyone", None, "*"))
        for relation, key, name in sorted(relations, key=str):
            if key is not None:
                self.named[key].append(identity)
            elif relation == "service":
                self.services[name].append(identity)
        kinds = {relation for relation, _, name in relations if not _names_one(name)}
        if kinds & {"same-account", "foreign", "outside", "unknown"}:
            self.rooted.append(identity)
        if "anyone" in kinds:
            self.anyone.append(identity)

    def trusted(self, principals: tuple[Trusted, ...], owner: Key) -> tuple[TrustedView, ...]:
        """Resolve a Principal element, seen from the identity or resource it belongs to."""
        return tuple(self._one(one.kind, value, owner) for one in principals for value in elements(one.value))

    def _one(self, kind: str, value: Value, owner: Key) -> TrustedView:
        name = spell(value)
        if kind == "*" or name == "*":
            return TrustedView(kind, "*", "anyone")
        if kind == "Service":
            return TrustedView(kind, _service(name), "service")
        if kind == "Tenant":
            return TrustedView(kind, f"tenant {name}", "outside", None, name)
        if kind == "Project":
            return self._project(kind, name, owner)
        match = self._directory.resolve(value, owner.root, (Principal,))
        if kind == "Federated":
            return TrustedView(kind, name, "federated", match.key)
        if match.keys:
            return TrustedView(kind, name, "declared", match.keys[0], self._directory.accounts.get(match.keys[0]))
        if isinstance(value, Unknown):
            return TrustedView(kind, name, "same-account" if value.kind is Kind.ACCOUNT else "unknown")
        return self._account(kind, value, name, owner)

    def _project(self, kind: str, name: str, owner: Key) -> TrustedView:
        """A project by its id, which no account's number looks like."""
        own = self._homes.of(owner)
        relation = "unknown" if own is None or own.isdigit() else "same-account" if own == name else "foreign"
        return TrustedView(kind, f"project {name}", relation, None, name)

    def _account(self, kind: str, value: Value, name: str, owner: Key) -> TrustedView:
        text = pattern(value) or ""
        parts = arn(text)
        account = parts.account if parts else text
        if isinstance(value, Text) and any(
            isinstance(one, Unknown) and one.kind is Kind.ACCOUNT for one in value.parts
        ):
            return TrustedView(kind, name, "same-account")
        if not literal(account) or len(account) != _ACCOUNT_LENGTH:
            return TrustedView(kind, name, "unknown")
        own = self._homes.of(owner)
        relation = "outside" if own is None else "same-account" if own == account else "foreign"
        return TrustedView(kind, name, relation, None, account)


def _service(name: str) -> str:
    """A service principal whose domain suffix is left to the partition is the usual one."""
    return f"{name.removesuffix('.…')}.amazonaws.com" if name.endswith(".…") else name


def _delegates(trust: Trust) -> Verdict:
    """Allowed: to anyone the account lets. Possible: under a condition that says nothing about who comes."""
    statement = trust.statement
    assumes = any((string(one) or "").lower() in _ASSUMING for one in statement.actions)
    sure = trust.certain and statement.certain and not statement.open
    if not (assumes and sure and any(one.relation == "same-account" and is_account(one) for one in trust.trusted)):
        return Verdict.DENIED
    if any(one.key.lower().startswith(_ABOUT_WHO_COMES) for one in statement.conditions):
        return Verdict.DENIED
    asked = asked_from(Request(action=_ASSUME, resource=()), None)
    return holds(statement, asked.context, now=asked.now, account=None) if statement.conditions else Verdict.ALLOWED


def _names_own_account(value: Value) -> bool:
    parts = value.parts if isinstance(value, Text) else ()
    return any(isinstance(one, Unknown) and one.kind is Kind.ACCOUNT for one in parts)


def _names_one(name: str) -> bool:
    """Whether a principal is the ARN of one role or user: when such a one is not declared, it is nobody of the code."""
    parts = arn(name)
    return parts is not None and parts.resource != "root"


def is_account(trusted: TrustedView) -> bool:
    """Whether a whole account is trusted: its root, or its bare number."""
    return trusted.name.endswith(":root") or (trusted.name.isdigit() and len(trusted.name) == _ACCOUNT_LENGTH)
