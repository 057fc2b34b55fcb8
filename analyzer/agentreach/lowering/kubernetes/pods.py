"""Every kind that makes pods, and where in it the pods are described.

A `Pod` is what one template says, whatever kind it stands in: labels for selectors, the account it
runs as, containers of every sort, volumes, and the pod spec itself for everything else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from agentreach.lowering.kubernetes.manifest import entries, first, namespace, spec, strings
from agentreach.model import MapValue, child, descend, elements, string
from agentreach.records import dataclass, field

if TYPE_CHECKING:
    from agentreach.lowering.context import Context
    from agentreach.model import Resource, Span, Value

DEFAULT_ACCOUNT = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pod:
    """One pod template. `unnamed_account` is what runs it when it names none."""

    at: Span
    namespace: str
    labels: dict[str, str] = field(default_factory=dict)
    annotations: dict[str, Value] = field(default_factory=dict)
    spec: Value | None = None
    account: Value | None = None
    automount: Value | None = None
    containers: tuple[Value, ...] = ()
    volumes: tuple[Value, ...] = ()
    unnamed_account: str = DEFAULT_ACCOUNT

    @property
    def account_name(self) -> str | None:
        """The account's name; None when it is only known at deploy time."""
        return self.unnamed_account if self.account is None else string(self.account)


Reader = Callable[["Resource", "Context"], Iterator[Pod]]

_CONTAINERS = ("containers", "initContainers", "ephemeralContainers")


def read(resource: Resource, context: Context) -> tuple[Pod, ...]:
    """The pods a manifest makes; none for a kind that makes none."""
    reader = READERS.get(resource.type)
    return () if reader is None else tuple(reader(resource, context))


def from_template(template: Value | None, resource: Resource) -> Iterator[Pod]:
    """The pod of a PodTemplateSpec (or of a whole Pod)."""
    pod = child(template, "spec")
    if not isinstance(template, MapValue) or not isinstance(pod, MapValue):
        return
    metadata = template.entries.get("metadata")
    yield Pod(
        at=template.at,
        namespace=namespace(resource),
        labels=strings(child(metadata, "labels")),
        annotations=entries(child(metadata, "annotations")),
        spec=pod,
        account=present(first(pod, "serviceAccountName", "serviceAccount")),
        automount=child(pod, "automountServiceAccountToken"),
        containers=containers_of(pod),
        volumes=elements(child(pod, "volumes")),
    )


def present(value: Value | None) -> Value | None:
    """A value that is neither null nor an empty text: both mean "not set" to the API."""
    return None if value is None or string(value) == "" or elements(value) == () else value


def containers_of(pod: Value | None) -> tuple[Value, ...]:
    """Containers, init and ephemeral containers of a pod spec."""
    return tuple(container for name in _CONTAINERS for container in elements(child(pod, name)))


def _at(path: str) -> Reader:
    def reader(resource: Resource, _: Context) -> Iterator[Pod]:
        yield from from_template(descend(resource.attributes, path), resource)

    return reader


def _pod(resource: Resource, _: Context) -> Iterator[Pod]:
    yield from from_template(resource.attributes, resource)


def _each(path: str, template: str = "template") -> Reader:
    def reader(resource: Resource, _: Context) -> Iterator[Pod]:
        for item in elements(descend(resource.attributes, path)):
            yield from from_template(descend(item, template), resource)

    return reader


def _ray(path: str = "spec") -> Reader:
    def reader(resource: Resource, _: Context) -> Iterator[Pod]:
        cluster = descend(resource.attributes, path)
        yield from from_template(descend(cluster, "headGroupSpec.template"), resource)
        for workers in elements(child(cluster, "workerGroupSpecs")):
            yield from from_template(child(workers, "template"), resource)

    return reader


def _replicas(path: str) -> Reader:
    """Kubeflow's training jobs: one template per replica type."""

    def reader(resource: Resource, _: Context) -> Iterator[Pod]:
        for replica in entries(descend(resource.attributes, path)).values():
            yield from from_template(child(replica, "template"), resource)

    return reader


def _argo(path: str) -> Reader:
    """Argo workflows: one account for all templates, except for those that name their own."""

    def reader(resource: Resource, _: Context) -> Iterator[Pod]:
        workflow = descend(resource.attributes, path)
        if not isinstance(workflow, MapValue):
            return
        templates = [one for one in elements(child(workflow, "templates")) if _argo_containers(one)]
        shared = [one for one in templates if present(child(one, "serviceAccountName")) is None]
        if shared or not templates:
            yield _argo_pod(resource, workflow, workflow, shared)
        for template in templates:
            if template not in shared:
                yield _argo_pod(resource, workflow, template, [template])

    return reader


def _argo_pod(resource: Resource, workflow: MapValue, owner: Value, templates: list[Value]) -> Pod:
    metadata = child(workflow, "podMetadata")
    return Pod(
        at=owner.at,
        namespace=namespace(resource),
        labels=strings(child(metadata, "labels")),
        annotations=entries(child(metadata, "annotations")),
        spec=workflow,
        account=present(child(owner, "serviceAccountName")),
        automount=first(owner, "automountServiceAccountToken") or first(workflow, "automountServiceAccountToken"),
        containers=tuple(container for template in templates for container in _argo_containers(template)),
        volumes=(
            *elements(child(workflow, "volumes")),
            *(volume for template in templates for volume in elements(child(template, "volumes"))),
        ),
    )


def _argo_containers(template: Value) -> tuple[Value, ...]:
    alone = [found for name in ("container", "script") if (found := child(template, name)) is not None]
    several = ("initContainers", "sidecars", "containerSet.containers")
    return (*alone, *(one for path in several for one in elements(descend(template, path))))


def _task(resource: Resource, _: Context) -> Iterator[Pod]:
    yield from _steps(resource, spec(resource), None, resource.at)


def _task_run(resource: Resource, context: Context) -> Iterator[Pod]:
    run = spec(resource)
    task = child(run, "taskSpec") or _referred(resource, context, child(run, "taskRef"), "Task")
    yield from _steps(resource, task, present(child(run, "serviceAccountName")), resource.at, run)


def _pipeline_run(resource: Resource, context: Context) -> Iterator[Pod]:
    run = spec(resource)
    general = present(first(run, "taskRunTemplate.serviceAccountName", "serviceAccountName"))
    own = _own_accounts(run)
    pipeline = child(run, "pipelineSpec") or _referred(resource, context, child(run, "pipelineRef"), "Pipeline")
    tasks = (*elements(child(pipeline, "tasks")), *elements(child(pipeline, "finally")))
    for task in tasks:
        steps = child(task, "taskSpec") or _referred(resource, context, child(task, "taskRef"), "Task")
        account = own.get(string(child(task, "name")) or "", general)
        template = first(run, "taskRunTemplate.podTemplate", "podTemplate")
        yield from _steps(resource, steps, account, resource.at, template)
    if not tasks:
        yield from _steps(resource, None, general, resource.at, run)


def _own_accounts(run: Value | None) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for one in elements(child(run, "taskRunSpecs")):
        account = present(first(one, "serviceAccountName", "taskServiceAccountName"))
        name = string(child(one, "pipelineTaskName"))
        if account is not None and name is not None:
            found[name] = account
    return found


def _steps(
    resource: Resource, task: Value | None, account: Value | None, at: Span, pod: Value | None = None
) -> Iterator[Pod]:
    yield Pod(
        at=at,
        namespace=namespace(resource),
        spec=pod,
        account=account,
        automount=first(pod, "automountServiceAccountToken", "podTemplate.automountServiceAccountToken"),
        containers=(*elements(child(task, "steps")), *elements(child(task, "sidecars"))),
        volumes=elements(child(task, "volumes")),
    )


def _referred(resource: Resource, context: Context, reference: Value | None, kind: str) -> Value | None:
    name = string(child(reference, "name"))
    for found in context.of_type(f"tekton.dev/{string(child(reference, 'kind')) or kind}"):
        same_place = found.key.root == resource.key.root and namespace(found) == namespace(resource)
        if found.name == name and (same_place or "Cluster" in found.type):
            return spec(found)
    return None


_TEMPLATE = _at("spec.template")

READERS: dict[str, Reader] = {
    "v1/Pod": _pod,
    "v1/PodTemplate": _at("template"),
    "v1/ReplicationController": _TEMPLATE,
    "apps/Deployment": _TEMPLATE,
    "apps/StatefulSet": _TEMPLATE,
    "apps/DaemonSet": _TEMPLATE,
    "apps/ReplicaSet": _TEMPLATE,
    "extensions/Deployment": _TEMPLATE,
    "extensions/DaemonSet": _TEMPLATE,
    "extensions/ReplicaSet": _TEMPLATE,
    "batch/Job": _TEMPLATE,
    "batch/CronJob": _at("spec.jobTemplate.spec.template"),
    "serving.knative.dev/Service": _TEMPLATE,
    "serving.knative.dev/Configuration": _TEMPLATE,
    "serving.knative.dev/Revision": _pod,
    "sources.knative.dev/ContainerSource": _TEMPLATE,
    "argoproj.io/Rollout": _TEMPLATE,
    "argoproj.io/Workflow": _argo("spec"),
    "argoproj.io/WorkflowTemplate": _argo("spec"),
    "argoproj.io/ClusterWorkflowTemplate": _argo("spec"),
    "argoproj.io/CronWorkflow": _argo("spec.workflowSpec"),
    "tekton.dev/Task": _task,
    "tekton.dev/ClusterTask": _task,
    "tekton.dev/TaskRun": _task_run,
    "tekton.dev/PipelineRun": _pipeline_run,
    "actions.github.com/AutoscalingRunnerSet": _TEMPLATE,
    "actions.github.com/EphemeralRunnerSet": _at("spec.ephemeralRunnerSpec.template"),
    "apps.openshift.io/DeploymentConfig": _TEMPLATE,
    "apps.kruise.io/CloneSet": _TEMPLATE,
    "apps.kruise.io/StatefulSet": _TEMPLATE,
    "batch.volcano.sh/Job": _each("spec.tasks"),
    "jobset.x-k8s.io/JobSet": _each("spec.replicatedJobs", "template.spec.template"),
    "leaderworkerset.x-k8s.io/LeaderWorkerSet": _at("spec.leaderWorkerTemplate.workerTemplate"),
    "ray.io/RayCluster": _ray(),
    "ray.io/RayJob": _ray("spec.rayClusterSpec"),
    "ray.io/RayService": _ray("spec.rayClusterConfig"),
    "kubeflow.org/PyTorchJob": _replicas("spec.pytorchReplicaSpecs"),
    "kubeflow.org/TFJob": _replicas("spec.tfReplicaSpecs"),
    "kubeflow.org/Notebook": _TEMPLATE,
    "keda.sh/ScaledJob": _at("spec.jobTargetRef.template"),
}
"""Kinds whose pods run as a service account of their namespace. Agents' own kinds read theirs by themselves."""
