"""Every row of the catalogue about Kubernetes: a minimal manifest with the attribute states what it is about."""

from __future__ import annotations

from dataclasses import fields
from typing import NamedTuple

import pytest

from agentreach.identity import (
    AgentLink,
    Aspect,
    Credential,
    Fact,
    Gate,
    IdentityUse,
    RbacBinding,
    RbacRole,
    SecretUse,
    Setting,
    Tool,
)
from agentreach.lowering.catalogue import entries
from agentreach.lowering.durations import DAY, HOUR
from lowering.kubernetes.cluster import facts
from lowering.loading import plain
from lowering.one_attribute import described

LITERAL = "sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789"
ROLE = "arn:aws:iam::111122223333:role/ops"
URL = "https://tools.example.com/mcp"
VARIABLE = "[{name: API_TOKEN, valueFrom: {secretKeyRef: {name: s, key: k}}}]"
REFERENCE = "{name: s, key: k}"


class Row(NamedTuple):
    """What is written at the path, and a fact that says so.

    `beside` are further entries of the map that holds the attribute; `more` is another manifest; `body` is
    written in place of the path. The fact stands on the attribute's line, unless `at` names another line.
    """

    value: str
    kind: type
    says: dict[str, object]
    beside: str = ""
    more: str = ""
    body: str = ""
    at: int = 0


def setting(value: str, aspect: Aspect, *, state: bool | None, **more: str) -> Row:
    return Row(value, Setting, {"aspect": aspect, "state": state}, **more)  # type: ignore[arg-type]


def runs_as(value: str = "thing", note: str = "service account") -> Row:
    return Row(value, IdentityUse, {"identity": "agents:thing", "note": note, "relation": "runs-as"})


def acts_as(relation: str, **more: str) -> Row:
    return Row(ROLE, IdentityUse, {"identity": ROLE, "relation": relation}, **more)  # type: ignore[arg-type]


def receives(value: str = VARIABLE, variable: str = "API_TOKEN", via: str = "environment", **more: str) -> Row:
    secret = "agents/thing" if value == "thing" else "agents/s"
    return Row(value, SecretUse, {"secret": secret, "variable": variable, "via": via}, **more)  # type: ignore[arg-type]


def holds_literal(variable: str, **more: str) -> Row:
    return Row(LITERAL, SecretUse, {"variable": variable, "literal": True}, **more)  # type: ignore[arg-type]


def lives(value: str, seconds: float | None, **said: object) -> Row:
    return Row(value, Credential, {"ttl": seconds, "never_expires": False, **said})


def stored(kind: str) -> Row:
    return Row(REFERENCE, Credential, {"kind": kind, "stored_in": "Secret agents/s"})


def calls(value: str, name: str, **more: str) -> Row:
    return Row(value, Tool, {"name": name}, **more)  # type: ignore[arg-type]


def linked(value: str, relation: str, **more: str) -> Row:
    return Row(value, AgentLink, {"other": "agents/thing", "relation": relation}, **more)  # type: ignore[arg-type]


def decides(value: str, kind: str, *, closed: bool | None = True, **more: str) -> Row:
    return Row(value, Gate, {"kind": kind, "fails_closed": closed}, **more)  # type: ignore[arg-type]


POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: agents, labels: {app: a}}\nspec: {containers: []}\n"
HTTP_ROUTE = f"""apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {{name: thing, namespace: agents}}
spec:
  rules: [{{backendRefs: [
    {{name: s}}]}}]
---
apiVersion: v1
kind: Service
metadata: {{name: s, namespace: agents}}
spec: {{selector: {{app: a}}}}
---
{POD}"""
SERVER = "apiVersion: toolhive.stacklok.dev/v1\nkind: MCPServer\nmetadata: {name: m, namespace: agents}\n"
SERVER += "spec: {image: acme/m, externalAuthConfigRef: {name: row}}\n"
KAGENT = "apiVersion: kagent.dev/v1\nkind: Agent\nmetadata: {name: a, namespace: agents}\n"
KAGENT += "spec: {declarative: {modelConfig: row}}\n"
ARK_AGENT = "apiVersion: ark.mckinsey.com/v1\nkind: Agent\nmetadata: {name: a, namespace: agents}\n"
ARK_AGENT += "spec: {tools: [{name: row, type: custom}]}\n"

PLAIN = "http://tools.example.com/mcp"
ANONYMOUS, FILTER, EGRESS = Aspect.ANONYMOUS_INBOUND, Aspect.TOOL_FILTER, Aspect.UNRESTRICTED_EGRESS
HOST, BOUNDED, PINNED, AUDIT = Aspect.HOST_ACCESS, Aspect.BOUNDED_RUN, Aspect.PINNED_ARTIFACT, Aspect.AUDIT_LOG

ARC = "actions.github.com/AutoscalingRunnerSet"
AGENTGATEWAY = "agentgateway.dev/AgentgatewayPolicy"
SANDBOX = "agents.x-k8s.io/Sandbox"
BACKEND = "aigateway.envoyproxy.io/BackendSecurityPolicy"
ROUTE = "aigateway.envoyproxy.io/MCPRoute"
DEPLOYMENT = "apps/v1/Deployment"
ARK = "ark.mckinsey.com"
CLAIM, TEMPLATE = "extensions.agents.x-k8s.io/SandboxClaim", "extensions.agents.x-k8s.io/SandboxTemplate"
TOOLHIVE = "toolhive.stacklok.dev"
POLICY = "networking.k8s.io/v1/NetworkPolicy"
CLUSTER_ROLE, BINDING = (f"rbac.authorization.k8s.io/v1/{kind}" for kind in ("ClusterRole", "ClusterRoleBinding"))
VAULT = "secrets.hashicorp.com"
SPIFFE, ENTRY = "spire.spiffe.io/ClusterSPIFFEID", "spire.spiffe.io/ClusterStaticEntry"

KAGENT_TOOLS = "spec.declarative.tools[].mcpServer"
_KAGENT_AGENT: dict[str, Row] = {
    f"{KAGENT_TOOLS}.requireApproval": decides("[delete]", "confirmation", beside="name: thing\ntoolNames: [delete]"),
    "spec.declarative.memory.ttlDays": lives("30", 30 * DAY, kind="memory"),
    f"{KAGENT_TOOLS}.name": calls("thing", "thing"),
    f"{KAGENT_TOOLS}.toolNames": Row("[get_a, delete_b]", Tool, {"name": "thing"}, beside="name: thing"),
}
_LIFESPANS = {
    "accessTokenLifespan": lives("2h", 2 * HOUR, kind="oauth"),
    "refreshTokenLifespan": lives("48h", 2 * DAY, kind="refresh-token"),
}


def _rule(field: str, said: str) -> dict[str, object]:
    names = ("verbs", "api_groups", "resources", "resource_names", "non_resource_urls")
    said_ = tuple((name, (said,) if name == field else ()) for name in names)
    return {"statements": (("RbacStatement", *said_, ("spot", "#0")),)}


def _backend(entry: str) -> str:
    return f"spec:\n  backendRefs:\n  - name: thing\n    {entry}"


def _variables(entry: str) -> str:
    return f"spec: {{containers: [{{env: [\n{entry}]}}]}}"


ROWS: dict[str, Row] = {
    f"{ARC}.spec.template.spec.serviceAccountName": runs_as(),
    f"{AGENTGATEWAY}.spec.backend.auth.key": holds_literal("api_key"),
    f"{AGENTGATEWAY}.spec.backend.ai.promptGuard": setting("{request: []}", Aspect.GUARDRAIL, state=True),
    f"{AGENTGATEWAY}.spec.backend.auth.aws.assumeRole": acts_as("assumes"),
    f"{AGENTGATEWAY}.spec.backend.auth.jwtSign.ttl": lives("1h", HOUR, kind="oauth"),
    f"{SANDBOX}.spec.podTemplate.spec.containers[].env": receives(),
    f"{SANDBOX}.spec.podTemplate.spec.serviceAccountName": runs_as(),
    f"{SANDBOX}.spec.podTemplate.spec.automountServiceAccountToken": setting(
        "false", Aspect.AUTOMOUNT_TOKEN, state=False
    ),
    f"{SANDBOX}.spec.shutdownTime": setting("2026-09-01T00:00:00Z", BOUNDED, state=True),
    f"{SANDBOX}.spec.shutdownPolicy": Row(
        "Delete", Setting, {"aspect": BOUNDED, "note": "then delete"}, beside="shutdownTime: 2026-09-01T00:00:00Z", at=6
    ),
    f"{BACKEND}.spec.apiKey.secretRef": stored("api-key"),
    f"{BACKEND}.spec.awsCredentials.credentialsFile.secretRef": stored("access-key"),
    f"{BACKEND}.spec.azureCredentials.clientSecretRef": stored("access-key"),
    f"{BACKEND}.spec.awsCredentials.oidcExchangeToken.awsRoleArn": acts_as("federated"),
    f"{ROUTE}.spec.backendRefs[].securityPolicy.apiKey.inline": holds_literal(
        "api_key", body=_backend(f"securityPolicy: {{apiKey: {{inline: {LITERAL}}}}}")
    )._replace(at=7),
    f"{ROUTE}.spec.backendRefs[].securityPolicy.apiKey.secretRef": receives(
        REFERENCE, "Authorization", "header", body=_backend(f"securityPolicy: {{apiKey: {{secretRef: {REFERENCE}}}}}")
    )._replace(at=7),
    f"{ROUTE}.spec.securityPolicy.oauth": setting("{issuer: x}", ANONYMOUS, state=False),
    f"{ROUTE}.spec.securityPolicy.apiKeyAuth": setting("{}", ANONYMOUS, state=False),
    f"{ROUTE}.spec.securityPolicy.authorization.defaultAction": decides("Allow", "policy-engine", closed=False),
    f"{ROUTE}.spec.backendRefs[].name": setting("thing", FILTER, state=False),
    f"{ROUTE}.spec.backendRefs[].toolSelector.include": setting(
        "", FILTER, state=True, body=_backend("toolSelector: {include: [a]}")
    )._replace(at=7),
    f"{ROUTE}.spec.backendRefs[].toolSelector.includeRegex": setting(
        "", FILTER, state=True, body=_backend("toolSelector: {includeRegex: [a.*]}")
    )._replace(at=7),
    f"{DEPLOYMENT}.spec.template.spec.containers[].env[].value": holds_literal(
        "ANTHROPIC_API_KEY",
        body=f"spec: {{template: {{spec: {{containers: [\n{{env: [\n{{name: ANTHROPIC_API_KEY, value: {LITERAL}}}]}}]}}}}}}",
    )._replace(at=6),
    f"{DEPLOYMENT}.spec.template.spec.serviceAccountName": runs_as(),
    f"{DEPLOYMENT}.spec.template.spec.automountServiceAccountToken": setting(
        "false", Aspect.AUTOMOUNT_TOKEN, state=False
    ),
    f"{DEPLOYMENT}.spec.template.spec.volumes[].hostPath.path": setting("/var/run/docker.sock", HOST, state=True),
    "argoproj.io/Workflow.spec.serviceAccountName": runs_as(),
    "argoproj.io/Workflow.spec.activeDeadlineSeconds": setting("600", BOUNDED, state=True),
    f"{ARK}/Agent.spec.tools[].name": calls("thing", "thing"),
    f"{ARK}/Agent.spec.tools[].type": Row("agent", Tool, {"executor": "agent"}, beside="name: thing"),
    f"{ARK}/Agent.spec.executionEngine.name": linked("thing", "executed-by"),
    f"{ARK}/MCPServer.spec.headers": receives(
        "[{name: X, value: {valueFrom: {secretKeyRef: {name: s, key: k}}}}]", "X", "header"
    ),
    f"{ARK}/MCPServer.spec.address": setting(f"{{value: '{PLAIN}'}}", Aspect.PLAINTEXT_INBOUND, state=True),
    f"{ARK}/Model.spec.config.openai.apiKey": holds_literal("apiKey"),
    f"{ARK}/Model.spec.config.bedrock.secretAccessKey": holds_literal("secretAccessKey"),
    f"{ARK}/Query.spec.serviceAccount": Row(
        "thing",
        IdentityUse,
        {"identity": "agents:thing", "note": "Query.ark.mckinsey.com/agents/row runs it"},
        beside="targets: [{type: agent, name: a}]",
        more="apiVersion: ark.mckinsey.com/v1\nkind: Agent\nmetadata: {name: a, namespace: agents}\nspec: {}\n",
    ),
    f"{ARK}/Query.spec.timeout": setting("5m", BOUNDED, state=True),
    f"{ARK}/Query.spec.ttl": lives("48h", 2 * DAY, kind="memory"),
    f"{ARK}/Tool.spec.http.url": setting(PLAIN, Aspect.PLAINTEXT_INBOUND, state=True),
    "batch/v1/CronJob.spec.jobTemplate.spec.template.spec.serviceAccountName": runs_as(),
    "batch/v1/CronJob.spec.schedule": setting(
        "'@daily'", Aspect.UNATTENDED, state=True, beside="jobTemplate: {spec: {template: {spec: {containers: []}}}}"
    ),
    "cert-manager.io/Certificate.spec.duration": lives("720h", 30 * DAY, kind="certificate"),
    "cert-manager.io/Certificate.spec.privateKey.rotationPolicy": Row(
        "Never", Credential, {"kind": "certificate", "rotated": False}, at=1
    ),
    "core.inference-gateway.com/Orchestrator.spec.channels.requireApproval": decides("true", "approval"),
    "core.inference-gateway.com/Orchestrator.spec.tools.enabled": calls("[thing]", "thing"),
    "core.inference-gateway.com/Orchestrator.spec.a2a.agents": linked("[thing]", "collaborates"),
    "core.k8sgpt.ai/K8sGPT.spec.ai.autoRemediation.enabled": setting("true", Aspect.UNATTENDED, state=True),
    "core.k8sgpt.ai/K8sGPT.spec.ai.secret.name": receives("thing", "API key"),
    "core.k8sgpt.ai/K8sGPT.spec.extraOptions.serviceAccountIRSA": acts_as("federated"),
    f"{CLAIM}.spec.env": holds_literal("ANTHROPIC_API_KEY")._replace(
        value=f"[{{name: ANTHROPIC_API_KEY, value: {LITERAL}}}]"
    ),
    f"{CLAIM}.spec.lifecycle": setting("{shutdownTime: 2026-09-01T00:00:00Z}", BOUNDED, state=True),
    f"{TEMPLATE}.spec.podTemplate.spec.automountServiceAccountToken": setting(
        "true", Aspect.AUTOMOUNT_TOKEN, state=True
    ),
    f"{TEMPLATE}.spec.networkPolicyManagement": Row(
        "Unmanaged",
        Setting,
        {"aspect": EGRESS, "note": "no network policy for egress selects its pods"},
        beside="podTemplate: {spec: {containers: []}}",
        at=1,
    ),
    f"{TEMPLATE}.spec.networkPolicy.egress": setting(
        "", EGRESS, state=False, body="spec:\n  podTemplate: {spec: {containers: []}}\n  networkPolicy:\n    egress: []"
    )._replace(at=7),
    "external-secrets.io/ExternalSecret.spec.refreshInterval": Row("0s", Credential, {"rotated": False}),
    "external-secrets.io/ExternalSecret.spec.refreshPolicy": Row("CreatedOnce", Credential, {"rotated": False}),
    **{f"kagent.dev/Agent.{path}": row for path, row in _KAGENT_AGENT.items()},
    **{f"kagent.dev/SandboxAgent.{path}": row for path, row in _KAGENT_AGENT.items()},
    "kagent.dev/Agent.spec.declarative.deployment.env": receives(),
    "kagent.dev/Agent.spec.declarative.deployment.serviceAccountName": runs_as(),
    "kagent.dev/Agent.spec.byo.deployment.serviceAccountName": runs_as(),
    "kagent.dev/Agent.spec.declarative.tools[].headersFrom": receives(
        "[{name: X, valueFrom: {type: Secret, name: s}}]", "X", "header", beside="mcpServer: {name: thing}"
    ),
    "kagent.dev/Agent.spec.declarative.tools[].agent": linked("{name: thing}", "collaborates"),
    "kagent.dev/Agent.spec.skills.gitRefs[].url": setting("https://git.example.com/skills", PINNED, state=False),
    "kagent.dev/SandboxAgent.spec.sandbox.network.allowedDomains": setting("['*']", EGRESS, state=True),
    "kagent.dev/Agent.spec.declarative.modelConfig": receives(
        "row",
        "API key",
        more="apiVersion: kagent.dev/v1\nkind: ModelConfig\nmetadata: {name: row, namespace: agents}\n"
        "spec: {apiKeySecret: s}\n",
    )._replace(at=11),
    "kagent.dev/AgentHarness.spec.channels[].telegram.allowedUserIDs": setting("[]", ANONYMOUS, state=True),
    "kagent.dev/AgentHarness.spec.channels[].slack.hermes.allowedUserIDs": setting(
        "[]", ANONYMOUS, state=True
    )._replace(at=7),
    "kagent.dev/AgentHarness.spec.env": receives(),
    "kagent.dev/AgentHarness.spec.image": setting("acme/agent:1", PINNED, state=False),
    "kagent.dev/MCPServer.spec.deployment.env": holds_literal("ANTHROPIC_API_KEY")._replace(
        value=f"{{ANTHROPIC_API_KEY: {LITERAL}}}"
    ),
    "kagent.dev/MCPServer.spec.deployment.secretRefs": receives("[{name: s}]", "s", "file"),
    "kagent.dev/MCPServer.spec.deployment.serviceAccountName": runs_as(),
    "kagent.dev/MCPServer.spec.deployment.image": setting("acme/agent:1", PINNED, state=False),
    "kagent.dev/ModelConfig.spec.apiKeySecret": receives("s", "API key", more=KAGENT),
    "kagent.dev/ModelConfig.spec.apiKeySecretKey": receives(
        "KEY", "KEY", more=KAGENT, beside="apiKeySecret: s"
    )._replace(at=6),
    "kagent.dev/RemoteMCPServer.spec.headersFrom": receives(
        "[{name: X, valueFrom: {type: Secret, name: s}}]", "X", "header"
    ),
    "kagent.dev/RemoteMCPServer.spec.allowedNamespaces": setting("{from: All}", ANONYMOUS, state=None),
    "kagent.dev/RemoteMCPServer.spec.url": setting(PLAIN, Aspect.PLAINTEXT_INBOUND, state=True),
    "kagent.dev/ToolServer.spec.config.stdio.env": holds_literal("ANTHROPIC_API_KEY")._replace(
        value=f"{{ANTHROPIC_API_KEY: {LITERAL}}}"
    ),
    "kagent.dev/ToolServer.spec.config.streamableHttp.url": setting(PLAIN, Aspect.PLAINTEXT_INBOUND, state=True),
    "kagent.dev/ToolServer.spec.config.sse.url": setting(PLAIN, Aspect.PLAINTEXT_INBOUND, state=True),
    "kaos.tools/Agent.spec.podSpec.serviceAccountName": runs_as(),
    "kaos.tools/Agent.spec.mcpServers": calls("[thing]", "thing"),
    "kaos.tools/MCPServer.spec.serviceAccountName": runs_as(),
    "mcp.kuadrant.io/MCPServerRegistration.spec.credentialRef.name": receives("thing", "token", "header"),
    "mcp.kuadrant.io/MCPServerRegistration.spec.targetRef.name": Row(
        "thing", AgentLink, {"other": "<Pod/agents/p>", "relation": "executed-by"}, more=HTTP_ROUTE, at=13
    ),
    "mcp.kuadrant.io/MCPVirtualServer.spec.tools": setting("[a]", FILTER, state=True),
    f"{POLICY}.spec.egress[].to[].ipBlock.cidr": setting("0.0.0.0/0", EGRESS, state=True, more=POD)._replace(at=6),
    f"{POLICY}.spec.policyTypes": setting("[Egress]", EGRESS, state=False, more=POD)._replace(at=1),
    f"{POLICY}.spec.podSelector": setting(
        "{matchLabels: {app: a}}", EGRESS, state=False, more=POD, beside="egress: []"
    )._replace(at=6),
    f"{CLUSTER_ROLE}.rules[].verbs": Row("[get]", RbacRole, _rule("verbs", "get"), at=1),
    f"{CLUSTER_ROLE}.rules[].resources": Row("[pods]", RbacRole, _rule("resources", "pods"), at=1),
    f"{CLUSTER_ROLE}.rules[].apiGroups": Row("['*']", RbacRole, _rule("api_groups", "*"), at=1),
    f"{CLUSTER_ROLE}.aggregationRule.clusterRoleSelectors[].matchLabels": Row(
        "{a: b}", RbacRole, {"selectors": ((("a", "b"),),)}, at=1
    ),
    f"{BINDING}.roleRef.name": Row("thing", RbacBinding, {"role_name": "thing"}, at=1),
    f"{BINDING}.subjects[].name": Row(
        "",
        RbacBinding,
        {"subjects": (("ServiceAccount", "s", "agents"),)},
        body="roleRef: {name: r}\nsubjects: [{kind: ServiceAccount, name: s, namespace: agents}]",
        at=1,
    ),
    f"{VAULT}/VaultAuth.spec.kubernetes.serviceAccount": Row("thing", Credential, {"owner": "agents:thing"}),
    f"{VAULT}/VaultAuth.spec.kubernetes.tokenExpirationSeconds": lives("7200", 2 * HOUR)._replace(
        beside="serviceAccount: thing"
    ),
    f"{VAULT}/VaultDynamicSecret.spec.revoke": Row("true", Credential, {"note": "leased from Vault"}),
    f"{VAULT}/VaultStaticSecret.spec.refreshAfter": Row("1h", Credential, {"renewable_without_human": True}),
    f"{SPIFFE}.spec.admin": Row("true", Credential, {"note": "admin: its holder may mint identities for others"}),
    f"{SPIFFE}.spec.downstream": Row("true", Credential, {"attribute": "downstream"}),
    f"{SPIFFE}.spec.ttl": lives("2h", 2 * HOUR, kind="certificate"),
    f"{SPIFFE}.spec.jwtTtl": lives("2h", 2 * HOUR, kind="access-token"),
    f"{ENTRY}.spec.admin": Row("true", Credential, {"attribute": "admin"}),
    f"{ENTRY}.spec.x509SVIDTTL": lives("2h", 2 * HOUR, kind="certificate"),
    f"{ENTRY}.spec.jwtSVIDTTL": lives("2h", 2 * HOUR, kind="access-token"),
    "tekton.dev/PipelineRun.spec.taskRunTemplate.serviceAccountName": runs_as(),
    f"{TOOLHIVE}/MCPExternalAuthConfig.spec.bearerToken.tokenSecretRef": receives(
        REFERENCE, "bearerToken", "header", more=SERVER
    ),
    f"{TOOLHIVE}/MCPExternalAuthConfig.spec.headerInjection.valueSecretRef": receives(
        REFERENCE, "headerInjection", "header", more=SERVER
    ),
    f"{TOOLHIVE}/MCPExternalAuthConfig.spec.awsSts.fallbackRoleArn": acts_as("assumes", more=SERVER),
    f"{TOOLHIVE}/MCPExternalAuthConfig.spec.awsSts.roleMappings[].roleArn": acts_as("assumes", more=SERVER),
    **{
        f"{TOOLHIVE}/MCPExternalAuthConfig.spec.embeddedAuthServer.tokenLifespans.{one}": _LIFESPANS[one]
        for one in _LIFESPANS
    },
    f"{TOOLHIVE}/MCPRemoteProxy.spec.headerForward.addHeadersFromSecret": receives(
        "[{headerName: X, valueSecretRef: {name: s, key: k}}]", "X", "header"
    ),
    f"{TOOLHIVE}/MCPRemoteProxy.spec.serviceAccount": runs_as(),
    f"{TOOLHIVE}/MCPRemoteProxy.spec.oidcConfigRef": setting(REFERENCE, ANONYMOUS, state=False),
    f"{TOOLHIVE}/MCPRemoteProxy.spec.audit.enabled": setting("false", AUDIT, state=False),
    f"{TOOLHIVE}/MCPRemoteProxy.spec.remoteUrl": setting(PLAIN, Aspect.PLAINTEXT_INBOUND, state=True),
    f"{TOOLHIVE}/MCPServer.spec.authzConfig": decides("{type: inline}", "policy-engine"),
    f"{TOOLHIVE}/MCPServer.spec.authzConfigRef": decides(REFERENCE, "policy-engine"),
    f"{TOOLHIVE}/MCPServer.spec.toolConfigRef": setting(REFERENCE, FILTER, state=True),
    f"{TOOLHIVE}/MCPServer.spec.webhookConfigRef": decides(REFERENCE, "interceptor", closed=None),
    f"{TOOLHIVE}/MCPServer.spec.env": receives(),
    f"{TOOLHIVE}/MCPServer.spec.secrets": receives("[{name: s, key: k, targetEnvName: API_TOKEN}]"),
    f"{TOOLHIVE}/MCPServer.spec.serviceAccount": runs_as(),
    f"{TOOLHIVE}/MCPServer.spec.oidcConfigRef": setting(REFERENCE, ANONYMOUS, state=False),
    f"{TOOLHIVE}/MCPServer.spec.authServerRef": setting(REFERENCE, ANONYMOUS, state=False),
    f"{TOOLHIVE}/MCPServer.spec.audit.enabled": setting("true", AUDIT, state=True),
    f"{TOOLHIVE}/MCPServer.spec.telemetryConfigRef": setting(REFERENCE, AUDIT, state=True),
    f"{TOOLHIVE}/MCPServer.spec.permissionProfile.name": setting("network", Aspect.PUBLIC_NETWORK, state=True),
    f"{TOOLHIVE}/MCPServer.spec.image": setting("acme/agent:1", PINNED, state=False),
    f"{TOOLHIVE}/VirtualMCPServer.spec.config.compositeTools[].steps[].type": decides(
        "",
        "confirmation",
        body="spec: {config: {compositeTools: [\n{name: t, steps: [{type: elicitation}, {type: tool}]}]}}",
    )._replace(at=5),
    f"{TOOLHIVE}/VirtualMCPServer.spec.incomingAuth.type": setting("anonymous", ANONYMOUS, state=True),
    **{
        f"{TOOLHIVE}/VirtualMCPServer.spec.authServerConfig.tokenLifespans.{one}": _LIFESPANS[one] for one in _LIFESPANS
    },
    "v1/Pod.spec.containers[].env[].value": holds_literal(
        "ANTHROPIC_API_KEY", body=_variables(f"{{name: ANTHROPIC_API_KEY, value: {LITERAL}}}")
    )._replace(at=5),
    "v1/Pod.spec.containers[].env[].valueFrom.secretKeyRef.name": receives(
        "thing", "X", body=_variables("{name: X, valueFrom: {secretKeyRef: {name: thing, key: k}}}")
    )._replace(at=5),
    "v1/Pod.spec.containers[].envFrom[].secretRef.name": receives("thing", "*")._replace(at=7),
    "v1/Pod.spec.serviceAccountName": runs_as(),
    "v1/Pod.spec.automountServiceAccountToken": setting("false", Aspect.AUTOMOUNT_TOKEN, state=False),
    "v1/Pod.spec.containers[].securityContext.privileged": setting("true", HOST, state=True),
    "v1/Pod.spec.volumes[].hostPath.path": setting("/", HOST, state=True),
    "v1/Pod.spec.hostNetwork": setting("true", HOST, state=True),
    "v1/Pod.spec.hostPID": setting("true", HOST, state=True),
    "v1/Pod.spec.containers[].image": setting("acme/agent:1", PINNED, state=False),
    "v1/Pod.spec.volumes[].projected.sources[].serviceAccountToken.expirationSeconds": lives("7200", 2 * HOUR),
    "v1/Pod.spec.activeDeadlineSeconds": setting("600", BOUNDED, state=True),
    "v1/Secret.data": Row("{k: c2stYW50LWFwaTAzLWFiY2RlZmdoaWprbG1ub3BxcnN0}", Credential, {"literal": True}),
    "v1/Secret.stringData": Row(f"{{k: {LITERAL}}}", Credential, {"literal": True}),
    "v1/Secret.type": Row("kubernetes.io/service-account-token", Credential, {"never_expires": True}),
    "v1/ServiceAccount.secrets[].name": Row("x-token-abcde", Credential, {"never_expires": True}),
    "v1/ServiceAccount.automountServiceAccountToken": setting(
        "false",
        Aspect.AUTOMOUNT_TOKEN,
        state=False,
        more=POD.replace("containers: []", "containers: [], serviceAccountName: row"),
    ),
    "v1/ServiceAccount.metadata.annotations": acts_as("federated")._replace(
        value=f"{{eks.amazonaws.com/role-arn: '{ROLE}'}}"
    ),
}

ELSEWHERE: dict[str, str] = {
    f"{ARC}.spec.githubConfigSecret": "the controller holds it, the runners' pods never see it",
    f"{ARC}.spec.githubConfigUrl": "whose jobs run here; what they may do is the runners' identity",
    f"{AGENTGATEWAY}.spec.backend.auth.oauthTokenExchange": "the caller's own token is exchanged",
    f"{SANDBOX}.spec.volumeClaimTemplates": "a disk has no lifetime of its own",
    f"{ROUTE}.spec.backendRefs[].forwardHeaders": "the caller's identity is passed on, not the agent's",
    "argoproj.io/Workflow.spec.templates[].suspend.duration": "a pause that ends by itself is no approval",
    f"{ARK}/Agent.spec.modelRef.name": "which model answers; its key is a row of the Model",
    "cert-manager.io/Certificate.spec.renewBefore": "how early it is renewed, not how long it lives",
    "cert-manager.io/Certificate.spec.renewBeforePercentage": "how early it is renewed, not how long it lives",
    "core.k8sgpt.ai/K8sGPT.spec.ai.autoRemediation.similarityRequirement": "a score is no person's decision",
    f"{TEMPLATE}.spec.envVarsInjectionPolicy": "what claims inject is a row of the claim",
    "kagent.dev/Agent.spec.allowedNamespaces": "who may refer to it inside the cluster",
    f"kagent.dev/Agent.{KAGENT_TOOLS}.allowedHeaders": "the caller's identity is passed on, not the agent's",
    "kagent.dev/Agent.spec.sandbox.network.allowedDomains": "what its commands reach, not what the agent's pod does",
    "kagent.dev/ModelConfig.spec.apiKeyPassthrough": "the caller's own key is used",
    "kagent.dev/RemoteMCPServer.spec.timeout": "of one call, not of a run",
    "kagent.dev/ToolServer.spec.config.stdio.command": "a command names no artifact that can be pinned",
    "kaos.tools/Agent.spec.modelAPI": "which model answers",
    f"{VAULT}/VaultDynamicSecret.spec.refreshAfter": "when a lease is read again, not how long it lives",
    f"{VAULT}/VaultDynamicSecret.spec.renewalPercent": "when a lease is renewed, not how long it lives",
    f"{SPIFFE}.spec.spiffeIDTemplate": "the name is only known once a pod runs",
    f"{TOOLHIVE}/MCPExternalAuthConfig.spec.type": "the block beside it says what it is",
    f"{TOOLHIVE}/MCPRemoteProxy.spec.allowPrivateEndpoint": "the address itself is a row",
    f"{TOOLHIVE}/VirtualMCPServer.spec.outgoingAuth": "the configurations it names are rows of their own",
    "v1/PersistentVolumeClaim.spec.resources": "its size says nothing about who reads it",
    "v1/Pod.spec.containers[].securityContext.runAsUser": "root within a container; ways out of it are rows",
    "v1/Pod.spec.runtimeClassName": "how it is isolated, not what it reaches",
    "v1/ServiceAccount.imagePullSecrets[].name": "the kubelet pulls with it, pods never see it",
}


def declared(name: str, row: Row) -> tuple[str, int]:
    """The manifest of a row, and the line of its attribute."""
    type_, path = split(name)
    group, _, kind = type_.rpartition("/")
    version = "v1" if group == "v1" else group if group.endswith("/v1") else f"{group}/v1"
    lines = [f"apiVersion: {version}", f"kind: {kind}", "metadata: {name: row, namespace: agents}"]
    if row.body:
        return "\n".join((*lines, row.body)) + "\n" + (f"---\n{row.more}" if row.more else ""), row.at
    parts = path.split(".")
    if parts[0] == "metadata":
        lines[2:] = ["metadata:", f"  {parts[1]}: {row.value}", "  name: row", "  namespace: agents"]
        return "\n".join(lines) + "\n", 4
    indent, dash = "", ""
    for part in parts[:-1]:
        lines.append(f"{indent}{dash}{part.removesuffix('[]')}:")
        indent += "    " if dash else "  "
        dash = "- " if part.endswith("[]") else ""
    last = parts[-1]
    lines.append(f"{indent}{dash}{last}: {row.value}")
    at = len(lines)
    indent += "  " if dash else ""
    lines += [f"{indent}{entry}" for entry in row.beside.splitlines()]
    return "\n".join(lines) + "\n" + (f"---\n{row.more}" if row.more else ""), at


def split(name: str) -> tuple[str, str]:
    """ "kagent.dev/Agent.spec.x" is the type "kagent.dev/Agent" and the path "spec.x"."""
    before, _, after = name.rpartition("/")
    kind, _, path = after.partition(".")
    return f"{before}/{kind}", path


def shown(fact: Fact) -> dict[str, object]:
    """A fact's fields, plain."""
    found = {one.name: getattr(fact, one.name) for one in fields(fact) if one.name != "at"}
    return {
        name: value if isinstance(value, str | float | bool | None) else plain(value) for name, value in found.items()
    }


def fits(fact: Fact, row: Row, at: int) -> bool:
    said = shown(fact)
    same = {name: said[name] for name in row.says} == row.says if isinstance(fact, row.kind) else False
    return same and fact.at.location.line == at


@pytest.mark.parametrize("name", ROWS, ids=str)
def test_a_row_of_the_catalogue_is_stated(name: str) -> None:
    text, at = declared(name, ROWS[name])
    found = facts(text)
    assert any(fits(fact, ROWS[name], ROWS[name].at or at) for fact in found), described(found)


def test_every_row_of_the_catalogue_has_an_example_or_a_reason() -> None:
    kubernetes = [entry for entry in entries().values() if entry.dialect == "kubernetes"]
    assert {f"{entry.type}.{one.path}" for entry in kubernetes for one in entry.attributes} == {*ROWS, *ELSEWHERE}
