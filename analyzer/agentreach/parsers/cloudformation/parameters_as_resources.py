"""Template parameters for those who ask: a default that is a secret is worth a finding of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import Format, MapValue, Resource, Scalar, Span, Unknown, boolean, child

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.parsers.cloudformation.scope import Scope

TYPE = "AWS::CloudFormation::Parameter"
"""Not a type of AWS: a declaration in `Parameters`, with its attributes as written.

`Default` of a NoEcho parameter is Unknown, placed at the default and with the reason "a NoEcho default";
an empty default stays an empty text.
"""


def resources(scope: Scope) -> Iterator[Resource]:
    """One resource for each parameter of a template."""
    section = scope.section("Parameters")
    for name, declaration in section.entries.items():
        if not isinstance(declaration, MapValue):
            continue
        at = section.keys.get(name, declaration.at)
        yield Resource(
            format=Format.CLOUDFORMATION,
            type=TYPE,
            key=scope.key(name),
            name=name,
            attributes=_without_secret(declaration),
            at=Span(at.source, at.start, max(at.end, declaration.at.end)),
            module_path=scope.path,
        )


def _without_secret(declaration: MapValue) -> MapValue:
    default = child(declaration, "Default")
    if default is None or not boolean(child(declaration, "NoEcho")):
        return declaration
    if isinstance(default, Scalar) and default.value in {None, ""}:
        return declaration
    hidden = Unknown("a NoEcho default", default.at)
    return MapValue({**declaration.entries, "Default": hidden}, declaration.at, declaration.keys)
