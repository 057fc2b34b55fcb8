"""Roles of systems that have few of them, and the policies of Vault, which name paths and what may be done there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.access.role_suffixes import suggested
from agentreach.graph.role_assignments_gifts import NOTED, Gift, Role, name_of
from agentreach.identity import Step
from agentreach.model import string

if TYPE_CHECKING:
    from agentreach.identity import RoleDefinition
    from agentreach.model import Value

_OTHERS = {
    "gitlab": {
        "no access": Step.OBSERVE,
        "minimal": Step.OBSERVE,
        "guest": Step.OBSERVE,
        "planner": Step.READ_DATA,
        "reporter": Step.READ_DATA,
        "developer": Step.DEPLOY,
        "maintainer": Step.DEPLOY,
        "owner": Step.IDENTITY,
        "admin": Step.ADMIN,
    },
    "github": {
        "pull": Step.READ_DATA,
        "read": Step.READ_DATA,
        "triage": Step.WRITE_DATA,
        "push": Step.DEPLOY,
        "write": Step.DEPLOY,
        "maintain": Step.DEPLOY,
        "admin": Step.IDENTITY,
    },
    "snowflake": {
        "accountadmin": Step.ADMIN,
        "orgadmin": Step.ADMIN,
        "securityadmin": Step.IDENTITY,
        "useradmin": Step.IDENTITY,
        "sysadmin": Step.DEPLOY,
        "public": Step.OBSERVE,
    },
    "vault": {"root": Step.ADMIN},
    "databricks": {
        "can_manage": Step.DEPLOY,
        "can_manage_run": Step.EXECUTE,
        "can_use": Step.EXECUTE,
        "can_query": Step.READ_DATA,
        "can_connect": Step.READ_DATA,
        "can_connect_and_create": Step.WRITE_DATA,
        "can_restart": Step.EXECUTE,
        "can_run": Step.EXECUTE,
        "can_read": Step.READ_DATA,
        "can_view": Step.READ_DATA,
        "can_edit": Step.WRITE_DATA,
        "is_owner": Step.DEPLOY,
        "read": Step.SECRETS,
        "write": Step.SECRETS,
        "manage": Step.SECRETS,
        "all_privileges": Step.WRITE_DATA,
        "select": Step.READ_DATA,
        "modify": Step.WRITE_DATA,
        "execute": Step.EXECUTE,
        "use_connection": Step.READ_DATA,
    },
}
"""Roles of systems with few of them. Sources: their documentation of permissions and roles."""


def other_role(provider: str, name: str) -> Role:
    """A role of a system with a few of them; a policy of Vault that is not declared most likely reads secrets."""
    step = _OTHERS.get(provider, {}).get(name.lower())
    likely = Step.SECRETS if provider == "vault" else suggested(name)
    gift = Gift(
        likely if step is None else step,
        provider,
        (name,),
        wide=step is Step.ADMIN,
        certain=step is not None,
        note="" if step is not None else NOTED,
    )
    return Role(name, (gift,))


def listed_definition(definition: RoleDefinition) -> Role:
    """A declared role of which each action says what it may do where: `read secret/data/app` of Vault."""
    by_step: dict[Step, list[Value]] = {}
    for one in definition.actions:
        by_step.setdefault(_step_of_capability(string(one) or ""), []).append(one)
    gifts = []
    for step, several in sorted(by_step.items()):
        texts = tuple(string(one) or "" for one in several)
        paths = tuple(dict.fromkeys(text.partition(" ")[2] for text in texts))
        verbs = tuple(dict.fromkeys(text.partition(" ")[0] for text in texts))
        wide = any(path in _EVERY_PATH for path in paths)
        gifts.append(Gift(step, definition.provider, verbs, (), wide=wide, at=several[0].at, resources=paths))
    return Role(name_of(definition), tuple(gifts), definition=definition)


_EVERY_PATH = frozenset({"*", "secret/*", "secret/data/*", "kv/*", "kv/data/*", "+/*", "+/data/*"})
_IDENTITY_PATHS = ("sys/policy", "sys/policies", "auth/", "identity/", "sys/auth", "sys/mounts", "sys/root")
_READING = frozenset({"read", "list"})


def _step_of_capability(action: str) -> Step:
    """What a capability on a path of Vault gives."""
    capability, _, path = action.partition(" ")
    if capability == "list":
        return Step.OBSERVE
    if capability == "sudo" or path in {"*", "+/*"}:
        return Step.ADMIN
    if capability not in _READING and path.startswith(_IDENTITY_PATHS):
        return Step.IDENTITY
    return Step.SECRETS
