"""Find files, say what each is, read it under limits and inside the confinement root.

Nothing else in the package touches the file system for scanned text: a parser gets a `Tree`, reads the files it
lists, and opens what they refer to through it.
"""

from __future__ import annotations

from agentreach.model import Skipped, Source
from agentreach.sources.kinds import FileKind
from agentreach.sources.limits import Limits
from agentreach.sources.tree import Entry, File, Tree

__all__ = ["Entry", "File", "FileKind", "Limits", "Skipped", "Source", "Tree"]
