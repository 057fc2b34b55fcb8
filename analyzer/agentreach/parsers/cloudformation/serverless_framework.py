"""Serverless Framework: `serverless package` leaves CloudFormation templates in `.serverless`.

The update template is the service; the create template is only its first stage, and the state file
repeats the template with other data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_CREATE = "cloudformation-template-create-stack.json"
_UPDATE = "cloudformation-template-update-stack.json"
_STATE = "serverless-state.json"


def reason_to_leave_out(path: Path, others: frozenset[Path]) -> str | None:
    """Why a file of a packaged service is not a template of its own; None for any other file."""
    if path.name == _STATE:
        return "the state of a packaged Serverless service; its template is read instead"
    if path.name == _CREATE and path.with_name(_UPDATE) in others:
        return f"the first stage of a Serverless service; {_UPDATE} is read instead"
    return None
