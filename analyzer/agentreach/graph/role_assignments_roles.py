"""What a role gives: a step, for one service or for all, from the provider's tables or from a declared definition.

A role that no table lists is possible at the step its name suggests, and noted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.access import azure, google
from agentreach.access.role_suffixes import suggested
from agentreach.identity import Step
from agentreach.model import string
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from agentreach.identity import RoleDefinition
    from agentreach.model import Span, Value

_BASIC = frozenset({"owner", "editor", "viewer", "browser", "admin", "writer", "reader"})
_WRITING_BASIC = frozenset({"owner", "editor", "admin", "writer"})
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

_AGENT_ROLES = frozenset(
    {
        "roles/aiplatform.user",
        "roles/aiplatform.expressUser",
        "roles/ml.developer",
        "Cognitive Services OpenAI User",
        "Cognitive Services User",
        "Azure AI User",
        "Azure AI Developer",
        "Azure AI Project Manager",
    }
)
_AGENT_SERVICES = ("roles/discoveryengine.", "roles/dialogflow.")
"""Roles of what calls models and agents: one sign of several."""

_NOTED = "not in the table of roles: rated by its name"


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


def predefined(provider: str, name: str, scope: str) -> Role:
    """A role of the provider's own. `scope` is where it is assigned: it may tell what the role is about."""
    found = _PREDEFINED.get(provider)
    return _other(provider, name) if found is None else found(name, scope)


def says_agent(role: str) -> bool:
    """Whether a workload with this role calls models or agents."""
    return role in _AGENT_ROLES or role.startswith(_AGENT_SERVICES)


def custom(definition: RoleDefinition) -> Role:
    """A declared role, by its permissions or operations."""
    return _CUSTOM.get(definition.provider, _listed)(definition)


def _google(name: str, _scope: str) -> Role:
    bare = name.removeprefix("roles/")
    service, _, _ = bare.partition(".")
    basic = bare in _BASIC
    listed = google.is_listed(name)
    step = google.step_of_role(name)
    first = Gift(
        step,
        "*" if basic else service,
        (name,),
        wide=bare in _WRITING_BASIC,
        certain=listed,
        note="" if listed else _NOTED,
    )
    return Role(name, (first, *_also_writes(first)), tuple(sorted(google.permissions_of(name))))


def _also_writes(first: Gift) -> Iterator[Gift]:
    """Who administers a store may also write what is in it."""
    if first.step in {Step.DEPLOY, Step.IDENTITY} and (first.wide or first.service in _DATA):
        yield first._replace(step=Step.WRITE_DATA, wide=False)


def _azure(name: str, scope: str) -> Role:
    found = azure.find(name)
    shown = found.name if found else name.rpartition("/")[2]
    step = azure.step_of_role(name)
    allowed = found.operations if found else ()
    wide = "*" in allowed
    service = "*" if wide or "*/read" in allowed else _azure_service(shown, allowed, scope)
    first = Gift(
        step, service, (shown,), wide=wide, certain=found is not None, note="" if found is not None else _NOTED
    )
    return Role(shown, (first, *_also_writes(first)), allowed, found.excluded if found else ())


_AZURE_WORDS = (
    ("key vault", "keyvault"),
    ("managed identity", "managedidentity"),
    ("storage", "storage"),
    ("cosmos", "documentdb"),
    ("documentdb", "documentdb"),
    ("search", "search"),
    ("cognitive", "cognitiveservices"),
    ("azure ai", "cognitiveservices"),
    ("azureml", "machinelearningservices"),
    ("acr", "containerregistry"),
    ("container registry", "containerregistry"),
    ("container apps", "app"),
    ("kubernetes", "containerservice"),
    ("virtual machine", "compute"),
    ("website", "web"),
    ("logic app", "logic"),
    ("automation", "automation"),
    ("sql", "sql"),
    ("redis", "cache"),
    ("service bus", "servicebus"),
    ("event hubs", "eventhub"),
    ("app configuration", "appconfiguration"),
    ("log analytics", "operationalinsights"),
    ("monitoring", "insights"),
    ("role based access", "authorization"),
    ("user access", "authorization"),
)


def _azure_service(name: str, operations: Iterable[str], scope: str) -> str:
    """The resource provider a role is about: by its operations, its name, or what it is assigned on."""
    spaces = {space for one in operations if (space := namespace(one)) not in {"*", ""}}
    if len(spaces) == 1:
        return spaces.pop()
    lowered = name.lower()
    for words, service in _AZURE_WORDS:
        if words in lowered:
            return service
    if scope.startswith("directory"):
        return "directory"
    provider = scope.lower().rpartition("/providers/microsoft.")[2].partition("/")[0]
    return provider if provider and provider != scope.lower() else lowered.partition(" ")[0].partition(".")[0]


def namespace(operation: str) -> str:
    """The resource provider of an operation: "keyvault" of "Microsoft.KeyVault/vaults/read"."""
    space = operation.partition("/")[0].lower()
    return space.removeprefix("microsoft.")


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


def _other(provider: str, name: str) -> Role:
    """A role of a system with a few of them; a policy of Vault that is not declared most likely reads secrets."""
    step = _OTHERS.get(provider, {}).get(name.lower())
    likely = Step.SECRETS if provider == "vault" else suggested(name)
    gift = Gift(
        likely if step is None else step,
        provider,
        (name,),
        wide=step is Step.ADMIN,
        certain=step is not None,
        note="" if step is not None else _NOTED,
    )
    return Role(name, (gift,))


_PREDEFINED: dict[str, Callable[[str, str], Role]] = {"google": _google, "azure": _azure}


def _listed(definition: RoleDefinition) -> Role:
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
    return Role(_name_of(definition), tuple(gifts), definition=definition)


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


def _google_custom(definition: RoleDefinition) -> Role:
    known = tuple(one for one in definition.actions if string(one) is not None)
    return Role(
        _name_of(definition),
        tuple(_grouped(known, google.step_of_permission, lambda one: one.partition(".")[0])),
        _texts(known),
        definition=definition,
    )


def _texts(values: Iterable[Value]) -> tuple[str, ...]:
    return tuple(text for one in values if (text := string(one)) is not None)


def _azure_custom(definition: RoleDefinition) -> Role:
    excluded = _texts(definition.not_actions)
    every = [one for one in definition.actions if string(one) == "*"]
    gifts = [
        Gift(azure.step_of_operations(("*",), excluded), "*", ("*",), ("*",), wide=True, at=one.at) for one in every[:1]
    ]
    gifts += _grouped([one for one in definition.actions if one not in every], azure.step_of_operation, namespace)
    gifts += _grouped(definition.data_actions, _data_step, namespace)
    allowed = (*_texts(definition.actions), *_texts(definition.data_actions))
    return Role(_name_of(definition), tuple(gifts), allowed, excluded, definition)


def _data_step(operation: str) -> Step:
    """A data operation never manages: the wildcard over them reads and writes, and reads secrets."""
    lowered = operation.lower()
    if lowered == "*" or ("keyvault" in lowered and "secret" in lowered):
        return Step.SECRETS
    step = azure.step_of_operation(operation)
    return Step.READ_DATA if step is Step.OBSERVE else min(step, Step.SECRETS)


def _grouped(
    actions: Iterable[Value], step_of: Callable[[str], Step], service_of: Callable[[str], str]
) -> Iterator[Gift]:
    found: dict[tuple[Step, str], list[Value]] = {}
    for one in actions:
        text = string(one)
        if text is not None:
            found.setdefault((step_of(text), service_of(text)), []).append(one)
    for (step, service), several in sorted(found.items()):
        texts = _texts(several)
        yield Gift(step, service, texts, texts, wide=any(map(_is_wide, texts)), at=several[0].at)


def _is_wide(action: str) -> bool:
    head, _, rest = action.partition("/")
    return action == "*" or (rest == "*" and head != "*")


def _name_of(definition: RoleDefinition) -> str:
    known = (string(name) for name in definition.names)
    return next((name for name in known if name), definition.key.address)


_CUSTOM: dict[str, Callable[[RoleDefinition], Role]] = {"google": _google_custom, "azure": _azure_custom}
