"""A pod as one template says it, whatever kind it stands in.

Labels for selectors, the account it runs as, containers of every sort, volumes, and the pod spec
itself for everything else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.lowering.kubernetes.manifest import entries, first, namespace, strings
from agentreach.model import MapValue, child, elements, string
from agentreach.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterator

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


_CONTAINERS = ("containers", "initContainers", "ephemeralContainers")


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
