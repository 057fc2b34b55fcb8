"""The functions that only Terragrunt's files have. Paths are absolute, as Terragrunt's are.

https://terragrunt.gruntwork.io/docs/reference/hcl/functions/
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from agentreach.model import Kind
from agentreach.parsers.terraform.types import DYNAMIC, STRING
from agentreach.parsers.terraform.values import Failure, String, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from agentreach.model import Span
    from agentreach.parsers.terraform.values import Value

UNIT_FILE = "terragrunt.hcl"


class Place(Protocol):
    """The file that a function is called in: `unit` is the directory of the unit it is read for."""

    unit: Path
    directory: Path
    parent: Path

    @property
    def repository(self) -> Path:
        """Outside of it nothing is looked for."""

    def exists(self, path: Path) -> bool:
        """Whether there is a file or a directory."""

    def read(self, path: Path, at: Span) -> Value | None:
        """What another file declares, None where it cannot be read."""


def _found_above(place: Place, arguments: Sequence[Value], at: Span) -> Value:
    """The path of the nearest file of a name above the unit."""
    wanted = arguments[0] if arguments else String(UNIT_FILE, at)
    if not isinstance(wanted, String):
        return Unknown(STRING, "the name of the file to find is not known", at, nullable=False)
    for directory in place.directory.parents:
        if not directory.is_relative_to(place.repository):
            break
        if place.exists(directory / wanted.text):
            return String(str(directory / wanted.text), at)
    return arguments[1] if len(arguments) > 1 else Failure(f"there is no {wanted.text} in a parent folder", at)


def _read(place: Place, arguments: Sequence[Value], at: Span) -> Value:
    """The local values, inputs and generated files of another file; else the second argument."""
    path = arguments[0] if arguments else None
    if not isinstance(path, String):
        return Unknown(DYNAMIC, "the path of the file to read is not known", at)
    found = place.read(Path(os.path.normpath(place.directory / path.text)), at)
    if found is not None:
        return found
    return arguments[1] if len(arguments) > 1 else Unknown(DYNAMIC, f"{Path(path.text).name} cannot be read", at)


def _environment(_place: Place, arguments: Sequence[Value], at: Span) -> Value:
    """The default, as for a variable of Terraform that nothing gives a value."""
    if len(arguments) > 1:
        return arguments[1]
    return Unknown(STRING, "an environment variable without a default", at, nullable=False)


def _account(_place: Place, _arguments: Sequence[Value], at: Span) -> Value:
    return Unknown(STRING, "the account", at, Kind.ACCOUNT, nullable=False)


def _directory(of: Callable[[Place], Path]) -> Callable[[Place, Sequence[Value], Span], Value]:
    return lambda place, _, at: String(str(of(place)), at)


def _from(start: Callable[[Place], Path], target: Callable[[Place], Path]) -> Callable[..., Value]:
    return lambda place, _, at: String(Path(os.path.relpath(target(place), start(place))).as_posix(), at)


def _unit(place: Place) -> Path:
    return place.unit


def _own(place: Place) -> Path:
    return place.directory


def _parent(place: Place) -> Path:
    return place.parent


def _repository(place: Place) -> Path:
    return place.repository


FUNCTIONS: dict[str, Callable[[Place, Sequence[Value], Span], Value]] = {
    "find_in_parent_folders": _found_above,
    "get_aws_account_id": _account,
    "get_env": _environment,
    "get_original_terragrunt_dir": _directory(_unit),
    "get_parent_terragrunt_dir": _directory(_parent),
    "get_path_from_repo_root": _from(_repository, _own),
    "get_path_to_repo_root": _from(_own, _repository),
    "get_repo_root": _directory(_repository),
    "get_terragrunt_dir": _directory(_own),
    "path_relative_from_include": _from(_own, _parent),
    "path_relative_to_include": _from(_parent, _own),
    "read_terragrunt_config": _read,
}
