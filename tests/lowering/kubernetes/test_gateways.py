from __future__ import annotations

import pytest

from agentreach.identity import AgentLink, Aspect, Credential, Gate, IdentityRelation, IdentityUse, SecretUse
from agentreach.model import Reference, Scalar
from lowering.kubernetes.cluster import line, of, settings

BEHIND = """
---
apiVersion: v1
kind: Service
metadata: {name: tools, namespace: ns}
spec: {selector: {app: tools}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: tools, namespace: ns}
spec: {template: {metadata: {labels: {app: tools}}, spec: {serviceAccountName: s, containers: []}}}
"""


def executed_by(text: str) -> list[str]:
    links = [one for one in of(AgentLink, text) if one.relation == "executed-by"]
    return [link.other.key.address for link in links if isinstance(link.other, Reference)]


def test_a_route_leads_to_the_workloads_behind_its_backends() -> None:
    text = """apiVersion: aigateway.envoyproxy.io/v1alpha1
kind: MCPRoute
metadata: {name: r, namespace: ns}
spec:
  securityPolicy: {apiKeyAuth: {credentialRefs: [{name: k}]}}
  backendRefs: [{name: tools}, {name: elsewhere}, {kind: Backend}]
"""
    assert executed_by(text + BEHIND) == ["Deployment/ns/tools"]
    assert settings(Aspect.ANONYMOUS_INBOUND, text)[0][1:] == (False, 5)


def test_a_key_written_into_a_route_is_a_literal() -> None:
    text = """
        apiVersion: aigateway.envoyproxy.io/v1alpha1
        kind: MCPRoute
        metadata: {name: r}
        spec:
          backendRefs: [{name: x, securityPolicy: {apiKey: {inline: sk-abcdefghijklmnopqrstuvwx}}}]
    """
    assert [(one.literal, line(one)) for one in of(SecretUse, text)] == [(True, 5)]


def test_backend_policies_hold_keys_and_roles() -> None:
    text = """
        apiVersion: aigateway.envoyproxy.io/v1alpha1
        kind: BackendSecurityPolicy
        metadata: {name: b, namespace: ns}
        spec:
          awsCredentials:
            oidcExchangeToken: {awsRoleArn: "arn:aws:iam::111122223333:role/gw"}
            credentialsFile: {secretRef: {name: file}}
          apiKey: {secretRef: {name: key}}
    """
    (use,) = of(IdentityUse, text)
    assert use.relation is IdentityRelation.FEDERATED
    assert [(one.kind, one.stored_in, line(one)) for one in of(Credential, text)] == [
        ("api-key", "Secret ns/key", 8),
        ("access-key", "Secret ns/file", 7),
    ]


def test_agentgateway_policies_sign_assume_guard_and_decide() -> None:
    text = """
        apiVersion: agentgateway.dev/v1alpha1
        kind: AgentgatewayPolicy
        metadata: {name: p, namespace: ns}
        spec:
          targetRefs: [{kind: Gateway, name: gw}]
          backend:
            auth:
              key: sk-abcdefghijklmnopqrstuvwx
              aws: {assumeRole: {roleArn: "arn:aws:iam::111122223333:role/gw"}}
              jwtSign: {ttl: 10m}
            ai: {promptGuard: {request: []}}
            mcp: {authorization: {action: Deny}}
    """
    assert [one.literal for one in of(SecretUse, text)] == [True]
    assert [(one.ttl, one.defaulted) for one in of(Credential, text)] == [(600.0, False)]
    assert [one.relation for one in of(IdentityUse, text)] == [IdentityRelation.ASSUMES]
    assert settings(Aspect.GUARDRAIL, text)[0][1:] == (True, 11)
    (gate,) = of(Gate, text)
    assert isinstance(gate.subject, Scalar)
    assert (gate.subject.value, gate.fails_closed) == ("gw", True)


def test_a_kuadrant_registration_follows_its_route_to_the_workload() -> None:
    text = """apiVersion: mcp.kuadrant.io/v1alpha1
kind: MCPServerRegistration
metadata: {name: m, namespace: ns}
spec: {targetRef: {kind: HTTPRoute, name: route}, credentialRef: {name: c, key: token}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: route, namespace: ns}
spec: {rules: [{backendRefs: [{name: tools}]}]}
"""
    assert executed_by(text + BEHIND) == ["Deployment/ns/tools"]
    assert [(one.variable, one.via) for one in of(SecretUse, text)] == [("token", "header")]


@pytest.mark.parametrize(("tools", "state"), [("tools: [a]", True), ("tools: []", False), ("description: d", False)])
def test_a_virtual_server_of_kuadrant_filters_when_it_lists_tools(tools: str, *, state: bool) -> None:
    text = f"apiVersion: mcp.kuadrant.io/v1alpha1\nkind: MCPVirtualServer\nmetadata: {{name: v}}\nspec: {{{tools}}}\n"
    assert settings(Aspect.TOOL_FILTER, text)[0][1] is state


def test_ark_servers_tools_teams_and_models_are_read() -> None:
    text = """apiVersion: ark.mckinsey.com/v1alpha1
kind: MCPServer
metadata: {name: m, namespace: ns}
spec:
  address: {value: "http://tools.ns/mcp"}
  headers:
  - {name: Authorization, value: {valueFrom: {secretKeyRef: {name: k, key: t}}}}
  - {name: X-Api-Key, value: {value: abcdef0123456789}}
---
apiVersion: ark.mckinsey.com/v1alpha1
kind: Tool
metadata: {name: t, namespace: ns}
spec: {type: mcp, mcp: {mcpServerRef: {name: m}, toolName: delete_row}, annotations: {readOnlyHint: false}}
---
apiVersion: ark.mckinsey.com/v1alpha1
kind: Agent
metadata: {name: a, namespace: ns}
spec: {executionEngine: {name: e}, tools: [{type: agent, name: b}, {type: custom, name: t}]}
---
apiVersion: ark.mckinsey.com/v1alpha1
kind: Team
metadata: {name: team, namespace: ns}
spec: {strategy: sequential, maxTurns: 5, members: [{type: agent, name: a}, {type: team, name: other}]}
---
apiVersion: ark.mckinsey.com/v1alpha1
kind: Model
metadata: {name: model, namespace: ns}
spec: {config: {openai: {apiKey: {value: sk-abcdefghijklmnopqrstuvwx}}}}
"""
    assert executed_by(text + BEHIND) == ["MCPServer.ark.mckinsey.com/ns/m", "Deployment/ns/tools"] or sorted(
        executed_by(text + BEHIND)
    ) == ["Deployment/ns/tools", "MCPServer.ark.mckinsey.com/ns/m"]
    assert [(one.variable, one.literal) for one in of(SecretUse, text)] == [
        ("Authorization", False),
        ("X-Api-Key", True),
        ("apiKey", True),
    ]
    members = [one for one in of(AgentLink, text) if one.relation == "collaborates"]
    assert len(members) == 2
    assert settings(Aspect.BOUNDED_RUN, text) == [("Team.ark.mckinsey.com/ns/team", True, 23)]


def test_a_remote_proxy_forwards_secrets_and_a_claim_follows_its_template() -> None:
    text = """
        apiVersion: toolhive.stacklok.dev/v1beta1
        kind: MCPRemoteProxy
        metadata: {name: p, namespace: ns}
        spec:
          remoteUrl: https://mcp.example.com
          headerForward: {addHeadersFromSecret: [{headerName: X-Key, valueSecretRef: {name: k, key: t}}]}
        ---
        apiVersion: extensions.agents.x-k8s.io/v1beta1
        kind: SandboxTemplate
        metadata: {name: t, namespace: ns}
        spec: {podTemplate: {spec: {automountServiceAccountToken: true, containers: []}}}
        ---
        apiVersion: extensions.agents.x-k8s.io/v1beta1
        kind: SandboxClaim
        metadata: {name: c, namespace: ns}
        spec: {sandboxTemplateRef: {name: t}, env: [{name: API_TOKEN, value: abcdef0123456789}]}
        ---
        apiVersion: agents.x-k8s.io/v1beta1
        kind: Sandbox
        metadata: {name: s, namespace: ns}
        spec: {shutdownTime: "2030-01-01T00:00:00Z", podTemplate: {spec: {containers: []}}}
    """
    assert [(one.variable, one.literal) for one in of(SecretUse, text)] == [("X-Key", False), ("API_TOKEN", True)]
    (made,) = [one for one in of(AgentLink, text) if one.relation == "made-from"]
    assert isinstance(made.other, Reference)
    assert made.other.key.address == "SandboxTemplate.extensions.agents.x-k8s.io/ns/t"
    assert ("Sandbox.agents.x-k8s.io/ns/s", True, 21) in settings(Aspect.BOUNDED_RUN, text)
    assert ("SandboxTemplate.extensions.agents.x-k8s.io/ns/t", True, 11) in settings(Aspect.AUTOMOUNT_TOKEN, text)


@pytest.mark.parametrize("kind", ["LoadBalancer", "NodePort"])
def test_services_that_the_world_reaches_make_pods_public(kind: str) -> None:
    text = f"""
        apiVersion: v1
        kind: Pod
        metadata: {{name: p, labels: {{app: a}}}}
        spec: {{containers: []}}
        ---
        apiVersion: v1
        kind: Service
        metadata: {{name: s, annotations: {{NOTE}}}}
        spec: {{type: {kind}, selector: {{app: a}}}}
    """
    assert settings(Aspect.PUBLIC_NETWORK, text.replace("NOTE", "a: b")) == [("Pod/default/p", True, 9)]
    internal = 'service.beta.kubernetes.io/aws-load-balancer-internal: "true"'
    assert settings(Aspect.PUBLIC_NETWORK, text.replace("NOTE", internal)) == []


def test_routes_of_the_gateway_api_make_pods_public() -> None:
    text = """
        apiVersion: v1
        kind: Pod
        metadata: {name: p, labels: {app: a}}
        spec: {containers: []}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: s}
        spec: {selector: {app: a}}
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: r}
        spec: {rules: [{backendRefs: [{name: s}, {name: other}]}]}
    """
    assert settings(Aspect.PUBLIC_NETWORK, text) == [("Pod/default/p", True, 14)]


@pytest.mark.parametrize(
    ("api", "kind", "spec", "images"),
    [
        ("ray.io/v1", "RayCluster", "headGroupSpec: {template: TEMPLATE}, workerGroupSpecs: [{template: TEMPLATE}]", 2),
        (
            "kubeflow.org/v1",
            "PyTorchJob",
            "pytorchReplicaSpecs: {Master: {template: TEMPLATE}, Worker: {template: TEMPLATE}}",
            2,
        ),
        ("jobset.x-k8s.io/v1alpha2", "JobSet", "replicatedJobs: [{template: {spec: {template: TEMPLATE}}}]", 1),
        ("keda.sh/v1alpha1", "ScaledJob", "jobTargetRef: {template: TEMPLATE}", 1),
        ("actions.github.com/v1alpha1", "AutoscalingRunnerSet", "template: TEMPLATE", 1),
    ],
)
def test_further_kinds_that_make_pods_are_workloads(api: str, kind: str, spec: str, images: int) -> None:
    body = spec.replace("TEMPLATE", "{spec: {containers: [{image: a}]}}")
    text = f"apiVersion: {api}\nkind: {kind}\nmetadata: {{name: x}}\nspec: {{{body}}}\n"
    assert len(settings(Aspect.PINNED_ARTIFACT, text)) == images
