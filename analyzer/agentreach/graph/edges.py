"""Who acts as whom, one hop at a time: workloads, tools, collaborators and the identities they use."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from agentreach.access.verdict import Verdict
from agentreach.graph.accounts import service_accounts
from agentreach.graph.federation import ADMITTED, admission, admits_pods
from agentreach.graph.resolve import references, root_of
from agentreach.graph.spelling import called, spell
from agentreach.identity import (
    Agent,
    AgentLink,
    Credential,
    Evidence,
    IdentityRelation,
    IdentityUse,
    Membership,
    Principal,
    SecretUse,
    Tool,
    Workload,
)
from agentreach.model import Key, Unknown, string
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agentreach.graph.federation import Admission
    from agentreach.graph.gates import GateBook
    from agentreach.graph.index import FactIndex
    from agentreach.graph.resolve import Directory
    from agentreach.graph.trusts import TrustBook
    from agentreach.graph.views import GateView
    from agentreach.model import Span, Value

POD_IDENTITY_KIND = "pod-identity"
USES_TOOL = "uses-tool"
EXECUTES = "executes"
RUNNERS = (Agent, Workload, Tool)
FEDERATED_KINDS = frozenset({"role", "service-account", "managed-identity", "application"})
"""Identities of clouds whose own trust has to admit the account of a cluster that names them."""


_BELONGING = {"uses-memory", "uses-knowledge-base", "uses-guardrail", "uses-credential-provider", "alias", "hosted-by"}
"""Links to what belongs to an agent: nothing is done on its behalf with an identity of the other side."""


class Edge(NamedTuple):
    """One hop. `gates` must say yes for it; `inherited` means that nobody chose this identity."""

    target: Key
    relation: str
    evidence: tuple[Evidence, ...]
    certain: bool = True
    gates: tuple[GateView, ...] = ()
    inherited: bool = False


class Refused(NamedTuple):
    """An identity that something names and that does not admit it."""

    target: Key
    evidence: tuple[Evidence, ...]


class Edges:
    """Every hop that a declaration states. Assuming a role is not one: see `assume`."""

    __slots__ = (
        "_accounts",
        "_directory",
        "_gates",
        "_kinds",
        "_trusts",
        "belongings",
        "named_at",
        "outside",
        "refused",
        "unresolved",
        "users",
        "walks",
    )

    def __init__(self, index: FactIndex, directory: Directory, gates: GateBook, trusts: TrustBook) -> None:
        self._directory = directory
        self._gates = gates
        self._trusts = trusts
        self._accounts = service_accounts(index)
        self._kinds = {principal.key: principal.kind for principal in index.of(Principal)}
        self.walks: defaultdict[Key, list[Edge]] = defaultdict(list)
        self.users: defaultdict[Key, list[Key]] = defaultdict(list)
        self.belongings: defaultdict[Key, list[Key]] = defaultdict(list)
        self.outside: dict[Key, str] = {}
        self.named_at: dict[Key, Span] = {}
        self.unresolved: list[tuple[Key, IdentityUse, Unknown]] = []
        self.refused: defaultdict[Key, list[Refused]] = defaultdict(list)
        for identity_use in index.of(IdentityUse):
            self._use(identity_use)
        for tool in index.of(Tool):
            self._tool(tool)
        for link in index.of(AgentLink):
            self._link(link)
        credentials = {credential.key: credential for credential in index.of(Credential)}
        for use in index.of(SecretUse):
            self._holds(use, credentials)
        for membership in index.of(Membership):
            self._profile(membership)
        for principal in index.of(Principal):
            if principal.kind == POD_IDENTITY_KIND:
                self._pods(principal)

    def of(self, key: Key) -> tuple[Edge, ...]:
        """The hops that start at a key, in the order they are declared."""
        return tuple(self.walks.get(key, ()))

    def principals_of(self, key: Key) -> tuple[Key, ...]:
        """The identities that something runs as."""
        return tuple(edge.target for edge in self.of(key) if edge.relation == IdentityRelation.RUNS_AS.value)

    def behind_profile(self, key: Key) -> Key:
        """The role that an instance profile stands for; anything else stands for itself."""
        if self._kinds.get(key) != "instance-profile":
            return key
        return next((edge.target for edge in self.of(key)), key)

    def runs_on(self, key: Key) -> tuple[Key, ...]:
        """The workloads that something is executed by."""
        return tuple(edge.target for edge in self.of(key) if edge.relation == EXECUTES)

    def _add(self, origin: Key, edge: Edge) -> None:
        self.walks[origin].append(edge)

    def _use(self, use: IdentityUse) -> None:
        if isinstance(use.identity, Unknown):
            self.unresolved.append((use.subject, use, use.identity))
            return
        targets, certain = self.principals(use.identity, use.subject.root)
        note = use.note or f"{use.relation.value.replace('-', ' ')} {called(spell(use.identity))}"
        for target in targets:
            admitted = self._admission(use, target)
            evidence = (Evidence(use.at, note), *admitted.evidence)
            if admitted.verdict is Verdict.DENIED:
                self.refused[use.subject].append(Refused(target, evidence))
                continue
            proved = len(targets) == 1 and bool(admitted.evidence)
            sure = (certain or proved) and use.certain and admitted.verdict is Verdict.ALLOWED
            gates = self._gates.of_entry(use.subject)
            edge = Edge(target, use.relation.value, evidence, sure, gates, use.inherited_default)
            self._add(use.subject, edge)
            self.users[target].append(use.subject)

    def _admission(self, use: IdentityUse, target: Key) -> Admission:
        """An annotation is half of a federation; the other half is the trust of the role."""
        account = self._accounts.get(use.subject)
        if use.relation is not IdentityRelation.FEDERATED or self._kinds.get(target) not in FEDERATED_KINDS:
            return ADMITTED
        if self._kinds.get(use.subject) == POD_IDENTITY_KIND:
            return admits_pods(target, self._trusts)
        return admission(target, *account, self._trusts) if account else ADMITTED

    def _pods(self, association: Principal) -> None:
        """EKS Pod Identity is declared on the cloud's side only: by namespace and name of the account."""
        for name in association.names:
            text = string(name) or ""
            accounts = [key for key, account in self._accounts.items() if f"{account.namespace}:{account.name}" == text]
            near = [key for key in accounts if key.root == association.key.root] or accounts
            near += [outside_key(text, root) for root in self._roots_that_only_name(text)]
            for account in near:
                evidence = (Evidence(association.at, f"EKS Pod Identity for {text}"),)
                relation = IdentityRelation.FEDERATED.value
                self._add(account, Edge(association.key, relation, evidence, len(near) == 1))
                self.users[association.key].append(account)

    def _roots_that_only_name(self, account: str) -> list[str]:
        return [key.root for key, name in self.outside.items() if name == account]

    def principals(self, identity: Value, root: str) -> tuple[tuple[Key, ...], bool]:
        """The declared principals a value names, else the key of one outside the code."""
        match = self._directory.resolve(identity, root, (Principal,))
        keys = tuple(key for key in match.keys if self._kinds[key] != POD_IDENTITY_KIND)
        if keys:
            return keys, match.certain or (len(keys) == 1 and len(match.keys) > 1)
        key = outside_key(match.name, root)
        self.outside.setdefault(key, match.name)
        self.named_at.setdefault(key, identity.at)
        return (key,), True

    def _tool(self, tool: Tool) -> None:
        owners = self._directory.resolve(tool.agent, tool.key.root, RUNNERS)
        gates = self._gates.of_tool(tool, owners.keys)
        for owner in owners.keys:
            if owner != tool.key:
                evidence = (Evidence(tool.at, f"tool {tool.name}"),)
                self._add(owner, Edge(tool.key, USES_TOOL, evidence, owners.certain, gates))
        self._executor(tool)

    def _executor(self, tool: Tool) -> None:
        if tool.acts_as is not None and not isinstance(tool.acts_as, Unknown):
            targets, certain = self.principals(tool.acts_as, tool.key.root)
            for target in targets:
                evidence = (Evidence(tool.acts_as.at, f"tool {tool.name} acts as {target.address}"),)
                self._add(tool.key, Edge(target, IdentityRelation.TOOL_ACTS_AS.value, evidence, certain))
                self.users[target].append(tool.key)
        match = self._directory.resolve(tool.target, tool.key.root, RUNNERS)
        for target in match.keys:
            if target != tool.key:
                at = tool.target.at if tool.target is not None else tool.at
                evidence = (Evidence(at, f"executed by {target.address}"),)
                self._add(tool.key, Edge(target, EXECUTES, evidence, match.certain, self._gates.of_server(target)))

    def _link(self, link: AgentLink) -> None:
        agents = self._directory.resolve(link.agent, root_of(link.agent, link.other), RUNNERS)
        if link.relation in _BELONGING:
            for agent in agents.keys:
                self.belongings[agent] += self._named(link.other, agent.root)
            return
        for agent in agents.keys:
            others = self._directory.resolve(link.other, agent.root, RUNNERS)
            for other in others.keys:
                if other != agent:
                    evidence = (Evidence(link.at, f"{link.relation.replace('-', ' ')} {other.address}"),)
                    certain = agents.certain and others.certain
                    gates = (*self._gates.of_entry(agent), *self._gates.of_server(other))
                    self._add(agent, Edge(other, link.relation, evidence, certain, gates))

    def _named(self, value: Value, root: str) -> tuple[Key, ...]:
        """What a value names, also when no fact is declared under it but attributes of others."""
        match = self._directory.resolve(value, root)
        return match.keys or tuple(reference.key for reference in references(value))

    def _holds(self, use: SecretUse, credentials: Mapping[Key, Credential]) -> None:
        """Whoever receives the key, token or password of a principal can act as that principal."""
        match = self._directory.resolve(use.secret, use.subject.root, (Credential,))
        for key in match.keys:
            owner = credentials[key].owner
            principals = self._directory.resolve(owner, key.root, (Principal,))
            for principal in principals.keys:
                if principal != use.subject:
                    whose = "" if principal == key else f" of {principal.address}"
                    note = f"receives {credentials[key].kind.replace('-', ' ')} {key.address}{whose}"
                    evidence = (Evidence(use.at, note),)
                    certain = match.certain and principals.certain
                    self._add(use.subject, Edge(principal, IdentityRelation.DELEGATED.value, evidence, certain))
                    self.users[principal].append(use.subject)

    def direct_users(self, identity: Key) -> tuple[Key, ...]:
        """The agents, workloads and tools that act as an identity themselves, not by assuming it."""
        found: dict[Key, None] = {}
        waiting, seen = list(self.users.get(identity, ())), {identity}
        while waiting:
            user = waiting.pop(0)
            if user in seen:
                continue
            seen.add(user)
            if self._directory.declares(user, RUNNERS):
                found[user] = None
            else:
                waiting += self.users.get(user, ())
        return tuple(sorted(found))

    def _profile(self, membership: Membership) -> None:
        """An instance profile stands for the role in it."""
        roles = self._directory.resolve(membership.member, root_of(membership.member, membership.group), (Principal,))
        profiles = self._directory.resolve(membership.group, root_of(membership.group, membership.member), (Principal,))
        for profile in profiles.keys:
            for role in roles.keys:
                evidence = (Evidence(membership.at, f"instance profile of {role.address}"),)
                self._add(profile, Edge(role, IdentityRelation.RUNS_AS.value, evidence, roles.certain))
                self.users[role].append(profile)


def outside_key(name: str, root: str) -> Key:
    """The key of something the code only names. "namespace:account" is a service account."""
    namespace, colon, account = name.partition(":")
    if colon and account and ":" not in account and not name.startswith("arn:") and "/" not in name:
        return Key(root, f"ServiceAccount/{namespace}/{account}")
    return Key(root, name)
