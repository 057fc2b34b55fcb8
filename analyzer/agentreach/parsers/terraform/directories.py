"""The directories with Terraform files, each read and skimmed once however many modules call it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from agentreach.model import Skipped, Source
from agentreach.parsers.terraform import hcl
from agentreach.parsers.terraform.configuration import Configuration, merge
from agentreach.sources import File, FileKind
from agentreach.sources.kinds import by_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agentreach.parsers.terraform.configuration import Trouble
    from agentreach.parsers.terraform.syntax import Block, Body
    from agentreach.parsers.terraform.terragrunt_generated import Generated
    from agentreach.sources import Tree

_CODE = frozenset({FileKind.TERRAFORM, FileKind.TERRAFORM_JSON})
_VALUES = frozenset({FileKind.TERRAFORM_VARIABLES, FileKind.TERRAFORM_VARIABLES_JSON})
_ENDINGS = ((".tofu.json", ".tf.json"), (".tofu", ".tf"))


class Directories:
    """Configurations by directory. `sources` are all that were read, `skipped` the values files that could not be."""

    def __init__(self, tree: Tree, trouble: Trouble) -> None:
        self.tree = tree
        self.trouble = trouble
        self.sources: dict[str, Source] = {}
        self.skipped: dict[str, Skipped] = {}
        self._listed: dict[Path, list[File]] = {}
        for file in tree.files:
            if file.kind in _CODE | _VALUES:
                self._listed.setdefault(file.absolute.parent, []).append(file)
        self._complete_modules()
        self._configurations: dict[Path, Configuration | None] = {}

    def _complete_modules(self) -> None:
        """A file given by itself is part of a module: the module's other files belong to it."""
        alone = {file.absolute.parent for file in self.tree.files if self.tree.is_named(file.absolute)}
        for directory in alone & self._listed.keys():
            found = self.tree.siblings(directory)
            known = {file.absolute for file in self._listed[directory]}
            others = () if isinstance(found, Skipped) else found
            fresh = [one for one in others if one.kind in _CODE | _VALUES and one.absolute not in known]
            self._listed[directory] += [one for one in fresh if not self.tree.is_excluded(one.absolute)]
            self._listed[directory].sort(key=lambda file: file.absolute.name)

    @property
    def scanned(self) -> list[Path]:
        """The directories of the scanned paths that hold Terraform code, in order."""
        return sorted(path for path, files in self._listed.items() if any(file.kind in _CODE for file in files))

    def configuration(self, directory: Path) -> Configuration | None:
        """What a directory declares; None when it holds no Terraform code that may be read."""
        path = Path(os.path.normpath(directory))
        if path not in self._configurations:
            self._configurations[path] = self._read(path, self._files(path))
        return self._configurations[path]

    def configurations(self) -> list[Configuration]:
        """Every configuration that was read, by directory."""
        return [found for _, found in sorted(self._configurations.items()) if found is not None]

    def forget(self, directory: Path) -> None:
        """Let go of what a directory declares; it is read again should anything ask."""
        self._configurations.pop(directory, None)

    def laid_over(self, directory: Path, over: Path, made: Sequence[Generated] = ()) -> Configuration | None:
        """As `configuration`, with the files of another directory and those that are made in the place of namesakes."""
        if directory == over and not made:
            return self.configuration(directory)
        files = {file.absolute.name: file for path in (directory, over) for file in self._files(path)}
        code = [one for one in made if by_name(one.name) in _CODE]
        new = {one.name: one for one in code if not (one.gives_way and one.name in files)}
        kept = [file for name, file in files.items() if name not in new]
        return self._read(directory, kept, list(new.values()))

    def values(self, directory: Path) -> list[Source]:
        """The values files that Terraform reads by itself, later wins.

        https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence
        """
        files = {file.absolute.name: file for file in self._files(directory) if file.kind in _VALUES}
        automatic = sorted(name for name in files if name.endswith((".auto.tfvars", ".auto.tfvars.json")))
        names = [name for name in ("terraform.tfvars", "terraform.tfvars.json") if name in files]
        sources = [self.source(files[name]) for name in names + automatic]
        return [source for source in sources if source is not None]

    def source(self, file: File) -> Source | None:
        """The text of a file, None where it cannot be read."""
        source = self.tree.read(file)
        if isinstance(source, Skipped):  # the tree remembers it
            return None
        return self.sources.setdefault(source.path, source)

    def body(self, source: Source) -> Body:
        """A file's attributes and blocks, its errors noted."""
        if source.path.endswith(".json"):
            from agentreach.parsers.terraform.json_syntax import parse_json_file  # noqa: PLC0415 - few write it

            body = parse_json_file(source)
        else:
            body = hcl.skim(source)
        self.trouble.problems(source, body.problems)
        return body

    def values_body(self, source: Source) -> Body:
        """The arguments of a values file, its errors noted."""
        if source.path.endswith(".json"):
            from agentreach.parsers.terraform.json_syntax import parse_json_variables  # noqa: PLC0415 - few write it

            body = parse_json_variables(source)
        else:
            body = hcl.skim(source)
        self.trouble.problems(source, body.problems)
        return body

    def _files(self, directory: Path) -> list[File]:
        listed = self._listed.get(directory)
        if listed is None:
            found = self.tree.siblings(directory)
            listed = [] if isinstance(found, Skipped) else list(found)
            self._listed[directory] = listed
        return listed

    def _read(self, directory: Path, listed: list[File], made: Sequence[Generated] = ()) -> Configuration | None:
        files = _without_shadowed([file for file in listed if file.kind in _CODE])
        if not files and not made:
            return None
        read: list[tuple[str, tuple[Block, ...]]] = []
        damaged = False
        for file in files:
            source = self.source(file)
            body = self.body(source) if source else None
            damaged = damaged or body is None or bool(body.problems)
            read.append((file.absolute.name, body.blocks if body else ()))
        read += [(one.name, self.body(one.source).blocks) for one in made]
        return merge(directory, self.tree.shown(directory), self.trouble, read, is_damaged=damaged)


def _without_shadowed(files: list[File]) -> list[File]:
    """Without the `.tf` files beside a `.tofu` file of the same name."""
    names = {file.absolute.name for file in files}
    shadowed = {name.removesuffix(new) + old for name in names for new, old in _ENDINGS if name.endswith(new)}
    return [file for file in files if file.absolute.name not in shadowed]
