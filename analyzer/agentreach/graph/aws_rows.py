"""What the AWS policies of a principal give it, as rows of reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agentreach.graph.index import FactIndex
    from agentreach.graph.layers import LayerBook
    from agentreach.graph.principals import PrincipalBook
    from agentreach.graph.production import Environments
    from agentreach.graph.resolve import Directory
    from agentreach.graph.rows import Row
    from agentreach.model import Key


class AwsRows:
    """Rows by principal, each computed once."""

    __slots__ = ("_rows",)

    def __init__(
        self,
        index: FactIndex,
        directory: Directory,
        layers: LayerBook,
        principals: PrincipalBook,
        environments: Environments,
    ) -> None:
        self._rows: dict[Key, tuple[Row, ...]] = {}

    def of(self, principal: Key) -> tuple[Row, ...]:
        """What a principal may do, by statement, service and step."""
        return self._rows.get(principal, ())
