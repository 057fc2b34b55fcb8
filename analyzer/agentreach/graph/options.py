"""What a user may say about a scan that changes how facts are joined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.named_tuples import NamedTuple
from agentreach.records import dataclass, field
from agentreach.thresholds import DEFAULT, Lifetimes

if TYPE_CHECKING:
    from collections.abc import Mapping

OWNER_TAGS = ("owner", "team", "contact", "service-owner", "cost-center")


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
    """`all_identities` treats every workload and every identity as an agent; `lifetimes` are the TTL thresholds."""

    environments: tuple[EnvironmentPattern, ...] = ()
    overrides: tuple[AgentOverride, ...] = ()
    owner_tags: tuple[str, ...] = OWNER_TAGS
    all_identities: bool = False
    lifetimes: Mapping[str, Lifetimes] = field(default_factory=lambda: DEFAULT)
