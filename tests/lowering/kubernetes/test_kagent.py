from __future__ import annotations

from pathlib import Path

import pytest

from agentreach.identity import (
    Agent,
    AgentLink,
    Aspect,
    Credential,
    Gate,
    IdentityRelation,
    IdentityUse,
    Role,
    SecretUse,
    Setting,
    Tool,
    Workload,
)
from agentreach.lowering import lower, wanted
from agentreach.model import Key, Reference, Scalar, Unknown
from agentreach.parsers.kubernetes import KubernetesOptions, load
from agentreach.sources import Tree
from lowering.kubernetes.cluster import address, line, of, settings

AGENT = """
    apiVersion: kagent.dev/v1alpha2
    kind: Agent
    metadata: {name: ops, namespace: agents}
    spec:
      type: Declarative
      declarative:
        {body}
"""


def agent(body: str) -> str:
    indented = body.strip("\n").replace("\n", "\n        ")
    return AGENT.replace("{body}", indented)


def test_a_declarative_agent_runs_as_the_account_that_kagent_creates_for_it() -> None:
    (use,) = of(IdentityUse, agent("modelConfig: m"))
    assert isinstance(use.identity, Scalar)
    assert (use.identity.value, use.inherited_default, use.relation) == (
        "agents:ops",
        False,
        IdentityRelation.RUNS_AS,
    )


@pytest.mark.parametrize("where", ["declarative", "byo"])
def test_an_agent_runs_as_the_account_that_its_deployment_names(where: str) -> None:
    text = f"""
        apiVersion: kagent.dev/v1alpha2
        kind: Agent
        metadata: {{name: ops, namespace: agents}}
        spec:
          {where}:
            deployment: {{serviceAccountName: breakglass, image: acme/agent}}
    """
    (use,) = of(IdentityUse, text)
    assert isinstance(use.identity, Scalar)
    assert (use.identity.value, line(use)) == ("agents:breakglass", 6)


def test_a_tool_refers_to_the_declared_server_and_says_which_calls_wait_for_a_person() -> None:
    text = agent(
        """
tools:
- type: McpServer
  mcpServer:
    kind: RemoteMCPServer
    name: tools
    toolNames: [k8s_get_resources, k8s_delete_resource, k8s_apply_manifest]
    requireApproval: [k8s_delete_resource]
"""
    )
    text += """
    ---
    apiVersion: kagent.dev/v1alpha2
    kind: RemoteMCPServer
    metadata: {name: tools, namespace: agents}
    spec: {url: "http://elsewhere.example.com/mcp"}
    """
    (tool,) = of(Tool, text)
    assert isinstance(tool.target, Reference)
    assert tool.target.key == Key(".", "RemoteMCPServer.kagent.dev/agents/tools")
    assert [(one.name, one.mutating, one.confirmation, line(one)) for one in tool.operations] == [
        ("k8s_get_resources", False, False, 12),
        ("k8s_delete_resource", True, True, 12),
        ("k8s_apply_manifest", True, False, 12),
    ]
    assert tool.confirmation is False
    (gate,) = of(Gate, text)
    assert (gate.covers, gate.fails_closed, line(gate)) == (("k8s_delete_resource",), True, 13)


def test_a_server_that_is_not_declared_is_named_by_namespace_and_name() -> None:
    text = agent("tools: [{mcpServer: {name: tools, namespace: shared, toolNames: [get_a]}}]")
    (tool,) = of(Tool, text)
    assert isinstance(tool.target, Scalar)
    assert (tool.target.value, tool.confirmation) == ("shared/tools", False)


def test_without_tool_names_every_tool_may_be_called_and_none_is_confirmed() -> None:
    text = agent("tools: [{mcpServer: {name: tools}}]")
    (tool,) = of(Tool, text)
    assert tool.confirmation is False
    assert settings(Aspect.TOOL_FILTER, text) == [("Agent.kagent.dev/agents/ops#tools", False, 7)]


def test_another_agent_is_a_link() -> None:
    (link,) = of(AgentLink, agent("tools: [{type: Agent, agent: {name: other}}]"))
    assert (address(link.agent), link.relation) == ("Agent.kagent.dev/agents/ops", "collaborates")
    assert isinstance(link.other, Scalar)
    assert link.other.value == "agents/other"


def test_a_sentence_in_the_system_message_is_no_gate() -> None:
    assert of(Gate, agent("systemMessage: Always ask before you delete.")) == []


@pytest.mark.parametrize(
    ("memory", "days"), [("{modelConfig: m}", 15.0), ("{ttlDays: 90}", 90.0), ("{ttlDays: 0}", 15.0)]
)
def test_memory_is_kept_for_its_days(memory: str, days: float) -> None:
    (kept,) = [one for one in of(Credential, agent(f"memory: {memory}")) if one.kind == "memory"]
    assert kept.ttl == days * 86_400


def test_memory_with_absurd_days_is_unknown() -> None:
    for memory in ("{ttlDays: -3}", "{ttlDays: '{{ days }}'}", "{ttlDays: soon}"):
        (kept,) = [one for one in of(Credential, agent(f"memory: {memory}")) if one.kind == "memory"]
        assert isinstance(kept.ttl, Unknown)


def test_the_model_key_reaches_the_agent() -> None:
    text = agent("modelConfig: m")
    text += """
    ---
    apiVersion: kagent.dev/v1alpha2
    kind: ModelConfig
    metadata: {name: m, namespace: agents}
    spec: {provider: OpenAI, apiKeySecret: openai, apiKeySecretKey: KEY}
    """
    (use,) = of(SecretUse, text)
    assert isinstance(use.secret, Scalar)
    assert (use.secret.value, use.variable, line(use)) == ("agents/openai", "KEY", 13)


def test_an_mcp_server_of_kmcp_is_a_tool_with_pods_of_its_own() -> None:
    text = """
        apiVersion: kagent.dev/v1alpha1
        kind: MCPServer
        metadata: {name: files, namespace: agents}
        spec:
          transportType: stdio
          deployment:
            image: mcp/filesystem
            env: {GITHUB_TOKEN: ghp_aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789}
            secretRefs: [{name: more}]
            serviceAccount:
              annotations: {eks.amazonaws.com/role-arn: "arn:aws:iam::111122223333:role/files"}
    """
    (entry,) = of(Agent, text)
    assert entry.role is Role.TOOL
    uses = {use.relation: use.identity.value for use in of(IdentityUse, text) if isinstance(use.identity, Scalar)}
    assert uses == {
        IdentityRelation.RUNS_AS: "agents:files",
        IdentityRelation.FEDERATED: "arn:aws:iam::111122223333:role/files",
    }
    assert [(use.variable, use.literal, use.via) for use in of(SecretUse, text)] == [
        ("GITHUB_TOKEN", True, "environment"),
        ("more", False, "file"),
    ]


@pytest.mark.parametrize(
    "url",
    [
        "http://tools.agents:8084/mcp",
        "http://tools.agents.svc:80",
        "https://tools.agents.svc.cluster.local/mcp",
        "http://tools:8084/mcp",
        "tools.agents:8084",
    ],
)
def test_the_workload_behind_a_servers_address_executes_its_tools(url: str) -> None:
    text = f"""
        apiVersion: kagent.dev/v1alpha2
        kind: RemoteMCPServer
        metadata: {{name: t, namespace: agents}}
        spec: {{url: "{url}"}}
        ---
        apiVersion: v1
        kind: Service
        metadata: {{name: tools, namespace: agents}}
        spec: {{selector: {{app: tools}}}}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {{name: tools-mcp, namespace: agents}}
        spec:
          template:
            metadata: {{labels: {{app: tools, extra: x}}}}
            spec: {{serviceAccountName: s, containers: [{{image: mcp/tools}}]}}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {{name: other, namespace: agents}}
        spec: {{template: {{metadata: {{labels: {{app: other}}}}, spec: {{containers: []}}}}}}
    """
    (link,) = of(AgentLink, text)
    assert isinstance(link.other, Reference)
    assert (link.relation, link.other.key.address) == ("executed-by", "Deployment/agents/tools-mcp")
    # The server stands for both: its Deployment is a workload, not a second tool.
    assert [one.key.address for one in of(Agent, text)] == ["RemoteMCPServer.kagent.dev/agents/t"]
    assert len(of(Workload, text)) == 2


def test_a_remote_server_over_plain_http_outside_the_cluster_is_plaintext() -> None:
    text = """
        apiVersion: kagent.dev/v1alpha2
        kind: RemoteMCPServer
        metadata: {name: t}
        spec: {url: "http://mcp.example.com/mcp"}
    """
    assert settings(Aspect.PLAINTEXT_INBOUND, text) == [("RemoteMCPServer.kagent.dev/default/t", True, 4)]


def test_a_harness_that_anyone_in_a_channel_may_drive_says_so() -> None:
    text = """
        apiVersion: kagent.dev/v1alpha2
        kind: AgentHarness
        metadata: {name: h}
        spec:
          backend: openclaw
          env: [{name: GH, valueFrom: {secretKeyRef: {name: gh, key: t}}}]
          channels:
          - name: open
            type: telegram
            telegram: {botToken: {valueFrom: {type: Secret, name: bot, key: t}}}
          - name: limited
            type: slack
            slack:
              botToken: {value: xoxb-1234567890-abcdef}
              openclaw: {channelAccess: allowlist, allowlistChannels: [C1]}
    """
    assert settings(Aspect.ANONYMOUS_INBOUND, text) == [("AgentHarness.kagent.dev/default/h", True, 10)]
    assert settings(Aspect.CODE_EXECUTION, text) == [("AgentHarness.kagent.dev/default/h", True, 1)]
    assert [(use.variable, use.literal) for use in of(SecretUse, text)] == [
        ("GH", False),
        ("telegram botToken", False),
        ("slack botToken token", True),
    ]


def test_skills_are_pinned_by_commit_only() -> None:
    text = """
        apiVersion: kagent.dev/v1alpha2
        kind: Agent
        metadata: {name: a}
        spec:
          skills:
            gitRefs:
            - {url: "https://example.com/a.git"}
            - {url: "https://example.com/b.git", ref: 0123456789abcdef0123456789abcdef01234567}
            refs: ["ghcr.io/acme/skill:1"]
    """
    assert [(state, where) for _, state, where in settings(Aspect.PINNED_ARTIFACT, text)] == [
        (False, 7),
        (True, 8),
        (False, 9),
    ]


def test_a_sandbox_agent_reaches_only_the_domains_it_lists() -> None:
    text = """
        apiVersion: kagent.dev/v1alpha2
        kind: SandboxAgent
        metadata: {name: a}
        spec:
          sandbox: {network: {allowedDomains: [api.example.com]}}
    """
    found = [one for one in of(Setting, text) if "sandbox network" in one.note]
    assert [(one.state, line(one)) for one in found] == [(False, 5)]


FIXTURE = Path(__file__).parents[3] / "fixtures" / "kagent-platform"


def test_the_fixture_states_what_its_readme_says() -> None:
    found = lower(load(Tree([FIXTURE]), KubernetesOptions(helm="off"), wanted).resources)
    entries = {fact.key.address: fact.role for fact in found if isinstance(fact, Agent)}
    assert entries == {
        "Agent.kagent.dev/agents/support-triage": Role.AGENT,
        "Agent.kagent.dev/agents/ops-runner": Role.AGENT,
        "RemoteMCPServer.kagent.dev/agents/ops-tools": Role.TOOL,
    }
    places = {
        (type(fact).__name__, Path(fact.at.source.path).name, line(fact))
        for fact in found
        if isinstance(fact, IdentityUse | Gate | SecretUse | Credential | Setting)
    }
    assert {
        ("IdentityUse", "support-triage.yaml", 16),
        ("IdentityUse", "ops-tools.yaml", 34),
        ("IdentityUse", "ops-tools.yaml", 50),
        ("Gate", "support-triage.yaml", 27),
        ("Setting", "ops-runner.yaml", 22),
        ("SecretUse", "ops-runner.yaml", 16),
        ("SecretUse", "ops-runner.yaml", 17),
        ("Credential", "models.yaml", 19),
        ("Credential", "ops-tools.yaml", 59),
        ("Credential", "ops-tools.yaml", 50),
        ("Credential", "support-triage.yaml", 31),
        ("Setting", "network.yaml", 9),
        ("Setting", "ops-tools.yaml", 37),
        ("Setting", "support-triage.yaml", 4),
    } <= places
