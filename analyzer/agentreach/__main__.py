"""`python -m agentreach`."""

from __future__ import annotations

from agentreach.cli import main

main()
