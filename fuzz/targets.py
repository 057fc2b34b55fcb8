"""What is fuzzed: per target a function of bytes that must return, whatever the bytes are."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from agentreach import suppressions
from agentreach.access import globs
from agentreach.access.patterns import glob, literal
from agentreach.configuration import load
from agentreach.engine import scan
from agentreach.errors import ConfigurationError
from agentreach.identity import PolicyRole
from agentreach.lowering import policy_document
from agentreach.lowering.secrets import detect
from agentreach.model import Key, Scalar, Source, Span
from agentreach.parsers import yaml
from agentreach.parsers.terraform.evaluation import StepsExceededError
from agentreach.parsers.terraform.functions.re2 import compile_pattern
from agentreach.parsers.terraform.functions.re2_tree import PatternError
from agentreach.parsers.terraform.hcl import parse_expression, parse_file, parse_template_text, skim
from agentreach.parsers.terraform.json_syntax import parse_json_file
from agentreach.sources.exclusion import Exclusion
from agentreach_checks import ALL
from agentreach_reports import SCAN_FORMATS, renderer
from agentreach_reports.presentation import Presentation

Target = Callable[[bytes], None]
MEMORY = Path("/dev/shm")
_FOLDER = Path(tempfile.mkdtemp(prefix="agentreach-fuzz-", dir=MEMORY if MEMORY.is_dir() else None))
_AGENT = """
resource "aws_bedrockagent_agent" "a" {
  agent_name = "a"
  agent_resource_role_arn = aws_iam_role.r.arn
}
resource "aws_iam_role" "r" {
  assume_role_policy = "{}"
}
resource "aws_iam_role_policy" "p" {
  role = aws_iam_role.r.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = local.value, Resource = "*" }] })
}
"""


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _scanned(name: str, data: bytes) -> None:
    """The whole pipeline on one file: parsers, lowering, graph, checks, two reports."""
    folder = _FOLDER / str(os.getpid())
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_bytes(data)
    try:
        found = scan([folder], checks=ALL)
        for format_ in ("json", "text"):
            renderer(SCAN_FORMATS, format_)(found, Presentation())
    finally:
        file.unlink()


def hcl(data: bytes) -> None:
    source = Source("a.tf", _text(data))
    skim(source)
    parse_file(source)
    parse_expression(source)
    parse_template_text(source)


def terraform(data: bytes) -> None:
    _scanned("a.tf", data)


def expressions(data: bytes) -> None:
    _scanned("a.tf", b"locals {\n value = " + data + b"\n}\n" + _AGENT.encode())


def terraform_json(data: bytes) -> None:
    parse_json_file(Source("a.tf.json", _text(data)))
    _scanned("a.tf.json", data)


def plan(data: bytes) -> None:
    _scanned("plan.json", data)


def yaml_text(data: bytes) -> None:
    source = Source("a.yaml", _text(data))
    for start, end in yaml.split(source):
        yaml.parse(source, start=start, end=end)
    yaml.parse(source, dialect=yaml.Dialect.CLOUDFORMATION)


def cloudformation(data: bytes) -> None:
    _scanned("a.yaml", data if b"Resources" in data else b"AWSTemplateFormatVersion: 2010-09-09\nResources:\n" + data)


def kubernetes(data: bytes) -> None:
    _scanned("a.yaml", data)


def kustomization(data: bytes) -> None:
    _scanned("kustomization.yaml", data)


def policy(data: bytes) -> None:
    text = _text(data)
    at = Span(Source("a.json", text), 0, len(text))
    policy_document.read(Scalar(text, at), key=Key(".", "p"), role=PolicyRole.IDENTITY, at=at)


def configuration(data: bytes) -> None:
    file = _FOLDER / f"{os.getpid()}.toml"
    file.write_bytes(data)
    try:
        with suppress(ConfigurationError):
            load(file, trusted=False).weakened()
    finally:
        file.unlink()


def suppression(data: bytes) -> None:
    text = "# agentreach: ignore[" + _text(data)
    suppressions.find([Source("a.tf", text)], [])
    _scanned("a.tf", _AGENT.encode() + text.encode("utf-8", "replace") + b"\n" + _AGENT.encode())


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
    "suppressions": suppression,
    "terraform": terraform,
    "terraform_json": terraform_json,
    "yaml": yaml_text,
}
