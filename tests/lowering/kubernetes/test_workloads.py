from __future__ import annotations

import pytest

from agentreach.identity import Agent as AgentFact
from agentreach.identity import (
    Aspect,
    Confidence,
    Credential,
    IdentityRelation,
    IdentityUse,
    Role,
    SecretUse,
    Signal,
    Strength,
    Workload,
)
from agentreach.model import Scalar, Text, Unknown
from lowering.kubernetes.cluster import facts, line, of, settings

POD_SPEC = "serviceAccountName: runner\ncontainers: [{name: c, image: acme/app}]"


def workload(api: str, kind: str, body: str) -> str:
    indented = "\n".join(f"  {row}" for row in body.splitlines())
    return f"apiVersion: {api}\nkind: {kind}\nmetadata: {{name: w, namespace: agents}}\nspec:\n{indented}\n"


def nested(*path: str) -> str:
    rows = [f"{'  ' * depth}{step}:" for depth, step in enumerate(path)]
    rows += [f"{'  ' * len(path)}{row}" for row in POD_SPEC.splitlines()]
    return "\n".join(rows)


KINDS = {
    ("v1", "Pod"): POD_SPEC,
    ("apps/v1", "Deployment"): nested("template", "spec"),
    ("apps/v1", "StatefulSet"): nested("template", "spec"),
    ("apps/v1", "DaemonSet"): nested("template", "spec"),
    ("apps/v1", "ReplicaSet"): nested("template", "spec"),
    ("v1", "ReplicationController"): nested("template", "spec"),
    ("batch/v1", "Job"): nested("template", "spec"),
    ("batch/v1", "CronJob"): nested("jobTemplate", "spec", "template", "spec"),
    ("serving.knative.dev/v1", "Service"): nested("template", "spec"),
    ("argoproj.io/v1alpha1", "Rollout"): nested("template", "spec"),
    ("argoproj.io/v1alpha1", "Workflow"): (
        "serviceAccountName: runner\ntemplates: [{name: t, container: {image: acme/app}}]"
    ),
    ("argoproj.io/v1alpha1", "CronWorkflow"): (
        "schedule: '* * * * *'\nworkflowSpec:\n  serviceAccountName: runner\n"
        "  templates: [{name: t, script: {image: acme/app}}]"
    ),
    ("tekton.dev/v1", "TaskRun"): "serviceAccountName: runner\ntaskSpec: {steps: [{name: s, image: acme/app}]}",
    ("tekton.dev/v1", "PipelineRun"): (
        "taskRunTemplate: {serviceAccountName: runner}\n"
        "pipelineSpec: {tasks: [{name: t, taskSpec: {steps: [{name: s, image: acme/app}]}}]}"
    ),
    ("tekton.dev/v1beta1", "PipelineRun"): (
        "serviceAccountName: runner\npipelineSpec: {tasks: [{name: t, taskSpec: {steps: [{image: acme/app}]}}]}"
    ),
    ("batch.volcano.sh/v1alpha1", "Job"): (
        "tasks:\n- template:\n    spec:\n      serviceAccountName: runner\n      containers: [{image: acme/app}]"
    ),
}


@pytest.mark.parametrize(("api", "kind"), KINDS)
def test_every_kind_that_makes_pods_runs_as_its_account(api: str, kind: str) -> None:
    text = workload(api, kind, KINDS[api, kind])
    (declared,) = of(Workload, text)
    assert (declared.kind, declared.namespace) == (kind.lower(), "agents")
    (use,) = of(IdentityUse, text)
    assert use.identity == Scalar("agents:runner", use.at)
    assert use.at.text == "runner"
    assert (use.relation, use.inherited_default) == (IdentityRelation.RUNS_AS, False)
    assert settings(Aspect.PINNED_ARTIFACT, text)[0][1] is False


def test_a_pod_that_names_no_account_inherits_the_default_one() -> None:
    (use,) = of(IdentityUse, "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: []}")
    assert isinstance(use.identity, Scalar)
    assert use.identity.value == "default:default"
    assert use.inherited_default


def test_a_task_run_takes_its_steps_from_the_task_it_names() -> None:
    text = """
        apiVersion: tekton.dev/v1
        kind: Task
        metadata: {name: t, namespace: ci}
        spec: {steps: [{image: "n8nio/n8n"}]}
        ---
        apiVersion: tekton.dev/v1
        kind: TaskRun
        metadata: {name: r, namespace: ci}
        spec: {taskRef: {name: t}}
    """
    subjects = {signal.subject.address for signal in of(Signal, text) if signal.kind == "image"}
    assert subjects == {"TaskRun.tekton.dev/ci/r"}
    assert [use.subject.address for use in of(IdentityUse, text)] == ["TaskRun.tekton.dev/ci/r"]


TASK = """
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: t, namespace: ci}
spec: {steps: [{image: "n8nio/n8n"}]}
---
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: p, namespace: ci}
spec: {tasks: [{name: first, taskRef: {name: t}}]}
"""


def test_a_task_that_no_declared_run_uses_runs_as_whom_a_run_will_name() -> None:
    (use,) = of(IdentityUse, TASK)
    assert (use.subject.address, use.inherited_default) == ("Task.tekton.dev/ci/t", False)
    assert isinstance(use.identity, Text)
    assert use.identity.parts[0] == "ci:"


def test_a_pipeline_run_speaks_for_the_tasks_of_its_pipeline() -> None:
    run = """---
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {generateName: p-, namespace: ci}
spec: {pipelineRef: {name: p}, taskRunTemplate: {serviceAccountName: reviewer}}
"""
    assert {use.subject.address for use in of(IdentityUse, TASK + run)} == {"PipelineRun.tekton.dev/ci/p-*"}
    assert {one.subject.address for one in of(Signal, TASK + run)} == {"PipelineRun.tekton.dev/ci/p-*"}
    elsewhere = run.replace("namespace: ci", "namespace: other")
    assert "Task.tekton.dev/ci/t" in {use.subject.address for use in of(IdentityUse, TASK + elsewhere)}


@pytest.mark.parametrize(
    ("template", "reference"),
    [
        ("kind: WorkflowTemplate\nmetadata: {name: t, namespace: ci}", "{name: t}"),
        ("kind: ClusterWorkflowTemplate\nmetadata: {name: t}", "{name: t, clusterScope: true}"),
    ],
)
def test_a_workflow_takes_its_pods_and_account_from_the_template_it_names(template: str, reference: str) -> None:
    text = f"""apiVersion: argoproj.io/v1alpha1
{template}
spec:
  serviceAccountName: runner
  templates: [{{name: a, container: {{image: n8nio/n8n}}}}]
"""
    run = f"""---
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {{generateName: w-, namespace: ci}}
spec: {{workflowTemplateRef: {reference}}}
"""
    (use,) = of(IdentityUse, text + run)
    assert isinstance(use.identity, Scalar)
    assert (use.subject.address, use.identity.value) == ("Workflow.argoproj.io/ci/w-*", "ci:runner")
    (own,) = of(IdentityUse, text + run.replace("spec: {", "spec: {serviceAccountName: own, "))
    assert isinstance(own.identity, Scalar)
    assert own.identity.value == "ci:own"
    assert [one.subject.address for one in of(Signal, text + run)] == ["Workflow.argoproj.io/ci/w-*"]
    (alone,) = of(IdentityUse, text)
    assert alone.subject.address.endswith("t")


def test_an_argo_template_with_an_account_of_its_own_runs_as_that_one() -> None:
    text = """
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: w-, namespace: ci}
        spec:
          serviceAccountName: shared
          templates:
          - {name: a, container: {image: x}}
          - {name: b, serviceAccountName: own, container: {image: y}}
          - {name: steps, steps: []}
    """
    assert [use.identity.value for use in of(IdentityUse, text) if isinstance(use.identity, Scalar)] == [
        "ci:shared",
        "ci:own",
    ]


class TestTokens:
    POD = """
        apiVersion: v1
        kind: Pod
        metadata: {name: p, namespace: a}
        spec:
          serviceAccountName: s
          {pod}
          containers: []
        ---
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: s, namespace: a}
        {account}
    """

    @pytest.mark.parametrize(
        ("pod", "account", "state", "line_"),
        [
            ("", "", True, 1),
            ("", "automountServiceAccountToken: false", False, 12),
            ("automountServiceAccountToken: true", "automountServiceAccountToken: false", True, 6),
            ("automountServiceAccountToken: false", "", False, 6),
        ],
    )
    def test_the_pod_wins_over_the_account_and_silence_means_mounted(
        self, pod: str, account: str, *, state: bool, line_: int
    ) -> None:
        text = self.POD.replace("{pod}", pod or "hostIPC: false").replace("{account}", account or "secrets: []")
        assert settings(Aspect.AUTOMOUNT_TOKEN, text) == [("Pod/a/p", state, line_)]
        mounted = [one for one in of(Credential, text) if one.attribute == "automountServiceAccountToken"]
        assert bool(mounted) is state

    def test_projected_tokens_have_audience_and_lifetime(self) -> None:
        text = """
            apiVersion: v1
            kind: Pod
            metadata: {name: p}
            spec:
              automountServiceAccountToken: false
              containers: []
              volumes:
              - name: t
                projected:
                  sources:
                  - serviceAccountToken: {path: vault, audience: vault, expirationSeconds: 7200}
                  - serviceAccountToken: {path: plain}
                  - serviceAccountToken: {path: short, expirationSeconds: 60}
        """
        first, second, third = of(Credential, text)
        assert (first.ttl, first.defaulted, line(first)) == (7200.0, False, 11)
        assert first.note == "token of default:default for vault"
        assert (second.ttl, second.defaulted) == (3600.0, True)
        assert isinstance(third.ttl, Unknown)
        assert "below 600" in third.ttl.reason

    def test_a_token_secret_never_expires_and_belongs_to_its_account(self) -> None:
        text = """
            apiVersion: v1
            kind: Secret
            metadata:
              name: old
              namespace: a
              annotations: {kubernetes.io/service-account.name: s}
            type: kubernetes.io/service-account-token
        """
        (token,) = of(Credential, text)
        assert (token.never_expires, token.kind, line(token)) == (True, "service-account-token", 7)
        assert isinstance(token.owner, Scalar)
        assert token.owner.value == "a:s"

    def test_a_web_identity_token_lives_a_day_unless_the_annotation_says_otherwise(self) -> None:
        text = """
            apiVersion: v1
            kind: ServiceAccount
            metadata:
              name: s
              annotations:
                eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/r
                {lifetime}
        """
        (token,) = of(Credential, text.replace("{lifetime}", "x: y"))
        assert (token.ttl, token.defaulted, line(token)) == (86_400.0, True, 6)
        (token,) = of(Credential, text.replace("{lifetime}", 'eks.amazonaws.com/token-expiration: "3600"'))
        assert (token.ttl, token.defaulted, line(token)) == (3_600.0, False, 7)
        (use,) = of(IdentityUse, text.replace("{lifetime}", "x: y"))
        assert use.relation is IdentityRelation.FEDERATED
        assert isinstance(use.identity, Scalar)
        assert use.identity.value == "arn:aws:iam::111122223333:role/r"


def test_every_way_a_secret_reaches_a_pod_is_found() -> None:
    text = """
        apiVersion: v1
        kind: Pod
        metadata: {name: p, namespace: a}
        spec:
          initContainers:
          - name: i
            envFrom: [{secretRef: {name: all}, prefix: P_}]
          containers:
          - name: c
            env:
            - {name: KEY, valueFrom: {secretKeyRef: {name: one, key: k}}}
            - {name: API_TOKEN, value: s3cr3tvalue99}
            - {name: LOG_LEVEL, value: debug}
            args: ["--api-key=sk-ant-abcdefghijklmnopqrstuvwxyz", "--verbose"]
          volumes:
          - {name: v, secret: {secretName: files}}
          - {name: w, projected: {sources: [{secret: {name: projected}}]}}
    """
    uses = [(use.variable, use.via, use.literal, line(use)) for use in of(SecretUse, text)]
    assert uses == [
        ("KEY", "environment", False, 11),
        ("API_TOKEN", "environment", True, 12),
        ("--api-key", "environment", True, 14),
        ("P_*", "environment", False, 7),
        ("v", "file", False, 16),
        ("w", "file", False, 17),
    ]
    assert "s3cr3tvalue99" not in repr([use.secret for use in of(SecretUse, text)])


def test_a_secret_in_a_config_map_reaches_the_pod_that_reads_it() -> None:
    text = """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: c, namespace: a}
        data:
          OPENAI_API_KEY: sk-proj-abcdefghijklmnopqrstuvwx
          MODE: fast
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: p, namespace: a}
        spec:
          containers: [{name: c, envFrom: [{configMapRef: {name: c}}]}]
    """
    (use,) = of(SecretUse, text)
    assert (use.variable, use.literal, line(use)) == ("OPENAI_API_KEY", True, 5)
    assert [signal.detail for signal in of(Signal, text)] == ["variable OPENAI_API_KEY"]


def test_host_access_names_every_way_to_the_node() -> None:
    text = """
        apiVersion: v1
        kind: Pod
        metadata: {name: p}
        spec:
          hostNetwork: true
          hostPID: true
          shareProcessNamespace: true
          containers:
          - name: c
            securityContext:
              privileged: true
              capabilities: {add: [SYS_ADMIN, NET_BIND_SERVICE]}
          volumes:
          - {name: s, hostPath: {path: /var/run/docker.sock}}
    """
    assert [(state, where) for _, state, where in settings(Aspect.HOST_ACCESS, text)] == [
        (True, 5),
        (True, 6),
        (True, 7),
        (True, 14),
        (True, 11),
        (True, 12),
    ]
    fallback = [use for use in of(IdentityUse, text) if use.relation is IdentityRelation.NODE_FALLBACK]
    assert isinstance(fallback[0].identity, Unknown)


def test_an_mcp_server_proved_twice_is_a_tool_and_never_an_agent() -> None:
    text = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: github-mcp, namespace: a}
        spec:
          template:
            spec:
              containers:
              - image: ghcr.io/github/github-mcp-server:1
                env: [{name: GITHUB_PERSONAL_ACCESS_TOKEN, valueFrom: {secretKeyRef: {name: g, key: t}}}]
    """
    (tool,) = of(AgentFact, text)
    assert (tool.role, tool.kind, tool.confidence) == (Role.TOOL, "mcp-server", Confidence.MEDIUM)
    assert of(Signal, text) == []


def test_signs_say_which_kind_they_are_and_labels_that_repeat_the_name_do_not_count() -> None:
    text = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: llm-router, labels: {app: llm-router, tier: genai}}
        spec:
          template:
            metadata: {labels: {app: llm-router}}
            spec:
              containers:
              - image: acme/router
                command: [npx, -y, "@anthropic-ai/claude-code"]
                env: [{name: ANTHROPIC_API_KEY, value: $(X)}]
    """
    found = [(signal.kind, signal.strength, signal.detail) for signal in of(Signal, text)]
    assert found == [
        ("name", Strength.STRONG, "name 'llm-router'"),
        ("label", Strength.STRONG, "label tier=genai"),
        ("command", Strength.STRONG, "Deployment runs claude-code"),
        ("environment", Strength.STRONG, "variable ANTHROPIC_API_KEY"),
    ]


def test_scheduled_work_is_unattended_and_a_deadline_bounds_it() -> None:
    text = """
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: c}
        spec:
          schedule: "0 3 * * *"
          jobTemplate:
            spec:
              activeDeadlineSeconds: 600
              template: {spec: {containers: []}}
    """
    assert settings(Aspect.UNATTENDED, text) == [("CronJob/default/c", True, 5)]
    assert settings(Aspect.BOUNDED_RUN, text) == [("CronJob/default/c", True, 8)]


def test_an_owner_may_be_written_on_the_namespace() -> None:
    text = """
        apiVersion: v1
        kind: Namespace
        metadata: {name: a, labels: {team: sre}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: p, namespace: a, annotations: {contact: "#sre"}}
        spec: {containers: []}
    """
    (declared,) = of(Workload, text)
    assert (declared.tags["team"], declared.tags["contact"]) == ("sre", "#sre")


def test_odd_structures_state_nothing_and_raise_nothing() -> None:
    for body in ("spec: []", "spec: {containers: 3, volumes: {a: b}}", "spec: {template: x}", "spec: null"):
        for kind in ("Deployment", "DaemonSet"):
            facts(f"apiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: x}}\n{body}\n")
        facts(f"apiVersion: v1\nkind: Pod\nmetadata: {{name: x}}\n{body}\n")
