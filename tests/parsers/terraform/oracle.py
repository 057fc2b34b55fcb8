"""The shared evaluation cases, and a scope that knows as much of a module as their expressions need."""

from __future__ import annotations

import base64
import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agentreach.model import Key, Reference, Source, Span
from agentreach.parsers.terraform.evaluate import evaluate
from agentreach.parsers.terraform.functions.filesystem import clean
from agentreach.parsers.terraform.hcl import parse_expression, parse_file
from agentreach.parsers.terraform.syntax import Problem
from agentreach.parsers.terraform.type_constraints import constraint
from agentreach.parsers.terraform.types import (
    STRING,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    Type,
)
from agentreach.parsers.terraform.values import Failure, Null, Object, String, Tuple, Unknown, Value, type_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.parsers.terraform.evaluate import Step
    from agentreach.parsers.terraform.syntax import Body, Expression

CASES = Path(__file__).parents[2] / "oracles" / "hcl_cases.jsonl.gz"


def cases(*kinds: str) -> Iterator[dict[str, Any]]:
    """The cases of these kinds that have an expression."""
    with gzip.open(CASES, "rt", encoding="utf-8") as lines:
        for line in lines:
            case = json.loads(line)
            if case["kind"] in kinds and "expression" in case:
                yield case


@dataclass(slots=True)
class Missing:
    """A file that is not there, or not a file."""

    reason: str
    absent: bool = True


class MemoryFiles:
    """Files that a case brings along; `base64:` marks bytes."""

    def __init__(self, texts: dict[str, str]) -> None:
        self.texts = texts

    def read(self, path: str) -> bytes | Missing:
        text = self.texts.get(clean(path))
        if text is None:
            return Missing("no such file")
        return base64.b64decode(text[7:]) if text.startswith("base64:") else text.encode()

    def source(self, path: str) -> Source | Missing:
        text = self.texts.get(clean(path))
        return Missing("no such file") if text is None else Source(clean(path), text)

    def below(self, directory: str) -> tuple[str, ...] | Missing:
        prefix = "" if clean(directory) == "." else clean(directory) + "/"
        found = [path.removeprefix(prefix) for path in self.texts if path.startswith(prefix)]
        return tuple(found) or Missing("no such directory")


class ModuleScope:
    """`var`, `local`, `module`, `path`, `terraform`, and resources of which nothing is known but how many there are."""

    def __init__(self, files: dict[str, str], folder: str = "", given: dict[str, Value] | None = None) -> None:
        self.files = MemoryFiles(files)
        self.texts = files
        self.folder = folder
        self.given = given or {}
        names = [name for name in files if name.endswith(".tf") and str(Path(name).parent) == (folder or ".")]
        self.bodies: list[tuple[Source, Body]] = []
        for name in names:
            source = Source(name, files[name])
            self.bodies.append((source, parse_file(source)))
        self.source = Source("expression.tf", "")

    def within(self, source: Source) -> ModuleScope:
        """The same module seen from another file."""
        scope = ModuleScope.__new__(ModuleScope)
        scope.__dict__ = {**self.__dict__, "source": source}
        return scope

    def resolve(self, root: str, steps: tuple[Step, ...], at: Span) -> tuple[Value, int]:
        name = steps[0] if steps and isinstance(steps[0], str) else ""
        if root == "path":
            return String(self.folder or ".", at), 1
        if root == "terraform":
            return String("default", at), 1
        if root == "local":
            return self.local(name, at), 1
        if root == "var":
            return self.variable(name, at), 1
        if root == "module":
            return self.module(name, at), 1
        return self.resource(root, steps, at)

    def blocks(self, kind: str, *labels: str) -> Iterator[tuple[Source, Body]]:
        for source, body in self.bodies:
            for block in body.blocks:
                if block.type == kind and block.labels[: len(labels)] == labels:
                    yield source, block.body

    def local(self, name: str, at: Span) -> Value:
        for source, body in self.blocks("locals"):
            if name in body.attributes:
                return evaluate(body.attributes[name].expression, self.within(source))
        return Failure(f"no local {name}", at)

    def variable(self, name: str, at: Span) -> Value:
        if name in self.given:
            return self.given[name]
        for source, body in self.blocks("variable", name):
            scope = self.within(source)

            def value(expression: Expression, scope: ModuleScope = scope) -> Value:
                return evaluate(expression, scope)

            type_ = constraint(body.attributes["type"].expression, value).type
            return Unknown(type_, f"variable {name!r} has no value", at, nullable=False)
        return Failure(f"no variable {name}", at)

    def module(self, name: str, _at: Span) -> Value:
        source, body = next(self.blocks("module", name))
        scope = self.within(source)
        arguments = {key: evaluate(one.expression, scope) for key, one in body.attributes.items() if key != "source"}
        folder = evaluate(body.attributes["source"].expression, scope)
        assert isinstance(folder, String)
        inner = ModuleScope(self.texts, clean(folder.text), arguments)
        outputs = {}
        for file, body_ in inner.bodies:
            for block in body_.blocks:
                if block.type == "output":
                    outputs[block.labels[0]] = evaluate(block.body.attributes["value"].expression, inner.within(file))
        return Object(dict(sorted(outputs.items())), Span(source, 0, 0))

    def resource(self, root: str, steps: tuple[Step, ...], at: Span) -> tuple[Value, int]:
        if root == "data":
            return self.unknown(".".join(str(step) for step in steps), at), len(steps)
        if root != "terraform_data" or not isinstance(steps[0], str):
            return Failure(f"no name {root}", at), 0
        _, body = next(self.blocks("resource", root, steps[0]))
        address = f"{root}.{steps[0]}"
        if "count" in body.attributes:
            return Tuple(tuple(self.instance(f"{address}[{index}]", at) for index in range(2)), at), 1
        if "for_each" in body.attributes:
            entries: dict[str, Value] = {key: self.instance(f'{address}["{key}"]', at) for key in ("x", "y")}
            return Object(entries, at), 1
        return self.instance(address, at), 1

    def instance(self, address: str, at: Span) -> Value:
        return Object({"id": self.unknown(f"{address}.id", at)}, at)

    @staticmethod
    def unknown(address: str, at: Span) -> Value:
        key, _, attribute = address.rpartition(".")
        return Unknown(
            STRING, "known after apply", at, nullable=False, reference=Reference(Key(".", key), attribute, at)
        )


def evaluated(text: str, files: dict[str, str] | None = None) -> Value:
    """The value of an expression in the root module of some files."""
    source = Source("expression.tf", text)
    expression = parse_expression(source)
    assert not isinstance(expression, Problem), expression
    return evaluate(expression, ModuleScope(files or {}).within(source))


def type_json(value: Value) -> object:
    """The type as the cases write it; a null at the top has lost its type."""
    return "dynamic" if isinstance(value, Null) else _type_json(type_of(value))


def _type_json(type_: Type) -> object:
    match type_:
        case ListType(element) | SetType(element) | MapType(element):
            return [type(type_).__name__.removesuffix("Type").lower(), _type_json(element)]
        case TupleType(elements):
            return ["tuple", [_type_json(part) for part in elements]]
        case ObjectType(attributes):
            return ["object", {name: _type_json(part) for name, part in attributes.items()}]
        case _:
            return type_.name
