"""Pods and everything that makes them, as workloads: who they run as, what they receive and hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Aspect, IdentityRelation, IdentityUse, Setting, Workload
from agentreach.lowering.kubernetes import containers, host, pod_kinds, pods, recognition, tokens
from agentreach.lowering.kubernetes.admission import admission_gates
from agentreach.lowering.kubernetes.inbound import inbound
from agentreach.lowering.kubernetes.manifest import account, kind, namespace, spec, tags
from agentreach.lowering.kubernetes.network import egress
from agentreach.lowering.kubernetes.selection import namespace_labels
from agentreach.model import Scalar, descend, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.kubernetes.pods import Pod
    from agentreach.model import Key, Resource, Span

_UNATTENDED = {"CronJob": "spec.schedule", "CronWorkflow": "spec.schedule", "ScaledJob": "spec.triggers"}


def workload(resource: Resource, context: Context) -> Iterator[Fact]:
    """Everything a kind that makes pods states."""
    found = pod_kinds.read(resource, context)
    if not found:
        return
    around = namespace_labels(namespace(resource), resource.key.root, context)
    yield Workload(
        key=resource.key,
        name=resource.name,
        platform="kubernetes",
        kind=kind(resource).lower(),
        at=resource.at,
        namespace=namespace(resource),
        tags=tags(resource, around, *(pod.labels for pod in found)),
    )
    yield from recognition.recognise(resource, found, context)
    for pod in found:
        yield from pod_facts(resource.key, pod, resource.at, context)
    yield from _runs(resource)


def pod_facts(subject: Key, pod: Pod, at: Span, context: Context) -> Iterator[Fact]:
    """What every pod inherits, whoever declares it; `at` is the declaration's first line."""
    yield runs_as(subject, pod, at)
    yield from tokens.tokens(subject, pod, at, context)
    yield from containers.secret_uses(subject, pod, context)
    yield from containers.injected_by_vault(subject, pod)
    yield from containers.pinned(subject, pod)
    yield from host.host_access(subject, pod, context)
    yield from _annotated_identities(subject, pod)
    yield (way_out := egress(subject, pod, at, context))
    yield from host.node_fallback(subject, pod, context, egress=way_out.state)
    yield from admission_gates(subject, pod, context)
    yield from inbound(subject, pod, context)


def runs_as(subject: Key, pod: Pod, at: Span) -> IdentityUse:
    """The pod's account; nobody chose it when neither the pod nor its kind names one."""
    name = pod.account or Scalar(pod.unnamed_account, at)
    chosen = pod.account is not None or pod.unnamed_account != pods.DEFAULT_ACCOUNT
    return IdentityUse(
        subject=subject,
        identity=account(pod.namespace, name),
        relation=IdentityRelation.RUNS_AS,
        at=name.at,
        note="service account" if chosen else "no service account is named, so the namespace's default one is used",
        inherited_default=not chosen,
    )


def _annotated_identities(subject: Key, pod: Pod) -> Iterator[Fact]:
    for name, note in (("iam.amazonaws.com/role", "kube2iam role"), ("vault.hashicorp.com/role", "Vault role")):
        value = pod.annotations.get(name)
        if value is not None:
            yield IdentityUse(
                subject=subject, identity=value, relation=IdentityRelation.ASSUMES, at=value.at, note=note
            )


def _runs(resource: Resource) -> Iterator[Fact]:
    """Runs that nobody starts, and runs that end by themselves."""
    schedule = descend(resource.attributes, _UNATTENDED.get(kind(resource), "spec.-"))
    if schedule is not None:
        yield Setting(
            subject=resource.key, aspect=Aspect.UNATTENDED, state=True, at=schedule.at, note="runs on a schedule"
        )
    deadline = descend(spec(resource), "activeDeadlineSeconds") or descend(
        spec(resource), "jobTemplate.spec.activeDeadlineSeconds"
    )
    if deadline is not None and (number(deadline) or 0) > 0:
        yield Setting(
            subject=resource.key,
            aspect=Aspect.BOUNDED_RUN,
            state=True,
            at=deadline.at,
            note=f"ends after {number(deadline):.0f} s",
        )
