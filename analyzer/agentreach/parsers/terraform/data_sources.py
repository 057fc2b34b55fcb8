"""Data sources, and a few resources, whose attributes follow from the code, or are unknown in a way worth naming.

Each entry of `COMPUTED` answers for one attribute of one declared instance: a value, or None where it knows nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import Kind
from agentreach.parsers.terraform import policy_documents
from agentreach.parsers.terraform.providers import provider_name
from agentreach.parsers.terraform.types import DYNAMIC, STRING
from agentreach.parsers.terraform.values import Failure, Null, Object, String, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from agentreach.model import Span
    from agentreach.parsers.terraform.resource_values import Declared
    from agentreach.parsers.terraform.values import Value


def _unknown(kind: Kind, what: str, at: Span) -> Value:
    return Unknown(STRING, f"{what} is only known at deploy time", at, kind, nullable=False)


def _caller_identity(declared: Declared, name: str, at: Span) -> Value | None:
    """The account: known where the provider is allowed to run in one only."""
    if name not in {"account_id", "id"}:
        return None
    known = declared.module.account(provider_name(declared.declaration, declared.scope))
    return known or _unknown(Kind.ACCOUNT, "the account", at)


def _partition(_declared: Declared, name: str, at: Span) -> Value | None:
    return _unknown(Kind.PARTITION, "the partition", at) if name in {"partition", "id"} else None


def _region(declared: Declared, name: str, at: Span) -> Value | None:
    """The region asked for, else the provider's."""
    if name not in {"name", "id", "region"}:
        return None
    given = declared.argument("region") or declared.argument("name")
    if given is None:
        given = declared.module.provider_argument(declared.declaration, declared.scope, "region")
    return given if isinstance(given, String) else _unknown(Kind.REGION, "the region", at)


def _policy_document(declared: Declared, name: str, at: Span) -> Value | None:
    if name not in {"json", "minified_json"}:
        return None
    shown = f"{declared.address}{declared.instance.key}.json"

    def rendered() -> Value:
        body = declared.body()
        return policy_documents.document(body, declared.scope) if isinstance(body, Object) else body

    return declared.module.lazily(shown, at, rendered)


def _arn(declared: Declared, name: str, at: Span) -> Value | None:
    """The parts of an ARN."""
    arn = declared.argument("arn")
    if name not in _ARN_PARTS or not isinstance(arn, String) or arn.text.count(":") < len(_ARN_PARTS):
        return None
    return String(arn.text.split(":", len(_ARN_PARTS))[1 + _ARN_PARTS.index(name)], at)


def _template_file(declared: Declared, name: str, at: Span) -> Value | None:
    """`rendered`: the template with its variables."""
    template = declared.argument("template")
    if name != "rendered" or template is None:
        return None
    variables = declared.argument("vars") or Object({}, at)
    shown = f"{declared.address}{declared.instance.key}.rendered"

    def rendered() -> Value:
        value = declared.scope.apply("templatestring", [template, variables], at)
        return Unknown(STRING, value.message, at, nullable=False) if isinstance(value, Failure) else value

    return declared.module.lazily(shown, at, rendered)


def _local_file(declared: Declared, name: str, at: Span) -> Value | None:
    """`content`: what the file holds."""
    filename = declared.argument("filename")
    if name not in _FILE_FUNCTIONS or filename is None:
        return None
    value = declared.scope.apply(_FILE_FUNCTIONS[name], [filename], at)
    return Unknown(STRING, value.message, at, nullable=False) if isinstance(value, Failure) else value


def _null_data_source(declared: Declared, name: str, _at: Span) -> Value | None:
    return declared.argument("inputs") if name == "outputs" else None


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


_ARN_PARTS = ("partition", "service", "region", "account", "resource")
_FILE_FUNCTIONS = {
    "content": "file",
    "content_base64": "filebase64",
    "content_base64sha256": "filebase64sha256",
    "content_md5": "filemd5",
    "content_sha1": "filesha1",
    "content_sha256": "filesha256",
}

COMPUTED: Mapping[str, Callable[[Declared, str, Span], Value | None]] = {
    "data.aws_arn": _arn,
    "data.aws_caller_identity": _caller_identity,
    "data.aws_iam_policy_document": _policy_document,
    "data.aws_partition": _partition,
    "data.aws_region": _region,
    "data.local_file": _local_file,
    "data.local_sensitive_file": _local_file,
    "data.null_data_source": _null_data_source,
    "data.template_file": _template_file,
    "terraform_data": _terraform_data,
}
# The attributes that `COMPUTED` adds to the object of a whole instance.
OFFERED: Mapping[str, tuple[str, ...]] = {
    "data.aws_caller_identity": ("account_id",),
    "data.aws_iam_policy_document": ("json", "minified_json"),
    "data.aws_partition": ("partition",),
    "data.aws_region": ("name", "region"),
    "data.local_file": ("content",),
    "data.null_data_source": ("outputs",),
    "data.template_file": ("rendered",),
    "terraform_data": ("input", "output"),
}
