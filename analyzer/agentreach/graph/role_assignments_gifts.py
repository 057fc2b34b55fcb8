"""What a role gives, in the words that the roles of all providers share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Step
from agentreach.model import string
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from agentreach.identity import RoleDefinition
    from agentreach.model import Span, Value

_DATA = frozenset(
    [
        "bigquery",
        "bigtable",
        "cloudsql",
        "datastore",
        "firebase",
        "pubsub",
        "redis",
        "spanner",
        "storage",
        "documentdb",
        "search",
        "servicebus",
        "eventhub",
    ]
)
"""Services whose administrators also write the data itself."""

NOTED = "not in the table of roles: rated by its name"


class Gift(NamedTuple):
    """What a role gives at one step for one service. `wide`: it is a wildcard over actions.

    `at` is where a declared role says so; `resources` what its actions themselves are limited to.
    """

    step: Step
    service: str
    actions: tuple[str, ...]
    names: tuple[str, ...] = ()
    wide: bool = False
    certain: bool = True
    note: str = ""
    at: Span | None = None
    resources: tuple[str, ...] = ()


class Role(NamedTuple):
    """A role as far as it is known: its name, what it gives, and what escalation paths ask for."""

    name: str
    gifts: tuple[Gift, ...]
    allowed: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    definition: RoleDefinition | None = None


def also_writes(first: Gift) -> Iterator[Gift]:
    """Who administers a store may also write what is in it."""
    if first.step in {Step.DEPLOY, Step.IDENTITY} and (first.wide or first.service in _DATA):
        yield first._replace(step=Step.WRITE_DATA, wide=False)


def texts_of(values: Iterable[Value]) -> tuple[str, ...]:
    """Those of the values that are known."""
    return tuple(text for one in values if (text := string(one)) is not None)


def grouped(
    actions: Iterable[Value], step_of: Callable[[str], Step], service_of: Callable[[str], str]
) -> Iterator[Gift]:
    """One gift for each step and service of a list of actions."""
    found: dict[tuple[Step, str], list[Value]] = {}
    for one in actions:
        text = string(one)
        if text is not None:
            found.setdefault((step_of(text), service_of(text)), []).append(one)
    for (step, service), several in sorted(found.items()):
        texts = texts_of(several)
        yield Gift(step, service, texts, texts, wide=any(map(_is_wide, texts)), at=several[0].at)


def _is_wide(action: str) -> bool:
    head, _, rest = action.partition("/")
    return action == "*" or (rest == "*" and head != "*")


def name_of(definition: RoleDefinition) -> str:
    """What a declared role is called, else its address."""
    known = (string(name) for name in definition.names)
    return next((name for name in known if name), definition.key.address)
