"""AI Foundry: accounts, projects, hubs and connections. Agents live in them, but no resource declares one.

Agents are created through the service's own API; what the code shows is where they live, whom they act as, which
keys are kept for them, and who may reach the place. Source: "Microsoft Foundry Agent Service", Microsoft Learn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import AgentLink, Aspect, Credential, Hidden, Role, Setting
from agentreach.lowering import workload_signs
from agentreach.lowering.azure.names import here, scope_of
from agentreach.lowering.azure.pieces import account_key, agent, identities, system, uses, workload
from agentreach.lowering.azure.secret_stores import literal
from agentreach.lowering.context import references
from agentreach.lowering.workload_signs import Variable
from agentreach.model import Key, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Resource, Value

INVISIBLE = "agents of Foundry are created outside the code: which there are cannot be told"
_MODEL_ONLY = frozenset(
    {
        "ComputerVision",
        "ContentSafety",
        "CustomVision.Prediction",
        "CustomVision.Training",
        "Face",
        "FormRecognizer",
        "ImmersiveReader",
        "OpenAI",
        "SpeechServices",
        "TextAnalytics",
        "TextTranslation",
    }
)
"""Accounts that serve models alone."""
_HUBS = frozenset({"Hub", "Project"})


def account(resource: Resource, context: Context) -> Iterator[Fact]:
    """An account: a host of agents when it manages projects, else models behind a key or a role."""
    scope = scope_of(resource)
    yield system(scope, context)
    yield from account_key(scope, "local_auth_enabled")
    hosts = scope.flag("project_management_enabled") or (scope.text("kind") or "AIServices") not in _MODEL_ONLY
    if not hosts:
        return
    yield agent(scope, "foundry-account", role=Role.HOST, why="an account in which agents may live")
    yield from identities(scope, context)
    if not _projects(resource, context):
        yield Hidden(subject=resource.key, attribute="agents", reason=INVISIBLE, at=resource.at)
    yield from _reachable(scope)
    yield from _egress(scope)
    yield _encrypted(scope, context)


_OWN_KEY = "customer_managed_key"


def _encrypted(scope: Scope, context: Context) -> Setting:
    """Threads and files of agents lie in the account, under Microsoft's key unless it names another."""
    apart = next(
        (
            one
            for one in context.mentions(scope.resource.key)
            if one.type == "azurerm_cognitive_account_customer_managed_key"
        ),
        None,
    )
    named = scope.has(_OWN_KEY) or apart is not None
    return Setting(
        subject=scope.resource.key,
        aspect=Aspect.MEMORY_ENCRYPTION,
        state=named,
        at=apart.at if apart is not None else scope.at(_OWN_KEY),
        note="" if named else "threads and files of its agents: no customer managed key",
        defaulted=not named,
    )


def _projects(resource: Resource, context: Context) -> bool:
    return any(one.type == "azurerm_cognitive_account_project" for one in context.mentions(resource.key))


def _reachable(scope: Scope) -> Iterator[Setting]:
    """Whether the internet reaches it: public unless turned off or refused by default."""
    public = "public_network_access_enabled"
    written = scope.flag(public)
    refused = scope.text("network_acls.default_action") == "Deny"
    yield Setting(
        subject=scope.resource.key,
        aspect=Aspect.PUBLIC_NETWORK,
        state=None if scope.has(public) and written is None else written is not False and not refused,
        at=scope.at(public, "network_acls"),
        note="public network access" if written is not False and not refused else "no public network access",
        defaulted=not scope.has(public) and not refused,
    )


def _egress(scope: Scope) -> Iterator[Setting]:
    """Agents send where they like unless outbound access is restricted or they run in a network of one's own."""
    restricted, injected = "outbound_network_access_restricted", "network_injection.subnet_id"
    bounded = scope.flag(restricted) is True or scope.has(injected)
    yield Setting(
        subject=scope.resource.key,
        aspect=Aspect.UNRESTRICTED_EGRESS,
        state=None if scope.has(restricted) and scope.flag(restricted) is None else not bounded,
        at=scope.at(restricted, injected),
        note="outbound access is restricted" if bounded else "outbound access is not restricted",
        defaulted=not scope.has(restricted) and not scope.has(injected),
    )


def project(resource: Resource, context: Context) -> Iterator[Fact]:
    """A project: agents in it act as its identity."""
    scope = scope_of(resource)
    yield system(scope, context)
    yield agent(scope, "foundry-project", role=Role.HOST, why="a project in which agents may live")
    yield from identities(scope, context)
    yield Hidden(subject=resource.key, attribute="agents", reason=INVISIBLE, at=resource.at)
    for path in ("cognitive_account_id", "ai_services_hub_id"):
        for value in scope.values(path):
            yield AgentLink(agent=resource.key, other=value, relation="hosted-by", at=scope.at(path))


def hub(resource: Resource, context: Context) -> Iterator[Fact]:
    """A hub, in which projects share connections and networks; a workspace that is none trains and scores."""
    scope = scope_of(resource)
    yield system(scope, context)
    kind = "foundry-hub" if "foundry" in resource.type else "ml-workspace"
    if kind == "foundry-hub" or scope.text("kind") in _HUBS:
        yield agent(scope, kind, "friendly_name", role=Role.HOST, why="a workspace in which agents may live")
        yield Hidden(subject=resource.key, attribute="agents", reason=INVISIBLE, at=resource.at)
    else:
        yield from workload(scope, kind, "friendly_name")
    yield from identities(scope, context)
    yield from _public(scope)
    mode = "managed_network.isolation_mode"
    if scope.has(mode):
        value = scope.text(mode)
        yield Setting(
            subject=resource.key,
            aspect=Aspect.UNRESTRICTED_EGRESS,
            state=None if value is None else value != "AllowOnlyApprovedOutbound",
            at=scope.at(mode),
            note=f"isolation mode {value or 'known at deploy time'}",
        )
    if kind == "foundry-hub":
        logged = scope.has("application_insights_id")
        yield Setting(
            subject=resource.key,
            aspect=Aspect.AUDIT_LOG,
            state=logged,
            at=scope.at("application_insights_id"),
            note="" if logged else "no Application Insights",
            defaulted=not logged,
        )


def _public(scope: Scope) -> Iterator[Setting]:
    for path in ("public_network_access", "public_network_access_enabled"):
        if scope.has(path):
            value = scope.text(path)
            yield Setting(
                subject=scope.resource.key,
                aspect=Aspect.PUBLIC_NETWORK,
                state=None if value is None else value in {"Enabled", "true"},
                at=scope.at(path),
                note=f"public network access {value or 'known at deploy time'}",
            )


def connection(resource: Resource, context: Context) -> Iterator[Fact]:
    """A key that the account keeps for its agents; there is no attribute that ends it."""
    scope = scope_of(resource)
    owner = _owner(scope, context) or resource.key
    for path in ("api_key", "custom_keys"):
        if not scope.has(path):
            continue
        yield Credential(
            key=resource.key,
            kind="api-key",
            owner=owner,
            at=scope.at(path),
            never_expires=True,
            rotated=False,
            stored_in="Foundry connection",
            thresholds="static-secret",
            note=f"for {scope.text('target') or scope.text('category') or 'another system'}",
            attribute=path,
        )
        yield from _literals(scope, path)
    if scope.text("category") in {"RemoteA2A", "RemoteTool"} and isinstance(owner, Key):
        yield AgentLink(agent=owner, other=here(scope, "target"), relation="uses-tool", at=scope.at("category"))


def _literals(scope: Scope, path: str) -> Iterator[Fact]:
    if path == "api_key":
        yield from literal(scope, path, owner=scope.resource.key)
        return
    for one in workload_signs.of_map(scope, path):
        yield from workload_signs.secret_in(scope.resource.key, Variable(one.name, one.value, one.at), sensitive=True)


def _owner(scope: Scope, context: Context) -> Key | Value | None:
    for path in ("cognitive_account_id", "cognitive_account_project_id", "ai_foundry_project_id"):
        for value in scope.values(path):
            declared = context.lookup(value)
            return value if declared is None else declared.key
    return None


def deployment(resource: Resource, context: Context) -> Iterator[Fact]:
    """A model in an account; a content filter applies to it, by default the service's own."""
    scope = scope_of(resource)
    declared = context.lookup(scope.get("cognitive_account_id"))
    if declared is not None:
        path = "rai_policy_name"
        named = scope.text(path)
        blocks = _blocks(scope, path, context)
        note = f"content filter {named}" if named else "the service's default content filter"
        yield Setting(
            subject=declared.key,
            aspect=Aspect.GUARDRAIL,
            state=blocks,
            at=scope.at(path),
            note=note if blocks else f"{note} blocks nothing",
            defaulted=not scope.has(path),
        )


def _blocks(scope: Scope, path: str, context: Context) -> bool:
    """Whether the content filters that are named stop anything; what is not declared here is taken to."""
    declared = context.lookup(scope.get(path))
    name = scope.text(path)
    named = [
        one
        for one in context.of_type("azurerm_cognitive_account_rai_policy")
        if one is declared or (name is not None and string(one.attributes.entries.get("name")) == name)
    ]
    filters = [block for one in named for block in scope_of(one).each("content_filter")]
    return not filters or any(map(_stops, filters))


def _stops(filter_: Scope) -> bool:
    return filter_.flag("filter_enabled") is not False and filter_.flag("block_enabled") is not False


def search(resource: Resource, context: Context) -> Iterator[Fact]:
    """A search service that agents read from: by key unless local authentication is off."""
    scope = scope_of(resource)
    yield system(scope, context)
    yield from account_key(scope, "local_authentication_enabled")


def bot(resource: Resource, context: Context) -> Iterator[Fact]:
    """A channel to whatever answers at its endpoint, with an identity of its own."""
    scope = scope_of(resource)
    public, local = "public_network_access_enabled", "local_authentication_enabled"
    for value in scope.values("microsoft_app_msi_id"):
        yield uses(scope, value, context, at_path="microsoft_app_msi_id", note="identity of the bot")
    for reference in references(scope.get("endpoint") or here(scope, "endpoint")):
        if reference.key in context.resources and reference.key != resource.key:
            written = scope.flag(public)
            yield Setting(
                subject=reference.key,
                aspect=Aspect.PUBLIC_NETWORK,
                state=None if scope.has(public) and written is None else written is not False,
                at=scope.at(public),
                note="a bot's channel from the internet",
                defaulted=not scope.has(public),
            )
    yield from account_key(scope, local)
