"""Resources to facts, one table per provider.

A provider package exports `TABLE`, a mapping of resource type to `Lowering`, and may export
`family(type) -> Lowering | None` for types it recognises without listing them. Its `__init__` is
cheap to import (lowerings load their modules when first called): `wanted` asks it for every type
that occurs in a source, and it is imported only when a type with its prefix does.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from agentreach.identity import Credential, SecretUse
from agentreach.lowering.context import Context
from agentreach.lowering.personal_tokens import PERSONAL, person
from agentreach.lowering.plausible import plausible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from agentreach.identity import Fact
    from agentreach.lowering.context import Lowering
    from agentreach.model import Resource

_PREFIXES = (
    ("aws_", "aws"),
    ("awscc_", "aws"),
    ("AWS::", "aws"),
    ("Custom::", "aws"),
    ("kubernetes_", "kubernetes"),
    ("kubectl_", "kubernetes"),
    ("google_", "google"),
    ("azurerm_", "azure"),
    ("azapi_", "azure"),
    ("azuread_", "azure"),
    ("vault_", "vault"),
    ("auth0_", "saas"),
    ("databricks_", "saas"),
    ("github_", "saas"),
    ("gitlab_", "saas"),
    ("keycloak_", "saas"),
    ("okta_", "saas"),
    ("snowflake_", "saas"),
    ("tls_private_key", "saas"),
)
_ON_DEMAND = frozenset({"aws_security_group"})


def lower(resources: Sequence[Resource]) -> tuple[Fact, ...]:
    """Return the facts that these resources state, in the order they were declared."""
    everything = _with_inline_stacks(resources)
    context = Context(everything)
    return tuple(fact for resource in everything for fact in _facts(resource, context))


def _with_inline_stacks(resources: Sequence[Resource]) -> Sequence[Resource]:
    if not any(resource.type.startswith("aws_cloudformation_stack") for resource in resources):
        return resources
    from agentreach.lowering import inline_stacks  # noqa: PLC0415 - only where such a stack occurs

    return inline_stacks.expanded(resources, wanted)


def wanted(type_: str) -> bool:
    """Whether any lowering reads resources (or data sources: "data.…") of this type."""
    return _lowering(type_) is not None


def on_demand(type_: str) -> bool:
    """Whether a wanted type states nothing by itself and is read only where another resource refers to it."""
    return type_ in _ON_DEMAND


def _facts(resource: Resource, context: Context) -> Iterator[Fact]:
    lowering = _lowering(resource.type)
    if lowering is not None:
        for fact in lowering(resource, context):
            yield plausible(fact) if type(fact) is Credential and fact.ttl is not None else fact
            if type(fact) is SecretUse and fact.variable.endswith(PERSONAL):
                yield from person(fact)


@cache
def _lowering(type_: str) -> Lowering | None:
    provider = _provider(type_)
    if provider is None:
        return None
    module = import_module(f"{__name__}.{provider}")
    found: Lowering | None = getattr(module, "TABLE", {}).get(type_)
    if found is None and hasattr(module, "family"):
        found = module.family(type_)
    return found


def _provider(type_: str) -> str | None:
    if "/" in type_:
        # Microsoft.App/agents@2025-01-01 is azapi's; every other group/Kind is Kubernetes'.
        return "azure" if type_.startswith("Microsoft.") else "kubernetes"
    bare = type_.removeprefix("data.")
    return next((provider for prefix, provider in _PREFIXES if bare.startswith(prefix)), None)
