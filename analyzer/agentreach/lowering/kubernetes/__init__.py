"""Kubernetes manifests to facts, by group and kind. Modules load when a type first needs them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context, Lowering
    from agentreach.model import Resource


def _lazy(module: str, function: str) -> Lowering:
    def lowering(resource: Resource, context: Context) -> Iterator[Fact]:
        found: Lowering = getattr(import_module(f"{__name__}.{module}"), function)
        return found(resource, context)

    return lowering


def _context_only(_: Resource, __: Context) -> Iterator[Fact]:
    """Read through the context by the lowerings of others."""
    return iter(())


_WORKLOAD = _lazy("workloads", "workload")

TABLE: dict[str, Lowering] = {
    **dict.fromkeys(
        (
            "v1/Pod",
            "v1/PodTemplate",
            "v1/ReplicationController",
            "apps/Deployment",
            "apps/StatefulSet",
            "apps/DaemonSet",
            "apps/ReplicaSet",
            "extensions/Deployment",
            "extensions/DaemonSet",
            "extensions/ReplicaSet",
            "batch/Job",
            "batch/CronJob",
            "serving.knative.dev/Service",
            "serving.knative.dev/Configuration",
            "serving.knative.dev/Revision",
            "sources.knative.dev/ContainerSource",
            "argoproj.io/Rollout",
            "argoproj.io/Workflow",
            "argoproj.io/WorkflowTemplate",
            "argoproj.io/ClusterWorkflowTemplate",
            "argoproj.io/CronWorkflow",
            "tekton.dev/Task",
            "tekton.dev/ClusterTask",
            "tekton.dev/TaskRun",
            "tekton.dev/PipelineRun",
            "actions.github.com/AutoscalingRunnerSet",
            "actions.github.com/EphemeralRunnerSet",
            "apps.openshift.io/DeploymentConfig",
            "apps.kruise.io/CloneSet",
            "apps.kruise.io/StatefulSet",
            "batch.volcano.sh/Job",
            "jobset.x-k8s.io/JobSet",
            "leaderworkerset.x-k8s.io/LeaderWorkerSet",
            "ray.io/RayCluster",
            "ray.io/RayJob",
            "ray.io/RayService",
            "kubeflow.org/PyTorchJob",
            "kubeflow.org/TFJob",
            "kubeflow.org/Notebook",
            "keda.sh/ScaledJob",
        ),
        _WORKLOAD,
    ),
    **dict.fromkeys(
        (
            "v1/Namespace",
            "v1/Service",
            "admissionregistration.k8s.io/ValidatingAdmissionPolicy",
            "admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding",
            "ark.mckinsey.com/ExecutionEngine",
            "cilium.io/CiliumClusterwideNetworkPolicy",
            "cilium.io/CiliumNetworkPolicy",
            "crd.projectcalico.org/GlobalNetworkPolicy",
            "crd.projectcalico.org/NetworkPolicy",
            "gateway.networking.k8s.io/HTTPRoute",
            "kagent.dev/ModelConfig",
            "kyverno.io/ClusterPolicy",
            "kyverno.io/Policy",
            "kyverno.io/PolicyException",
            "policies.kyverno.io/NamespacedValidatingPolicy",
            "policies.kyverno.io/ValidatingPolicy",
            "networking.k8s.io/Ingress",
            "networking.k8s.io/NetworkPolicy",
            "policy.networking.k8s.io/AdminNetworkPolicy",
            "policy.networking.k8s.io/BaselineAdminNetworkPolicy",
            "policy.networking.k8s.io/ClusterNetworkPolicy",
            "projectcalico.org/GlobalNetworkPolicy",
            "projectcalico.org/NetworkPolicy",
            "security.istio.io/AuthorizationPolicy",
            "tekton.dev/Pipeline",
        ),
        _context_only,
    ),
    "v1/ServiceAccount": _lazy("accounts", "service_account"),
    "v1/Secret": _lazy("objects", "secret"),
    "v1/ConfigMap": _lazy("objects", "config_map"),
    "rbac.authorization.k8s.io/Role": _lazy("rbac", "role"),
    "rbac.authorization.k8s.io/ClusterRole": _lazy("rbac", "role"),
    "rbac.authorization.k8s.io/RoleBinding": _lazy("rbac", "binding"),
    "rbac.authorization.k8s.io/ClusterRoleBinding": _lazy("rbac", "binding"),
    "kagent.dev/Agent": _lazy("kagent", "agent"),
    "kagent.dev/SandboxAgent": _lazy("kagent", "agent"),
    "kagent.dev/AgentHarness": _lazy("kagent_harness", "harness"),
    "kagent.dev/Harness": _lazy("kagent_harness", "harness"),
    "kagent.dev/AgentTemplate": _lazy("kagent", "template"),
    "kagent.dev/MCPServer": _lazy("kagent_servers", "mcp_server"),
    "kagent.dev/RemoteMCPServer": _lazy("kagent_servers", "remote_mcp_server"),
    "kagent.dev/ToolServer": _lazy("kagent_servers", "remote_mcp_server"),
    "toolhive.stacklok.dev/MCPServer": _lazy("toolhive", "mcp_server"),
    "toolhive.stacklok.dev/MCPRemoteProxy": _lazy("toolhive", "remote_proxy"),
    "toolhive.stacklok.dev/VirtualMCPServer": _lazy("toolhive", "virtual_server"),
    "toolhive.stacklok.dev/MCPExternalAuthConfig": _lazy("toolhive", "external_auth"),
    "ark.mckinsey.com/Agent": _lazy("ark", "agent"),
    "ark.mckinsey.com/Team": _lazy("ark", "team"),
    "ark.mckinsey.com/Query": _lazy("ark", "query"),
    "ark.mckinsey.com/MCPServer": _lazy("ark", "mcp_server"),
    "ark.mckinsey.com/Tool": _lazy("ark", "tool"),
    "ark.mckinsey.com/Model": _lazy("ark", "model"),
    "agents.x-k8s.io/Sandbox": _lazy("sandboxes", "sandbox"),
    "extensions.agents.x-k8s.io/SandboxTemplate": _lazy("sandboxes", "template"),
    "extensions.agents.x-k8s.io/SandboxClaim": _lazy("sandboxes", "claim"),
    "extensions.agents.x-k8s.io/SandboxWarmPool": _lazy("sandboxes", "warm_pool"),
    "aigateway.envoyproxy.io/MCPRoute": _lazy("gateways", "mcp_route"),
    "aigateway.envoyproxy.io/BackendSecurityPolicy": _lazy("gateways", "backend_policy"),
    "agentgateway.dev/AgentgatewayPolicy": _lazy("gateways", "agentgateway_policy"),
    "mcp.kuadrant.io/MCPServerRegistration": _lazy("gateways", "server_registration"),
    "mcp.kuadrant.io/MCPVirtualServer": _lazy("gateways", "virtual_server"),
    **dict.fromkeys(
        (
            "kaos.tools/Agent",
            "kaos.tools/MCPServer",
            "core.inference-gateway.com/Agent",
            "core.inference-gateway.com/Orchestrator",
            "core.inference-gateway.com/MCP",
            "core.inference-gateway.com/Gateway",
            "llamastack.io/LlamaStackDistribution",
        ),
        _lazy("platforms", "platform"),
    ),
    "core.k8sgpt.ai/K8sGPT": _lazy("platforms", "k8sgpt"),
    "external-secrets.io/ExternalSecret": _lazy("rotation", "external_secret"),
    "secrets.hashicorp.com/VaultStaticSecret": _lazy("rotation", "vault_static_secret"),
    "secrets.hashicorp.com/VaultDynamicSecret": _lazy("rotation", "vault_dynamic_secret"),
    "secrets.hashicorp.com/VaultAuth": _lazy("rotation", "vault_auth"),
    "cert-manager.io/Certificate": _lazy("rotation", "certificate"),
    "spire.spiffe.io/ClusterSPIFFEID": _lazy("rotation", "spiffe_id"),
    "spire.spiffe.io/ClusterStaticEntry": _lazy("rotation", "spiffe_id"),
    "bitnami.com/SealedSecret": _lazy("rotation", "sealed_secret"),
    "secrets-store.csi.x-k8s.io/SecretProviderClass": _lazy("rotation", "secret_provider"),
}

_AGENT_GROUPS = frozenset(
    {
        "agentgateway.dev",
        "agents.x-k8s.io",
        "aigateway.envoyproxy.io",
        "ark.mckinsey.com",
        "core.inference-gateway.com",
        "core.k8sgpt.ai",
        "extensions.agents.x-k8s.io",
        "kagent.dev",
        "kaos.tools",
        "llamastack.io",
        "mcp.kuadrant.io",
        "toolhive.stacklok.dev",
    }
)
_ACTING = (
    "Agent",
    "Assistant",
    "Crew",
    "Harness",
    "MCP",
    "Orchestrator",
    "Runtime",
    "Sandbox",
    "Server",
    "Swarm",
    "Team",
    "Tool",
    "Workflow",
)
_CONFIGURATION = ("Config", "Ref", "Registry", "Group", "Policy", "Definition", "Entry", "List", "Backend")


def family(type_: str) -> Lowering | None:
    """Kinds without an entry: constraints of an admission controller, and new kinds of the agents' own groups.

    A kind that acts for a model by its name is "agent-related, unmodelled"; configuration beside it is not.
    """
    group, _, kind = type_.partition("/")
    if not kind:
        from agentreach.lowering.kubernetes.terraform import CARRIERS, TYPES  # noqa: PLC0415 - Terraform's alone

        return _lazy("terraform", "declared") if type_ in {*TYPES, *CARRIERS} else None
    if group == "constraints.gatekeeper.sh":
        return _context_only
    acts = any(word in kind for word in _ACTING) and not kind.endswith(_CONFIGURATION)
    return _lazy("unmodelled", "unmodelled") if group in _AGENT_GROUPS and acts else None
