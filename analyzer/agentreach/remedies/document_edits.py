"""A remedy as edits of YAML and JSON: templates, manifests, and the texts within them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.findings import Move
from agentreach.model import MapValue, child, string
from agentreach.remedies.asked import (
    ASK,
    AUTOMOUNT,
    IN_OPENAPI,
    METHODS,
    ON_THE_ACCOUNT,
    condition,
    is_function,
    is_statement,
    lifetimes,
    path,
    same,
)
from agentreach.remedies.documents import Tagged
from agentreach.remedies.edits import ByHand, Edit
from agentreach.remedies.written_values import shortened

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agentreach.findings import Remedy
    from agentreach.remedies.documents import Documents


def document_edits(remedy: Remedy, documents: Documents) -> Iterable[Edit]:
    """Raises `ByHand` where the file says it in a way that no edit can keep."""
    at = remedy.at.start
    within = documents.embedded(at)
    if within is not None:
        return document_edits(remedy, type(documents)(within))
    if remedy.move is Move.ADD_CONDITION:
        return [_condition(remedy, documents)]
    if remedy.move is Move.CONFIRM:
        return [_confirmation(remedy, documents)]
    if remedy.move is Move.SHORTEN:
        return [_shorter(remedy, documents)]
    entry, wanted = documents.entry(at), path(remedy.attribute)
    if remedy.attribute == AUTOMOUNT and string(child(documents.document(at), "kind")) == "ServiceAccount":
        raise ByHand(f"the service account sets it for all its pods: set {AUTOMOUNT}: false on the pod, or there")
    if entry is not None and same(entry.name, wanted[-1]):
        return [documents.put(documents.holder(at), (entry.name,), remedy.value)]
    if remedy.attribute == AUTOMOUNT:
        return [documents.put(pod_spec(documents, at), wanted, remedy.value, beside="serviceAccountName")]
    raise ByHand(f"{wanted[-1]} takes its value from elsewhere: change it by hand")


def _shorter(remedy: Remedy, documents: Documents) -> Edit:
    entry = documents.entry(remedy.at.start)
    now, then = lifetimes(remedy)
    name = remedy.attribute.rpartition(".")[2] if "/" not in remedy.attribute else remedy.attribute
    if entry is None:
        raise ByHand(f"nothing is written there: add {name} by hand")
    if "/" in name and not same(entry.name, name):
        return documents.put(documents.holder(remedy.at.start), (name,), f"{then:.0f}", beside=entry.name)
    if not same(entry.name, name):
        raise ByHand(f"{name} is not written there: change it by hand")
    return documents.replaced(entry, shortened(documents.literal(entry), now, then))


def _confirmation(remedy: Remedy, documents: Documents) -> Edit:
    """Where the operation stands: a function of an action group, a method in OpenAPI, a name in kagent's list."""
    entry, holder = documents.entry(remedy.at.start), documents.holder(remedy.at.start)
    if "toolNames" in holder.entries and (entry is None or entry.name == "toolNames"):
        return documents.put(holder, ("requireApproval",), remedy.value, beside="toolNames")
    if entry is None:
        raise ByHand(ASK)
    if isinstance(entry.value, MapValue) and entry.name in METHODS:
        return documents.put(entry.value, (IN_OPENAPI,), "ENABLED", beside="operationId")
    if same(entry.name, "requireConfirmation") or entry.name == IN_OPENAPI:
        return documents.replaced(entry, "ENABLED")
    if same(entry.name, "name") and is_function(holder.entries):
        return documents.put(holder, ("RequireConfirmation",), "ENABLED", beside=entry.name)
    raise ByHand(ASK)


def _condition(remedy: Remedy, documents: Documents) -> Edit:
    entry = documents.entry(remedy.at.start)
    holder = documents.whole(remedy.at)
    is_permission = entry is not None and string(child(entry.value, "Type")) == "AWS::Lambda::Permission"
    if is_permission:
        properties = child(entry.value, "Properties") if entry else None
        holder = properties if isinstance(properties, MapValue) else None
    if holder is None or not (is_permission or is_statement(remedy, holder.entries)):
        raise ByHand(f"the statement is not written as a mapping here: {condition(remedy)}")
    if remedy.value is not None:
        return documents.put(holder, ("Condition", *remedy.attribute.split(".", 1)), remedy.value)
    template = documents.document(remedy.at.start)
    if not isinstance(template, MapValue) or "Resources" not in template.entries:
        raise ByHand(f"this file has no expression for the account: {condition(remedy)}")
    value = Tagged("Ref", "AWS::AccountId")
    if is_permission:
        return documents.put(holder, ("SourceAccount",), value)
    return documents.put(holder, ("Condition", *remedy.attribute.split(".", 1)), value)


def pod_spec(documents: Documents, at: int) -> MapValue:
    """The one mapping of a manifest that lists containers: the pod. Raises `ByHand` where an operator makes it."""
    found: list[MapValue] = []
    stack = [documents.document(at)]
    while stack:
        value = stack.pop()
        if isinstance(value, MapValue) and "containers" in value.entries:
            found.append(value)
        else:
            stack += documents.children(value)
    if len(found) != 1:
        raise ByHand(f"its pods are made elsewhere: {ON_THE_ACCOUNT}")
    return found[0]
