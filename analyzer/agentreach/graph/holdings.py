"""Credentials, secrets, settings and links, with the entries they belong to."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from agentreach.graph.resolve import references, root_of
from agentreach.graph.views import CredentialView, LinkView, SecretUseView, SettingView
from agentreach.identity import (
    Agent,
    AgentLink,
    Confidence,
    Credential,
    Evidence,
    Principal,
    SecretUse,
    Setting,
    System,
    Tool,
    Workload,
)
from agentreach.model import Key, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from agentreach.graph.concern import Concern
    from agentreach.graph.resolve import Match
    from agentreach.graph.world import World
    from agentreach.identity import Step
    from agentreach.model import Value

_HOLDERS = (Agent, Workload, Tool, Principal)
_SECRETS = (System, Credential)
_KEEPING = frozenset({"parameter", "secret", "vault"})
"""Kinds of systems whose names secrets go by."""


class Holdings:
    """Built once per graph; every list is in the order of keys. `readers`: who may read each secret by policy.

    `users`: who may use each encryption key.
    """

    __slots__ = ("_agents", "_concern", "_highest", "_others", "_readers", "_secrets", "_users", "_world")

    def __init__(
        self,
        world: World,
        concern: Concern,
        agents: Mapping[Key, Agent],
        highest: Mapping[Key, Step],
        readers: Mapping[Key, tuple[Key, ...]],
        users: Mapping[Key, tuple[Key, ...]],
    ) -> None:
        self._world = world
        self._concern = concern
        self._agents = agents
        self._highest = highest
        self._readers = readers
        self._users = users
        self._others = {one.key for one in world.index.of(System) if one.kind not in _KEEPING}
        self._secrets = {id(use): self._secret(use) for use in world.index.of(SecretUse)}

    def _secret(self, use: SecretUse) -> Match:
        return self._kept(use.secret, use.subject.root)

    def _kept(self, secret: Key | Value, root: str) -> Match:
        """The declared secret that is meant: by its name never a service or a ConfigMap that is called the same."""
        match = self._world.directory.resolve(secret, root, _SECRETS)
        if isinstance(secret, Key) or any(references(secret)):
            return match
        return match._replace(keys=tuple(key for key in match.keys if key not in self._others))

    def _confidence(self, entries: tuple[Key, ...]) -> Confidence:
        return max((self._agents[key].confidence for key in entries), default=Confidence.LOW)

    def secret_uses(self) -> Iterator[SecretUseView]:
        """Secret values that reach an entry, and for each secret everyone who receives it."""
        readers: defaultdict[Key, list[Key]] = defaultdict(list)
        for use in self._world.index.of(SecretUse):
            for secret in self._named(use):
                readers[secret].append(use.subject)
        for use in self._world.index.of(SecretUse):
            entries = self._concern.owners(use.subject)
            if entries:
                yield self._use(use, entries, readers)

    def _use(self, use: SecretUse, entries: tuple[Key, ...], readers: Mapping[Key, list[Key]]) -> SecretUseView:
        match = self._secrets[id(use)]
        secret = match.keys[0] if match.keys else None
        return SecretUseView(
            use=use,
            subject=use.subject,
            agents=self._concern.named(entries),
            entries=entries,
            secret=secret,
            secret_name=secret.address if secret else _called(use, match),
            readers=tuple(sorted({reader for one in self._named(use)[:1] for reader in readers[one]}))
            or (use.subject,),
            confidence=Confidence.LOW if use.placeholder else self._confidence(entries),
        )

    def _named(self, use: SecretUse) -> tuple[Key, ...]:
        """The declared secrets a use names; else the one of that name in its root, which something else declares."""
        match = self._secrets[id(use)]
        known = not use.literal and not isinstance(use.secret, Unknown) and "…" not in match.name and match.name
        return match.keys or ((Key(use.subject.root, match.name),) if known else ())

    def credentials(self) -> Iterator[CredentialView]:
        """What entries hold themselves, through an identity, through a tool's executor, or by receiving it."""
        received: defaultdict[Key, list[SecretUse]] = defaultdict(list)
        for use in self._world.index.of(SecretUse):
            for secret in self._secrets[id(use)].keys:
                received[secret].append(use)
        for credential in self._world.index.of(Credential):
            kept = (credential.key, *self._stores(credential))
            uses = [use for key in dict.fromkeys(kept) for use in received.get(key, ())]
            view = self._credential(credential, kept, uses)
            if view.entries:
                yield view

    def _stores(self, credential: Credential) -> tuple[Key, ...]:
        """The declared secret that a value is put into: whoever reads the one has the other."""
        return self._kept(credential.owner, credential.key.root).keys

    def _credential(self, credential: Credential, kept: tuple[Key, ...], uses: list[SecretUse]) -> CredentialView:
        match = self._world.directory.resolve(credential.owner, credential.key.root, _HOLDERS)
        holder = match.keys[0] if match.keys else _outside(credential, match)
        entries = self._concern.ordered_by_rank(
            (
                *self._concern.owners(holder, *(use.subject for use in uses)),
                *(reader for key in kept for reader in self._readers.get(key, ())),
            )
        )
        identity = holder if self._world.principals.get(holder) else None
        given = (Evidence(use.at, f"given to {use.subject.address} as {use.variable}") for use in uses)
        confidence = Confidence.LOW if credential.placeholder else self._confidence(entries)
        return CredentialView(
            credential=credential,
            agents=self._concern.named(entries),
            entries=entries,
            holder=holder,
            holder_name=holder.address,
            evidence=(Evidence(credential.at, credential.note or credential.kind), *given),
            identity=identity,
            highest=self._step(identity, entries),
            confidence=confidence if match.certain or uses else min(confidence, Confidence.MEDIUM),
        )

    def _step(self, identity: Key | None, entries: tuple[Key, ...]) -> Step | None:
        """The highest step of whom it is a credential of; of those who hold it, when it stands for no identity.

        What no entry holds is not asked: only the reach of agents is worked out.
        """
        if not entries:
            return None
        if identity is not None:
            return max((row.step for row in self._world.rows(identity)), default=None)
        return max((self._highest[key] for key in entries if key in self._highest), default=None)

    def settings(self) -> Iterator[SettingView]:
        """What is stated about entries, their tools and what they run on."""
        for setting in self._world.index.of(Setting):
            for subject in self._subjects(setting):
                entries = self._concern.owners(subject) or self._concern.ordered_by_rank(self._users.get(subject, ()))
                if entries:
                    yield SettingView(
                        setting=setting,
                        subject=subject,
                        agents=self._concern.named(entries),
                        entries=entries,
                        confidence=min(setting.confidence, self._confidence(entries)),
                    )

    def _subjects(self, setting: Setting) -> tuple[Key, ...]:
        if isinstance(setting.subject, Key):
            return (setting.subject,)
        return self._world.directory.resolve(setting.subject, root_of(setting.subject)).keys

    def links(self) -> Iterator[LinkView]:
        """Collaborators, gateways and memories."""
        for link in self._world.index.of(AgentLink):
            agents = self._world.directory.resolve(link.agent, root_of(link.agent, link.other))
            for agent in agents.keys:
                entries = self._concern.owners(agent)
                if entries:
                    others = self._world.directory.resolve(link.other, agent.root)
                    other = others.keys[0] if others.keys else None
                    yield LinkView(
                        link=link,
                        agent=agent,
                        other=other,
                        other_name=other.address if other else others.name,
                        agents=self._concern.named(entries),
                    )


def _called(use: SecretUse, match: Match) -> str:
    """What to call a secret that is not declared: as the code names it, else by the variable it is given as."""
    return use.variable if isinstance(use.secret, Unknown) or not match.name.strip("…") else match.name


def _outside(credential: Credential, match: Match) -> Key:
    return credential.owner if isinstance(credential.owner, Key) else Key(credential.key.root, match.name)
