"""What a tool authenticates with: a service account, a key or token in the code, or a reference to a secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import SecretUse
from agentreach.lowering import workload_signs
from agentreach.lowering.workload_signs import Variable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Key


def literal(scope: Scope, path: str, subject: Key | None = None) -> Iterator[Fact]:
    """An attribute that exists for a secret value: whatever stands there is one."""
    for value in scope.values(path):
        variable = Variable(path.rpartition(".")[2], value, scope.at(path))
        yield from workload_signs.secret_in(subject or scope.resource.key, variable, via="attribute", sensitive=True)


def reference(scope: Scope, path: str, subject: Key | None = None) -> Iterator[SecretUse]:
    """An attribute that names the secret a value is read from."""
    for value in scope.values(path):
        yield SecretUse(
            subject=subject or scope.resource.key,
            secret=value,
            variable=path.rpartition(".")[2],
            at=scope.at(path),
            via="reference",
        )
