"""Files that CDK uploads: an S3 key that is a hash names `asset.<hash>.<ending>` in the output beside the template.

https://docs.aws.amazon.com/cdk/v2/guide/assets.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.late_regex import late_regex
from agentreach.model import Encoded, ListValue, MapValue, Scalar, Unknown, string
from agentreach.parsers.cloudformation import include

if TYPE_CHECKING:
    from agentreach.model import Value
    from agentreach.parsers.cloudformation.scope import Scope

CONTENT = "Content"
"""Added beside the key of such a file: what the file holds."""

KEY = "S3ObjectKey"
_HASHED = late_regex(r"[0-9a-f]{64}\.(?:json|ya?ml)")


def with_contents(scope: Scope, properties: MapValue) -> MapValue:
    """The properties with the content of every asset that is in the output."""
    if not scope.has_assets:
        return properties
    filled = _filled(scope, properties)
    return filled if isinstance(filled, MapValue) else properties


def _filled(scope: Scope, value: Value) -> Value:
    match value:
        case ListValue(items=items):
            return ListValue(tuple(_filled(scope, item) for item in items), value.at, value.open)
        case MapValue(entries=written):
            entries = {name: _filled(scope, entry) for name, entry in written.items()}
            if KEY in entries and (content := _content(scope, entries[KEY])) is not None:
                entries[CONTENT] = content
            return MapValue(entries, value.at, value.keys, value.open)
        case _:
            return value


def _content(scope: Scope, key: Value) -> Value | None:
    name = string(key) or ""
    if not isinstance(key, Scalar) or not _HASHED.fullmatch(name):
        return None
    content = include.local_file(scope.project, scope.directory, f"asset.{name}", key.at)
    return None if isinstance(content, Unknown) else Encoded(content, key.at)
