"""What a run may leave for the next one: bytes by key, in the user's own cache folder.

An entry is what it was when it was written, or it is not there: entries are written whole, carry a checksum that
covers their key, and anything unexpected about a file counts as no entry. Nothing in them is run or unpickled.
"""

from __future__ import annotations

from agentreach.cache.place import opened
from agentreach.cache.store import Store

__all__ = ["Store", "opened"]
