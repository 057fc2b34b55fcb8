"""Which policy documents hold for a principal, in which layer, and by which lines of code."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from agentreach.access import managed_policies
from agentreach.graph.resolve import root_of
from agentreach.graph.spelling import spell
from agentreach.identity import Attachment, Evidence, Membership, Policy, PolicyRole, Principal
from agentreach.model import Key, Unknown
from agentreach.named_tuples import NamedTuple
from agentreach.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.graph.index import FactIndex
    from agentreach.graph.resolve import Directory
    from agentreach.graph.sentence_book import SentenceBook
    from agentreach.identity import Statement
    from agentreach.model import Span


_CONTROL = {PolicyRole.SERVICE_CONTROL, PolicyRole.RESOURCE_CONTROL}
"""Layers of accounts, not of principals: see `organization`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A document that holds for a principal. `managed` is the ARN or name of a provider's own policy.

    `evidence` are the lines that attach it, and those that make the principal a member of a group.
    `cause` names the document without line numbers. `unknown` says why (part of) it cannot be read, `unknown_at` where
    in it the reason lies.
    """

    cause: str
    statements: tuple[Statement, ...]
    evidence: tuple[Evidence, ...]
    at: Span
    policy: Key | None = None
    managed: str = ""
    certain: bool = True
    unknown: str = ""
    unknown_at: Span | None = None


class Owned(NamedTuple):
    """A document that names whom it is about: a trust or resource policy."""

    policy: Policy
    certain: bool


class _Held(NamedTuple):
    """A policy that names its principal, or an attachment that names both: read when somebody asks for the layer."""

    by: Policy | Attachment
    certain: bool


class PolicyBook:
    """All policies of a scan, by whom they hold for."""

    __slots__ = ("_attached", "_directory", "_groups", "_layers", "_owned", "_policies")

    def __init__(self, index: FactIndex, directory: Directory) -> None:
        self._directory = directory
        self._policies = {policy.key: policy for policy in index.of(Policy) if policy.subject is None}
        self._attached: defaultdict[tuple[Key, PolicyRole], list[_Held]] = defaultdict(list)
        self._layers: dict[tuple[Key, PolicyRole], tuple[Attached, ...]] = {}
        self._owned: defaultdict[tuple[Key, PolicyRole], list[Owned]] = defaultdict(list)
        self._groups: defaultdict[Key, list[tuple[Key, Evidence, bool]]] = defaultdict(list)
        for policy in index.of(Policy):
            self._own(policy)
        for attachment in index.of(Attachment):
            self._attach(attachment)
        for membership in index.of(Membership):
            self._join(membership)

    def layer(self, principal: Key, role: PolicyRole) -> tuple[Attached, ...]:
        """The documents of one layer, those of the principal's groups included."""
        found = self._layers.get((principal, role))
        if found is None:
            found = self._layers[principal, role] = tuple(self._read(principal, role))
        return found

    def _read(self, principal: Key, role: PolicyRole) -> Iterator[Attached]:
        yield from self._documents(principal, role)
        if role is PolicyRole.IDENTITY:
            for group, evidence, certain in self._groups.get(principal, ()):
                for one in self._documents(group, role):
                    yield _through(one, evidence, certain=certain)

    def texts(self, principal: Key) -> Iterator[tuple[Statement, ...]]:
        """The statements of each of its identity policies, however they are attached; nothing is kept of them."""
        for holder in (principal, *(group for group, _, _ in self._groups.get(principal, ()))):
            for held in self._attached.get((holder, PolicyRole.IDENTITY), ()):
                if isinstance(held.by, Policy):
                    yield held.by.statements
                else:
                    yield from (one.statements for one in self._named(held.by, holder.root, certain=held.certain))

    def owned(self, subject: Key, role: PolicyRole) -> tuple[Owned, ...]:
        """The trust or resource policies of a subject."""
        return tuple(self._owned.get((subject, role), ()))

    def subjects(self, role: PolicyRole) -> tuple[Key, ...]:
        """Everything that has a policy of its own in this role, in order."""
        return tuple(sorted(key for key, owned_role in self._owned if owned_role is role))

    def bits_of(self, policy: Key, sentences: SentenceBook) -> int:
        """The actions that a managed policy allows on something."""
        bits = 0
        declared = self._policies.get(policy)
        for statement in declared.statements if declared else ():
            if statement.effect == "Allow":
                bits |= sentences.of(statement).bits
        return bits

    def groups(self, member: Key) -> tuple[tuple[Key, Evidence, bool], ...]:
        """The groups of a principal, or the roles of an instance profile read backwards."""
        return tuple(self._groups.get(member, ()))

    def _own(self, policy: Policy) -> None:
        if policy.role in _CONTROL or policy.subject is None:
            return
        match = self._directory.resolve(policy.subject, policy.key.root)
        for key in match.keys:
            if policy.role in {PolicyRole.TRUST, PolicyRole.RESOURCE}:
                self._owned[key, policy.role].append(Owned(policy, match.certain))
            else:
                self._attached[key, policy.role].append(_Held(policy, match.certain))

    def _attach(self, attachment: Attachment) -> None:
        holder = self._directory.resolve(
            attachment.principal, root_of(attachment.principal, attachment.policy), (Principal,)
        )
        for key in holder.keys:
            self._attached[key, attachment.role].append(_Held(attachment, holder.certain and attachment.certain))

    def _documents(self, principal: Key, role: PolicyRole) -> Iterator[Attached]:
        for held in self._attached.get((principal, role), ()):
            if isinstance(held.by, Policy):
                nested = isinstance(held.by.subject, Key)
                evidence = () if nested else (Evidence(held.by.at, "the policy is attached here"),)
                yield _declared(held.by, evidence, certain=held.certain)
            else:
                yield from self._named(held.by, principal.root, certain=held.certain)

    def _named(self, attachment: Attachment, root: str, *, certain: bool) -> list[Attached]:
        match = self._directory.resolve(attachment.policy, root, (Policy,))
        evidence = (Evidence(attachment.at, "the policy is attached here"),)
        if match.keys:
            declared = [self._policies[key] for key in match.keys if key in self._policies]
            return [_declared(policy, evidence, certain=certain and match.certain) for policy in declared]
        return [_outside(attachment, evidence, certain=certain)]

    def _join(self, membership: Membership) -> None:
        root = root_of(membership.member, membership.group)
        members = self._directory.resolve(membership.member, root, (Principal,))
        groups = self._directory.resolve(membership.group, root, (Principal,))
        for member in members.keys:
            for group in groups.keys:
                evidence = Evidence(membership.at, f"member of {group.address}")
                self._groups[member].append((group, evidence, members.certain and groups.certain))


def _declared(policy: Policy, evidence: tuple[Evidence, ...], *, certain: bool) -> Attached:
    return Attached(
        cause=cause_of(policy),
        statements=policy.statements,
        evidence=evidence,
        at=policy.at,
        policy=policy.key,
        certain=certain,
        unknown=policy.unknown.reason if policy.unknown else "",
        unknown_at=_place(policy),
    )


def _place(policy: Policy) -> Span | None:
    """Where in a document the mistake is that makes it unreadable; None when it lies elsewhere."""
    if policy.unknown is None:
        return None
    at, whole = policy.unknown.at, policy.at
    return at if at.source is whole.source and whole.start <= at.start and at.end <= whole.end else None


def cause_of(policy: Policy) -> str:
    """Name a document without line numbers: its address, and its own name when it is nested in another thing."""
    nested = policy.subject == policy.key and bool(policy.names)
    return f"{policy.key.address}/{spell(policy.names[0])}" if nested else policy.key.address


def _outside(attachment: Attachment, evidence: tuple[Evidence, ...], *, certain: bool) -> Attached:
    """A provider's own policy, or one that the code only names."""
    name = spell(attachment.policy)
    found = managed_policies.find(name)
    managed = found.statements if found else None
    unknown = "" if managed is not None else f"policy {name} is not declared in the scanned code"
    if isinstance(attachment.policy, Unknown):
        unknown = attachment.policy.reason
    return Attached(
        cause=name,
        statements=managed or (),
        evidence=evidence,
        at=attachment.at,
        managed=name if managed is not None else "",
        certain=certain,
        unknown=unknown,
    )


def _through(attached: Attached, evidence: Evidence, *, certain: bool) -> Attached:
    return Attached(
        cause=attached.cause,
        statements=attached.statements,
        evidence=(*attached.evidence, evidence),
        at=attached.at,
        policy=attached.policy,
        managed=attached.managed,
        certain=attached.certain and certain,
        unknown=attached.unknown,
        unknown_at=attached.unknown_at,
    )
