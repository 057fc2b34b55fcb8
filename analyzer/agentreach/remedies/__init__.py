"""From what a check asks for to what stands in a file: edits in the file's own syntax, proven before they are written.

A check returns a format-neutral `Remedy`. `proposed` turns it into edits of the source (`hcl` for Terraform,
`documents` for YAML and JSON), or into the sentence that says what to do by hand. `proof` parses the edited text and
accepts it only when nothing but the intended change is different. Reports print what is `suggested`; `fix` writes.
"""

from __future__ import annotations

from agentreach.remedies.edits import ByHand, Edit, edited
from agentreach.remedies.line_changes import as_diff
from agentreach.remedies.proof import proven
from agentreach.remedies.proposals import Proposal, proposed
from agentreach.remedies.shown import Suggestion, suggested

__all__ = ["ByHand", "Edit", "Proposal", "Suggestion", "as_diff", "edited", "proposed", "proven", "suggested"]
