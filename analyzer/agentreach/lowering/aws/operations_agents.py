"""AWS's own agents for operations and security: DevOps Agent, Security Agent, AI operations, Nova Act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import (
    Aspect,
    Credential,
    IdentityRelation,
    IdentityUse,
    Operation,
    Principal,
    SecretUse,
    Setting,
    Tool,
)
from agentreach.lowering.arns import outside, scope_of
from agentreach.lowering.aws.agent_parts import declared, retention
from agentreach.lowering.aws.pieces import label, uses
from agentreach.lowering.aws.systems import literal
from agentreach.model import Key, MapValue, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Value

_ELEVATED = ("Configuration.Aws.AgentElevatedRoleArn", "Configuration.SourceAws.AgentElevatedRoleArn")
_ASSUMABLE = ("Configuration.Aws.AssumableRoleArn", "Configuration.SourceAws.AssumableRoleArn")
_VARIANT = "AdditionalServiceDetails.GitHub.AppVariant"
_GITHUB = {"READ_WRITE": ("write to repositories", True), "READ_ONLY": ("read repositories", False)}
_TOKENS = (
    "ServiceDetails.MCPServer.AuthorizationConfig.BearerToken.TokenValue",
    "ServiceDetails.MCPServer.AuthorizationConfig.ApiKey.ApiKeyValue",
    "ServiceDetails.GitLab.TokenValue",
)


def devops_space(scope: Scope, context: Context) -> Iterator[Fact]:
    """A DevOps Agent: its operators' roles, and whether it may act with elevated rights."""
    key = scope.resource.key
    yield from declared(scope, context, "devops-agent", "Name", service="aidevops")
    for path in ("OperatorApp.Iam.OperatorAppRoleArn", "OperatorApp.Idp.OperatorAppRoleArn"):
        yield from uses(scope, path, context, note="role of the operator application")
    yield from literal(scope, "OperatorApp.Idp.ClientSecret")
    if scope.flag("Preferences.ElevatedActionsEnabled"):
        yield Tool(
            key=Key(key.root, f"{key.address}.elevated-actions"),
            agent=key,
            name="elevated actions",
            executor="aws",
            at=scope.at("Preferences.ElevatedActionsEnabled"),
            confirmation=False,
            confirmable=False,
        )


def devops_association(scope: Scope, context: Context) -> Iterator[Fact]:
    """Something a DevOps Agent may use: an account, a repository, an MCP server."""
    key = scope.resource.key
    kind = _kind(scope)
    for value in scope.values("AgentSpaceId"):
        resource = context.lookup(value)
        yield Tool(
            key=key,
            agent=value if resource is None else resource.key,
            name=label(scope, f"Configuration.{kind}.Name") if kind else scope.resource.name,
            executor="mcp" if kind.startswith("MCP") else kind.lower() or "service",
            at=scope.resource.at,
            target=scope.get("Configuration.MCPServer.Endpoint"),
            confirmation=False,
            confirmable=False,
            operations=tuple(_operations(scope, context)),
        )
    for paths, relation, note in (
        (_ASSUMABLE, IdentityRelation.TOOL_ACTS_AS, "role for reading"),
        (_ELEVATED, IdentityRelation.TOOL_ACTS_AS, "elevated role"),
    ):
        for path in paths:
            yield from uses(scope, path, context, relation=relation, note=note)
    yield from _filter(scope)
    yield from _on_behalf(scope, context)


def _operations(scope: Scope, context: Context) -> Iterator[Operation]:
    """What a service lets the agent do: Datadog's elevated tools by name, GitHub's by the variant of its app."""
    for value in scope.values("Configuration.MCPServerDatadog.EnabledElevatedTools"):
        name = string(value)
        if name is not None:
            yield Operation(name, mutating=True, confirmation=False, at=value.at)
    for value in scope.values("ServiceId"):
        service = context.lookup(value)
        variant = None if service is None else scope_of(service).text(_VARIANT)
        if service is not None and variant in _GITHUB:
            name, changes = _GITHUB[variant]
            yield Operation(name, mutating=changes, confirmation=False, at=scope_of(service).at(_VARIANT))


def _kind(scope: Scope) -> str:
    configuration = scope.get("Configuration")
    entries = configuration.entries if isinstance(configuration, MapValue) else {}
    return next(iter(entries), "")


def _filter(scope: Scope) -> Iterator[Fact]:
    if not scope.has("Configuration.MCPServer"):
        return
    tools = [string(value) for value in scope.values("Configuration.MCPServer.Tools")]
    yield Setting(
        subject=scope.resource.key,
        aspect=Aspect.TOOL_FILTER,
        state=bool(tools) and "*" not in tools,
        at=scope.at("Configuration.MCPServer.Tools", "Configuration.MCPServer"),
        note="" if tools else "every tool of the server is allowed",
    )


def _on_behalf(scope: Scope, context: Context) -> Iterator[Fact]:
    """A service registered with a person's token is used as that person."""
    for value in scope.values("ServiceId"):
        service = context.lookup(value)
        if service is not None and _is_personal(scope_of(service)):
            yield IdentityUse(
                subject=scope.resource.key,
                identity=value,
                relation=IdentityRelation.DELEGATED,
                at=scope.at("ServiceId"),
                note="acts with a person's access token",
            )


def _is_personal(scope: Scope) -> bool:
    return (
        scope.text("ServiceDetails.GitLab.TokenType") == "personal"
        or scope.text("AdditionalServiceDetails.GitHub.AuthMode") == "pat"
    )


def devops_service(scope: Scope, _context: Context) -> Iterator[Fact]:
    """A service the agent signs in to, with the token it was given."""
    key = scope.resource.key
    if _is_personal(scope):
        yield Principal(key=key, kind="personal-access-token", provider="github", at=scope.resource.at, human=True)
    for path in _TOKENS:
        if scope.has(path):
            yield Credential(
                key=key,
                kind="api-key",
                owner=key,
                at=scope.at(path),
                never_expires=True,
                rotated=False,
                stored_in="DevOps Agent",
                thresholds="static-secret",
                attribute=scope.written(path),
            )
        yield from literal(scope, path)


def devops_trigger(scope: Scope, context: Context) -> Iterator[Fact]:
    """A schedule starts the agent with no person about."""
    for value in scope.values("AgentSpaceId"):
        resource = context.lookup(value)
        yield Setting(
            subject=value if resource is None else resource.key,
            aspect=Aspect.UNATTENDED,
            state=True,
            at=scope.at("Condition.Schedule.Expression", "Condition"),
            note="started by a trigger",
        )


def security_space(scope: Scope, context: Context) -> Iterator[Fact]:
    """A Security Agent with the roles, secrets and functions of the account it may use."""
    key = scope.resource.key
    yield from declared(scope, context, "security-agent", "Name", service="securityagent")
    yield from uses(scope, "AwsResources.IamRoles", context, relation=IdentityRelation.ASSUMES)
    for value in scope.values("AwsResources.SecretArns"):
        yield SecretUse(subject=key, secret=value, variable="secret it may use", at=value.at, via="reference")
    for index, value in enumerate(scope.values("AwsResources.LambdaFunctionArns")):
        yield _tool(key, f"function-{index}", "lambda", value)
    for resource in scope.each("IntegratedResources"):
        for provider in resource.each("ProviderResources"):
            if provider.flag("GitHubCapabilities.RemediateCode"):
                yield Tool(
                    key=Key(key.root, f"{key.address}.remediate-code"),
                    agent=key,
                    name="remediate_code",
                    executor="github",
                    at=provider.at("GitHubCapabilities.RemediateCode"),
                    confirmation=False,
                    confirmable=False,
                )


def _tool(key: Key, name: str, executor: str, target: Value) -> Tool:
    return Tool(
        key=Key(key.root, f"{key.address}.{name}"),
        agent=key,
        name=name,
        executor=executor,
        at=target.at,
        target=target,
        confirmation=False,
        confirmable=False,
    )


def security_integration(scope: Scope, _context: Context) -> Iterator[Fact]:
    """A token for a code host."""
    path = "ProviderInput.Gitlab.AccessToken"
    if scope.has(path):
        yield Credential(
            key=scope.resource.key,
            kind="api-key",
            owner=scope.resource.key,
            at=scope.at(path),
            never_expires=True,
            rotated=False,
            stored_in="Security Agent",
            thresholds="static-secret",
            attribute=scope.written(path),
        )
    yield from literal(scope, path)


def pentest(scope: Scope, context: Context) -> Iterator[Fact]:
    """A penetration test that an agent runs."""
    yield from declared(scope, context, "security-agent-pentest", "Title", "Name", service="securityagent")
    yield from uses(scope, "ServiceRole", context)


def investigation_group(scope: Scope, context: Context) -> Iterator[Fact]:
    """AI operations: investigates with a role, in other accounts too, and keeps what it found."""
    yield from declared(scope, context, "aiops-investigation-group", "Name", service="aiops")
    yield from uses(scope, "RoleArn", context)
    for block in scope.each("CrossAccountConfigurations"):
        for value in block.values("SourceRoleArn"):
            yield IdentityUse(
                subject=scope.resource.key,
                identity=outside(value, context),
                relation=IdentityRelation.ASSUMES,
                at=block.at("SourceRoleArn"),
                note="role in another account",
            )
    yield from retention(scope, "RetentionInDays", scope.resource.key, default=90 * 86_400.0)


def nova_act(scope: Scope, context: Context) -> Iterator[Fact]:
    """A browser workflow; its runs are kept where an export is configured."""
    yield from declared(scope, context, "nova-act-workflow", "Name", service="nova-act")
    exported = scope.has("ExportConfig.S3BucketName")
    yield Setting(
        subject=scope.resource.key,
        aspect=Aspect.AUDIT_LOG,
        state=exported,
        at=scope.at("ExportConfig.S3BucketName"),
        note="" if exported else "runs are not exported",
        defaulted=not exported,
    )


LOWERINGS = {
    "AWS::DevOpsAgent::AgentSpace": devops_space,
    "AWS::DevOpsAgent::Association": devops_association,
    "AWS::DevOpsAgent::Service": devops_service,
    "AWS::DevOpsAgent::Trigger": devops_trigger,
    "AWS::SecurityAgent::AgentSpace": security_space,
    "AWS::SecurityAgent::Integration": security_integration,
    "AWS::SecurityAgent::Pentest": pentest,
    "AWS::AIOps::InvestigationGroup": investigation_group,
    "AWS::NovaAct::WorkflowDefinition": nova_act,
}
