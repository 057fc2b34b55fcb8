"""The account that Terraform deploys to, as an expression: a data source that is there, or one more."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from posixpath import dirname, join
from typing import TYPE_CHECKING

from agentreach.parsers.terraform.hcl import skim
from agentreach.remedies.edits import ByHand, Edit, line_end
from agentreach.remedies.hcl import hcl_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from agentreach.findings import Remedy
    from agentreach.model import Source, Span
    from agentreach.parsers.terraform.syntax import Block
    from agentreach.remedies.hcl import HclFile

_TYPE = "aws_caller_identity"
_HOMES = ("data.tf", "main.tf")


def account(remedy: Remedy, file: HclFile, sources: Sequence[Source]) -> tuple[str, tuple[Edit, ...]]:
    """The expression for the account of the resource that is protected, and what has to be declared for it."""
    owner = remedy.owner or remedy.at
    if dirname(owner.source.path) != dirname(file.source.path):
        raise ByHand("the role is declared in another module: pass its account id to this one and compare with it")
    provider = _provider(owner)
    module = _module(file.source, sources)
    declared = _declared(module)
    found = next((one for one in declared if _written(one, "provider") == provider and _is_single(one)), None)
    if found is not None:
        return _expression(found.labels[1]), ()
    name = _name(provider, {one.labels[1] for one in declared})
    return _expression(name), (_declaration(name, provider, _home(file.source, module)),)


def _expression(name: str) -> str:
    return f"data.{_TYPE}.{name}.account_id"


def _module(source: Source, sources: Sequence[Source]) -> tuple[Source, ...]:
    """The files of the module, the source itself among them."""
    found = _modules(tuple(sources)).get(dirname(source.path), ())
    return found if source in found else tuple(sorted((*found, source), key=lambda one: one.path))


# The findings of a large project ask for the same modules, one after the other.
@lru_cache(maxsize=1)
def _modules(sources: tuple[Source, ...]) -> dict[str, tuple[Source, ...]]:
    found: defaultdict[str, dict[str, Source]] = defaultdict(dict)
    for one in sources:
        if one.path.endswith((".tf", ".tofu")):
            found[dirname(one.path)][one.path] = one
    return {folder: tuple(one for _, one in sorted(files.items())) for folder, files in found.items()}


@lru_cache(maxsize=64)
def _declared(module: tuple[Source, ...]) -> tuple[Block, ...]:
    return tuple(block for one in module for block in _identities(one))


def _identities(source: Source) -> Iterator[Block]:
    """Files that do not name the type are not read."""
    for block in skim(source).blocks if _TYPE in source.text else ():
        if block.type == "data" and block.labels[:1] == (_TYPE,) and len(block.labels) > 1:
            yield block


def _written(block: Block, name: str) -> str:
    """The text of an argument, empty where none is written."""
    found = block.body.attributes.get(name)
    return block.source.text[found.expression.start : found.expression.end] if found else ""


def _is_single(block: Block) -> bool:
    return not {"count", "for_each"} & block.body.attributes.keys()


def _provider(owner: Span) -> str:
    if not owner.source.path.endswith((".tf", ".tofu")):
        return ""
    return _written(hcl_file(owner.source).resource(owner.start), "provider")


def _name(provider: str, taken: set[str]) -> str:
    first = provider.rpartition(".")[2] if provider else "current"
    return next(name for name in (first, "agentreach", *(f"agentreach{n}" for n in range(100))) if name not in taken)


def _home(source: Source, module: Sequence[Source]) -> Source:
    """The file that the declaration goes to: the same one whichever finding asks."""
    wanted = [join(dirname(source.path), name) for name in _HOMES]
    return next((one for path in wanted for one in module if one.path == path), module[0] if module else source)


def _declaration(name: str, provider: str, home: Source) -> Edit:
    end = line_end(home.text, len(home.text))
    body = f"{{{end}  provider = {provider}{end}}}" if provider else "{}"
    before = "" if not home.text.strip() else end if home.text.endswith("\n") else end * 2
    text = f'{before}data "{_TYPE}" "{name}" {body}{end}'
    return Edit(home, len(home.text), len(home.text), text, name)
