"""The graph as checks and reports query it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.access.request import Layers
from agentreach.graph.gates import declared_gates
from agentreach.graph.options import GraphOptions
from agentreach.graph.received import received
from agentreach.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from agentreach.graph.questions import Questions
    from agentreach.graph.views import (
        AgentView,
        CredentialView,
        EscalationView,
        GateView,
        IdentityView,
        LinkView,
        Reach,
        SecretUseView,
        SettingView,
        ThirdPartyView,
        ToolView,
        TrustView,
        UnknownView,
    )
    from agentreach.identity import Aspect, Evidence, Fact, Step, System, Unmodelled
    from agentreach.model import Broken, Key, Skipped


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentGraph:
    """Everything concluded about the agents of a scan; all sequences are in a deterministic order.

    `agents` are in review order: what to look at first comes first. `possible_clients` are workloads with
    one signal only ("possible LLM client").
    """

    agents: tuple[AgentView, ...] = ()
    all_reach: tuple[Reach, ...] = ()
    all_credentials: tuple[CredentialView, ...] = ()
    all_tools: tuple[ToolView, ...] = ()
    all_trusts: tuple[TrustView, ...] = ()
    all_settings: tuple[SettingView, ...] = ()
    all_secret_uses: tuple[SecretUseView, ...] = ()
    all_escalations: tuple[EscalationView, ...] = ()
    all_third_parties: tuple[ThirdPartyView, ...] = ()
    links: tuple[LinkView, ...] = ()
    unknowns: tuple[UnknownView, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    broken: tuple[Broken, ...] = ()
    unmodelled: tuple[Unmodelled, ...] = ()
    possible_clients: tuple[Key, ...] = ()
    systems: tuple[System, ...] = ()
    facts: Mapping[Key, tuple[Fact, ...]] = field(default_factory=dict)
    by_key: Mapping[Key, AgentView] = field(default_factory=dict)
    options: GraphOptions = field(default_factory=GraphOptions)
    questions: Questions | None = None

    def agent(self, key: Key | None) -> AgentView | None:
        """Find the inventory entry with this key."""
        return None if key is None else self.by_key.get(key)

    def identities(self, agent: Key) -> tuple[IdentityView, ...]:
        """List what an entry may act as, nearest first."""
        entry = self.by_key.get(agent)
        return entry.identities if entry else ()

    def reach(
        self,
        *,
        step: Step | None = None,
        minimum: Step | None = None,
        standing: bool | None = None,
        agent: Key | None = None,
    ) -> Iterator[Reach]:
        """Reach at exactly `step`, at least at `minimum`, of `agent`.

        `standing=True` includes unknown gates: they are treated as standing (at confidence medium).
        """
        for reach in self.all_reach:
            if step is not None and reach.step is not step:
                continue
            if minimum is not None and reach.step < minimum:
                continue
            if standing is not None and standing is (reach.standing is False):
                continue
            if agent is None or agent in reach.entries:
                yield reach

    def credentials(self, agent: Key | None = None) -> Iterator[CredentialView]:
        """List what can be kept, of all or of one entry."""
        return (one for one in self.all_credentials if agent is None or agent in one.entries)

    def kept(self, agent: Key) -> tuple[CredentialView, ...]:
        """List everything an entry can keep: credentials, and secrets it is given that are declared as none."""
        declared = tuple(self.credentials(agent))
        known = {key for one in declared for key in (one.credential.key, one.credential.owner)}
        return (*declared, *received(self.secret_uses(agent), known))

    def tools(self, agent: Key | None = None) -> Iterator[ToolView]:
        """List the tools of all or of one entry."""
        return (one for one in self.all_tools if agent is None or agent in one.entries)

    def gates(self, agent: Key) -> tuple[GateView, ...]:
        """List every gate on something an entry does, whether or not it holds, once for each place."""
        entry = self.by_key.get(agent)
        if entry is None:
            return ()
        found = list(entry.gates)
        found += [gate for tool in entry.tools for gate in tool.gates]
        found += [gate for identity in entry.identities for gate in identity.gates]
        found += [gate for reach in self.reach(agent=agent) for gate in reach.gates]
        return declared_gates(found, entry.tools)

    def trusts(self, identity: Key | None = None) -> Iterator[TrustView]:
        """Who may become the identities of agents, or use their resources."""
        return (one for one in self.all_trusts if identity is None or one.identity == identity)

    def settings(self, subject: Key | None = None, aspect: Aspect | None = None) -> Iterator[SettingView]:
        """List controls and exposures; `subject` is an inventory entry or what it runs on."""
        for one in self.all_settings:
            if aspect is not None and one.setting.aspect is not aspect:
                continue
            if subject is None or one.subject == subject or subject in one.entries:
                yield one

    def secret_uses(self, agent: Key | None = None) -> Iterator[SecretUseView]:
        """Secret values that reach workloads of agents."""
        return (one for one in self.all_secret_uses if agent is None or agent in one.entries)

    def escalations(self, agent: Key | None = None) -> Iterator[EscalationView]:
        """Paths of the catalogue that fire."""
        return (one for one in self.all_escalations if agent is None or agent in one.entries)

    def third_parties(self) -> tuple[ThirdPartyView, ...]:
        """Principals that are no part of an agent and can rewrite, drive or become it."""
        return self.all_third_parties

    def chain(self, agent: Key, identity: Key) -> tuple[Evidence, ...]:
        """Show the shortest chain from an entry to an identity, as evidence; empty when there is none."""
        for view in self.identities(agent):
            if view.key == identity:
                return view.via
        return ()

    def find_identity(self, text: str) -> tuple[Key, ...]:
        """List the identities that a text may mean: all exact ones, else all partial ones."""
        return self.questions.find(text) if self.questions else ()

    def layers(self, identity: Key) -> Layers:
        """Return the policy layers of an identity, as the access engine evaluates them."""
        return self.questions.layers(identity) if self.questions else Layers()

    def fact(self, key: Key) -> tuple[Fact, ...]:
        """Every fact declared under a key."""
        return self.facts.get(key, ())
