"""What every test shares: examples that are the same on each machine.

Property tests draw the same examples on every run, so that a change is judged by what it changed. Random examples are for
looking further: `HYPOTHESIS_PROFILE=explore pytest`.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("explore", derandomize=False, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

# No test leaves anything in the user's cache, or learns anything from it; those about the cache name a folder.
os.environ["AGENTREACH_CACHE_DIR"] = ""
