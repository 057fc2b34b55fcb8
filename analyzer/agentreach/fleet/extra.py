"""The libraries of the extra `fleet`, imported when a fleet command needs them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from agentreach.errors import MissingExtraError

INSTALL = 'pip install "agentreach[fleet]"'


def library(name: str) -> Any:  # noqa: ANN401 - a module that may not be installed
    """The module. Raises MissingExtraError with the install line where it is absent."""
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        missing = name.partition(".")[0]
        raise MissingExtraError(f"agentreach fleet needs {missing}, which is not installed: {INSTALL}") from error
