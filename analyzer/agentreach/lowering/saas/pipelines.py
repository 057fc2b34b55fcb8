"""The pipelines of a repository, as one place: what its runs receive belongs to whoever becomes an identity by them.

A run presents itself to a cloud as `repo:ORG/NAME:environment:ENV` (GitHub) or `project_path:GROUP/NAME:…` (GitLab);
the key of a pipeline is made of the repository's name and the environment, so that both sides meet there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import System, Workload
from agentreach.lowering import workload_signs
from agentreach.lowering.declaration import plain
from agentreach.lowering.workload_signs import Variable
from agentreach.model import Key, Reference, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Resource, Value

REPOSITORY, PROJECT = "repo", "project_path"
PAIR = "tls_private_key"


def pipeline(root: str, kind: str, name: str, environment: str = "") -> Key:
    """The key of the pipelines of a repository, in all environments or in one."""
    return Key(root, f"{kind}:{name}" + (f":environment:{environment}" if environment else ""))


def name_of(value: Value | None, context: Context, *paths: str) -> str:
    """The name of a repository or project: as declared where it is referred to, else as written, without its owner."""
    declared = context.lookup(value)
    if declared is not None:
        for path in paths:
            text = string(declared.attributes.entries.get(path))
            if text:
                return text
        return declared.name
    return (string(value) or plain(value)).rpartition("/")[2]


def received(scope: Scope, key: Key, platform: str, name: str, value: Value | None, path: str) -> Iterator[Fact]:
    """The pipelines, and the secret they are given under a name."""
    yield Workload(key=key, name=key.address, platform=platform, kind=f"{platform}-pipeline", at=scope.place)
    if value is not None:
        variable = Variable(name, value, scope.at(path))
        yield from workload_signs.secret_in(key, variable, via="pipeline", sensitive=True)


def private_half(scope: Scope, context: Context) -> Resource | None:
    """The declared pair of which a deploy key is the public half: whoever is given the other half has the key."""
    pair = context.lookup(scope.get("key"))
    return pair if pair is not None and pair.type == PAIR else None


def key_pair(resource: Resource, _context: Context) -> Iterator[Fact]:
    """A pair of keys that Terraform makes and keeps in its state."""
    yield System(key=resource.key, service="tls", kind="key-pair", names=(), at=resource.at)


def here(scope: Scope, attribute: str) -> Reference:
    """A reference to the declaration itself."""
    return Reference(scope.resource.key, attribute, scope.resource.at)
