"""What a user may say about a scan that changes how facts are joined."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from agentreach.thresholds import DEFAULT, Lifetimes

if TYPE_CHECKING:
    from collections.abc import Mapping

OWNER_TAGS = ("owner", "team", "contact", "service-owner", "cost-center")

HOUR = 3_600.0
DAY = 24 * HOUR

NOTES: Mapping[str, float] = MappingProxyType(
    {
        "role-session": HOUR,
        "access-token": HOUR,
        "refresh-token": DAY,
        "static-secret": 0.0,
        "bedrock-api-key": 12 * HOUR,
        "vault-token": HOUR,
        "app-secret": 90 * DAY,
        "memory": DAY,
        "elevated": HOUR,
        "idle-session": HOUR / 2,
    }
)
"""Seconds above which a credential of a class is worth a note: the *note* column of the thresholds."""


class EnvironmentPattern(NamedTuple):
    """Names, tags, namespaces and path segments that match one of `globs` belong to the environment `name`."""

    name: str
    globs: tuple[str, ...]
    production: bool = False


class AgentOverride(NamedTuple):
    """Subjects whose address matches the glob `address` ("root::address" too) are agents, or are not.

    `tag` limits it to subjects that carry the tag or label: "key" or "key=value", a glob.
    """

    address: str
    agent: bool = True
    reason: str = ""
    tag: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphOptions:
    """`all_identities` treats every workload and every identity as an agent; `notes` are seconds."""

    environments: tuple[EnvironmentPattern, ...] = ()
    overrides: tuple[AgentOverride, ...] = ()
    owner_tags: tuple[str, ...] = OWNER_TAGS
    all_identities: bool = False
    notes: Mapping[str, float] = field(default_factory=lambda: NOTES)
    lifetimes: Mapping[str, Lifetimes] = field(default_factory=lambda: DEFAULT)
