"""Read a check's Markdown twin: sections, and fences that are whole sources to be scanned."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agentreach.check import Check

FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MARK = re.compile(r"(?:#|//)\s*finding:\s*(AR\d{3}(?:[ ,]+AR\d{3})*)")
FILES = {"terraform": "main.tf", "cloudformation": "template.yaml", "kubernetes": "manifests.yaml", "json": "plan.json"}
SECTIONS = ("What it does", "Why it matters for an agent", "Avoid", "Prefer", "Edge cases", "References")


@dataclass(frozen=True)
class Example:
    """A fence of a page: a file to scan, and where which check must fire."""

    check_id: str
    section: str
    number: int
    language: str
    text: str

    @property
    def file(self) -> str:
        return FILES[self.language]

    @property
    def expected(self) -> set[tuple[str, int]]:
        """Marked (check id, line) pairs."""
        return {
            (check_id, number)
            for number, line in enumerate(self.text.splitlines(), start=1)
            if (match := MARK.search(line))
            for check_id in re.findall(r"AR\d{3}", match[1])
        }

    def __str__(self) -> str:
        return f"{self.check_id}-{self.section.split(maxsplit=1)[0].lower()}-{self.number}-{self.language}"


def page(check: Check) -> str:
    package, _, module = check.module.rpartition(".")
    path = files(package).joinpath(f"{module}.md")
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def sections(text: str) -> dict[str, str]:
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def examples(check: Check) -> list[Example]:
    found: list[Example] = []
    for title, body in sections(page(check)).items():
        for match in FENCE.finditer(body):
            if match[1] in FILES:
                found.append(Example(check.id, title, len(found) + 1, match[1], match[2]))
    return found
