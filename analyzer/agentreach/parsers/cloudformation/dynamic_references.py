"""Dynamic references (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html).

`{{resolve:secretsmanager:…}}`, `{{resolve:ssm:…}}` and `{{resolve:ssm-secure:…}}` name a secret or a
parameter that CloudFormation reads at deployment. They are recognised, never resolved, and never
mistaken for a literal.
"""

from __future__ import annotations

from agentreach.late_regex import late_regex
from agentreach.model import Scalar, Span, Text, Unknown, Value, text_parts
from agentreach.named_tuples import NamedTuple

MARK = "{{resolve:"
_REFERENCE = late_regex(r"\{\{resolve:([a-z-]{1,40}):([^{}]{1,4096})\}\}")
_REASON = "read at deployment: "


class DynamicReference(NamedTuple):
    """`service` is "ssm", "ssm-secure" or "secretsmanager"; `name` the secret id, ARN or parameter name.

    `name` is empty where it is only known at deployment.
    """

    service: str
    name: str
    at: Span


def with_dynamic_references(value: Scalar) -> Value:
    """A known text with its dynamic references as holes; one that is nothing else is Unknown."""
    text = str(value.value)
    parts: list[str | Unknown] = []
    end = 0
    written = value.at.source.text.find
    for match in _REFERENCE.finditer(text):
        start = written(match[0], value.at.start, value.at.end)
        at = value.at if start < 0 else Span(value.at.source, start, start + len(match[0]))
        parts += [text[end : match.start()], Unknown(_REASON + match[0], at)]
        end = match.end()
    if not parts:
        return value
    kept = tuple(part for part in (*parts, text[end:]) if part != "")
    return kept[0] if len(kept) == 1 and isinstance(kept[0], Unknown) else Text(kept, value.at)


def dynamic_reference(value: Value | None) -> DynamicReference | None:
    """The first dynamic reference a value holds; None when it holds none."""
    parts = text_parts(value)
    for part in parts:
        if isinstance(part, Unknown) and part.reason.startswith(_REASON):
            found = _REFERENCE.search(part.reason)
            if found:
                return DynamicReference(found[1], _name(found[1], found[2]), part.at)
        if isinstance(part, str) and MARK in part and value is not None:
            service = part.partition(MARK)[2].partition(":")[0]
            return DynamicReference(service, "", value.at)
    return None


def _name(service: str, rest: str) -> str:
    """Without version, JSON key and stage; a secret's ARN holds colons of its own."""
    if service == "secretsmanager" and rest.startswith("arn:"):
        return ":".join(rest.split(":")[:7])
    return rest.split(":", maxsplit=1)[0]
