"""What a user can say about Terraform: values for variables, the workspace, local checkouts of modules, limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class TerraformOptions:
    """`variables` are the texts of `--var NAME=VALUE`; `var_files` those of `--var-file`, later wins, before `--var`.

    `module_sources` maps a module's source as written to a directory. `every_body` parses every block, wanted or
    not, so that all syntax errors are found (`--strict`). Wanted types that are `on_demand` are read only where
    something else refers to them.
    """

    variables: Mapping[str, str] = field(default_factory=dict)
    var_files: tuple[Path, ...] = ()
    workspace: str = "default"
    module_sources: Mapping[str, Path] = field(default_factory=dict)
    every_body: bool = False
    on_demand: Callable[[str], bool] = lambda _type: False
    module_depth: int = 32
    instances: int = 10_000
