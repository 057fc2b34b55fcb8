"""Ways in, ways up, and what hides them: trusts, escalations, third parties, unknowns. See `views`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.graph.spelling import called
from agentreach.identity import Confidence, Step
from agentreach.named_tuples import NamedTuple
from agentreach.records import dataclass

if TYPE_CHECKING:
    from agentreach.identity import Evidence, Policy, PolicyRole, Statement
    from agentreach.model import Key, Span


class TrustedView(NamedTuple):
    """One principal that a trust or resource policy names.

    `relation`: "anyone", "service", "declared", "same-account", "foreign" (another, known account),
    "outside" (an account of unknown relation, not declared here), "federated", "unknown".
    """

    kind: str
    name: str
    relation: str
    key: Key | None = None
    account: str | None = None

    @property
    def said(self) -> str:
        """Its name in a sentence: what a reference refers to."""
        return called(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustView:
    """Who may become an identity, or use a resource of an agent: one Allow statement of its policy.

    `source_limited`: a condition on source account, source ARN, organisation or external id is declared.
    `conditions` are as written in `statement`. `role` is TRUST or RESOURCE.
    """

    identity: Key
    policy: Policy
    role: PolicyRole
    statement: Statement
    trusted: tuple[TrustedView, ...]
    agents: tuple[Key, ...]
    entries: tuple[Key, ...]
    evidence: tuple[Evidence, ...]
    cause: str
    source_limited: bool = False
    confidence: Confidence = Confidence.HIGH


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownView:
    """A value only known at deploy time that hides reach. `agents` are those it may concern."""

    key: Key
    attribute: str
    reason: str
    at: Span
    agents: tuple[Key, ...] = ()
    entries: tuple[Key, ...] = ()

    @property
    def address(self) -> str:
        """The address of what has the value."""
        return self.key.address

    @property
    def root(self) -> str:
        """The root of what has the value."""
        return self.key.root


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationView:
    """A path of the catalogue that fires for an identity of an agent.

    `yields` is the step gained, `gains` the identities gained (declared keys; empty for open-world targets,
    then `target` says which: "any role of the account that trusts lambda.amazonaws.com").
    `cause` names the first statement, `causes` all of them (policy address and statement spot).
    """

    path: str
    title: str
    identity: Key
    identity_name: str
    agents: tuple[Key, ...]
    entries: tuple[Key, ...]
    yields: Step
    evidence: tuple[Evidence, ...]
    cause: str
    causes: tuple[str, ...] = ()
    gains: tuple[Key, ...] = ()
    target: str = ""
    certain: bool = True
    standing: bool | None = True
    confidence: Confidence = Confidence.HIGH
    provider: str = "aws"
    references: tuple[str, ...] = ()
    production: bool = False
    wildcard_resource: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ThirdPartyView:
    """A principal that is neither the agent nor used by it can rewrite, drive or become it.

    `how` is a clause: "may replace the code of tool …". `target` is the agent, tool or identity; `targets` are all
    that one statement leads to, where it leads to several.
    """

    principal: Key
    principal_name: str
    target: Key
    how: str
    agents: tuple[Key, ...]
    entries: tuple[Key, ...]
    evidence: tuple[Evidence, ...]
    cause: str
    certain: bool = True
    declared: bool = True
    foreign: bool | None = None
    confidence: Confidence = Confidence.HIGH
    yields: Step = Step.EXECUTE
    targets: tuple[Key, ...] = ()
