"""The trees that are measured: generated ones, the same for the same seed, and the repository's own fixtures."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import NamedTuple

import corpus_cloudformation
import corpus_kubernetes
import corpus_terraform

ROOT = Path(__file__).resolve().parent.parent
KINDS = ("terraform", "cloudformation", "kubernetes", "mixed")
SEED = 7
FILES_PER_ROOT = 80
TEMPLATE_MEGABYTES = 0.005
POLICIES = 100
SMALL = """resource "aws_iam_role" "agent" {
  name               = "agent"
  assume_role_policy = jsonencode({ Statement = [{
    Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "bedrock.amazonaws.com" } }] })
}
resource "aws_iam_role_policy" "agent" {
  role   = aws_iam_role.agent.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })
}
resource "aws_bedrockagent_agent" "ops" {
  agent_name              = "ops"
  agent_resource_role_arn = aws_iam_role.agent.arn
}
"""


class Corpus(NamedTuple):
    """A tree and a file of it that a run with one changed file changes."""

    name: str
    folder: Path
    changed: Path

    @property
    def files(self) -> int:
        """How many files it has."""
        return sum(path.is_file() for path in self.folder.rglob("*"))

    @property
    def megabytes(self) -> float:
        """How large they are together."""
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file()) / 1e6


def small(scratch: Path) -> Corpus:
    """One file with one agent."""
    folder = scratch / "small"
    folder.mkdir()
    (folder / "main.tf").write_text(SMALL, encoding="utf-8")
    return Corpus("one small file", folder, folder / "main.tf")


def generated(scratch: Path, kind: str, files: int) -> Corpus:
    """About `files` files of a kind."""
    folder = scratch / f"{kind}-{files}"
    if kind in {"terraform", "mixed"}:
        share = files if kind == "terraform" else files - files * 3 // 20 - files * 7 // 20
        corpus_terraform.write(folder / "terraform", files=share, roots=max(1, share // FILES_PER_ROOT), seed=SEED)
    if kind in {"cloudformation", "mixed"}:
        share = files if kind == "cloudformation" else files * 3 // 20
        size = share * TEMPLATE_MEGABYTES
        corpus_cloudformation.write(folder / "cloudformation", templates=share, megabytes=size, seed=SEED)
    if kind in {"kubernetes", "mixed"}:
        share = files if kind == "kubernetes" else files * 7 // 20
        corpus_kubernetes.write(folder / "kubernetes", files=share, seed=SEED)
    return Corpus(f"{kind}, {files:,} files", folder, _to_change(folder))


def _to_change(folder: Path) -> Path:
    """A file in the middle that declares something: not the last one, and not one that everything uses."""
    files = sorted(path for path in folder.rglob("*") if path.suffix in {".tf", ".yaml"})
    parts = [path for path in files if path.name.startswith("part")] or files
    return parts[len(parts) // 2]


def fixtures(scratch: Path) -> list[Corpus]:
    """Copies of the stacks in `fixtures/`."""
    found = []
    for fixture in sorted(path for path in (ROOT / "fixtures").iterdir() if path.is_dir()):
        folder = scratch / "fixtures" / fixture.name
        shutil.copytree(fixture, folder)
        found.append(Corpus(fixture.name, folder, _to_change(folder)))
    return found


def policies(scratch: Path) -> Corpus:
    """Policy documents in JSON, and the roles of agents that carry them: what policy linters and we both read."""
    folder = scratch / "policies"
    (folder / "documents").mkdir(parents=True)
    made = corpus_cloudformation.Corpus(SEED)
    blocks = []
    for number in range(POLICIES):
        document = made.document()
        for statement in document["Statement"]:
            statement["Resource"] = "*" if number % 2 else "arn:aws:s3:::bucket/*"
        (folder / "documents" / f"policy{number}.json").write_text(json.dumps(document, indent=2), encoding="utf-8")
        blocks.append(_role_of(number))
    (folder / "main.tf").write_text("".join(blocks), encoding="utf-8")
    return Corpus(f"{POLICIES} policies", folder, folder / "main.tf")


def _role_of(number: int) -> str:
    return f"""
resource "aws_iam_role" "r{number}" {{
  name               = "r{number}"
  assume_role_policy = jsonencode({{ Statement = [{{
    Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ Service = "bedrock.amazonaws.com" }} }}] }})
}}
resource "aws_iam_role_policy" "r{number}" {{
  role   = aws_iam_role.r{number}.id
  policy = file("${{path.module}}/documents/policy{number}.json")
}}
resource "aws_bedrockagent_agent" "a{number}" {{
  agent_name              = "a{number}"
  agent_resource_role_arn = aws_iam_role.r{number}.arn
}}
"""
