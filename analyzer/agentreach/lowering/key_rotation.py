"""Whether the material of an encryption key is replaced by itself, as every provider lets its declaration say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Aspect, Setting

if TYPE_CHECKING:
    from agentreach.lowering.declaration import Scope


def rotation(scope: Scope, path: str, *, rotates: bool | None) -> Setting:
    """What an attribute says; one that nobody wrote says that the key stays."""
    written = scope.has(path)
    state = rotates if written else False
    return Setting(
        subject=scope.resource.key,
        aspect=Aspect.KEY_ROTATION,
        state=state,
        at=scope.at(path),
        note=f"{scope.written(path)} {'is off' if written else 'is not set'}" if state is False else "",
        defaulted=not written,
    )
