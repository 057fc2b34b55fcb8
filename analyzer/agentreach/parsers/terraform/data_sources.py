"""Data sources, and a few resources, whose attributes follow from the code, or are unknown in a way worth naming.

Each entry of `COMPUTED` answers for one attribute of one declared instance: a value, or None where it knows nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import Kind
from agentreach.parsers.terraform import policy_documents
from agentreach.parsers.terraform.types import DYNAMIC, STRING
from agentreach.parsers.terraform.values import Null, String, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from agentreach.model import Span
    from agentreach.parsers.terraform.resource_values import Declared
    from agentreach.parsers.terraform.values import Value


def _unknown(kind: Kind, what: str, at: Span) -> Value:
    return Unknown(STRING, f"{what} is only known at deploy time", at, kind, nullable=False)


def _caller_identity(_declared: Declared, name: str, at: Span) -> Value | None:
    return _unknown(Kind.ACCOUNT, "the account", at) if name in {"account_id", "id"} else None


def _partition(_declared: Declared, name: str, at: Span) -> Value | None:
    return _unknown(Kind.PARTITION, "the partition", at) if name in {"partition", "id"} else None


def _region(declared: Declared, name: str, at: Span) -> Value | None:
    """The region asked for, else the provider's."""
    if name not in {"name", "id", "region"}:
        return None
    given = declared.argument("region") or declared.argument("name")
    if given is None:
        given = declared.module.provider_argument(declared.declaration, "region")
    return given if isinstance(given, String) else _unknown(Kind.REGION, "the region", at)


def _policy_document(declared: Declared, name: str, at: Span) -> Value | None:
    if name not in {"json", "minified_json"}:
        return None
    shown = f"{declared.address}{declared.instance.key}.json"
    return declared.module.lazily(shown, at, lambda: policy_documents.document(declared.body(), declared.scope))


def _terraform_data(declared: Declared, name: str, at: Span) -> Value | None:
    """`output` is what `input` was, known when that is null; a null argument of it stays null."""
    given = declared.argument("input")
    if name == "output":
        if given is None or isinstance(given, Null):
            return Null(at)
        return Unknown(DYNAMIC, "known only after apply", at)
    if name in {"input", "triggers_replace"}:
        return declared.argument(name) or Null(at)
    return None


COMPUTED: Mapping[str, Callable[[Declared, str, Span], Value | None]] = {
    "data.aws_caller_identity": _caller_identity,
    "data.aws_iam_policy_document": _policy_document,
    "data.aws_partition": _partition,
    "data.aws_region": _region,
    "terraform_data": _terraform_data,
}
# The attributes that `COMPUTED` adds to the object of a whole instance.
OFFERED: Mapping[str, tuple[str, ...]] = {
    "data.aws_caller_identity": ("account_id",),
    "data.aws_iam_policy_document": ("json", "minified_json"),
    "data.aws_partition": ("partition",),
    "data.aws_region": ("name", "region"),
    "terraform_data": ("input", "output"),
}
