from __future__ import annotations

from pathlib import Path

import pytest

from agentreach.identity import Agent, Signal, Strength, Unmodelled, Workload
from agentreach.lowering import lower, signals, wanted
from agentreach.parsers.kubernetes import KubernetesOptions, load
from agentreach.sources import Tree
from lowering.kubernetes.cluster import of

NEGATIVE = Path(__file__).parents[2] / "parsers" / "kubernetes" / "negative"


def facts() -> tuple[object, ...]:
    return lower(load(Tree([NEGATIVE]), KubernetesOptions(helm="off"), wanted).resources)


def test_monitoring_and_build_agents_give_no_sign_at_all() -> None:
    found = [fact for fact in facts() if isinstance(fact, Agent | Unmodelled)]
    assert found == []
    assert [fact for fact in facts() if isinstance(fact, Signal)] == []


def test_every_look_alike_was_read() -> None:
    workloads = [fact for fact in facts() if isinstance(fact, Workload)]
    assert len(workloads) == 34 + 3


@pytest.mark.parametrize(
    "image",
    [
        "datadog/agent:7",
        "gcr.io/datadoghq/agent",
        "grafana/agent:v0.40",
        "docker.elastic.co/beats/elastic-agent:8",
        "kserve/agent:v0.12",
        "gcr.io/ml-pipeline/inverse-proxy-agent",
        "quay.io/sysdig/agent",
        "public.ecr.aws/cloudwatch-agent/cloudwatch-agent",
        "registry.gitlab.com/gitlab-org/cluster-integration/gitlab-agent/agentk",
        "ghcr.io/pressly/goose:3",
        "gitlab/gitlab-runner",
        "ghcr.io/kagent-dev/kagent/ui:1",
        "ghcr.io/k8sgpt-ai/k8sgpt-operator:1",
        "cr.kagent.dev/kagent-dev/kagent/controller:0.7",
        "ghcr.io/kagent-dev/kmcp/controller",
        "ghcr.io/stacklok/toolhive/operator:v0.3",
        "newrelic/infrastructure-agent",
        "public.ecr.aws/xray/aws-xray-daemon",
        "quay.io/argoprojlabs/argocd-agent",
        "jenkins/inbound-agent",
        "buildkite/agent:3",
        "ghcr.io/actions/actions-runner",
        "mcr.microsoft.com/azure-pipelines/vsts-agent",
        "nginx",
        "",
    ],
)
def test_an_image_of_something_else_says_nothing(image: str) -> None:
    assert signals.of_image(image) is None


@pytest.mark.parametrize(
    ("image", "detail"),
    [
        ("n8nio/n8n:1.44", "image of n8nio"),
        ("docker.n8n.io/n8nio/n8n@sha256:00", "image of n8nio"),
        ("langgenius/dify-api:0.6", "image of dify"),
        ("ghcr.io/all-hands-ai/openhands:0.9", "image of all-hands-ai"),
        ("ghcr.io/block/goose:v1", "image of block/goose"),
        ("acme.example.com:5000/ci/claude-code-runner:2", "image of claude-code"),
        ("ghcr.io/kagent-dev/kagent/app:0.5", "image of kagent-dev"),
        ("ghcr.io/k8sgpt-ai/k8sgpt:v0.3", "image of k8sgpt"),
        ("flowiseai/flowise", "image of flowiseai"),
    ],
)
def test_the_image_of_an_agent_product_is_decisive(image: str, detail: str) -> None:
    assert signals.of_image(image) == (Strength.DECISIVE, detail)


@pytest.mark.parametrize(
    ("image", "detail"),
    [
        ("ghcr.io/berriai/litellm:main", "image with litellm"),
        ("ghcr.io/github/github-mcp-server:1", "image of an MCP server"),
        ("mcp/postgres", "image of an MCP server"),
        ("acme/mcp-tickets:1", "image of an MCP server"),
        ("acme/my-langgraph-bot:3", "image with langgraph"),
        ("acme/adk-weather", "image with adk"),
    ],
)
def test_the_image_of_a_library_gateway_or_mcp_server_is_one_strong_sign(image: str, detail: str) -> None:
    assert signals.of_image(image) == (Strength.STRONG, detail)


@pytest.mark.parametrize("name", ["OPENAI_API_KEY", "LANGGRAPH_URL", "n8n_host", "MCP_SERVERS", "ANTHROPIC_MODEL"])
def test_variables_of_agents_are_strong(name: str) -> None:
    sign = signals.of_variable(name)
    assert sign is not None
    assert sign.strength is Strength.STRONG


@pytest.mark.parametrize("name", ["HF_TOKEN", "MODEL_ID", "OLLAMA_HOST"])
def test_variables_of_any_model_client_are_weak(name: str) -> None:
    sign = signals.of_variable(name)
    assert sign is not None
    assert sign.strength is Strength.WEAK


@pytest.mark.parametrize("name", ["DD_API_KEY", "PATH", "API_KEY", "JENKINS_URL", "AGENT_MODE"])
def test_other_variables_say_nothing(name: str) -> None:
    assert signals.of_variable(name) is None


def test_labels_that_only_say_agent_are_no_sign() -> None:
    assert signals.of_label("app.kubernetes.io/component", "agent") is None
    assert signals.of_label("app", "datadog-agent") is None
    assert signals.of_label("ai-agent", "false") is None
    assert signals.of_label("component", "llm-router") == (Strength.STRONG, "label component=llm-router")


def deployment(name: str, image: str, variable: str = "A") -> str:
    return f"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: {{name: {name}}}
        spec: {{template: {{spec: {{containers: [{{image: "{image}", env: [{{name: {variable}, value: x}}]}}]}}}}}}
    """


def test_a_name_that_repeats_the_image_is_no_second_sign() -> None:
    assert [sign.kind for sign in of(Signal, deployment("ai-gateway", "envoyproxy/ai-gateway-controller"))] == ["image"]
    found = [sign.kind for sign in of(Signal, deployment("llm-router", "berriai/litellm"))]
    assert found == ["name", "image"]


def test_the_word_agent_in_a_name_counts_beside_another_sign_only() -> None:
    assert of(Signal, deployment("support-agent", "acme/bot")) == []
    found = [sign.kind for sign in of(Signal, deployment("support-agent", "acme/bot", "OPENAI_API_KEY"))]
    assert found == ["name", "environment"]
