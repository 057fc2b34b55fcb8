"""What hangs off entries: credentials, tools, settings, secrets they receive, other agents. See `views`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Confidence
from agentreach.records import dataclass

if TYPE_CHECKING:
    from agentreach.graph.views import GateView, IdentityView
    from agentreach.identity import AgentLink, Credential, Evidence, Operation, SecretUse, Setting, Step, Tool
    from agentreach.model import Key


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
