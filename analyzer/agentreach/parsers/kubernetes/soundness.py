"""Whether text is YAML at all, without building anything from it."""

from __future__ import annotations

import yaml

try:
    from yaml._yaml import CParser
except ImportError:  # pragma: no cover - an installation of PyYAML without libyaml
    CParser = None  # type: ignore[assignment, misc]


def is_sound(text: str) -> bool:
    """Whether libyaml reads the text to its end. Without libyaml the question is left open."""
    if CParser is None:  # pragma: no cover - an installation of PyYAML without libyaml
        return True
    try:
        CParser(text).raw_parse()
    except (yaml.YAMLError, ValueError):
        return False
    return True
