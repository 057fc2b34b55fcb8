"""What checks, reviews and reports read: one frozen view for each thing the graph concludes.

A `Key` in a view names a declared thing (`root`, `address`); what is outside the scanned code has a
key too, whose address is the name or ARN as written, and `declared` is False. Three values are
spelled `True | False | None`; a conclusion that holds only possibly has `certain` False.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.graph.views_held import CredentialView, LinkView, SecretUseView, SettingView, ToolView
from agentreach.graph.views_paths import EscalationView, ThirdPartyView, TrustedView, TrustView, UnknownView
from agentreach.identity import Confidence, Role
from agentreach.named_tuples import NamedTuple
from agentreach.records import dataclass

if TYPE_CHECKING:
    from agentreach.identity import (
        Agent,
        Evidence,
        Gate,
        IdentityRelation,
        Principal,
        RbacStatement,
        RoleAssignment,
        Statement,
        Step,
        System,
    )
    from agentreach.model import Key, Span


class Hop(NamedTuple):
    """One edge of a chain. `relation` is that of the contract, or "uses-tool", "collaborates"."""

    origin: Key
    target: Key
    relation: str
    evidence: tuple[Evidence, ...]
    certain: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class GateView:
    """A gate that covers a reach, a tool or an agent. `holds`: it fails closed; None when that is unknown.

    `passes_reads`: the tool it guards also reads, and for that it asks nobody.
    """

    kind: str
    subject: Key
    at: Span
    note: str = ""
    covers: tuple[str, ...] = ()
    holds: bool | None = True
    gate: Gate | None = None
    passes_reads: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityView:
    """An agent may act as an identity.

    `via` is the shortest chain, from the agent to the identity, as evidence; `hops` the same with ends.
    `shared_by` are the agents and workloads that act as it *directly*, the agent itself included, when
    there are two or more. `standing` is None when a gate on the way is unknown.
    `boundary` is the permissions boundary: True declared, False not declared, None unknown.
    `account` is the account, project or subscription when known; `foreign` compares it with the agent's.
    """

    agent: Key
    key: Key
    name: str
    kind: str
    relation: IdentityRelation
    via: tuple[Evidence, ...]
    hops: tuple[Hop, ...]
    at: Span
    declared: bool = True
    principal: Principal | None = None
    certain: bool = True
    confidence: Confidence = Confidence.HIGH
    inherited_default: bool = False
    human: bool = False
    shared_by: tuple[Key, ...] = ()
    tools: tuple[Key, ...] = ()
    gates: tuple[GateView, ...] = ()
    standing: bool | None = True
    boundary: bool | None = False
    account: str | None = None
    foreign: bool | None = None
    highest: Step | None = None
    environments: tuple[str, ...] = ()
    unknown: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedIdentity:
    """The code names an identity for this agent, but the identity does not admit it: not inherited."""

    agent: Key
    key: Key
    name: str
    reason: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What one statement lets agents do through one identity, for one service and privilege step.

    `agents` are those a finding names, in review order (a tool that a declared agent uses is not one of
    them); `entries` are all inventory entries that reach it, such tools included.
    `actions` are the patterns as written, `names` the concrete catalogue names they cover at this step.
    Kubernetes names read "get secrets".
    `service` is the IAM prefix, the API group ("v1", "apps", …), "*" when a pattern spans services or the
    statement names very many.
    `wildcard_action`: `*`, `service:*`, a broad predefined role or a `*` verb. `wildcard_resource`: any
    resource of its kind. `scopable`: at least one action could be limited to named resources.
    `systems` are the declared things that the resources match. `gates` cover it, whether or not they hold.
    `standing` is None when only an unknown gate stands between. `cause` names policy and statement
    without line numbers. `policy` is where the statement stands; `managed` a provider's own policy or role.
    """

    agents: tuple[Key, ...]
    entries: tuple[Key, ...]
    identity: Key
    identity_name: str
    step: Step
    service: str
    actions: tuple[str, ...]
    names: tuple[str, ...]
    resources: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    cause: str
    provider: str = "aws"
    wildcard_action: bool = False
    wildcard_resource: bool = False
    scopable: bool = True
    systems: tuple[System, ...] = ()
    production: bool = False
    standing: bool | None = True
    certain: bool = True
    gates: tuple[GateView, ...] = ()
    confidence: Confidence = Confidence.HIGH
    statement: Statement | RbacStatement | RoleAssignment | None = None
    policy: Key | None = None
    managed: str = ""
    namespace: str | None = None
    conditional: bool = False
    escalates: bool = False

    @property
    def verdict(self) -> str:
        """The word "allowed", or "possible" when it depends on something the code does not say."""
        return "allowed" if self.certain else "possible"

    @property
    def agent(self) -> Key | None:
        """The agent a finding names first."""
        return self.agents[0] if self.agents else None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentView:
    """An inventory entry with everything that hangs off it.

    `bounded`: at most read-data on named resources, no secret, no code tool, no anonymous inbound endpoint,
    no credential above *note*; None when an unknown hides part of the answer.
    `highest` is the highest step it holds, `highest_standing` the highest that no gate covers.
    `used_by` are the declared agents that use this tool or host. `runs_on` are the workloads it runs on.
    """

    agent: Agent
    owner: str | None
    production: bool
    bounded: bool | None
    confidence: Confidence
    identities: tuple[IdentityView, ...] = ()
    tools: tuple[ToolView, ...] = ()
    gates: tuple[GateView, ...] = ()
    links: tuple[LinkView, ...] = ()
    refused: tuple[RefusedIdentity, ...] = ()
    used_by: tuple[Key, ...] = ()
    runs_on: tuple[Key, ...] = ()
    highest: Step | None = None
    highest_standing: Step | None = None
    environments: tuple[str, ...] = ()
    account: str | None = None

    @property
    def key(self) -> Key:
        """Root and address."""
        return self.agent.key

    @property
    def name(self) -> str:
        """The declared name."""
        return self.agent.name

    @property
    def role(self) -> Role:
        """Agent, tool, host or undeclared."""
        return self.agent.role

    @property
    def stands_alone(self) -> bool:
        """A finding on it names this entry itself: an agent, or what no declared agent uses."""
        return self.agent.role is Role.AGENT or not self.used_by


__all__ = [
    "AgentView",
    "CredentialView",
    "EscalationView",
    "GateView",
    "Hop",
    "IdentityView",
    "LinkView",
    "Reach",
    "RefusedIdentity",
    "SecretUseView",
    "SettingView",
    "ThirdPartyView",
    "ToolView",
    "TrustView",
    "TrustedView",
    "UnknownView",
]
