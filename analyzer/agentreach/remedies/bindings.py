"""A smaller role, assigned at the one thing that is used instead of everything around it: a block of its own."""

from __future__ import annotations

import json
from typing import Final

from agentreach.model import Span
from agentreach.remedies.edits import ByHand
from agentreach.remedies.hcl import hcl_file
from agentreach.remedies.narrowing import NATIVE, Written

_GOOGLE: Final = {
    "google_bigquery_dataset": ("google_bigquery_dataset_iam_member", {"dataset_id": "dataset_id"}),
    "google_cloud_run_v2_service": (
        "google_cloud_run_v2_service_iam_member",
        {"name": "name", "location": "location"},
    ),
    "google_pubsub_topic": ("google_pubsub_topic_iam_member", {"topic": "name"}),
    "google_secret_manager_secret": ("google_secret_manager_secret_iam_member", {"secret_id": "secret_id"}),
    "google_storage_bucket": ("google_storage_bucket_iam_member", {"bucket": "name"}),
}
"""How a role is assigned at a declared thing: the type, and which argument takes which attribute (provider's pages)."""
_AZURE: Final = ("azurerm_role_assignment", {"scope": "id"})
_WHO: Final = {"azurerm_role_assignment": "principal_id", "google_project_iam_member": "member"}
_ROLE: Final = {"azurerm_role_assignment": "role_definition_name", "google_project_iam_member": "role"}


def assigned_at(role: Span, smaller: str, things: tuple[str, ...]) -> Written:
    """The block around a role with the smaller one at each of the things, by their addresses in the same module.

    Raises `ByHand` where the block assigns it to several members, or stands in another language or module.
    """
    if not role.source.path.endswith(NATIVE):
        raise ByHand(f"assign {smaller} at {', '.join(things)} instead")
    file = hcl_file(role.source)
    block = file.resource(role.start)
    who = next((one for one in file.entries(block) if one.name == _WHO.get(block.labels[0])), None)
    if block.type != "resource" or who is None or file.entry(role.start) is None:
        raise ByHand(f"assign {smaller} at {', '.join(things)} instead")
    member = file.text[who.value.start : who.value.end]
    parts = [_block(block.labels, member, smaller, thing) for thing in things]
    return Written("\n\n".join(parts), Span(role.source, block.start, block.end))


def _block(labels: tuple[str, ...], member: str, smaller: str, thing: str) -> str:
    type_, _, name = thing.rpartition(".")
    kind, arguments = _AZURE if labels[0].startswith("azurerm_") else _GOOGLE.get(type_, ("", {}))
    if not kind or not name.isidentifier():
        raise ByHand(f"assign {smaller} at {thing} instead")
    rows = {argument: f"{thing}.{attribute}" for argument, attribute in arguments.items()}
    rows |= {_ROLE[labels[0]]: json.dumps(smaller), _WHO[labels[0]]: member}
    width = max(map(len, rows))
    lines = "\n".join(f"  {argument:<{width}} = {text}" for argument, text in rows.items())
    return f'resource "{kind}" "{labels[1]}_{name}" {{\n{lines}\n}}'
