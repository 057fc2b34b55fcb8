"""Every kind that makes pods, and where in it the pods are described."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from agentreach.lowering.kubernetes import workflows
from agentreach.lowering.kubernetes.manifest import entries
from agentreach.lowering.kubernetes.pods import Pod, from_template
from agentreach.model import child, descend, elements

if TYPE_CHECKING:
    from agentreach.lowering.context import Context
    from agentreach.model import Resource

Reader = Callable[["Resource", "Context"], Iterator[Pod]]


def read(resource: Resource, context: Context) -> tuple[Pod, ...]:
    """The pods a manifest makes; none for a kind that makes none."""
    reader = READERS.get(resource.type)
    return () if reader is None else tuple(reader(resource, context))


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
    "argoproj.io/Workflow": workflows.argo("spec"),
    "argoproj.io/WorkflowTemplate": workflows.argo_template,
    "argoproj.io/ClusterWorkflowTemplate": workflows.argo_template,
    "argoproj.io/CronWorkflow": workflows.argo("spec.workflowSpec"),
    "tekton.dev/Task": workflows.task,
    "tekton.dev/ClusterTask": workflows.task,
    "tekton.dev/TaskRun": workflows.task_run,
    "tekton.dev/PipelineRun": workflows.pipeline_run,
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
