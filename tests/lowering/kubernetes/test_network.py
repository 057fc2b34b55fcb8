from __future__ import annotations

import pytest

from agentreach.identity import Aspect, Setting
from agentreach.lowering import lower
from agentreach.model import Key
from lowering.kubernetes.cluster import of, resources, settings

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


CALICO = """apiVersion: projectcalico.org/v3
kind: {kind}
metadata: {{name: c{namespace}}}
spec: {{{body}}}
"""


def calico(body: str, kind: str = "GlobalNetworkPolicy", namespace: str = "") -> str:
    return CALICO.format(kind=kind, namespace=f", namespace: {namespace}" if namespace else "", body=body)


TEN = "{action: Allow, destination: {nets: [10.0.0.0/8]}}"


@pytest.mark.parametrize(
    "body",
    [
        f"types: [Egress], egress: [{TEN}]",
        f"selector: all(), egress: [{TEN}]",
        f"selector: app == 'agent', egress: [{TEN}]",
        f"""selector: "has(app) && tier in {{'back', 'front'}}", egress: [{TEN}]""",
        f"""selector: "projectcalico.org/namespace == 'agents'", egress: [{TEN}]""",
        f"""namespaceSelector: "kubernetes.io/metadata.name == 'agents'", egress: [{TEN}]""",
        "selector: all(), types: [Ingress, Egress]",
        "types: [Egress], egress: [{action: Allow, protocol: UDP, destination: {ports: [53]}}]",
        "types: [Egress], egress: [{action: Allow, destination: {domains: [api.example.com]}}]",
        "types: [Egress], egress: [{action: Allow, destination: {selector: app == 'db'}}]",
        "types: [Egress], egress: [{action: Deny}, {action: Allow}]",
    ],
)
def test_a_policy_of_calico_limits_the_pods_that_its_selectors_fit(body: str) -> None:
    assert state(POD + calico(body))[0] is False


@pytest.mark.parametrize(
    "body",
    [
        f"selector: app == 'web', egress: [{TEN}]",
        f"selector: '!has(app)', egress: [{TEN}]",
        f"selector: 'app ===', egress: [{TEN}]",
        f"""namespaceSelector: "kubernetes.io/metadata.name == 'other'", egress: [{TEN}]""",
        f"""namespaceSelector: "!has(exempt)", egress: [{TEN}]""",
        "types: [Ingress]",
        "selector: all()",
        "types: [Egress], egress: [{action: Pass}]",
        f"preDNAT: true, types: [Egress], egress: [{TEN}]",
    ],
)
def test_a_policy_of_calico_for_others_or_perhaps_for_others_limits_nothing(body: str) -> None:
    assert state(POD + calico(body)) == (True, 1)


def test_a_namespaced_policy_of_calico_stays_in_its_namespace() -> None:
    body = f"egress: [{TEN}]"
    assert state(POD + calico(body, "NetworkPolicy", "agents"))[0] is False
    assert state(POD + calico(body, "NetworkPolicy", "other"))[0] is True
    old = calico(body, "NetworkPolicy", "agents").replace("projectcalico.org/v3", "crd.projectcalico.org/v1")
    assert state(POD + old)[0] is False


def test_a_rule_of_calico_that_allows_every_address_is_the_evidence() -> None:
    text = POD + calico("egress: [{action: Deny, destination: {nets: [169.254.169.254/32]}},\n  {action: Allow}]")
    assert state(text) == (True, 10)
    text = POD + calico("egress: [{action: Allow, protocol: TCP, destination: {nets: [0.0.0.0/0], ports: [443]}}]")
    assert state(text) == (True, 9)


def test_the_first_order_of_calico_decides_and_the_api_comes_at_a_thousand() -> None:
    refusing = calico("order: 10, egress: [{action: Deny}]")
    allowing = calico("order: 20, egress: [{action: Allow}]").replace("name: c", "name: d")
    assert state(POD + allowing + "---\n" + refusing)[0] is False
    late = refusing.replace("order: 10", "order: 30")
    assert state(POD + allowing + "---\n" + late)[0] is True
    of_api = policy("{}", "egress: [{}]")
    assert state(of_api + "---\n" + refusing)[0] is False
    assert state(of_api + "---\n" + refusing.replace("order: 10", "order: 2000"))[0] is True


def test_a_staged_policy_of_calico_and_kinds_of_other_groups_limit_nothing() -> None:
    body = f"egress: [{TEN}]"
    assert state(POD + calico(body, "StagedGlobalNetworkPolicy"))[0] is True
    other = calico(body).replace("projectcalico.org/v3", "networking.example.com/v1")
    assert state(POD + other)[0] is True


def admin(kind: str, body: str, version: str = "v1alpha1") -> str:
    return (
        f"apiVersion: policy.networking.k8s.io/{version}\nkind: {kind}\nmetadata: {{name: a}}\n"
        f"spec:\n  subject: {{namespaces: {{}}}}\n  {body}\n"
    )


EVERY = "to: [{networks: [0.0.0.0/0]}]"


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (f"{{action: Deny, {EVERY}}}", (False, 11)),
        (f"{{action: Allow, to: [{{networks: [10.0.0.0/8]}}]}}, {{action: Deny, {EVERY}}}", (False, 11)),
        (f"{{action: Allow, {EVERY}}}, {{action: Deny, {EVERY}}}", (True, 11)),
        (f"{{action: Deny, {EVERY}, ports: [{{portNumber: {{port: 25, protocol: TCP}}}}]}}", (True, 1)),
        ("{action: Deny, to: [{networks: [169.254.169.254/32]}]}", (True, 1)),
        (f"{{action: Allow, {EVERY}, ports: [{{portNumber: {{port: 53, protocol: UDP}}}}]}}", (True, 1)),
        (f"{{action: Pass, {EVERY}}}, {{action: Deny, {EVERY}}}", (True, 1)),
    ],
)
@pytest.mark.parametrize("kind", ["AdminNetworkPolicy", "BaselineAdminNetworkPolicy"])
def test_a_policy_of_administrators_refuses_only_what_it_names(
    kind: str, rules: str, expected: tuple[bool, int]
) -> None:
    assert state(POD + admin(kind, f"egress: [{rules}]")) == expected


def test_a_policy_of_the_cluster_is_named_without_a_namespace() -> None:
    text = POD + admin("AdminNetworkPolicy", f"egress: [{{action: Deny, {EVERY}}}]")
    (note,) = [one.note for one in of(Setting, text) if one.aspect is Aspect.UNRESTRICTED_EGRESS]
    assert note == "limited by AdminNetworkPolicy.policy.networking.k8s.io/a"


def test_administrators_decide_before_namespaces_and_the_baseline_after_them() -> None:
    closed, open_ = policy("{}", "egress: []"), policy("{}", "egress: [{}]")
    allow, deny = f"egress: [{{action: Allow, {EVERY}}}]", f"egress: [{{action: Deny, {EVERY}}}]"
    assert state(closed + "---\n" + admin("AdminNetworkPolicy", allow))[0] is True
    assert state(open_ + "---\n" + admin("AdminNetworkPolicy", deny))[0] is False
    assert state(closed + "---\n" + admin("BaselineAdminNetworkPolicy", allow))[0] is False
    assert state(open_ + "---\n" + admin("BaselineAdminNetworkPolicy", deny))[0] is True


def test_the_lowest_priority_number_decides() -> None:
    first = admin("AdminNetworkPolicy", f"priority: 5\n  egress: [{{action: Deny, {EVERY}}}]")
    later = admin("AdminNetworkPolicy", f"priority: 50\n  egress: [{{action: Allow, {EVERY}}}]")
    assert state(POD + later.replace("name: a", "name: b") + "---\n" + first)[0] is False


@pytest.mark.parametrize(
    ("subject", "limited"),
    [
        ("{namespaces: {matchLabels: {kubernetes.io/metadata.name: agents}}}", True),
        ("{namespaces: {matchLabels: {kubernetes.io/metadata.name: other}}}", False),
        ("{pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: agent}}}}", True),
        ("{pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}}", False),
    ],
)
def test_a_policy_of_administrators_is_about_its_subject(subject: str, *, limited: bool) -> None:
    text = admin("AdminNetworkPolicy", f"egress: [{{action: Deny, {EVERY}}}]")
    assert state(POD + text.replace("{namespaces: {}}", subject))[0] is not limited


def test_a_cluster_network_policy_decides_in_its_tier() -> None:
    open_ = policy("{}", "egress: [{}]") + "---\n"
    for tier, state_ in (("Admin", False), ("Baseline", True)):
        rules = f"tier: {tier}\n  egress: [{{action: Deny, {EVERY}}}]"
        assert state(open_ + admin("ClusterNetworkPolicy", rules, "v1alpha2"))[0] is state_


DENY = policy("{}", "egress: []").removeprefix(POD)


def limited(**roots: str) -> set[str]:
    """The roots whose pod is limited, of manifests in several roots."""
    found = lower([one for root, text in roots.items() for one in resources(text, root)])
    return {
        one.subject.root
        for one in found
        if isinstance(one, Setting) and one.aspect is Aspect.UNRESTRICTED_EGRESS and one.state is False
        if isinstance(one.subject, Key)
    }


def test_a_policy_of_another_environment_limits_nothing_here() -> None:
    assert limited(dev=POD + DENY, prod=POD) == {"dev"}


@pytest.mark.parametrize(
    "shared",
    [
        DENY,
        calico("egress: [{action: Deny}]"),
        admin("AdminNetworkPolicy", f"egress: [{{action: Deny, {EVERY}}}]"),
        cilium("{endpointSelector: {}, egress: [{}]}").replace("spec:\n  {", "spec: {").removeprefix(POD),
    ],
)
def test_a_policy_beside_all_environments_limits_each(shared: str) -> None:
    assert limited(dev=POD, prod=POD, network=shared) == {"dev", "prod"}


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
        Aspect.ANONYMOUS_INBOUND: {True},
        Aspect.PLAINTEXT_INBOUND: {True},
    }
    guarded = inbound("ClusterIP", "nginx.ingress.kubernetes.io/auth-url: 'https://sso.example.com'")
    assert guarded == {Aspect.PUBLIC_NETWORK: {True}, Aspect.ANONYMOUS_INBOUND: {False}}


def test_an_internal_ingress_is_not_public() -> None:
    assert inbound("ClusterIP", "alb.ingress.kubernetes.io/scheme: internal") == {}
    balanced = inbound("LoadBalancer", "alb.ingress.kubernetes.io/scheme: internal")
    assert balanced == {Aspect.PUBLIC_NETWORK: {True}, Aspect.ANONYMOUS_INBOUND: {True}}


@pytest.mark.parametrize(
    ("annotation", "open_"),
    [
        ("nginx.ingress.kubernetes.io/whitelist-source-range: 10.0.0.0/8", False),
        ("alb.ingress.kubernetes.io/inbound-cidrs: '10.0.0.0/8,192.0.2.7/32'", False),
        ("alb.ingress.kubernetes.io/inbound-cidrs: 0.0.0.0/0", True),
    ],
)
def test_an_ingress_for_listed_addresses_is_not_for_anyone(annotation: str, *, open_: bool) -> None:
    assert inbound("ClusterIP", annotation)[Aspect.ANONYMOUS_INBOUND] == {open_}


@pytest.mark.parametrize(
    ("ranges", "open_"),
    [("", True), (", loadBalancerSourceRanges: [192.0.2.0/24]", False), (", loadBalancerSourceRanges: ['::/0']", True)],
)
def test_a_load_balancer_is_for_anyone_or_for_listed_addresses(ranges: str, *, open_: bool) -> None:
    found = inbound(f"LoadBalancer{ranges}", "alb.ingress.kubernetes.io/scheme: internal")
    assert found[Aspect.ANONYMOUS_INBOUND] == {open_}


def test_where_the_mesh_decides_about_calls_nobody_is_called_anonymous() -> None:
    policy = (
        "---\napiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: p, namespace: agents}\n"
        "spec: {selector: {matchLabels: {app: agent}}, rules: [{from: [{source: {requestPrincipals: ['*']}}]}]}\n"
    )
    text = INGRESS.replace("TYPE", "LoadBalancer").replace("ANNOTATION", "a: b") + policy
    states = [one.state for one in of(Setting, text) if one.aspect is Aspect.ANONYMOUS_INBOUND]
    assert states == [None, None]
