"""What macros leave open: they run in AWS only, and may rewrite the whole template or the resource that calls them.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import MapValue, Unknown, child
from agentreach.parsers.cloudformation.language_extensions import TRANSFORM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.model import Span, Value
    from agentreach.parsers.cloudformation.evaluate import Evaluator
    from agentreach.parsers.cloudformation.language_extensions import Entry
    from agentreach.parsers.cloudformation.scope import Scope
    from agentreach.parsers.cloudformation.template import Template

# Those of AWS add resources of their own (a rotation function, a deployment hook) and change no identity.
_ADDING = ("AWS::CodeDeployBlueGreen", "AWS::SecretsManager-", "AWS::ServiceCatalog")


def note(scope: Scope) -> None:
    """Say which macros of a template were not run."""
    for name, value in scope.template.macros:
        scope.skip(f"macro {name} only runs at deployment; the template is read as written", value.at)


def rewriting(scope: Scope, evaluator: Evaluator, entry: Entry) -> Unknown | None:
    """Why a resource may be deployed with more than its template says; None where no macro touches it."""
    for written, at in _calls(entry):
        included = scope.included(evaluator, written, at)
        if isinstance(included, Unknown):
            return included
    return scope.rewritten


def over(template: Template) -> Unknown | None:
    """Why every resource of a template may be rewritten; None where no macro processes it whole."""
    for name, value in template.macros:
        if not name.startswith(_ADDING):
            return Unknown(f"macro {name} may rewrite it at deployment", value.at)
    return None


def _calls(entry: Entry) -> Iterator[tuple[Value, Span]]:
    """What is called beside the properties or among them, each with its name's place: one call is said once."""
    for holder in (entry.value, child(entry.value, "Properties")):
        if isinstance(holder, MapValue) and TRANSFORM in holder.entries:
            written = holder.entries[TRANSFORM]
            yield written, holder.keys.get(TRANSFORM, written.at)
