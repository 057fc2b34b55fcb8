"""What one statement gives one identity, before anyone asks which agents act as it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.records import dataclass

if TYPE_CHECKING:
    from agentreach.graph.views import GateView
    from agentreach.identity import Evidence, RbacStatement, RoleAssignment, Statement, Step, System
    from agentreach.model import Key


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """One statement, one service, one step, whoever holds it. Fields mean what they mean in `views.Reach`.

    `bits` are the actions of AWS rights as a set of `access.actions`, `reached` the keys of the systems.
    """

    step: Step
    service: str
    provider: str
    actions: tuple[str, ...]
    names: tuple[str, ...]
    resources: tuple[str, ...]
    statement: Statement | RbacStatement | RoleAssignment
    wildcard_action: bool = False
    wildcard_resource: bool = False
    scopable: bool = True
    systems: tuple[System, ...] = ()
    reached: frozenset[Key] = frozenset()
    production: bool = False
    environments: frozenset[str] = frozenset()
    certain: bool = True
    namespace: str | None = None
    bits: int = 0
    conditional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Rights that an identity holds, and by which lines of code.

    `evidence` ends with the attachment; `standing` is what the statement itself says.
    """

    rights: Rights
    evidence: tuple[Evidence, ...]
    cause: str
    policy: Key | None = None
    managed: str = ""
    standing: bool | None = True
    gates: tuple[GateView, ...] = ()

    @property
    def step(self) -> Step:
        """The step of the rights."""
        return self.rights.step

    @property
    def certain(self) -> bool:
        """Whether the identity surely holds them."""
        return self.rights.certain
