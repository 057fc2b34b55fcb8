"""Pods of workflow engines: Argo's templates and Tekton's steps, as the runs that use them.

A template or task makes no pod by itself. Where a declared run refers to it, the run speaks for it; where
none does, the account is the one that a run will name, and that is not known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.lowering.context import once_per_scan
from agentreach.lowering.kubernetes.manifest import entries, first, namespace, spec, strings
from agentreach.lowering.kubernetes.pods import Pod, present
from agentreach.model import MapValue, Unknown, boolean, child, descend, elements, string
from agentreach.records import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from agentreach.lowering.context import Context
    from agentreach.model import Key, Resource, Span, Value

_RUNS = ("tekton.dev/TaskRun", "tekton.dev/PipelineRun")
_TEMPLATES = ("argoproj.io/WorkflowTemplate", "argoproj.io/ClusterWorkflowTemplate")


def argo(path: str) -> Callable[[Resource, Context], Iterator[Pod]]:
    """A workflow, or one that stands at a path: with the template that it refers to."""

    def reader(resource: Resource, context: Context) -> Iterator[Pod]:
        workflow = descend(resource.attributes, path)
        if isinstance(workflow, MapValue):
            template = _template_of(workflow, resource, context)
            yield from _argo_pods(resource, workflow, spec(template) if template else workflow)

    return reader


def argo_template(resource: Resource, context: Context) -> Iterator[Pod]:
    """A workflow template that no declared workflow refers to."""
    body = spec(resource)
    if not isinstance(body, MapValue) or resource.key in _used(context):
        return
    unnamed = Unknown("a run of the template may name the service account", resource.at)
    for pod in _argo_pods(resource, body, body):
        yield pod if pod.account is not None else replace(pod, account=unnamed)


def _template_of(workflow: MapValue, resource: Resource, context: Context) -> Resource | None:
    reference = child(workflow, "workflowTemplateRef")
    type_ = _TEMPLATES[1 if boolean(child(reference, "clusterScope")) else 0]
    return _found(resource, context, type_, string(child(reference, "name")))


def _argo_pods(resource: Resource, workflow: MapValue, body: Value | None) -> Iterator[Pod]:
    """One account for all templates, except for those that name their own."""
    templates = [one for one in elements(child(body, "templates")) if _argo_containers(one)]
    shared = [one for one in templates if present(child(one, "serviceAccountName")) is None]
    general = present(child(workflow, "serviceAccountName")) or present(child(body, "serviceAccountName"))
    if shared or not templates:
        yield _argo_pod(resource, workflow, general, shared)
    for template in templates:
        if template not in shared:
            yield _argo_pod(resource, workflow, child(template, "serviceAccountName"), [template])


def _argo_pod(resource: Resource, workflow: MapValue, account: Value | None, templates: list[Value]) -> Pod:
    owner = templates[0] if len(templates) == 1 and child(templates[0], "serviceAccountName") else workflow
    metadata = child(workflow, "podMetadata")
    return Pod(
        at=owner.at,
        namespace=namespace(resource),
        labels=strings(child(metadata, "labels")),
        annotations=entries(child(metadata, "annotations")),
        spec=workflow,
        account=account,
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


def task(resource: Resource, context: Context) -> Iterator[Pod]:
    """A task that no declared run uses."""
    if resource.key not in _used(context):
        account = Unknown("the run of a task names the service account", resource.at)
        yield from _steps(resource, spec(resource), account, resource.at)


def task_run(resource: Resource, context: Context) -> Iterator[Pod]:
    """A task run, with the task it refers to."""
    run = spec(resource)
    for _, steps in _tasks(resource, context):
        yield from _steps(resource, steps, present(child(run, "serviceAccountName")), resource.at, run)


def pipeline_run(resource: Resource, context: Context) -> Iterator[Pod]:
    """A pipeline run: a pod for each task of its pipeline."""
    run = spec(resource)
    general = present(first(run, "taskRunTemplate.serviceAccountName", "serviceAccountName"))
    own = _own_accounts(run)
    template = first(run, "taskRunTemplate.podTemplate", "podTemplate")
    tasks = tuple(_tasks(resource, context))
    for name, steps in tasks:
        yield from _steps(resource, steps, own.get(name, general), resource.at, template)
    if not tasks:
        yield from _steps(resource, None, general, resource.at, run)


def _tasks(run: Resource, context: Context) -> Iterator[tuple[str, Value | None]]:
    """What a run runs, by the name it has in the pipeline."""
    for entry in _entries(run, context):
        found = _task_of(entry, run, context)
        yield string(child(entry, "name")) or "", child(entry, "taskSpec") or (spec(found) if found else None)


def _entries(run: Resource, context: Context) -> tuple[Value, ...]:
    body = spec(run)
    if run.type == "tekton.dev/TaskRun":
        return () if body is None else (body,)
    referred = _referred(run, context, child(body, "pipelineRef"), "Pipeline")
    pipeline = child(body, "pipelineSpec") or (spec(referred) if referred else None)
    return (*elements(child(pipeline, "tasks")), *elements(child(pipeline, "finally")))


def _task_of(entry: Value, run: Resource, context: Context) -> Resource | None:
    return _referred(run, context, child(entry, "taskRef"), "Task")


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


def _referred(resource: Resource, context: Context, reference: Value | None, kind: str) -> Resource | None:
    return _found(
        resource, context, f"tekton.dev/{string(child(reference, 'kind')) or kind}", string(child(reference, "name"))
    )


def _found(resource: Resource, context: Context, type_: str, name: str | None) -> Resource | None:
    for found in context.of_type(type_) if name is not None else ():
        same_place = found.key.root == resource.key.root and namespace(found) == namespace(resource)
        if found.name == name and (same_place or "/Cluster" in found.type):
            return found
    return None


@once_per_scan
def _used(context: Context) -> frozenset[Key]:
    """Tasks and templates that declared runs refer to."""
    runs = [run for type_ in _RUNS for run in context.of_type(type_)]
    tasks = (_task_of(entry, run, context) for run in runs for entry in _entries(run, context))
    return frozenset(found.key for found in (*tasks, *_used_templates(context)) if found is not None)


def _used_templates(context: Context) -> Iterator[Resource | None]:
    for kind, path in (("Workflow", "spec"), ("CronWorkflow", "spec.workflowSpec")):
        for one in context.of_type(f"argoproj.io/{kind}"):
            workflow = descend(one.attributes, path)
            if isinstance(workflow, MapValue):
                yield _template_of(workflow, one, context)
