"""Serverless Framework: `serverless package` leaves CloudFormation templates in `.serverless`.

The update template is the service; the create template is only its first stage, and the state file
repeats the template with other data. A service that is not packaged is said to be left out: what its
plugins and variables make of `serverless.yml` only the framework knows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import Skipped
from agentreach.sources import FileKind

if TYPE_CHECKING:
    from pathlib import Path

    from agentreach.parsers.cloudformation.project import Project

_CREATE = "cloudformation-template-create-stack.json"
_UPDATE = "cloudformation-template-update-stack.json"
_STATE = "serverless-state.json"
_UNPACKAGED = "a Serverless service is not analysed without its package: run serverless package"


def reason_to_leave_out(path: Path, others: frozenset[Path]) -> str | None:
    """Why a file of a packaged service is not a template of its own; None for any other file."""
    if path.name == _STATE:
        return "the state of a packaged Serverless service; its template is read instead"
    if path.name == _CREATE and path.with_name(_UPDATE) in others:
        return f"the first stage of a Serverless service; {_UPDATE} is read instead"
    return None


def note_unpackaged(project: Project) -> None:
    """Say which services are not analysed, and how to include them."""
    packaged = {file.absolute.parent.parent for file in project.tree.files if file.absolute.name == _UPDATE}
    for file in project.tree.files:
        if file.kind is FileKind.SERVERLESS_SERVICE and file.absolute.parent not in packaged:
            project.note(Skipped(file.path, _UNPACKAGED))
