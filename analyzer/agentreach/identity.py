"""The vocabulary of access: the few facts that every provider's resources are lowered to.

Lowering emits these facts; it never resolves them. Where a fact points at something else it keeps
the `Value` that the code wrote there (a Reference, an ARN, a name, or something unknown), and the
graph finds the declared thing it means.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

from agentreach.named_tuples import NamedTuple
from agentreach.records import dataclass, field

if TYPE_CHECKING:
    from agentreach.model import Key, Span, Unknown, Value


class Confidence(IntEnum):
    """How sure we are that a claim is true."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3

    @property
    def label(self) -> str:
        """The word used on the command line and in JSON."""
        return self.name.lower()


class Evidence(NamedTuple):
    """A located fact: where, and what it shows, as a clause without a full stop."""

    at: Span
    note: str


class Step(IntEnum):
    """The privilege ladder, one for all clouds, lowest to highest."""

    OBSERVE = 1
    READ_DATA = 2
    WRITE_DATA = 3
    EXECUTE = 4
    DEPLOY = 5
    SECRETS = 6
    IDENTITY = 7
    ADMIN = 8

    @property
    def label(self) -> str:
        """The word used in reports and JSON: "read-data"."""
        return self.name.lower().replace("_", "-")


class Role(StrEnum):
    """What an entry of the inventory is."""

    AGENT = "agent"
    TOOL = "tool"
    HOST = "host"
    UNDECLARED = "undeclared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """Everything that acts for a model.

    `platform` is "aws", "kubernetes", "google", "azure", …;
    `kind` is "bedrock-agent", "agentcore-runtime", "kagent-agent", "mcp-server", …
    """

    key: Key
    name: str
    platform: str
    kind: str
    at: Span
    role: Role = Role.AGENT
    confidence: Confidence = Confidence.HIGH
    because: tuple[Evidence, ...] = ()
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """Something that runs code: a function, task, pod, instance, build. An agent only if signals say so."""

    key: Key
    name: str
    platform: str
    kind: str
    at: Span
    namespace: str | None = None
    tags: dict[str, str] = field(default_factory=dict)


class Strength(StrEnum):
    """How much a signal proves: a product image is decisive, one strong or declared signal is half, weak is none."""

    DECISIVE = "decisive"
    STRONG = "strong"
    WEAK = "weak"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """A sign that a workload is an agent: `kind` is "image", "environment", "action", "trust", "name", "label"."""

    subject: Key
    kind: str
    strength: Strength
    detail: str
    at: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Anyone declared here who may act.

    `kind`: "role", "user", "group", "service-account",
    "managed-identity", "federated", "permission-set", "application", …

    `names` are the texts it may be referred to by (role name, ARN pattern, client id, "ns:sa").
    """

    key: Key
    kind: str
    provider: str
    at: Span
    names: tuple[Value, ...] = ()
    namespace: str | None = None
    human: bool = False
    tags: dict[str, str] = field(default_factory=dict)


class IdentityRelation(StrEnum):
    """How an agent comes to act as an identity."""

    RUNS_AS = "runs-as"
    ASSUMES = "assumes"
    TOOL_ACTS_AS = "tool-acts-as"
    NODE_FALLBACK = "node-fallback"
    DELEGATED = "delegated"
    FEDERATED = "federated"


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityUse:
    """A workload, agent, tool or principal acts as an identity.

    `identity` is what the code names: a Reference, ARN, role name or "namespace:serviceaccount" Scalar.
    `certain` is False when something else (OAuth scopes, a missing other half) may keep it from acting fully so.
    """

    subject: Key
    identity: Value
    relation: IdentityRelation
    at: Span
    note: str = ""
    inherited_default: bool = False
    certain: bool = True


class Trusted(NamedTuple):
    """One principal of a statement's Principal element. `kind`: "AWS", "Service", "Federated", "CanonicalUser", "*".

    Other clouds: "Project", an account of that project; "Tenant", a principal of that directory.
    """

    kind: str
    value: Value


class Condition(NamedTuple):
    """One operator and key of a Condition block. `operator` as written ("ForAllValues:StringLikeIfExists")."""

    operator: str
    key: str
    values: tuple[Value, ...]
    at: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One sentence of an AWS-style policy, as written.

    Exactly one of `actions` / `not_actions` is used and one of `resources` / `not_resources` (trust and
    resource policies may have neither). Values are strings, partly known texts, references or unknowns.
    `effect` is "Allow", "Deny" or an Unknown. `open`: its lists may hold more, unknown items; `conditions_open`:
    conditions may apply that are not in the list, so a missing one proves nothing.
    `certain` is False when the statement may be absent (an undecided branch, count or Condition).
    `spot` names it within its document without line numbers: its Sid, else its index ("#0").
    """

    effect: str | Unknown
    actions: tuple[Value, ...] = ()
    not_actions: tuple[Value, ...] = ()
    resources: tuple[Value, ...] = ()
    not_resources: tuple[Value, ...] = ()
    principals: tuple[Trusted, ...] = ()
    not_principals: tuple[Trusted, ...] = ()
    conditions: tuple[Condition, ...] = ()
    at: Span
    spot: str = "#0"
    certain: bool = True
    open: bool = False
    conditions_open: bool = False
    version: str = "2012-10-17"


class PolicyRole(StrEnum):
    """Which layer of the evaluation a document belongs to."""

    IDENTITY = "identity"
    BOUNDARY = "boundary"
    SESSION = "session"
    TRUST = "trust"
    RESOURCE = "resource"
    SERVICE_CONTROL = "service-control"
    RESOURCE_CONTROL = "resource-control"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A policy document. `unknown` is the whole document when it is only known at deploy time.

    `subject` is what an inline, trust or resource policy belongs to (a Key when nested in the declaration,
    else the Value that names it); a managed policy has none and is attached by `Attachment`.
    """

    key: Key
    role: PolicyRole
    statements: tuple[Statement, ...]
    at: Span
    subject: Key | Value | None = None
    names: tuple[Value, ...] = ()
    unknown: Unknown | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A managed policy (declared, or known by ARN or name) is attached to a principal.

    As an identity policy, or as its boundary, or as an SCP to a target (account, OU, root).
    """

    principal: Key | Value
    policy: Value
    at: Span
    role: PolicyRole = PolicyRole.IDENTITY
    certain: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A principal belongs to a group (IAM user and group, role and instance profile)."""

    member: Key | Value
    group: Key | Value
    at: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class RbacStatement:
    """One rule of a Kubernetes Role or ClusterRole, as written."""

    verbs: tuple[str, ...]
    api_groups: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    resource_names: tuple[str, ...] = ()
    non_resource_urls: tuple[str, ...] = ()
    at: Span
    spot: str = "#0"


@dataclass(frozen=True, slots=True, kw_only=True)
class RbacRole:
    """A Role (with namespace) or ClusterRole (without). `selectors` are the aggregation rule's matchLabels."""

    key: Key
    name: str
    namespace: str | None
    statements: tuple[RbacStatement, ...]
    at: Span
    labels: dict[str, str] = field(default_factory=dict)
    selectors: tuple[dict[str, str], ...] | None = None


class RbacSubject(NamedTuple):
    """A binding's subject: kind "ServiceAccount", "User" or "Group"."""

    kind: str
    name: str
    namespace: str | None
    at: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class RbacBinding:
    """A RoleBinding (with namespace) or ClusterRoleBinding (without)."""

    key: Key
    namespace: str | None
    role_kind: str
    role_name: str
    subjects: tuple[RbacSubject, ...]
    at: Span
    role_at: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleAssignment:
    """Google IAM binding or Azure role assignment: a member holds a role at a scope.

    `eligible` means granted per request (PIM, PAM), not standing; `approved`: a person has to agree to the request
    (None: not said). `certain` is False when the assignment may be absent (an undecided count or branch).
    """

    key: Key
    provider: str
    member: Value
    role: Value
    scope: Value | None
    at: Span
    condition: Value | None = None
    eligible: bool = False
    approved: bool | None = None
    certain: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleDefinition:
    """A custom role of Google or Azure."""

    key: Key
    provider: str
    names: tuple[Value, ...]
    actions: tuple[Value, ...]
    not_actions: tuple[Value, ...] = ()
    data_actions: tuple[Value, ...] = ()
    at: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """Something that can be reached. `service` is the IAM prefix or API ("secretsmanager", "s3", "v1/Secret").

    `kind` is "secret", "bucket", "table", "key", "queue", "function", "database", "repository", …
    `provider` is set where roles are assigned at scopes ("google", "azure", "gitlab", …): then the first of `names` is
    its full name, from which the scopes around it can be read. Empty for AWS and Kubernetes.
    """

    key: Key
    service: str
    kind: str
    names: tuple[Value, ...]
    at: Span
    tags: dict[str, str] = field(default_factory=dict)
    provider: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """Something that proves an identity and can be kept.

    `kind`: "role-session", "access-key", "service-account-token", "api-key", "oauth", "refresh-token",
    "secret", "password", "certificate", "memory", "session", …
    `ttl` is seconds; None with `never_expires` False means not stated; an Unknown means only known at deploy time.
    `thresholds` names the row of the TTL thresholds: "role-session", "access-token", "refresh-token",
    "static-secret", "bedrock-api-key", "vault-token", "app-secret", "memory", "elevated", "idle-session".
    `owner` holds it: a Key (workload, agent, principal) or a Value that names the principal.
    `defaulted` means nobody wrote the lifetime. `placeholder`: the literal only stands where a secret will be.
    """

    key: Key
    kind: str
    owner: Key | Value
    at: Span
    ttl: float | Unknown | None = None
    never_expires: bool = False
    defaulted: bool = False
    rotated: bool | None = None
    renewable_without_human: bool | None = None
    stored_in: str = ""
    thresholds: str = "role-session"
    literal: bool = False
    placeholder: bool = False
    note: str = ""
    attribute: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretUse:
    """A workload receives a secret: by environment reference, mounted file, or literal. `secret` names it.

    `placeholder`: the literal only stands where a secret will be.
    """

    subject: Key
    secret: Value
    variable: str
    at: Span
    via: str = "environment"
    literal: bool = False
    placeholder: bool = False


class Operation(NamedTuple):
    """One declared operation of a tool. `mutating` by HTTP method or verb; None when the name does not tell.

    `confirmation`: True required, False not required or not expressible, None declared elsewhere.
    """

    name: str
    mutating: bool | None
    confirmation: bool | None
    at: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """An agent's tool. `agent` names the agent or gateway that offers it; `target` what executes it.

    `executor`: "lambda", "return-control", "code-interpreter", "user-input", "mcp", "http", "agent", "smithy", …
    `acts_as` is set when the declaration itself names the identity; else the graph takes the target's.
    `confirmable` is False when the resource type cannot declare a confirmation.
    """

    key: Key
    agent: Key | Value
    name: str
    executor: str
    at: Span
    target: Value | None = None
    acts_as: Value | None = None
    confirmation: bool | None = None
    confirmable: bool = True
    operations: tuple[Operation, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentLink:
    """An agent drives, collaborates with or hosts another.

    `relation`: "collaborates", "uses-gateway", "uses-memory".
    """

    agent: Key | Value
    other: Value
    relation: str
    at: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What must say yes at request time.

    `kind`: "confirmation", "policy-engine", "interceptor", "hook",
    "approval", "boundary", "condition", "admission".

    `subject` is what it guards (agent, gateway, tool, workload); `covers` names tools, empty means all of them.
    `fails_closed`: False only logs or fails open; None is unknown.
    """

    subject: Key | Value
    kind: str
    at: Span
    covers: tuple[str, ...] = ()
    fails_closed: bool | None = True
    note: str = ""


class Aspect(StrEnum):
    """A control or exposure that a declaration states, or leaves out."""

    PUBLIC_NETWORK = "public-network"
    ANONYMOUS_INBOUND = "anonymous-inbound"
    PLAINTEXT_INBOUND = "plaintext-inbound"
    UNRESTRICTED_EGRESS = "unrestricted-egress"
    GUARDRAIL = "guardrail"
    BOUNDED_RUN = "bounded-run"
    AUDIT_LOG = "audit-log"
    MEMORY_ENCRYPTION = "memory-encryption"
    PINNED_ARTIFACT = "pinned-artifact"
    AUTOMOUNT_TOKEN = "automount-token"  # noqa: S105 - an aspect, not a password
    HOST_ACCESS = "host-access"
    TOOL_FILTER = "tool-filter"
    CODE_EXECUTION = "code-execution"
    UNATTENDED = "unattended"
    SPENDS_MONEY = "spends-money"
    KEY_ROTATION = "key-rotation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """An aspect of a subject: True present, False absent or off, None unknown.

    `at` is the attribute, or the declaration's first line where nothing is written (`defaulted`).
    `confidence` is less where the state is read off what is not declared.
    """

    subject: Key | Value
    aspect: Aspect
    state: bool | None
    at: Span
    note: str = ""
    defaulted: bool = False
    confidence: Confidence = Confidence.HIGH


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """An attribute only known at deploy time that hides part of an identity, policy or tool."""

    subject: Key
    attribute: str
    reason: str
    at: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmodelled:
    """An agent-related resource type that the catalogue does not describe."""

    key: Key
    type: str
    at: Span


Fact = (
    Agent
    | Workload
    | Signal
    | Principal
    | IdentityUse
    | Policy
    | Attachment
    | Membership
    | RbacRole
    | RbacBinding
    | RoleAssignment
    | RoleDefinition
    | System
    | Credential
    | SecretUse
    | Tool
    | AgentLink
    | Gate
    | Setting
    | Hidden
    | Unmodelled
)
