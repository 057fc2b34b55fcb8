"""What macros leave open: they run in AWS only, and may rewrite the whole template or the resource that calls them.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import Unknown, child
from agentreach.parsers.cloudformation.language_extensions import TRANSFORM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.model import Value
    from agentreach.parsers.cloudformation.evaluate import Evaluator
    from agentreach.parsers.cloudformation.language_extensions import Entry
    from agentreach.parsers.cloudformation.scope import Scope

# Those of AWS add resources of their own (a rotation function, a deployment hook) and change no identity.
_ADDING = ("AWS::CodeDeployBlueGreen", "AWS::SecretsManager-", "AWS::ServiceCatalog")


def note(scope: Scope) -> None:
    """Say which macros of a template were not run."""
    for name, value in scope.template.macros:
        scope.skip(f"macro {name} only runs at deployment; the template is read as written", value.at)


def rewriting(scope: Scope, evaluator: Evaluator, entry: Entry) -> Unknown | None:
    """Why a resource may be deployed with more than its template says; None where no macro touches it."""
    for written in _calls(entry):
        included = scope.included(evaluator, written, written.at)
        if isinstance(included, Unknown):
            return included
    for name, value in scope.template.macros:
        if not name.startswith(_ADDING):
            return Unknown(f"macro {name} may rewrite it at deployment", value.at)
    return None


def _calls(entry: Entry) -> Iterator[Value]:
    for holder in (entry.value, child(entry.value, "Properties")):
        written = child(holder, TRANSFORM)
        if written is not None:
            yield written
