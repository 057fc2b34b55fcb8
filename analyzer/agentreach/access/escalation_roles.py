"""Which Google and Azure paths of the catalogue fire for what a principal's role assignments give it.

Both providers grant at a scope that everything below inherits, so an entry fires where its needs are met together:
at one scope, or at scopes of which one contains the other.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Final

from agentreach.access import azure, google
from agentreach.identity import Step
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from agentreach.access.verdict import Verdict
    from agentreach.identity import RoleAssignment

_DATA: Final = FilePath(__file__).parent / "data"
_BEYOND_STAR: Final = frozenset(
    {
        "Microsoft.Compute/virtualMachines/loginAsAdmin/action",
        "microsoft.directory/applications/credentials/update",
        "microsoft.directory/groups/members/update",
        "microsoft.directory/roleAssignments/allProperties/allTasks",
        "microsoft.directory/servicePrincipals/credentials/update",
        "microsoft.directory/users/password/update",
    }
)


class RoleEntry(NamedTuple):
    """One path. Every element of `needs` is met by any one of its permissions or operations.

    `target` is the kind of thing gained ("service-account", "project", "managed-identity", "machine", …), `step` what
    it yields when the target that would tell is not declared.
    """

    id: str
    title: str
    needs: tuple[tuple[str, ...], ...]
    target: str
    step: Step
    references: tuple[str, ...]


class Held(NamedTuple):
    """What one assignment gives: permissions (Google) or operation patterns (Azure) at a scope.

    `scope` is the resource name as far as it is known; `verdict` is possible under a condition or an unknown.
    """

    allowed: tuple[str, ...]
    excluded: tuple[str, ...]
    scope: str
    verdict: Verdict
    assignment: RoleAssignment


class RolePath(NamedTuple):
    """An entry that fires at a scope: on the thing itself, or on anything below it."""

    entry: RoleEntry
    scope: str
    verdict: Verdict
    because: tuple[RoleAssignment, ...]


@cache
def entries(provider: str) -> tuple[RoleEntry, ...]:
    """The catalogue of "google" or "azure", in order."""
    rows = json.loads((_DATA / f"escalation_{provider}.json").read_text(encoding="utf-8"))
    return tuple(
        RoleEntry(
            row["id"],
            row["title"],
            tuple(map(tuple, row["needs"])),
            row["target"],
            Step[row["step"].upper().replace("-", "_")],
            tuple(row["references"]),
        )
        for row in rows
    )


def held_google(role: str, scope: str, verdict: Verdict, assignment: RoleAssignment) -> Held:
    """What a predefined role gives, so far as the catalogue asks for it."""
    return Held(tuple(sorted(google.permissions_of(role))), (), scope, verdict, assignment)


def held_azure(role: str, scope: str, verdict: Verdict, assignment: RoleAssignment) -> Held:
    """What a built-in role gives, so far as the catalogue asks for it."""
    found = azure.find(role)
    return Held(found.operations if found else (), found.excluded if found else (), scope, verdict, assignment)


def google_paths(held: Iterable[Held]) -> Iterator[RolePath]:
    """Every Google entry that fires, at each of the widest scopes where it does."""
    yield from _paths("google", tuple(held), google.contains)


def azure_paths(held: Iterable[Held]) -> Iterator[RolePath]:
    """Every Azure entry that fires, at each of the widest scopes where it does."""
    yield from _paths("azure", tuple(held), azure.contains)


def _paths(provider: str, held: tuple[Held, ...], contains: Callable[[str, str], bool]) -> Iterator[RolePath]:
    for entry in entries(provider):
        fired = [path for scope in _scopes(held) if (path := _fire(entry, held, scope, contains))]
        for path in fired:
            if not any(other is not path and contains(other.scope, path.scope) for other in fired):
                yield path


def _scopes(held: Iterable[Held]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.scope for one in held))


def _fire(
    entry: RoleEntry, held: tuple[Held, ...], scope: str, contains: Callable[[str, str], bool]
) -> RolePath | None:
    here = [one for one in held if contains(one.scope, scope)]
    met = [[one for one in here if any(_gives(one, name) for name in need)] for need in entry.needs]
    if not all(met) or not any(one.scope == scope for needs in met for one in needs):
        return None
    verdict = min(max(one.verdict for one in needs) for needs in met)
    because = {id(one.assignment): one.assignment for needs in met for one in needs if one.verdict >= verdict}
    return RolePath(entry, scope, verdict, tuple(because.values()))


def _gives(held: Held, name: str) -> bool:
    """Azure's `*` is every management operation, not data operations nor those of the directory."""
    allowed = tuple(one for one in held.allowed if one != "*") if name in _BEYOND_STAR else held.allowed
    return azure.allows(allowed, held.excluded, name)
