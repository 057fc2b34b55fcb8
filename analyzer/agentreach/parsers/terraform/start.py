"""What one evaluation of a root module starts with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from agentreach.model import Call
    from agentreach.parsers.terraform.configuration import Configuration
    from agentreach.parsers.terraform.values import Value


@dataclass(frozen=True, slots=True)
class Start:
    """A root module and the name of its keys. `inputs` give way to values files, `planned` values win over all.

    `values_beside` is a further directory whose values files count, `values_files` further ones by name; `calls` say
    where the root itself is called.
    """

    configuration: Configuration
    name: str
    inputs: Mapping[str, Value] = field(default_factory=dict)
    planned: Mapping[str, Value] = field(default_factory=dict)
    values_beside: Path | None = None
    values_files: tuple[Path, ...] = ()
    calls: tuple[Call, ...] = ()
