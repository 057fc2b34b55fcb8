from __future__ import annotations

from base64 import b64encode

import pytest

from agentreach.identity import (
    Agent,
    AgentLink,
    Aspect,
    Credential,
    Gate,
    Hidden,
    IdentityRelation,
    IdentityUse,
    RbacBinding,
    RbacRole,
    Role,
    SecretUse,
    Setting,
    System,
    Tool,
    Unmodelled,
)
from agentreach.lowering import wanted
from agentreach.lowering.kubernetes.durations import go_duration
from agentreach.model import Reference, Scalar, Unknown
from lowering.kubernetes.cluster import address, facts, line, of, settings

ENTRIES = {
    "kagent.dev/v1alpha2/Agent": (Role.AGENT, "kagent-agent"),
    "kagent.dev/v1alpha2/SandboxAgent": (Role.AGENT, "kagent-agent"),
    "kagent.dev/v1alpha2/AgentHarness": (Role.AGENT, "kagent-harness"),
    "kagent.dev/v1alpha3/Harness": (Role.AGENT, "kagent-harness"),
    "kagent.dev/v1alpha3/AgentTemplate": (Role.AGENT, "kagent-template"),
    "kagent.dev/v1alpha1/MCPServer": (Role.TOOL, "mcp-server"),
    "kagent.dev/v1alpha2/RemoteMCPServer": (Role.TOOL, "mcp-server"),
    "kagent.dev/v1alpha1/ToolServer": (Role.TOOL, "mcp-server"),
    "toolhive.stacklok.dev/v1beta1/MCPServer": (Role.TOOL, "mcp-server"),
    "toolhive.stacklok.dev/v1beta1/MCPRemoteProxy": (Role.TOOL, "mcp-server"),
    "toolhive.stacklok.dev/v1beta1/VirtualMCPServer": (Role.TOOL, "mcp-gateway"),
    "agents.x-k8s.io/v1beta1/Sandbox": (Role.TOOL, "agent-sandbox"),
    "extensions.agents.x-k8s.io/v1beta1/SandboxTemplate": (Role.TOOL, "agent-sandbox"),
    "extensions.agents.x-k8s.io/v1beta1/SandboxClaim": (Role.TOOL, "agent-sandbox"),
    "extensions.agents.x-k8s.io/v1beta1/SandboxWarmPool": (Role.TOOL, "agent-sandbox"),
    "ark.mckinsey.com/v1alpha1/Agent": (Role.AGENT, "ark-agent"),
    "ark.mckinsey.com/v1alpha1/Team": (Role.AGENT, "ark-team"),
    "ark.mckinsey.com/v1alpha1/MCPServer": (Role.TOOL, "mcp-server"),
    "ark.mckinsey.com/v1alpha1/Tool": (Role.TOOL, "ark-tool"),
    "aigateway.envoyproxy.io/v1alpha1/MCPRoute": (Role.TOOL, "mcp-gateway"),
    "mcp.kuadrant.io/v1alpha1/MCPServerRegistration": (Role.TOOL, "mcp-server"),
    "mcp.kuadrant.io/v1alpha1/MCPVirtualServer": (Role.TOOL, "mcp-gateway"),
    "kaos.tools/v1alpha1/Agent": (Role.AGENT, "kaos-agent"),
    "kaos.tools/v1alpha1/MCPServer": (Role.TOOL, "mcp-server"),
    "core.inference-gateway.com/v1alpha1/Agent": (Role.AGENT, "inference-gateway-agent"),
    "core.inference-gateway.com/v1alpha1/Orchestrator": (Role.AGENT, "inference-gateway-orchestrator"),
    "core.k8sgpt.ai/v1alpha1/K8sGPT": (Role.AGENT, "k8sgpt"),
    "llamastack.io/v1alpha1/LlamaStackDistribution": (Role.HOST, "llama-stack"),
}


@pytest.mark.parametrize("type_", ENTRIES)
def test_a_kind_is_recognised_by_its_group_whatever_its_version(type_: str) -> None:
    api, _, kind = type_.rpartition("/")
    (entry,) = of(Agent, f"apiVersion: {api}\nkind: {kind}\nmetadata: {{name: x, namespace: ns}}\nspec: {{}}\n")
    assert (entry.role, entry.kind) == ENTRIES[type_]
    assert entry.key.address == f"{kind}.{api.partition('/')[0]}/ns/x"


@pytest.mark.parametrize(
    "type_", ["kagent.dev/AgentSwarm", "toolhive.stacklok.dev/MCPMesh", "ark.mckinsey.com/Workflow"]
)
def test_a_new_kind_that_acts_is_agent_related_and_unmodelled(type_: str) -> None:
    group, _, kind = type_.partition("/")
    (found,) = of(Unmodelled, f"apiVersion: {group}/v1\nkind: {kind}\nmetadata: {{name: x}}\n")
    assert (found.type, line(found)) == (type_, 1)


@pytest.mark.parametrize(
    "type_", ["kagent.dev/ModelProviderConfig", "toolhive.stacklok.dev/MCPToolConfig", "agent.k8s.elastic.co/Agent"]
)
def test_configuration_beside_agents_and_kinds_of_other_groups_are_not(type_: str) -> None:
    assert not wanted(type_)


class TestToolHive:
    def test_a_server_without_oidc_is_anonymous_and_runs_as_the_account_made_for_it(self) -> None:
        text = """
            apiVersion: toolhive.stacklok.dev/v1beta1
            kind: MCPServer
            metadata: {name: github, namespace: tools}
            spec:
              image: ghcr.io/github/github-mcp-server
              secrets: [{name: gh, key: token, targetEnvName: GITHUB_PERSONAL_ACCESS_TOKEN}]
              permissionProfile: {type: builtin, name: network}
              audit: {enabled: true}
        """
        use, personal = of(IdentityUse, text)
        assert isinstance(use.identity, Scalar)
        assert use.identity.value == "tools:github-sa"
        assert personal.note == "GITHUB_PERSONAL_ACCESS_TOKEN is some user's own token"
        assert settings(Aspect.ANONYMOUS_INBOUND, text) == [("MCPServer.toolhive.stacklok.dev/tools/github", True, 1)]
        assert settings(Aspect.AUDIT_LOG, text)[0][1:] == (True, 8)
        assert [(one.variable, line(one)) for one in of(SecretUse, text)] == [("GITHUB_PERSONAL_ACCESS_TOKEN", 6)]

    def test_authorisation_is_a_gate_and_a_role_for_callers_is_assumed(self) -> None:
        text = """
            apiVersion: toolhive.stacklok.dev/v1beta1
            kind: MCPServer
            metadata: {name: aws, namespace: tools}
            spec:
              image: x
              serviceAccount: own
              oidcConfigRef: {name: o}
              authzConfig: {type: inline, inline: {policies: []}}
              externalAuthConfigRef: {name: e}
            ---
            apiVersion: toolhive.stacklok.dev/v1beta1
            kind: MCPExternalAuthConfig
            metadata: {name: e, namespace: tools}
            spec:
              type: awsSts
              awsSts: {fallbackRoleArn: "arn:aws:iam::111122223333:role/fallback"}
        """
        assert [(gate.kind, line(gate)) for gate in of(Gate, text)] == [("policy-engine", 8)]
        assert settings(Aspect.ANONYMOUS_INBOUND, text)[0][1] is False
        uses = {use.relation: use.identity.value for use in of(IdentityUse, text) if isinstance(use.identity, Scalar)}
        assert uses == {
            IdentityRelation.RUNS_AS: "tools:own",
            IdentityRelation.ASSUMES: "arn:aws:iam::111122223333:role/fallback",
        }

    def test_tokens_of_a_virtual_server_have_their_lifetimes(self) -> None:
        text = """
            apiVersion: toolhive.stacklok.dev/v1beta1
            kind: VirtualMCPServer
            metadata: {name: v}
            spec:
              incomingAuth: {type: oidc}
              authServerConfig: {tokenLifespans: {accessTokenLifespan: 90m}}
              config:
                compositeTools:
                - {name: careful, steps: [{type: elicitation}, {type: tool}]}
                - {name: late, steps: [{type: tool}, {type: elicitation}]}
                - {name: plain, steps: [{type: tool}]}
        """
        found = {one.kind: (one.ttl, one.defaulted) for one in of(Credential, text) if "ken" in one.attribute[-12:]}
        tokens = {one.attribute: (one.ttl, one.defaulted) for one in of(Credential, text)}
        assert tokens["accessTokenLifespan"] == (5400.0, False)
        assert tokens["refreshTokenLifespan"] == (604_800.0, True)
        assert [(gate.covers, gate.fails_closed) for gate in of(Gate, text)] == [
            (("careful",), True),
            (("late",), None),
        ]
        assert found


class TestArk:
    AGENT = """
        apiVersion: ark.mckinsey.com/v1alpha1
        kind: Agent
        metadata: {name: a, namespace: ns, labels: {team: x}}
        spec:
          tools:
          - {type: custom, name: delete-customer}
          - {type: custom, name: lookup}
        ---
        apiVersion: ark.mckinsey.com/v1alpha1
        kind: Tool
        metadata: {name: lookup, namespace: ns}
        spec: {type: http, http: {url: "https://api.example.com", method: POST}}
        ---
        apiVersion: ark.mckinsey.com/v1alpha1
        kind: Query
        metadata: {name: q, namespace: ns}
        spec: {input: hi, QUERY}
    """

    @pytest.mark.parametrize(
        ("query", "account", "inherited"),
        [
            ("targets: [{type: agent, name: a}], serviceAccount: s", "ns:s", False),
            ("selector: {matchLabels: {team: x}}", "ns:default", True),
        ],
    )
    def test_an_agent_runs_as_the_account_of_the_queries_that_target_it(
        self, query: str, account: str, *, inherited: bool
    ) -> None:
        (use,) = of(IdentityUse, self.AGENT.replace("QUERY", query))
        assert isinstance(use.identity, Scalar)
        assert (use.identity.value, use.inherited_default) == (account, inherited)

    def test_a_query_for_another_agent_gives_no_identity(self) -> None:
        assert of(IdentityUse, self.AGENT.replace("QUERY", "targets: [{type: agent, name: b}]")) == []

    def test_tools_mutate_by_verb_or_method_and_cannot_be_confirmed(self) -> None:
        tools = of(Tool, self.AGENT.replace("QUERY", "x: z"))
        assert [(tool.name, tool.operations[0].mutating, tool.confirmable) for tool in tools] == [
            ("delete-customer", True, False),
            ("lookup", True, False),
        ]
        assert isinstance(tools[1].target, Reference)

    def test_answers_are_kept_for_thirty_days_unless_the_query_says_otherwise(self) -> None:
        (kept,) = of(Credential, self.AGENT.replace("QUERY", "x: z"))
        assert (kept.ttl, kept.defaulted) == (2_592_000.0, True)
        (kept,) = of(Credential, self.AGENT.replace("QUERY", "ttl: 1h"))
        assert (kept.ttl, kept.defaulted) == (3600.0, False)


class TestSandboxes:
    @pytest.mark.parametrize(
        ("api", "kind", "mounted"),
        [("agents.x-k8s.io", "Sandbox", True), ("extensions.agents.x-k8s.io", "SandboxTemplate", False)],
    )
    def test_only_a_template_leaves_the_token_out_by_default(self, api: str, kind: str, *, mounted: bool) -> None:
        text = f"""
            apiVersion: {api}/v1beta1
            kind: {kind}
            metadata: {{name: s}}
            spec: {{podTemplate: {{spec: {{containers: []}}}}}}
        """
        assert settings(Aspect.AUTOMOUNT_TOKEN, text)[0][1] is mounted
        assert settings(Aspect.CODE_EXECUTION, text)[0][1] is True

    @pytest.mark.parametrize(
        ("policy", "open_"),
        [
            ("", True),
            ("networkPolicy: {egress: []}", False),
            ("networkPolicy: {egress: [{}]}", True),
            ("networkPolicyManagement: Unmanaged", True),
        ],
    )
    def test_the_egress_of_a_template_is_the_controllers_or_its_own(self, policy: str, *, open_: bool) -> None:
        text = f"""
            apiVersion: extensions.agents.x-k8s.io/v1beta1
            kind: SandboxTemplate
            metadata: {{name: s}}
            spec:
              podTemplate: {{spec: {{containers: []}}}}
              {policy or "x: z"}
        """
        assert [state for _, state, _ in settings(Aspect.UNRESTRICTED_EGRESS, text)] == [open_]


def test_an_mcp_route_without_a_security_policy_is_anonymous() -> None:
    text = """
        apiVersion: aigateway.envoyproxy.io/v1alpha1
        kind: MCPRoute
        metadata: {name: r, namespace: ns}
        spec:
          backendRefs:
          - {name: github, toolSelector: {include: [get_issue]}, securityPolicy: {apiKey: {secretRef: {name: k}}}}
          - {name: all}
    """
    assert settings(Aspect.ANONYMOUS_INBOUND, text)[0][1:] == (True, 1)
    assert [(state, where) for _, state, where in settings(Aspect.TOOL_FILTER, text)] == [(True, 6), (False, 7)]
    assert [line(one) for one in of(SecretUse, text)] == [6]


def test_an_mcp_route_with_authorization_is_gated() -> None:
    text = """
        apiVersion: aigateway.envoyproxy.io/v1alpha1
        kind: MCPRoute
        metadata: {name: r}
        spec:
          securityPolicy: {oauth: {issuer: i}, authorization: {defaultAction: ACTION}}
    """
    (gate,) = of(Gate, text.replace("ACTION", "Deny"))
    assert gate.fails_closed is True
    (gate,) = of(Gate, text.replace("ACTION", "Allow"))
    assert gate.fails_closed is False


def test_k8sgpt_that_remediates_by_itself_is_unattended() -> None:
    text = """
        apiVersion: core.k8sgpt.ai/v1alpha1
        kind: K8sGPT
        metadata: {name: k, namespace: ns}
        spec:
          ai: {autoRemediation: {enabled: true}, secret: {name: s, key: k}}
    """
    assert settings(Aspect.UNATTENDED, text) == [("K8sGPT.core.k8sgpt.ai/ns/k", True, 5)]
    (tool,) = of(Tool, text)
    assert (tool.confirmation, tool.confirmable, tool.operations[0].mutating) == (False, False, True)
    assert [one.attribute for one in of(Hidden, text)] == ["serviceAccount"]


def test_kaos_links_servers_and_agents_and_cannot_confirm() -> None:
    text = """
        apiVersion: kaos.tools/v1alpha1
        kind: Agent
        metadata: {name: a, namespace: ns}
        spec:
          mcpServers: [one]
          agentNetwork: {access: [b]}
          podSpec: {serviceAccountName: s}
        ---
        apiVersion: kaos.tools/v1alpha1
        kind: MCPServer
        metadata: {name: one, namespace: ns}
        spec: {serviceAccountName: t}
    """
    (tool,) = of(Tool, text)
    assert isinstance(tool.target, Reference)
    assert (tool.target.key.address, tool.confirmable) == ("MCPServer.kaos.tools/ns/one", False)
    assert [address(one.agent) for one in of(AgentLink, text)] == ["Agent.kaos.tools/ns/a"]
    assert [one.identity.value for one in of(IdentityUse, text) if isinstance(one.identity, Scalar)] == ["ns:s", "ns:t"]


def test_an_orchestrator_waits_for_a_person_when_it_says_so() -> None:
    text = """
        apiVersion: core.inference-gateway.com/v1alpha1
        kind: Orchestrator
        metadata: {name: o}
        spec: {channels: {requireApproval: STATE}}
    """
    assert [gate.kind for gate in of(Gate, text.replace("STATE", "true"))] == ["approval"]
    assert of(Gate, text.replace("STATE", "false")) == []


class TestRotation:
    @pytest.mark.parametrize(
        ("body", "rotated", "where"),
        [
            ("refreshInterval: 1h", None, 5),
            ("refreshInterval: 0s", False, 5),
            ('refreshInterval: "0"', False, 5),
            ("refreshPolicy: CreatedOnce", False, 5),
            ("target: {name: t}", None, 1),
        ],
    )
    def test_an_external_secret_that_is_read_once_is_never_refreshed(
        self, body: str, *, rotated: bool | None, where: int
    ) -> None:
        text = f"apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {{name: e}}\nspec:\n  {body}\n"
        (credential,) = of(Credential, text)
        assert (credential.rotated, line(credential)) == (rotated, where)

    def test_it_declares_the_secret_that_it_writes(self) -> None:
        text = """
            apiVersion: external-secrets.io/v1beta1
            kind: ExternalSecret
            metadata: {name: e, namespace: ns}
            spec: {target: {name: written}}
        """
        (system,) = of(System, text)
        assert [name.value for name in system.names if isinstance(name, Scalar)] == ["ns/written"]
        assert (system.service, system.kind) == ("v1/Secret", "secret")

    @pytest.mark.parametrize(
        ("body", "ttl", "rotated"),
        [
            ("duration: 24h", 86_400.0, True),
            ("secretName: s", 7_776_000.0, True),
            ("privateKey: {rotationPolicy: Never}", 7_776_000.0, False),
        ],
    )
    def test_certificates_are_renewed_and_keep_their_key_only_when_told(
        self, body: str, ttl: float, *, rotated: bool
    ) -> None:
        text = f"apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {{name: c}}\nspec:\n  {body}\n"
        (credential,) = of(Credential, text)
        assert (credential.ttl, credential.rotated) == (ttl, rotated)

    def test_vault_tokens_leases_and_static_secrets(self) -> None:
        text = """
            apiVersion: secrets.hashicorp.com/v1beta1
            kind: VaultAuth
            metadata: {name: v, namespace: ns}
            spec: {kubernetes: {role: agents, serviceAccount: s}}
            ---
            apiVersion: secrets.hashicorp.com/v1beta1
            kind: VaultDynamicSecret
            metadata: {name: d, namespace: ns}
            spec: {revoke: false}
            ---
            apiVersion: secrets.hashicorp.com/v1beta1
            kind: VaultStaticSecret
            metadata: {name: t, namespace: ns}
            spec: {refreshAfter: 1h}
        """
        login, dynamic, static = of(Credential, text)
        assert (login.ttl, login.defaulted) == (600.0, True)
        assert (dynamic.rotated, "not revoked" in dynamic.note) == (True, True)
        assert static.rotated is None
        (use,) = of(IdentityUse, text)
        assert (address(use.subject), use.relation) == ("ServiceAccount/ns/s", IdentityRelation.ASSUMES)

    def test_a_spiffe_identity_that_is_admin_says_so(self) -> None:
        text = """
            apiVersion: spire.spiffe.io/v1alpha1
            kind: ClusterSPIFFEID
            metadata: {name: s}
            spec: {ttl: 12h, admin: true}
        """
        found = {one.attribute: (one.ttl, one.note) for one in of(Credential, text)}
        assert found["ttl"][0] == 43_200.0
        assert found["admin"][1].startswith("admin:")

    @pytest.mark.parametrize(
        ("text", "seconds"),
        [
            ("1h30m", 5400.0),
            ("720h", 2_592_000.0),
            ("300ms", 0.3),
            ("1.5h", 5400.0),
            ("0", 0.0),
            ("-5m", -300.0),
            ("7d", None),
            ("", None),
            ("h", None),
            ("10", None),
            ("1h " * 40, None),
        ],
    )
    def test_go_durations(self, text: str, seconds: float | None) -> None:
        assert go_duration(text) == seconds

    @pytest.mark.parametrize("duration", ["soon", "-1h", "{{ .Values.ttl }}", "7d", "[]"])
    def test_absurd_lifetimes_are_unknown_with_a_reason(self, duration: str) -> None:
        head = "apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: c}\n"
        text = f"{head}spec: {{duration: '{duration}'}}\n"
        (credential,) = of(Credential, text)
        assert isinstance(credential.ttl, Unknown)


class TestRbac:
    def test_rules_bindings_and_aggregation_are_kept_as_written(self) -> None:
        text = """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: c, labels: {agg: a}}
            aggregationRule: {clusterRoleSelectors: [{matchLabels: {agg: b}}, {matchLabels: {x: z}}]}
            rules:
            - {apiGroups: ["", apps], resources: [pods, "*/exec"], verbs: [get], resourceNames: [p]}
            - {nonResourceURLs: ["/healthz/*"], verbs: ["*"]}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: b, namespace: ns}
            roleRef: {kind: ClusterRole, name: c}
            subjects:
            - {kind: ServiceAccount, name: s}
            - {kind: Group, name: "system:serviceaccounts"}
        """
        (role,) = of(RbacRole, text)
        assert (role.namespace, role.labels, role.selectors) == (None, {"agg": "a"}, ({"agg": "b"}, {"x": "z"}))
        first, second = role.statements
        assert (first.api_groups, first.resources, first.resource_names) == (("", "apps"), ("pods", "*/exec"), ("p",))
        assert (second.non_resource_urls, second.spot, line(second)) == (("/healthz/*",), "#1", 7)
        (binding,) = of(RbacBinding, text)
        assert (binding.namespace, binding.role_kind, binding.role_name) == ("ns", "ClusterRole", "c")
        assert [(one.kind, one.name, one.namespace, line(one)) for one in binding.subjects] == [
            ("ServiceAccount", "s", None, 14),
            ("Group", "system:serviceaccounts", None, 15),
        ]

    def test_malformed_rules_hide_and_raise_nothing(self) -> None:
        text = "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: r}\nrules: {a: b}\n"
        assert [one.attribute for one in of(Hidden, text)] == ["rules"]
        facts("apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: r}\nsubjects: 3\n")


def test_values_of_secrets_in_the_code_are_found_and_never_repeated() -> None:
    text = """
        apiVersion: v1
        kind: Secret
        metadata: {name: s, namespace: ns}
        data: {token: c3VwZXItc2VjcmV0LXZhbHVl, ca.crt: YWJj}
        stringData: {key: sk-ant-abcdefghijklmnopqrstuvwxyz}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: c, namespace: ns}
        data: {TOKEN_URL: "https://x", API_KEY: AKIAABCDEFGHIJKLMNOP, mode: a}
    """
    found = [(one.attribute, one.note, one.literal) for one in of(Credential, text)]
    assert found == [
        ("token", "secret by name and randomness", True),
        ("key", "Anthropic key", True),
        ("API_KEY", "AWS access key id", True),
    ]
    assert "super-secret" not in repr(facts(text))


def test_a_value_that_is_wrapped_over_lines_is_read_whole() -> None:
    lines = [b64encode(b"sk-ant-abcdefghijklmnopqrstuvwxyz").decode()[at : at + 20] for at in (0, 20, 40)]
    text = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata:\n  k: |\n    " + "\n    ".join(lines) + "\n"
    assert [one.note for one in of(Credential, text)] == ["Anthropic key"]


def test_federated_accounts_of_all_three_clouds() -> None:
    text = """
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: s
          annotations:
            eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/r
            iam.gke.io/gcp-service-account: bot@p.iam.gserviceaccount.com
            azure.workload.identity/client-id: 00000000-0000-0000-0000-000000000000
    """
    assert [(use.note, line(use)) for use in of(IdentityUse, text)] == [
        ("IAM role for service accounts", 6),
        ("GKE workload identity", 7),
        ("Azure workload identity", 8),
    ]
    assert {one.ttl for one in of(Credential, text)} == {86_400.0, 3_600.0}


def test_settings_point_at_lines_of_the_declaration() -> None:
    text = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{image: 'a@sha256:00'}]}\n"
    assert settings(Aspect.PINNED_ARTIFACT, text) == [("Pod/default/p", True, 4)]
    assert all(one.at.source.path == "test.yaml" for one in of(Setting, text))
