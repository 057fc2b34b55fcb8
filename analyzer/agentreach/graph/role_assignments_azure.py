"""Azure roles: built in, by the provider's table, and declared by their operations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.access import azure
from agentreach.graph.role_assignments_gifts import NOTED, Gift, Role, also_writes, grouped, name_of, texts_of
from agentreach.identity import Step
from agentreach.model import string

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agentreach.identity import RoleDefinition

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


def azure_role(name: str, scope: str) -> Role:
    """A role of the provider's own; where it is assigned may tell what it is about."""
    found = azure.find(name)
    shown = found.name if found else name.rpartition("/")[2]
    step = azure.step_of_role(name)
    allowed = found.operations if found else ()
    wide = "*" in allowed
    service = "*" if wide or "*/read" in allowed else _azure_service(shown, allowed, scope)
    first = Gift(step, service, (shown,), wide=wide, certain=found is not None, note="" if found is not None else NOTED)
    return Role(shown, (first, *also_writes(first)), allowed, found.excluded if found else ())


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


def azure_definition(definition: RoleDefinition) -> Role:
    """A declared role, by its operations."""
    excluded = texts_of(definition.not_actions)
    every = [one for one in definition.actions if string(one) == "*"]
    gifts = [
        Gift(azure.step_of_operations(("*",), excluded), "*", ("*",), ("*",), wide=True, at=one.at) for one in every[:1]
    ]
    gifts += grouped([one for one in definition.actions if one not in every], azure.step_of_operation, namespace)
    gifts += grouped(definition.data_actions, _data_step, namespace)
    allowed = (*texts_of(definition.actions), *texts_of(definition.data_actions))
    return Role(name_of(definition), tuple(gifts), allowed, excluded, definition)


def _data_step(operation: str) -> Step:
    """A data operation never manages: the wildcard over them reads and writes, and reads secrets."""
    lowered = operation.lower()
    if lowered == "*" or ("keyvault" in lowered and "secret" in lowered):
        return Step.SECRETS
    step = azure.step_of_operation(operation)
    return Step.READ_DATA if step is Step.OBSERVE else min(step, Step.SECRETS)
