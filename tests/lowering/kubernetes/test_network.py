from __future__ import annotations

import pytest

from agentreach.identity import Aspect, Setting
from lowering.kubernetes.cluster import of, settings

POD = """
apiVersion: v1
kind: Pod
metadata: {name: p, namespace: agents, labels: {app: agent, tier: back}}
spec: {containers: []}
---
"""


def policy(selector: str, body: str, namespace: str = "agents") -> str:
    return (
        f"{POD}apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
        f"metadata: {{name: n, namespace: {namespace}}}\nspec:\n  podSelector: {selector}\n  {body}\n"
    )


def state(text: str) -> tuple[bool | None, int]:
    ((_, found, where),) = settings(Aspect.UNRESTRICTED_EGRESS, text)
    return found, where


LIMITED = "egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]"


@pytest.mark.parametrize(
    "selector",
    [
        "{}",
        "{matchLabels: {app: agent}}",
        "{matchExpressions: [{key: app, operator: In, values: [agent, other]}]}",
        "{matchExpressions: [{key: tier, operator: Exists}]}",
        "{matchExpressions: [{key: gone, operator: DoesNotExist}]}",
        "{matchExpressions: [{key: app, operator: NotIn, values: [web]}]}",
    ],
)
def test_a_policy_limits_the_pods_that_its_selector_fits(selector: str) -> None:
    assert state(policy(selector, LIMITED)) == (False, 11)


@pytest.mark.parametrize(
    "text",
    [
        policy("{matchLabels: {app: web}}", LIMITED),
        policy("{matchLabels: {app: agent, missing: x}}", LIMITED),
        policy("{}", LIMITED, namespace="other"),
        policy("{}", "ingress: []"),
        policy("{}", "policyTypes: [Ingress]"),
        policy("{matchExpressions: [{key: app, operator: Near, values: [agent]}]}", LIMITED),
    ],
)
def test_a_policy_for_other_pods_namespaces_or_directions_limits_nothing(text: str) -> None:
    assert state(text) == (True, 1)


@pytest.mark.parametrize(
    "body",
    [
        "egress: [{}]",
        "egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]",
        "egress: [{to: [{ipBlock: {cidr: '::/0'}}]}]",
        "egress: [{ports: [{port: 443}]}]",
    ],
)
def test_a_rule_that_allows_every_address_is_the_evidence(body: str) -> None:
    assert state(policy("{}", body)) == (True, 11)


@pytest.mark.parametrize(
    "body",
    [
        "egress: []",
        "policyTypes: [Egress]",
        "egress: [{ports: [{port: 53, protocol: UDP}]}]",
        "egress: [{to: [{namespaceSelector: {}}]}]",
    ],
)
def test_nothing_dns_and_the_cluster_are_not_every_address(body: str) -> None:
    assert state(policy("{}", body))[0] is False


def test_policies_only_add_so_one_open_rule_opens() -> None:
    text = (
        policy("{}", LIMITED) + "---\n" + policy("{}", "egress: [{}]").removeprefix(POD).replace("name: n", "name: m")
    )
    assert state(text)[0] is True


def cilium(body: str, kind: str = "CiliumNetworkPolicy") -> str:
    return f"{POD}apiVersion: cilium.io/v2\nkind: {kind}\nmetadata: {{name: c, namespace: agents}}\nspec:\n  {body}\n"


@pytest.mark.parametrize(
    ("body", "open_"),
    [
        ("{endpointSelector: {matchLabels: {app: agent}}, egress: [{toEndpoints: [{}]}]}", False),
        (
            "{endpointSelector: {matchLabels: {'k8s:app': agent}}, egress: [{toFQDNs: [{matchName: a.example.com}]}]}",
            False,
        ),
        ("{endpointSelector: {}, egress: [{}]}", False),
        ("{endpointSelector: {}, egress: [{toEntities: [world]}]}", True),
        ("{endpointSelector: {}, egress: [{toCIDR: [0.0.0.0/0]}]}", True),
        ("{endpointSelector: {}, egress: [{toFQDNs: [{matchPattern: '*'}]}]}", True),
        ("{endpointSelector: {}, egress: [{toPorts: [{ports: [{port: '443'}]}]}]}", True),
        ("{endpointSelector: {matchLabels: {app: web}}, egress: [{toEndpoints: [{}]}]}", True),
        ("{endpointSelector: {}, enableDefaultDeny: {egress: false}, egress: [{toEndpoints: [{}]}]}", True),
    ],
)
def test_cilium_policies_limit_likewise(body: str, *, open_: bool) -> None:
    text = cilium(body).replace("spec:\n  {", "spec: {")
    assert state(text)[0] is open_


def test_a_cluster_wide_cilium_policy_selects_by_namespace() -> None:
    body = (
        "endpointSelector: {matchLabels: {'k8s:io.kubernetes.pod.namespace': agents}}\n  egress: [{toEndpoints: [{}]}]"
    )
    assert state(cilium(body, "CiliumClusterwideNetworkPolicy"))[0] is False


INGRESS = (
    POD
    + """apiVersion: v1
kind: Service
metadata: {name: s, namespace: agents}
spec: {selector: {app: agent}, type: TYPE}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: i, namespace: agents, annotations: {ANNOTATION}}
spec:
  rules: [{http: {paths: [{backend: {service: {name: s}}}]}}]
"""
)


def inbound(type_: str, annotation: str) -> dict[Aspect, set[bool | None]]:
    text = INGRESS.replace("TYPE", type_).replace("ANNOTATION", annotation)
    found: dict[Aspect, set[bool | None]] = {}
    for one in of(Setting, text):
        if one.aspect in {Aspect.PUBLIC_NETWORK, Aspect.ANONYMOUS_INBOUND, Aspect.PLAINTEXT_INBOUND}:
            found.setdefault(one.aspect, set()).add(one.state)
    return found


def test_an_ingress_makes_a_pod_public_and_says_whether_it_authenticates() -> None:
    assert inbound("ClusterIP", "a: b") == {
        Aspect.PUBLIC_NETWORK: {True},
        Aspect.ANONYMOUS_INBOUND: {None},
        Aspect.PLAINTEXT_INBOUND: {True},
    }
    guarded = inbound("ClusterIP", "nginx.ingress.kubernetes.io/auth-url: 'https://sso.example.com'")
    assert guarded == {Aspect.PUBLIC_NETWORK: {True}, Aspect.ANONYMOUS_INBOUND: {False}}


def test_an_internal_ingress_is_not_public() -> None:
    assert inbound("ClusterIP", "alb.ingress.kubernetes.io/scheme: internal") == {}
    assert inbound("LoadBalancer", "alb.ingress.kubernetes.io/scheme: internal") == {Aspect.PUBLIC_NETWORK: {True}}
