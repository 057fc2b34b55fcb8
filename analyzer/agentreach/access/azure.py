"""Azure role-based access: built-in roles and operations by privilege step, scopes, wildcards in operations.

Source: Microsoft Learn, "Azure built-in roles" and "Microsoft Entra built-in roles". The table holds the roles that
matter, by name and id, and the operations of each that the escalation catalogue asks for; `!` marks NotActions.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from agentreach.access.globs import compiled, match_text
from agentreach.access.role_suffixes import suggested
from agentreach.identity import Step
from agentreach.late_regex import late_regex
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

_FILE: Final = Path(__file__).parent / "data" / "azure_roles.json"
_LONGEST: Final = 512
_GRAPH: Final = late_regex(r"\A[\w-]+\.(Read|ReadWrite|Send|ReadBasic|FullControl|Manage)(\.\w+)?\Z")

_OPERATION_STEPS: Final = (
    (Step.IDENTITY, late_regex(r"^microsoft\.authorization/.*(write|delete|action|\*)$|elevateaccess")),
    (
        Step.IDENTITY,
        late_regex(
            r"userassignedidentities/.*(assign/action|federatedidentitycredentials/(write|\*)|/\*)$|^microsoft\.managedidentity/.*write$"
        ),
    ),
    (
        Step.SECRETS,
        late_regex(
            r"list\w*(keys?|secrets?|credentials?|connectionstrings|sas)(/action)?$|/getsecret/action$|accesspolicies/write$|vaults/write$|secrets/(?!readmetadata)\w+/action$"
        ),
    ),
    (
        Step.EXECUTE,
        late_regex(
            r"runcommands?/(action|write)$|/(start|restart|stop|poweroff|deallocate|run|invoke|trigger|execute|exec|loginasadmin|login)\w*/action$"
            r"|/jobs/write$"
        ),
    ),
    (
        Step.DEPLOY,
        late_regex(
            r"^microsoft\.(compute/(virtualmachine|images|galleries)|web/|logic/|app/|automation/|containerservice/|containerinstance/"
            r"|containerregistry/|resources/deployment|machinelearningservices/|cognitiveservices/accounts/(deployments|projects|agents)"
            r"|devops|datafactory|apimanagement|functions|kubernetes).*(write|delete|action|\*)$"
        ),
    ),
    (Step.READ_DATA, late_regex(r"/(blobs|messages|entities|files|rows|documents)/read$|/read/action$|/query/action$")),
    (Step.OBSERVE, late_regex(r"/read$|^\*/read$|/readmetadata/action$")),
)


class BuiltIn(NamedTuple):
    """A role of the table. `operations` may have wildcards; `excluded` are taken away again."""

    name: str
    step: Step
    operations: tuple[str, ...]
    excluded: tuple[str, ...]


@cache
def _roles() -> dict[str, BuiltIn]:
    """By lower-case name, and by id."""
    found: dict[str, BuiltIn] = {}
    for row in json.loads(_FILE.read_text(encoding="utf-8")):
        operations = row["operations"]
        role = BuiltIn(
            row["name"],
            Step[row["step"].upper().replace("-", "_")],
            tuple(one for one in operations if not one.startswith("!")),
            tuple(one[1:] for one in operations if one.startswith("!")),
        )
        found[role.name.lower()] = role
        if row["id"]:
            found[row["id"]] = role
    return found


def find(role: str) -> BuiltIn | None:
    """A built-in role by name, GUID, or a role definition id that ends in the GUID."""
    return _roles().get(role.rstrip("/").rpartition("/")[2].lower())


def is_listed(role: str) -> bool:
    """Whether the table knows a built-in role; others are rated by their name, and noted."""
    return find(role) is not None


def step_of_role(role: str) -> Step:
    """The highest step of a built-in role, directory role or application permission: table, else its name's words."""
    found = find(role)
    if found:
        return found.step
    name = role.rpartition("/")[2]
    graph = _GRAPH.match(name)
    if graph:
        return Step.READ_DATA if graph[1].startswith("Read") and graph[1] != "ReadWrite" else Step.WRITE_DATA
    return suggested(name)


def step_of_operation(operation: str) -> Step:
    """The step of one operation of a custom role, wildcards included: `*` is ADMIN; writing where no rule fits."""
    lowered = operation.lower()
    if lowered == "*":
        return Step.ADMIN
    for step, pattern in _OPERATION_STEPS if len(lowered) <= _LONGEST else ():
        if pattern.search(lowered):
            return step
    return Step.WRITE_DATA


def step_of_operations(actions: Iterable[str], not_actions: Iterable[str] = ()) -> Step:
    """The highest step of a custom role; `*` without Microsoft.Authorization writes is deploy, like Contributor."""
    excluded = tuple(not_actions)
    highest = max((step_of_operation(one) for one in actions), default=Step.OBSERVE)
    if highest is Step.ADMIN and not allows(("*",), excluded, "Microsoft.Authorization/roleAssignments/write"):
        return Step.DEPLOY
    return highest


def allows(actions: Iterable[str], not_actions: Iterable[str], operation: str) -> bool:
    """Whether a role's Actions cover an operation that its NotActions do not take away; in any letter case."""
    return _covered(actions, operation) and not _covered(not_actions, operation)


def _covered(patterns: Iterable[str], operation: str) -> bool:
    wanted = operation.lower()
    return any(match_text(compiled(pattern.lower()), wanted) for pattern in patterns)


def contains(outer: str, inner: str) -> bool:
    """Whether an assignment at one scope is inherited by another: scope prefixes, in any letter case."""
    left, right = outer.lower().rstrip("/"), inner.lower().rstrip("/")
    return left == right or right.startswith(left + "/")
