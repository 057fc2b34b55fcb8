"""What of its node a pod can reach: host namespaces, host paths, privilege, the node's own identity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Aspect, IdentityRelation, IdentityUse, Setting
from agentreach.lowering.kubernetes import node_groups
from agentreach.lowering.kubernetes.manifest import key_at
from agentreach.model import OneOf, Unknown, boolean, child, descend, elements, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.kubernetes.pods import Pod
    from agentreach.model import Key, Span, Value

_FLAGS = {
    "hostNetwork": "shares the node's network, and with it the metadata service and the node's identity",
    "hostPID": "sees and may signal every process of the node",
    "hostIPC": "shares the node's interprocess communication",
    "shareProcessNamespace": "every container of the pod sees the processes and files of the others",
}
_SOCKETS = ("docker.sock", "containerd.sock", "crio.sock", "podman.sock")
_NODE_WIDE = frozenset(
    {"/", "/etc", "/root", "/home", "/proc", "/var", "/var/lib", "/var/lib/kubelet", "/var/run", "/run"}
)
_ESCAPING = frozenset({"ALL", "SYS_ADMIN", "SYS_PTRACE", "SYS_MODULE", "DAC_READ_SEARCH", "BPF"})


def host_access(subject: Key, pod: Pod, context: Context) -> Iterator[Fact]:
    """One setting for each way to the node, and the node's identity behind hostNetwork."""
    for name, note in _FLAGS.items():
        written = child(pod.spec, name)
        if boolean(written):
            yield _setting(subject, key_at(pod.spec, name, pod.at), f"{name}: {note}")
    for volume in pod.volumes:
        path = descend(volume, "hostPath.path")
        if path is not None:
            yield _setting(subject, path.at, _of_path(string(path)))
    for container in pod.containers:
        yield from _of_container(subject, container)
    if boolean(child(pod.spec, "hostNetwork")):
        yield _node_identity(subject, pod, context)


def _of_container(subject: Key, container: Value) -> Iterator[Fact]:
    security = child(container, "securityContext")
    privileged = child(security, "privileged")
    if privileged is not None and boolean(privileged):
        yield _setting(subject, key_at(security, "privileged", privileged.at), "privileged: is root on the node")
    for capability in elements(descend(security, "capabilities.add")):
        name = (string(capability) or "").upper().removeprefix("CAP_")
        if name in _ESCAPING:
            yield _setting(subject, capability.at, f"capability {name}: may leave the container")


def _of_path(path: str | None) -> str:
    if path is None:
        return "hostPath known at deploy time"
    if path.endswith(_SOCKETS):
        return f"hostPath {path}: starts any container on the node, as root"
    if (path.rstrip("/") or "/") in _NODE_WIDE:
        return f"hostPath {path}: reads the node's files, credentials of other pods included"
    return f"hostPath {path}: reads files of the node"


def _setting(subject: Key, at: Span, note: str) -> Setting:
    return Setting(subject=subject, aspect=Aspect.HOST_ACCESS, state=True, at=at, note=note)


def _node_identity(subject: Key, pod: Pod, context: Context) -> IdentityUse:
    at = key_at(pod.spec, "hostNetwork", pod.at)
    return IdentityUse(
        subject=subject,
        identity=_node_role(at, context),
        relation=IdentityRelation.NODE_FALLBACK,
        at=at,
        note="hostNetwork reaches the node's metadata service",
        inherited_default=True,
    )


def node_fallback(subject: Key, pod: Pod, context: Context, *, egress: bool | None) -> Iterator[Fact]:
    """The role of nodes whose metadata service answers pods: a token of the pod's own keeps nobody from asking for it.

    Only possibly this pod's: the code does not say on which nodes, or in which cluster, it runs. A pod that may not
    connect anywhere does not reach the metadata service.
    """
    if egress is False or boolean(child(pod.spec, "hostNetwork")):
        return
    for role, at, note in node_groups.shared(context):
        yield IdentityUse(
            subject=subject,
            identity=role,
            relation=IdentityRelation.NODE_FALLBACK,
            at=at,
            note=note,
            inherited_default=True,
            certain=False,
        )


def _node_role(at: Span, context: Context) -> Value:
    """The role of the node groups declared beside the manifests, where there are any."""
    roles = [role for one in node_groups.declared(context) if (role := node_groups.role(one)) is not None]
    if len(roles) > 1:
        return OneOf(tuple(roles), at, "which node the pod runs on is decided by the scheduler")
    return roles[0] if roles else Unknown("the node's identity is not declared in the scanned code", at)
