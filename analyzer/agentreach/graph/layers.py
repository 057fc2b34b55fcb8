"""The policy layers of a principal, as the access engine evaluates them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.access.aws import unknown_statement
from agentreach.access.request import Layers
from agentreach.identity import PolicyRole
from agentreach.model import Unknown
from agentreach.named_tuples import NamedTuple
from agentreach.records import replace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from agentreach.graph.organization import Organization
    from agentreach.graph.policies import Attached, PolicyBook
    from agentreach.identity import Statement
    from agentreach.model import Key


class Granted(NamedTuple):
    """A statement of an attached document. `certain` is False when the attachment itself is only possible."""

    attached: Attached
    statement: Statement
    certain: bool


class LayerBook:
    """Layers by principal, each put together once."""

    __slots__ = ("_accounts", "_book", "_layers", "_organization", "_origins", "_statements")

    def __init__(self, book: PolicyBook, organization: Organization, accounts: Mapping[Key, str]) -> None:
        self._book = book
        self._organization = organization
        self._accounts = accounts
        self._layers: dict[Key, Layers] = {}
        self._origins: dict[Key, dict[int, Granted]] = {}
        self._statements: dict[Key, tuple[Granted, ...]] = {}

    def of(self, principal: Key) -> Layers:
        """Identity policies, boundary and SCPs that are declared for a principal."""
        found = self._layers.get(principal)
        if found is None:
            found = self._layers[principal] = self._read(principal)
        return found

    def statements(self, principal: Key) -> tuple[Granted, ...]:
        """The statements of its identity policies, with the documents they stand in."""
        found = self._statements.get(principal)
        if found is None:
            documents = self._book.layer(principal, PolicyRole.IDENTITY)
            found = tuple(
                Granted(one, statement, one.certain and statement.certain)
                for one in documents
                for statement in one.statements
            )
            self._statements[principal] = found
        return found

    def origin(self, principal: Key, statement: Statement) -> Granted | None:
        """Where a statement of a principal's identity policies stands, and what attaches it to that principal."""
        found = self._origins.get(principal)
        if found is None:
            pairs = zip(self.of(principal).identity, self.statements(principal), strict=False)
            found = self._origins[principal] = {id(one): granted for one, granted in pairs}
        return found.get(id(statement))

    def documents(self, principal: Key, role: PolicyRole = PolicyRole.IDENTITY) -> tuple[Attached, ...]:
        """The attached documents of one layer."""
        return self._book.layer(principal, role)

    def has_boundary(self, principal: Key) -> bool | None:
        """Whether a permissions boundary is declared; None when its content or attachment is unknown."""
        documents = self._book.layer(principal, PolicyRole.BOUNDARY)
        if not documents:
            return False
        return True if any(one.certain and not one.unknown for one in documents) else None

    def _read(self, principal: Key) -> Layers:
        boundary = self._book.layer(principal, PolicyRole.BOUNDARY)
        return Layers(
            identity=tuple(self._identity(principal)),
            boundary=tuple(one for document in boundary for one in _all(document)) if boundary else None,
            service_control=self._organization.levels(PolicyRole.SERVICE_CONTROL, self._accounts.get(principal)),
        )

    def _identity(self, principal: Key) -> Iterator[Statement]:
        for granted in self.statements(principal):
            sure = granted.certain or not granted.statement.certain
            yield granted.statement if sure else replace(granted.statement, certain=False)
        for document in self.documents(principal):
            if document.unknown:
                yield unknown_statement(Unknown(document.unknown, document.at))


def _all(document: Attached) -> Iterator[Statement]:
    yield from (one if document.certain else replace(one, certain=False) for one in document.statements)
    if document.unknown:
        yield unknown_statement(Unknown(document.unknown, document.at))
