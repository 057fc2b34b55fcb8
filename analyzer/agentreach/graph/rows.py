"""What one statement gives one identity, before anyone asks which agents act as it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.records import dataclass

if TYPE_CHECKING:
    from agentreach.graph.views import GateView
    from agentreach.identity import Evidence, RbacStatement, RoleAssignment, Statement, Step, System
    from agentreach.model import Key


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One statement, one service, one step. Fields mean what they mean in `views.Reach`.

    `evidence` ends with the attachment; `standing` is what the statement itself says. `bits` are the actions of an
    AWS row as a set of `access.actions`.
    """

    step: Step
    service: str
    provider: str
    actions: tuple[str, ...]
    names: tuple[str, ...]
    resources: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    cause: str
    statement: Statement | RbacStatement | RoleAssignment
    policy: Key | None = None
    managed: str = ""
    wildcard_action: bool = False
    wildcard_resource: bool = False
    scopable: bool = True
    systems: tuple[System, ...] = ()
    production: bool = False
    environments: frozenset[str] = frozenset()
    standing: bool | None = True
    certain: bool = True
    gates: tuple[GateView, ...] = ()
    namespace: str | None = None
    bits: int = 0
    conditional: bool = False
