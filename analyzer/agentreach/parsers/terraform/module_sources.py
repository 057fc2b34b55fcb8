"""Where the source of a module call is found: a local directory, a checkout the user names, a downloaded module.

https://developer.hashicorp.com/terraform/language/modules/sources
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agentreach.late_regex import late_regex
from agentreach.model import Skipped
from agentreach.parsers.terraform import syntax
from agentreach.parsers.terraform.evaluate import evaluate
from agentreach.parsers.terraform.values import String
from agentreach.parsers.terraform.well_known import public_module
from agentreach.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agentreach.parsers.terraform.configuration import Configuration, Declaration
    from agentreach.parsers.terraform.directories import Directories
    from agentreach.parsers.terraform.modules import Module
    from agentreach.parsers.terraform.options import TerraformOptions

_SOURCE = late_regex(r"""^[ \t]*source[ \t]*=[ \t]*"([^"$%\\\n]*)"[ \t]*\r?$""", re.MULTILINE)
_ANY_SOURCE = late_regex(r"\bsource\b")
_LOGIN = late_regex(r"://(?!git@)[^/@\s]{1,500}@")


NOT_HERE = "is not downloaded; run terraform init, or map it under [modules]"


@dataclass(frozen=True, slots=True)
class Missing:
    """A module that is not read, and why."""

    reason: str


@dataclass(eq=False)
class ModuleSources:
    """Finds the modules of one root. `installed` maps dotted call paths to what `terraform init` downloaded."""

    directories: Directories
    options: TerraformOptions
    root_directory: Path
    installed: Mapping[str, Path] = field(default_factory=dict)

    def locate(self, caller: Module, name: str, call: Declaration) -> Configuration | Missing:
        """The configuration of a called module. Cycles and depth are bounded here."""
        source = literal_source(call)
        if source is None:
            argument = call.argument("source")
            value = evaluate(argument.expression, caller.scope(argument.source)) if argument else None
            source = value.text if isinstance(value, String) else None
        found = self.find(caller.configuration.directory, (*(step.name for step in caller.calls), name), source)
        if isinstance(found, Missing):
            if literal_source(call) is None:
                caller.root.skip(call.at, f"module {name!r}: {found.reason}", by_design=True)
            return found
        caller.root.uses_public |= found.is_public
        return self._bounded(caller, name, call, found)

    def _bounded(self, caller: Module, name: str, call: Declaration, found: Configuration) -> Configuration | Missing:
        above = [module.configuration for module in caller.ancestors()]
        if found in above and not found.is_public:
            way = " → ".join(one.shown for one in (*reversed(above[: above.index(found) + 1]), found))
            caller.root.trouble.add(call.block.source, call.block.start, call.block.end, f"module cycle: {way}")
            return Missing(f"module cycle: {way}")
        if len(above) > self.options.module_depth:
            reason = f"module {name!r}: modules are nested more than {self.options.module_depth} deep"
            caller.root.limited(call.at, reason)
            return Missing(reason)
        return found

    def find(self, caller: Path, path: tuple[str, ...], source: str | None) -> Configuration | Missing:
        """The configuration that a source means in a directory, called as `path` from the root."""
        if source is None:
            return Missing("its source is not written as a literal")
        directory = self.directory_of(caller, path, source)
        if directory is None:
            return public_module(source) or Missing(f"{shown(source)} {NOT_HERE}")
        found = self.directories.configuration(directory)
        return found or Missing(self._unreadable(source, directory))

    def directory_of(self, caller: Path, path: tuple[str, ...], source: str) -> Path | None:
        """The directory that a source means, None where it is not on this machine."""
        mapped = self._mapped(source)
        if mapped is not None:
            return mapped
        if is_local(source):
            return Path(os.path.normpath(caller / source))
        key = ".".join(name.partition("[")[0] for name in path)
        return self.installed.get(key)

    def _mapped(self, source: str) -> Path | None:
        """The checkout that the user names for a source: as written, without its version, or for its package."""
        bare = source.partition("?")[0]
        package, _, inside = _split_package(bare)
        for known, checkout in self.options.module_sources.items():
            if known in (source, bare):
                return checkout
            if known == package:
                return checkout / inside
        return None

    def _unreadable(self, source: str, directory: Path) -> str:
        listing = self.directories.tree.entries(directory)
        said = shown(source)
        return f"{said}: {listing.reason}" if isinstance(listing, Skipped) else f"{said} holds no Terraform files"

    def path_of(self, configuration: Configuration) -> str:
        """`path.module` of a module."""
        if configuration.is_public:
            return ".terraform/modules"
        return Path(os.path.relpath(configuration.directory, self.root_directory)).as_posix()


def installed_modules(directories: Directories, root: Path) -> dict[str, Path]:
    """What `terraform init` downloaded for a root: the directory of every dotted call path."""
    source = directories.tree.open(root / ".terraform" / "modules" / "modules.json")
    if isinstance(source, Skipped):
        return {}
    try:
        listing: Any = json.loads(source.text)
        entries = [entry for entry in listing["Modules"] if isinstance(entry, dict)]
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}
    return {str(entry["Key"]): root / str(entry["Dir"]) for entry in entries if entry.get("Key") and entry.get("Dir")}


def shown(source: str) -> str:
    """A source as a message quotes it: without the password or token that a URL may begin with."""
    return _LOGIN.sub("://…@", source)


def is_local(source: str) -> bool:
    """Whether a source is a path beside the calling module."""
    return source.startswith(("./", "../")) or source in {".", ".."}


def literal_source(call: Declaration) -> str | None:
    """The source of a call where it is a plain string; without parsing the body where one line says it all."""
    block = call.block
    if not call.overrides and not block.source.path.endswith(".json"):
        text = block.source.text
        found = _SOURCE.findall(text, block.open_end, block.end)
        if len(found) == 1 and len(_ANY_SOURCE.findall(text, block.open_end, block.end)) == 1:
            return str(found[0])
    argument = call.argument("source")
    match argument.expression if argument else None:
        case syntax.Template(parts=(str() as text,)):
            return text
        case _:
            return None


def _split_package(source: str) -> tuple[str, str, str]:
    """A package's address and the path within it, which a double slash separates."""
    start = source.find("://")
    at = source.find("//", start + 3 if start >= 0 else 0)
    return (source, "", "") if at < 0 else (source[:at], "//", source[at + 2 :])
