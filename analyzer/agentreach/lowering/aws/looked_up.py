"""Types that state nothing by themselves and are read where something refers to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.lowering.aws import MODULES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope


def nothing(_scope: Scope, _context: Context) -> Iterator[Fact]:
    """No facts of its own."""
    return iter(())


LOWERINGS = dict.fromkeys(MODULES["looked_up"], nothing)
