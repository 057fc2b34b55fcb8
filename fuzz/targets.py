"""What is fuzzed: per target a function of bytes that must return, whatever the bytes are.

A target reads its bytes from memory and goes as far as the facts that the graph is built from; `scan` is the whole of a
scan (graph, checks, two reports), many times slower, on any kind of file.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from functools import cache
from importlib import import_module
from pathlib import Path, PosixPath
from typing import TYPE_CHECKING

from agentreach import lowering, suppressions
from agentreach.access import globs
from agentreach.access.patterns import glob, literal
from agentreach.configuration import load
from agentreach.engine import scan as whole_scan
from agentreach.errors import ConfigurationError
from agentreach.identity import PolicyRole
from agentreach.lowering import policy_document
from agentreach.lowering.secrets import detect
from agentreach.model import Key, Parsed, Scalar, Skipped, Source, Span
from agentreach.parsers import yaml
from agentreach.parsers.cloudformation import CloudformationOptions
from agentreach.parsers.kubernetes import KubernetesOptions
from agentreach.parsers.terraform import TerraformOptions
from agentreach.parsers.terraform.boundary import to_model
from agentreach.parsers.terraform.confined_files import ConfinedFiles
from agentreach.parsers.terraform.evaluate import Step, evaluate
from agentreach.parsers.terraform.evaluation import StepsExceededError
from agentreach.parsers.terraform.functions.re2 import compile_pattern
from agentreach.parsers.terraform.functions.re2_tree import PatternError
from agentreach.parsers.terraform.hcl import parse_expression, parse_file, parse_template_text, skim
from agentreach.parsers.terraform.json_syntax import parse_json_file
from agentreach.parsers.terraform.syntax import Problem
from agentreach.parsers.terraform.types import DYNAMIC
from agentreach.parsers.terraform.values import Unknown, Value
from agentreach.sources import Tree
from agentreach.sources.exclusion import Exclusion
from agentreach.sources.reading import Unreadable
from agentreach.sources.tree import Entry
from agentreach.sources.walk import Place
from agentreach_checks import ALL
from agentreach_reports import SCAN_FORMATS, renderer
from agentreach_reports.presentation import Presentation

if TYPE_CHECKING:
    from agentreach.findings import Finding

Target = Callable[[bytes], None]
MEMORY = Path("/dev/shm")
NAMES = (
    "a.tf",
    "a.tf.json",
    "plan.json",
    "template.yaml",
    "manifest.yaml",
    "kustomization.yaml",
    "terragrunt.hcl",
    "serverless.yml",
)
_FOLDER = Path(tempfile.mkdtemp(prefix="agentreach-fuzz-", dir=MEMORY if MEMORY.is_dir() else None))
_POD = b"apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: c, image: i}]}\n"
_AGENT = """resource "aws_bedrockagent_agent" "a" {
  agent_name = "a"
  agent_resource_role_arn = aws_iam_role.r.arn
}
resource "aws_iam_role" "r" {
  assume_role_policy = "{}"
}
resource "aws_iam_role_policy" "p" {
  role = aws_iam_role.r.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
}
"""
_OPTIONS = {
    "terraform": TerraformOptions(),
    "cloudformation": CloudformationOptions(),
    "kubernetes": KubernetesOptions(helm="off"),
}


class _InMemory(Tree):
    """A tree of files that are nowhere. Only what is in memory may be read, so nothing else is asked for."""

    def __init__(self, files: dict[str, bytes]) -> None:
        super().__init__([])
        self._held = {str(self.working_directory / name): data for name, data in files.items()}

    def _places(self) -> Iterator[Place]:
        for absolute in self._held:
            name = absolute.rpartition("/")[2]
            yield Place(name, absolute, name, name)

    def _bytes(self, absolute: str) -> bytes | Unreadable:
        return self._held.get(absolute, Unreadable("no such file", expected=True))

    def _entries(self, absolute: str) -> tuple[Entry, ...] | Skipped:
        if absolute != str(self.working_directory):
            return Skipped(absolute, "no such file")
        return tuple(Entry(name.rpartition("/")[2], Path(name), is_directory=False) for name in sorted(self._held))

    def _refused(self, absolute: str) -> Skipped | None:
        return None if "\0" not in absolute else Skipped(absolute, "outside the scanned project")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _read(format_: str, files: dict[str, bytes]) -> Parsed:
    """Parsed, evaluated and lowered: every resource, whether anything knows its type or not."""
    parser = import_module(f"agentreach.parsers.{format_}")
    parsed: Parsed = parser.load(_InMemory(files), _OPTIONS[format_], lambda _: True)
    lowering.lower(parsed.resources)
    return parsed


def hcl(data: bytes) -> None:
    source = Source("a.tf", _text(data))
    skim(source)
    parse_file(source)
    parse_expression(source)
    parse_template_text(source)


def terraform(data: bytes) -> None:
    _read("terraform", {"a.tf": data})


class _Names:
    """A module in which every name stands for something unknown, and whose only file `t` is the text itself."""

    def __init__(self, source: Source) -> None:
        self.source = source
        tree = _InMemory({"t": source.text.encode("utf-8", "replace")})
        self.files = ConfinedFiles(tree, tree.working_directory)

    @staticmethod
    def resolve(root: str, _steps: tuple[Step, ...], at: Span) -> tuple[Value, int]:
        return Unknown(DYNAMIC, root, at), 0


def expressions(data: bytes) -> None:
    source = Source("a.tf", _text(data))
    expression = parse_expression(source)
    if not isinstance(expression, Problem):
        to_model(evaluate(expression, _Names(source)))


def terraform_json(data: bytes) -> None:
    parse_json_file(Source("a.tf.json", _text(data)))
    _read("terraform", {"a.tf.json": data})


def terragrunt(data: bytes) -> None:
    _read("terraform", {"terragrunt.hcl": data, "a.tf": b'variable "a" {}\noutput "a" {\n value = var.a\n}\n'})


def plan(data: bytes) -> None:
    _read("terraform", {"plan.json": data})


def yaml_text(data: bytes) -> None:
    source = Source("a.yaml", _text(data))
    for start, end in yaml.split(source):
        yaml.parse(source, start=start, end=end)
    yaml.parse(source, dialect=yaml.Dialect.CLOUDFORMATION)


def cloudformation(data: bytes) -> None:
    _read("cloudformation", {"a.yaml": b"AWSTemplateFormatVersion: 2010-09-09\nResources:\n" + data})


def kubernetes(data: bytes) -> None:
    _read("kubernetes", {"a.yaml": data})


def kustomization(data: bytes) -> None:
    _read("kubernetes", {"kustomization.yaml": data, "a.yaml": _POD})


def policy(data: bytes) -> None:
    text = _text(data)
    at = Span(Source("a.json", text), 0, len(text))
    policy_document.read(Scalar(text, at), key=Key(".", "p"), role=PolicyRole.IDENTITY, at=at)


def configuration(data: bytes) -> None:
    with suppress(ConfigurationError):
        path = _HeldPath("agentreach.toml")
        path.content = data
        load(path, trusted=False).weakened()


class _HeldPath(PosixPath):
    """A path whose text is in memory."""

    content = b""

    def read_text(self, encoding: str | None = None, errors: str | None = None) -> str:
        return self.content.decode(encoding or "utf-8", errors or "strict")


def suppression(data: bytes) -> None:
    text = f"{_AGENT}# agentreach: ignore[{_text(data)}"
    found = suppressions.find([Source("a.tf", text)], [])
    suppressions.apply(_findings(), found, today=date(2026, 11, 24), ran=frozenset({"AR101", "standing-admin"}))


@cache
def _findings() -> tuple[Finding, ...]:
    """The findings of an agent that may do anything, to be suppressed or not."""
    folder = _FOLDER / "suppressed"
    folder.mkdir()
    (folder / "a.tf").write_text(_AGENT)
    return whole_scan([folder], checks=ALL).findings


def patterns(data: bytes) -> None:
    first, _, second = _text(data).partition("\n")
    globs.match(glob((first,)), literal((second,)))
    globs.match(glob((first,)), glob((second,)))
    Exclusion([first]).covers(second.rpartition("/")[2], second)
    detect(first, second)


def regular_expressions(data: bytes) -> None:
    first, _, second = _text(data).partition("\n")
    left = 100_000

    def spend(steps: int) -> None:
        nonlocal left
        left -= steps
        if left < 0:
            raise StepsExceededError

    with suppress(PatternError, StepsExceededError):
        compile_pattern(first).replaced(second, "${0}", spend)


def scan(data: bytes) -> None:
    """The first byte says which file the others are."""
    folder = _FOLDER / str(os.getpid())
    folder.mkdir(exist_ok=True)
    file = folder / NAMES[(data[0] if data else 0) % len(NAMES)]
    file.write_bytes(data[1:])
    try:
        found = whole_scan([folder], checks=ALL)
        for format_ in ("json", "text"):
            renderer(SCAN_FORMATS, format_)(found, Presentation())
    finally:
        file.unlink()


TARGETS: dict[str, Target] = {
    "cloudformation": cloudformation,
    "configuration": configuration,
    "expressions": expressions,
    "hcl": hcl,
    "kubernetes": kubernetes,
    "kustomization": kustomization,
    "patterns": patterns,
    "plan": plan,
    "policy": policy,
    "regular_expressions": regular_expressions,
    "scan": scan,
    "suppressions": suppression,
    "terraform": terraform,
    "terraform_json": terraform_json,
    "terragrunt": terragrunt,
    "yaml": yaml_text,
}
