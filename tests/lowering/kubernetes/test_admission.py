from __future__ import annotations

import pytest

from agentreach.identity import Gate
from lowering.kubernetes.cluster import of

POD = """
apiVersion: v1
kind: Namespace
metadata: {name: agents, labels: {tier: prod}}
---
apiVersion: v1
kind: Pod
metadata: {name: p, namespace: agents, labels: {app: agent}}
spec: {serviceAccountName: ops, containers: []}
---
"""


def kyverno(action: str, match: str, exclude: str = "") -> str:
    return f"""{POD}
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {{name: k}}
spec:
  validationFailureAction: {action}
  rules:
  - name: r
    match: {match}
    {exclude}
    validate: {{message: no}}
"""


def gates(text: str) -> list[tuple[str, tuple[str, ...], bool | None]]:
    return [(gate.kind, gate.covers, gate.fails_closed) for gate in of(Gate, text)]


OF_PODS = [("admission", ("admission of its pods",), True)]


@pytest.mark.parametrize(
    "match",
    [
        "{any: [{resources: {kinds: [Pod]}}]}",
        "{all: [{resources: {kinds: [apps/v1/Deployment]}}]}",
        "{resources: {kinds: [Pod], namespaces: ['agen*']}}",
        "{any: [{resources: {kinds: [Pod], selector: {matchLabels: {app: agent}}}}]}",
        "{any: [{resources: {kinds: [Pod], namespaceSelector: {matchLabels: {tier: prod}}}}]}",
    ],
)
def test_an_enforcing_kyverno_policy_that_matches_guards_the_admission_of_the_pods(match: str) -> None:
    assert gates(kyverno("Enforce", match)) == OF_PODS


@pytest.mark.parametrize(
    "text",
    [
        kyverno("Audit", "{any: [{resources: {kinds: [Pod]}}]}"),
        kyverno("Enforce", "{any: [{resources: {kinds: [Service]}}]}"),
        kyverno("Enforce", "{any: [{resources: {kinds: [Pod], namespaces: [other]}}]}"),
        kyverno("Enforce", "{any: [{resources: {kinds: [Pod], selector: {matchLabels: {app: web}}}}]}"),
        kyverno(
            "Enforce",
            "{any: [{resources: {kinds: [Pod]}}]}",
            "exclude: {any: [{resources: {namespaces: [agents]}}]}",
        ),
    ],
)
def test_one_that_audits_or_leaves_the_pod_out_is_no_gate(text: str) -> None:
    assert gates(text) == []


def test_a_policy_about_the_accounts_own_requests_may_stand_in_its_way() -> None:
    match = "{any: [{subjects: [{kind: ServiceAccount, name: ops, namespace: agents}]}]}"
    assert gates(kyverno("Enforce", match)) == [("admission", (), None)]


@pytest.mark.parametrize(("action", "expected"), [("deny", 1), ("dryrun", 0), ("warn", 0), ("", 1)])
def test_a_gatekeeper_constraint_counts_when_it_denies(action: str, expected: int) -> None:
    text = f"""{POD}
apiVersion: constraints.gatekeeper.sh/v1beta1
kind: K8sRequiredLabels
metadata: {{name: g}}
spec:
  enforcementAction: {action or "deny"}
  match: {{kinds: [{{apiGroups: [""], kinds: [Pod]}}], excludedNamespaces: [kube-system]}}
"""
    assert len(gates(text)) == expected


@pytest.mark.parametrize(("actions", "closed"), [("[Deny]", True), ("[Audit]", None), ("[Warn, Audit]", None)])
def test_a_validating_admission_policy_needs_a_binding_that_denies(actions: str, *, closed: bool | None) -> None:
    text = f"""{POD}
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {{name: v}}
spec:
  matchConstraints: {{resourceRules: [{{apiGroups: [""], resources: [pods], operations: [CREATE]}}]}}
  validations: [{{expression: "true"}}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {{name: b}}
spec: {{policyName: v, validationActions: {actions}}}
"""
    found = gates(text)
    assert found == ([] if closed is None else OF_PODS)


def test_an_istio_policy_is_a_condition_on_inbound_calls_when_it_selects_the_pod() -> None:
    text = f"""{POD}
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {{name: i, namespace: agents}}
spec:
  selector: {{matchLabels: {{app: LABEL}}}}
  rules: [{{from: [{{source: {{principals: [a]}}}}]}}]
"""
    assert gates(text.replace("LABEL", "agent")) == [("condition", (), True)]
    assert gates(text.replace("LABEL", "web")) == []
    assert (
        gates(text.replace("LABEL", "agent").replace("rules: [{from: [{source: {principals: [a]}}]}]", "rules: [{}]"))
        == []
    )
