"""SAM's data tables, read when a template first needs one.

- `policy_templates.json`: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-template-list.html
  (statements that allow; `${Name}` is a parameter of the template)
- `connectors.json`: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/reference-sam-connector.html
- `managed_policy_paths.json`: managed policies whose ARN has a path
  (https://docs.aws.amazon.com/aws-managed-policy/latest/reference/about-managed-policy-reference.html)
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, TypedDict

Statement = dict[str, Any]


class Connector(TypedDict):
    """What one pair of types makes: on whose side, and the statements of each access category."""

    makes: str
    on: str
    access: dict[str, Any]


@cache
def policy_templates() -> dict[str, list[Statement]]:
    """The statements of every policy template."""
    found: dict[str, list[Statement]] = _read("policy_templates")
    return found


@cache
def connectors() -> dict[str, Connector]:
    """What SAM makes of a connector, by "source type -> destination type"."""
    found: dict[str, Connector] = _read("connectors")
    return found


@cache
def managed_policy_path(name: str) -> str:
    """The path in an AWS managed policy's ARN, with its final slash; empty for most."""
    return next((f"{path}/" for path, names in _paths().items() if name in names), "")


@cache
def _paths() -> dict[str, frozenset[str]]:
    return {path: frozenset(names) for path, names in _read("managed_policy_paths").items()}


def _read(name: str) -> Any:  # noqa: ANN401 - JSON; the callers say what it holds
    return json.loads(Path(__file__).with_name(f"{name}.json").read_text(encoding="utf-8"))
