"""What a user may say about a scan that changes how facts are joined."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

OWNER_TAGS = ("owner", "team", "contact", "service-owner", "cost-center")


class EnvironmentPattern(NamedTuple):
    """Names, tags or namespaces that match one of `globs` belong to the environment `name`."""

    name: str
    globs: tuple[str, ...]
    production: bool = False


class AgentOverride(NamedTuple):
    """Addresses that match `address` are agents, or are not, whatever the signals say.

    `tag` limits the override to subjects that carry the tag or label ("key" or "key=value").
    """

    address: str
    agent: bool = True
    reason: str = ""
    tag: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphOptions:
    """`all_identities` treats every workload and every identity as an agent."""

    environments: tuple[EnvironmentPattern, ...] = ()
    overrides: tuple[AgentOverride, ...] = ()
    owner_tags: tuple[str, ...] = OWNER_TAGS
    all_identities: bool = False
