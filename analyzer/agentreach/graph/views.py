"""What checks, reviews and reports read: one frozen view for each thing the graph concludes.

A `Key` in a view names a declared thing (`root`, `address`); what is outside the scanned code has a
key too, whose address is the name or ARN as written, and `declared` is False. Three values are
spelled `True | False | None`; a conclusion that holds only possibly has `certain` False.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from agentreach.identity import Confidence, Role, Step
from agentreach.records import dataclass

if TYPE_CHECKING:
    from agentreach.identity import (
        Agent,
        AgentLink,
        Credential,
        Evidence,
        Gate,
        IdentityRelation,
        Operation,
        Policy,
        PolicyRole,
        Principal,
        RbacStatement,
        RoleAssignment,
        SecretUse,
        Setting,
        Statement,
        System,
        Tool,
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
    """A gate that covers a reach, a tool or an agent. `holds`: it fails closed; None when that is unknown."""

    kind: str
    subject: Key
    at: Span
    note: str = ""
    covers: tuple[str, ...] = ()
    holds: bool | None = True
    gate: Gate | None = None


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
class CredentialView:
    """A credential and the agents that hold it themselves, through an identity or through a tool's executor."""

    credential: Credential
    agents: tuple[Key, ...]
    entries: tuple[Key, ...]
    holder: Key
    holder_name: str
    evidence: tuple[Evidence, ...]
    identity: Key | None = None
    confidence: Confidence = Confidence.HIGH
    highest: Step | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolView:
    """A tool with the identities its executor acts as.

    `confirmation`: True when every mutating operation requires it, False when one does not or cannot,
    None when the schema is elsewhere. `mutating`: by the identity it acts as or by a declared operation
    (`because`); None when nothing tells. `target` is the declared executor.
    """

    tool: Tool
    agents: tuple[Key, ...]
    entries: tuple[Key, ...]
    acts_as: tuple[IdentityView, ...]
    confirmation: bool | None
    mutating: bool | None
    because: tuple[Evidence, ...] = ()
    target: Key | None = None
    gates: tuple[GateView, ...] = ()
    confidence: Confidence = Confidence.HIGH
    highest: Step | None = None

    @property
    def key(self) -> Key:
        """The declared tool."""
        return self.tool.key

    @property
    def executor(self) -> str:
        """What runs it: "lambda", "return-control", "mcp" and so on."""
        return self.tool.executor

    @property
    def operations(self) -> tuple[Operation, ...]:
        """The operations it declares."""
        return self.tool.operations


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
class SettingView:
    """A control or exposure of an agent, of a tool, or of what they run on."""

    setting: Setting
    subject: Key
    agents: tuple[Key, ...]
    entries: tuple[Key, ...]
    confidence: Confidence = Confidence.HIGH


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretUseView:
    """A workload of an agent, or one that shares a secret with it, receives a secret value."""

    use: SecretUse
    subject: Key
    agents: tuple[Key, ...]
    entries: tuple[Key, ...]
    secret: Key | None
    secret_name: str
    readers: tuple[Key, ...] = ()
    confidence: Confidence = Confidence.HIGH


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkView:
    """An agent collaborates with another, or uses a gateway or memory; `other` is None outside the code."""

    link: AgentLink
    agent: Key
    other: Key | None
    other_name: str
    agents: tuple[Key, ...] = ()


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

    `how` is a clause: "may replace the code of tool …". `target` is the agent, tool or identity.
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
