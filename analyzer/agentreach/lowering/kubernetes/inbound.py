"""How a workload's pods are reached from outside: load balancers, node ports, ingresses, routes.

Only what is declared as public counts: a Service of type ClusterIP is not. An Ingress that asks an
authenticator first, or lets only listed addresses in, says so in an annotation of its controller. Where the mesh
decides about calls, whom it lets in is for its policy to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Aspect, Setting
from agentreach.lowering.callers import asked, unasked
from agentreach.lowering.kubernetes.admission import mesh
from agentreach.lowering.kubernetes.manifest import annotations_of, key_at, spec, strings
from agentreach.lowering.kubernetes.selection import in_namespace
from agentreach.model import child, descend, elements, string
from agentreach.records import replace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.kubernetes.pods import Pod
    from agentreach.model import Key, Resource, Span, Value

_INTERNAL = (
    ("service.beta.kubernetes.io/aws-load-balancer-internal", {"true"}),
    ("service.beta.kubernetes.io/aws-load-balancer-scheme", {"internal"}),
    ("service.beta.kubernetes.io/azure-load-balancer-internal", {"true"}),
    ("networking.gke.io/load-balancer-type", {"Internal"}),
    ("cloud.google.com/load-balancer-type", {"Internal"}),
    ("alb.ingress.kubernetes.io/scheme", {"internal"}),
)
_INTERNAL_CLASSES = frozenset({"gce-internal", "internal", "nginx-internal", "tailscale"})
_AUTHENTICATORS = (
    "nginx.ingress.kubernetes.io/auth-url",
    "nginx.ingress.kubernetes.io/auth-type",
    "nginx.ingress.kubernetes.io/auth-tls-secret",
    "nginx.org/basic-auth-secret",
    "traefik.ingress.kubernetes.io/router.middlewares",
    "haproxy.org/auth-type",
    "konghq.com/plugins",
)


_LISTED = ("nginx.ingress.kubernetes.io/whitelist-source-range", "alb.ingress.kubernetes.io/inbound-cidrs")
_ANYWHERE = frozenset({"0.0.0.0/0", "::/0"})


def inbound(subject: Key, pod: Pod, context: Context) -> Iterator[Fact]:
    """Public addresses of a pod, and whether anybody may call there."""
    decided = any(True for _ in mesh(subject, pod, context))
    for one in _inbound(subject, pod, context):
        open_ = one.aspect is Aspect.ANONYMOUS_INBOUND and one.state is True
        yield replace(one, state=None) if open_ and decided else one


def _inbound(subject: Key, pod: Pod, context: Context) -> Iterator[Setting]:
    for service in in_namespace(context, "v1/Service", subject.root, pod.namespace):
        selector = strings(child(spec(service), "selector"))
        if selector and selector.items() <= pod.labels.items():
            yield from _of_service(subject, service)
            yield from _of_ingresses(subject, service, pod, context)


def _of_service(subject: Key, service: Resource) -> Iterator[Setting]:
    type_ = child(spec(service), "type")
    if type_ is not None and string(type_) in {"LoadBalancer", "NodePort"} and not _is_internal(service):
        note = f"{service.key.address} is a {string(type_)}"
        yield _public(subject, type_.at, note)
        if string(type_) == "LoadBalancer":
            listed = [string(one) for one in elements(child(spec(service), "loadBalancerSourceRanges"))]
            if _is_listed(listed):
                yield asked(subject, type_.at, f"{note} for listed addresses")
            else:
                yield unasked(subject, type_.at, f"{note}, and nothing declared authenticates callers")


def _is_listed(ranges: Sequence[str | None]) -> bool:
    return bool(ranges) and not _ANYWHERE.intersection(ranges)


def _is_internal(resource: Resource) -> bool:
    said = annotations_of(resource)
    return any((string(said.get(name)) or "") in values for name, values in _INTERNAL)


def _of_ingresses(subject: Key, service: Resource, pod: Pod, context: Context) -> Iterator[Setting]:
    for ingress in in_namespace(context, "networking.k8s.io/Ingress", subject.root, pod.namespace):
        backend = next((one for one in _backends(ingress) if string(one) == service.name), None)
        classes = (child(spec(ingress), "ingressClassName"), annotations_of(ingress).get("kubernetes.io/ingress.class"))
        internal = _is_internal(ingress) or any(string(one) in _INTERNAL_CLASSES for one in classes)
        if backend is not None and not internal:
            yield _public(subject, backend.at, f"{ingress.key.address} routes to {service.key.address}")
            yield from _authentication(subject, ingress, backend.at)
    for route in in_namespace(context, "gateway.networking.k8s.io/HTTPRoute", subject.root, pod.namespace):
        for rule in elements(child(spec(route), "rules")):
            for backend in elements(child(rule, "backendRefs")):
                name = child(backend, "name")
                if name is not None and string(name) == service.name:
                    yield _public(subject, name.at, f"{route.key.address} routes to {service.key.address}")


def _backends(ingress: Resource) -> Iterator[Value]:
    default = descend(spec(ingress), "defaultBackend.service.name")
    if default is not None:
        yield default
    for rule in elements(child(spec(ingress), "rules")):
        for path in elements(descend(rule, "http.paths")):
            name = descend(path, "backend.service.name") or descend(path, "backend.serviceName")
            if name is not None:
                yield name


def _authentication(subject: Key, ingress: Resource, at: Span) -> Iterator[Setting]:
    said = annotations_of(ingress)
    owner = descend(ingress.attributes, "metadata.annotations")
    method = next((name for name in _AUTHENTICATORS if name in said), None)
    if method is None and string(said.get("alb.ingress.kubernetes.io/auth-type")) in {"oidc", "cognito"}:
        method = "alb.ingress.kubernetes.io/auth-type"
    listing = next((name for name in _LISTED if _is_listed((string(said.get(name)) or "0.0.0.0/0").split(","))), None)
    if method is not None or listing is not None:
        note = f"{method} authenticates callers" if method else f"{listing} lists who may call"
        yield asked(subject, key_at(owner, method or listing or "", at), note)
        return
    yield unasked(subject, at, f"{ingress.key.address} declares no authenticator")
    if child(spec(ingress), "tls") is None and not any("certificate-arn" in name for name in said):
        note = f"{ingress.key.address} declares no TLS"
        yield Setting(subject=subject, aspect=Aspect.PLAINTEXT_INBOUND, state=True, at=at, note=note)


def _public(subject: Key, at: Span, note: str) -> Setting:
    return Setting(subject=subject, aspect=Aspect.PUBLIC_NETWORK, state=True, at=at, note=note)
