"""Facts that many Google resources state alike: labels, systems, identities in use, the inventory entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Agent, AgentLink, Evidence, IdentityRelation, IdentityUse, Role, System
from agentreach.lowering import tags, workload_signs
from agentreach.lowering.google.names import default_compute, full_name, identity, label
from agentreach.model import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Key, Value

PLATFORM = "google"


def tags_of(scope: Scope) -> dict[str, str]:
    """The labels of a declaration, those inherited from the provider included."""
    return tags.read(scope.get("effective_labels"), scope.get("labels"), scope.get("user_labels"))


def system(scope: Scope, context: Context, service: str, kind: str, path: str, name: str) -> System:
    """A declared thing that roles may reach, under its full name and its short one."""
    own = scope.get(name)
    names = (full_name(scope, context, path, name), *(() if own is None else (own,)))
    return System(
        key=scope.resource.key,
        service=service,
        kind=kind,
        names=names,
        at=scope.resource.at,
        tags=tags_of(scope),
        provider=PLATFORM,
    )


def agent(scope: Scope, kind: str, *names: str, role: Role = Role.AGENT) -> Agent:
    """The entry of the inventory."""
    return Agent(
        key=scope.resource.key,
        name=label(scope, *names),
        platform=PLATFORM,
        kind=kind,
        at=scope.resource.at,
        role=role,
        because=(Evidence(scope.resource.at, f"declares a {kind.replace('-', ' ')}"),),
        tags=tags_of(scope),
    )


def workload(scope: Scope, kind: str, *names: str) -> Iterator[Fact]:
    """A workload and the signs of its name and labels."""
    yield from workload_signs.declared(
        scope, platform=PLATFORM, kind=kind, name=label(scope, *names), tags=tags_of(scope), at=scope.at(*names)
    )


def runs_as(
    scope: Scope, path: str, context: Context, *, default: Value | None = None, subject: Key | None = None
) -> Iterator[IdentityUse]:
    """The service accounts that an attribute names; the default one, which nobody chose, where it names none."""
    key = subject or scope.resource.key
    found = tuple(scope.values(path))
    for value in found:
        yield IdentityUse(
            subject=key, identity=identity(value, context), relation=IdentityRelation.RUNS_AS, at=scope.at(path)
        )
    if not found:
        yield IdentityUse(
            subject=key,
            identity=default or default_compute(scope.place),
            relation=IdentityRelation.RUNS_AS,
            at=scope.place,
            note="no service account is named: the default one of the project",
            inherited_default=True,
        )


def linked(
    scope: Scope, path: str, relation: str, context: Context, agent: Key | Value | None = None
) -> Iterator[AgentLink]:
    """A link to each declared thing that an attribute names."""
    for value in scope.values(path):
        if not isinstance(value, Unknown):
            resource = context.lookup(value)
            own = agent or scope.resource.key
            if resource is None or resource.key != own:
                yield AgentLink(agent=own, other=value, relation=relation, at=scope.at(path))
