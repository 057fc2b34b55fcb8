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


@pytest.mark.parametrize(
    ("action", "point", "expected"),
    [("deny", "validation.gatekeeper.sh", 1), ("deny", "audit.gatekeeper.sh", 0), ("warn", "*", 0)],
)
def test_a_scoped_action_counts_where_the_webhook_denies(action: str, point: str, expected: int) -> None:
    text = f"""{POD}
apiVersion: constraints.gatekeeper.sh/v1beta1
kind: K8sRequiredLabels
metadata: {{name: g}}
spec:
  enforcementAction: scoped
  scopedEnforcementActions: [{{action: {action}, enforcementPoints: [{{name: "{point}"}}]}}]
"""
    assert len(gates(text)) == expected


EVERY_POD = "{any: [{resources: {kinds: [Pod]}}]}"


@pytest.mark.parametrize(
    ("action", "overrides", "expected"),
    [
        ("Enforce", "[{action: Audit, namespaces: [agents]}]", []),
        ("Enforce", "[{action: Audit, namespaces: ['ag*']}]", []),
        ("Enforce", "[{action: Audit, namespaceSelector: {matchLabels: {tier: prod}}}]", []),
        ("Enforce", "[{action: Audit, namespaces: [other]}]", OF_PODS),
        ("Audit", "[{action: Enforce, namespaces: [agents]}]", OF_PODS),
    ],
)
def test_an_override_decides_for_its_namespaces(action: str, overrides: str, expected: list[object]) -> None:
    text = kyverno(action, EVERY_POD)
    of_policy = text.replace("  rules:", f"  validationFailureActionOverrides: {overrides}\n  rules:")
    of_rule = text.replace("{message: no}", f"{{message: no, failureActionOverrides: {overrides}}}")
    assert gates(of_policy) == gates(of_rule) == expected


@pytest.mark.parametrize(
    ("rules", "match", "expected"),
    [
        ("[r]", EVERY_POD, []),
        ("['*']", EVERY_POD, []),
        ("[other]", EVERY_POD, OF_PODS),
        ("[r]", "{any: [{resources: {kinds: [Pod], namespaces: [other]}}]}", OF_PODS),
    ],
)
def test_an_exception_that_matches_the_pod_takes_the_gate_away(rules: str, match: str, expected: list[object]) -> None:
    exception = f"""---
apiVersion: kyverno.io/v2
kind: PolicyException
metadata: {{name: e, namespace: kyverno}}
spec: {{exceptions: [{{policyName: k, ruleNames: {rules}}}], match: {match}}}
"""
    assert gates(kyverno("Enforce", EVERY_POD) + exception) == expected


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("validationActions: [Deny]", OF_PODS),
        ("validationActions: [Audit]", []),
        ("validationActions: [Deny], evaluation: {admission: {enabled: false}}", []),
        ("validationActions: [Deny], failurePolicy: Ignore", [("admission", ("admission of its pods",), False)]),
    ],
)
@pytest.mark.parametrize("kind", ["ValidatingPolicy", "NamespacedValidatingPolicy"])
def test_kyvernos_policies_in_the_apis_language_bind_themselves(kind: str, spec: str, expected: list[object]) -> None:
    text = f"""{POD}
apiVersion: policies.kyverno.io/v1
kind: {kind}
metadata: {{name: v, namespace: agents}}
spec: {{matchConstraints: {{resourceRules: [{{resources: [pods]}}]}}, {spec}}}
"""
    assert gates(text) == expected
    if kind.startswith("Namespaced"):
        assert gates(text.replace("name: v, namespace: agents", "name: v, namespace: other")) == []


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
