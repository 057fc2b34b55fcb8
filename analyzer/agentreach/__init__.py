"""Which identities an AI agent inherits, which credentials it retains, which systems it reaches without approval."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from agentreach.api import scan as scan

__version__ = "0.1.0"
__all__ = ["__version__", "scan"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - the module attribute protocol
    """Import `scan` on first use, so that importing any module of the package stays cheap."""
    if name == "scan":
        return import_module("agentreach.api").scan
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
