"""Templates as text in, values as plain Python out, so that a test reads like the page it follows.

Holes are written in angle brackets: `arn:<AWS::Partition>:iam`, `<Role.Arn>`, `<?reason>`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import Encoded, ListValue, MapValue, OneOf, Reference, Scalar, Text, Unknown
from agentreach.parsers.cloudformation import CloudFormationOptions, load
from agentreach.sources import Tree

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from agentreach.model import Parsed, Resource, Value

_PSEUDO = " is only known at deployment"

Plain = str | float | bool | list["Plain"] | dict[str, "Plain"] | tuple["Plain", ...] | None


def plain(value: Value) -> Plain:
    """A value as Python: an open list ends in "…", OneOf and Encoded are tuples that say so."""
    match value:
        case Scalar(value=known):
            return known
        case ListValue(items=items):
            return [*map(plain, items), *(["…"] if value.open else [])]
        case MapValue(entries=entries):
            return {name: plain(entry) for name, entry in entries.items()} | ({"…": "…"} if value.open else {})
        case Text(parts=parts):
            return "".join(part if isinstance(part, str) else hole(part) for part in parts)
        case OneOf(alternatives=alternatives):
            return ("one of", *map(plain, alternatives))
        case Encoded(value=inner):
            return ("encoded", plain(inner))
        case _:
            return hole(value)


def hole(value: Unknown | Reference) -> str:
    """An unknown part as the tests write it."""
    if isinstance(value, Reference):
        return f"<{value.key.address}.{value.attribute}>"
    name = value.reason.removesuffix(_PSEUDO)
    return f"<{name}>" if name.startswith("AWS::") else f"<?{value.reason}>"


def scanned(
    directory: Path,
    files: dict[str, str],
    *,
    options: CloudFormationOptions | None = None,
    wanted: Callable[[str], bool] = lambda _type: True,
) -> Parsed:
    """Everything the templates of a directory declare."""
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return load(Tree([directory]), options or CloudFormationOptions(), wanted)


def template(directory: Path, text: str, **parameters: str) -> Parsed:
    """What one template declares."""
    return scanned(directory, {"template.yaml": text}, options=CloudFormationOptions(parameters=parameters))


def resource(parsed: Parsed, address: str) -> Resource:
    """The one resource of an address; parameters aside."""
    found = [one for one in parsed.resources if one.key.address == address and not one.type.endswith("::Parameter")]
    assert len(found) == 1, [str(one.key) for one in parsed.resources]
    return found[0]


def properties(parsed: Parsed, address: str) -> dict[str, Plain]:
    """Its properties as plain Python."""
    return {name: plain(value) for name, value in resource(parsed, address).attributes.entries.items()}


def addresses(parsed: Parsed) -> list[str]:
    """The address of every resource, in order; parameters aside."""
    return [one.key.address for one in parsed.resources if not one.type.endswith("::Parameter")]
