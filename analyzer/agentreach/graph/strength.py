"""Which of very many roles are worth attacking: told from the text of their policies, without evaluating any."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from agentreach.model import string

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from agentreach.graph.policies import PolicyBook
    from agentreach.graph.trusts import TrustBook
    from agentreach.identity import Statement
    from agentreach.model import Key

_PER_SERVICE: Final = 2
_OVERALL: Final = 8
_SERVICES: Final = {"iam": 7, "sts": 7, "sso": 7, "secretsmanager": 6, "ssm": 6, "kms": 6, "lambda": 5, "ecr": 5}
_OTHERWISE: Final = 3


class Strongest:
    """Ranks roles, and things by the role they run as."""

    __slots__ = ("_documents", "_policies", "_strengths", "_trusts")

    def __init__(self, policies: PolicyBook, trusts: TrustBook) -> None:
        self._policies = policies
        self._trusts = trusts
        self._strengths: dict[Key, int] = {}
        self._documents: dict[int, int] = {}

    def among(self, keys: Iterable[Key], role_of: Callable[[Key], Key]) -> list[Key]:
        """The strongest overall, and for each service that their roles trust."""
        return list(self._picked(sorted(keys, key=lambda key: (-self._strength(role_of(key)), key)), role_of))

    def _picked(self, ranked: Iterable[Key], role_of: Callable[[Key], Key]) -> Iterator[Key]:
        seen: Counter[str] = Counter()
        for place, key in enumerate(ranked):
            services = self._services(role_of(key))
            if place < _OVERALL or any(seen[service] < _PER_SERVICE for service in services):
                yield key
            seen.update(services)

    def _services(self, role: Key) -> set[str]:
        trusted = (one for trust in self._trusts.of(role) for one in trust.trusted)
        return {one.name for one in trusted if one.relation == "service"}

    def _strength(self, role: Key) -> int:
        found = self._strengths.get(role)
        if found is None:
            found = self._strengths[role] = max(map(self._of_document, self._policies.texts(role)), default=0)
        return found

    def _of_document(self, statements: tuple[Statement, ...]) -> int:
        """Many roles share a policy."""
        found = self._documents.get(id(statements))
        if found is None:
            named = [one.actions for one in statements if one.effect != "Deny"]
            found = max([_of_action(string(one) or "") for several in named for one in several], default=0)
            self._documents[id(statements)] = found
        return found


@lru_cache(maxsize=16384)
def _of_action(action: str) -> int:
    service, _, name = action.lower().partition(":")
    if service in {"*", ""}:
        return 9
    return _SERVICES.get(service, _OTHERWISE) + (name == "*")
