"""Which of very many roles are worth attacking: told from the text of their policies, without evaluating any."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from agentreach.identity import Principal
from agentreach.model import string

if TYPE_CHECKING:
    from agentreach.graph.index import FactIndex
    from agentreach.graph.layers import LayerBook
    from agentreach.graph.trusts import TrustBook
    from agentreach.model import Key

_PER_SERVICE: Final = 2
_OVERALL: Final = 8
_SERVICES: Final = {"iam": 7, "sts": 7, "sso": 7, "secretsmanager": 6, "ssm": 6, "kms": 6, "lambda": 5, "ecr": 5}
_OTHERWISE: Final = 3


class Strongest:
    """The strongest roles of each root: overall, and for each service that they trust."""

    __slots__ = ("_by_root", "_index", "_layers", "_trusts")

    def __init__(self, index: FactIndex, layers: LayerBook, trusts: TrustBook) -> None:
        self._index = index
        self._layers = layers
        self._trusts = trusts
        self._by_root: dict[str, frozenset[Key]] | None = None

    def roles(self, root: str) -> frozenset[Key]:
        """The roles of a root that are worth attacking."""
        if self._by_root is None:
            self._by_root = self._rank()
        return self._by_root.get(root, frozenset())

    def _rank(self) -> dict[str, frozenset[Key]]:
        classes: defaultdict[tuple[str, str], list[Key]] = defaultdict(list)
        roles = [one.key for one in self._index.of(Principal) if one.kind == "role"]
        for key in sorted(roles, key=lambda key: (-self._strength(key), key)):
            classes[key.root, ""].append(key)
            for service in self._services(key):
                classes[key.root, service].append(key)
        found: defaultdict[str, set[Key]] = defaultdict(set)
        for (root, service), ranked in classes.items():
            found[root].update(ranked[: _PER_SERVICE if service else _OVERALL])
        return {root: frozenset(keys) for root, keys in found.items()}

    def _services(self, role: Key) -> set[str]:
        trusted = (one for trust in self._trusts.of(role) for one in trust.trusted)
        return {one.name for one in trusted if one.relation == "service"}

    def _strength(self, role: Key) -> int:
        return max((self._of_action(action) for action in self._actions(role)), default=0)

    def _actions(self, role: Key) -> list[str]:
        statements = (granted.statement for granted in self._layers.statements(role))
        return [
            string(one) or "" for statement in statements if statement.effect != "Deny" for one in statement.actions
        ]

    @staticmethod
    def _of_action(action: str) -> int:
        service, _, name = action.lower().partition(":")
        if service in {"*", ""}:
            return 9
        return _SERVICES.get(service, _OTHERWISE) + (name == "*")
