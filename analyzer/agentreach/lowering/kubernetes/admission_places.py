"""What admission sees of a pod, and the gates that policies of every kind become."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Gate
from agentreach.lowering.kubernetes.selection import matches
from agentreach.model import child, elements, string
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from agentreach.model import Key, Resource, Span, Value

POD_KINDS = frozenset({"Pod", "Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "ReplicaSet", "*"})


class Place(NamedTuple):
    """A pod's labels, its namespace and that one's labels, and the account it runs as."""

    labels: dict[str, str]
    namespace: str
    around: dict[str, str]
    account: str | None


def of_pods(subject: Key, policy: Resource, at: Span, note: str, *, closed: bool = True) -> Gate:
    """A policy that decides how the pods are deployed, and nothing that they do."""
    covers = ("admission of its pods",)
    text = f"{policy.key.address}: {note}"
    return Gate(subject=subject, kind="admission", at=at, covers=covers, fails_closed=closed, note=text)


def of_requests(subject: Key, policy: Resource, at: Span, note: str) -> Gate:
    """A policy that judges requests of the pods' account: for some of them it stands in the way."""
    text = f"{policy.key.address}: {note}"
    return Gate(subject=subject, kind="admission", at=at, fails_closed=None, note=text)


def names(patterns: Value | None, place: Place) -> bool:
    """Whether one of some patterns is the pod's namespace."""
    return any(_glob(string(one) or "", place.namespace) for one in elements(patterns))


def selected(owner: Value | None, of_pod: str, place: Place) -> bool:
    """Whether both selectors of a match fit, where they are written: of the pod, and of its namespace."""
    selectors = ((child(owner, of_pod), place.labels), (child(owner, "namespaceSelector"), place.around))
    return all(selector is None or matches(selector, labels) for selector, labels in selectors)


def _glob(pattern: str, text: str) -> bool:
    head, star, tail = pattern.partition("*")
    if not star:
        return pattern == text
    return len(text) >= len(head) + len(tail) and text.startswith(head) and text.endswith(tail.lstrip("*"))
