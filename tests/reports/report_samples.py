"""The stacks that report tests scan, and every format that the package writes.

`python tests/reports/report_samples.py` writes the golden files again; read the difference before committing it.
"""

from __future__ import annotations

import json
import sys
from contextlib import chdir
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from agentreach import engine
from agentreach_checks import ALL
from agentreach_reports import COMPLIANCE_FORMATS, INVENTORY_FORMATS, REVIEW_FORMATS, SCAN_FORMATS, renderer
from agentreach_reports.page_data import page_data
from agentreach_reports.presentation import Presentation

if TYPE_CHECKING:
    from agentreach.engine import Scan

HERE = Path(__file__).parent
STACKS, GOLDEN = HERE / "stacks", HERE / "golden"
FIXTURES = HERE.parent.parent / "fixtures"
MOMENT = 1_793_491_200
PRESENTATION = Presentation(timestamp=MOMENT, revision="0123456789abcdef", frameworks=("owasp-asi-2026",))
TABLES = {
    "scan": SCAN_FORMATS,
    "review": REVIEW_FORMATS,
    "compliance": COMPLIANCE_FORMATS,
    "agents": INVENTORY_FORMATS,
}
ENDINGS = {
    "text": "txt",
    "table": "txt",
    "markdown": "md",
    "junit": "xml",
    "github": "txt",
    "csv": "csv",
    "html": "html",
}


class Format(NamedTuple):
    """One format of one command."""

    command: str
    name: str

    @property
    def file(self) -> str:
        return f"{self.command}-{self.name}.{ENDINGS.get(self.name, 'json')}"

    def write(self, scan: Scan, presentation: Presentation = PRESENTATION) -> str:
        return renderer(TABLES[self.command], self.name)(scan, presentation)


FORMATS = tuple(Format(command, name) for command, table in TABLES.items() for name in table)
# The pages hold the script of the page too; their data is what tests compare.
COMPARED = tuple(one for one in FORMATS if one.name != "html")


def scan_folder(folder: Path, *, within: Path | None = None) -> Scan:
    """Scan with paths relative to `within` (its parent unless told)."""
    base = within or folder.parent
    options = engine.Options(today=date(2026, 11, 1))
    with chdir(base):
        scan = engine.scan([folder.relative_to(base)], checks=ALL, options=options)
    return replace(scan, seconds=1.25)


@cache
def scanned(name: str) -> Scan:
    """A stack of the tests."""
    return scan_folder(STACKS / name)


@cache
def before() -> Scan:
    """The stack `desk` as it was some commits ago."""
    return scan_folder(STACKS / "before" / "desk")


@cache
def fixture(name: str) -> Scan:
    """A fixture of the project; "." for all of them."""
    return scan_folder(FIXTURES / name if name != "." else FIXTURES, within=FIXTURES.parent)


def golden() -> dict[str, str]:
    """Every golden file's text by name."""
    scan = scanned("desk")
    texts = {one.file: one.write(scan) for one in COMPARED}
    texts["page-data.json"] = json.dumps(page_data(scan, PRESENTATION), indent=1, ensure_ascii=False) + "\n"
    texts["scan-text-broken.txt"] = Format("scan", "text").write(scanned("broken"))
    texts["scan-text-quiet.txt"] = Format("scan", "text").write(scan, replace(PRESENTATION, quiet=True))
    earlier = Format("scan", "json").write(before())
    compared = replace(PRESENTATION, previous=earlier)
    texts["scan-markdown-compared.md"] = Format("scan", "markdown").write(scan, compared)
    texts["compliance-markdown-compared.md"] = Format("compliance", "markdown").write(scan, compared)
    return texts


def main() -> int:
    GOLDEN.mkdir(exist_ok=True)
    texts = golden()
    for old in set(GOLDEN.iterdir()) - {GOLDEN / name for name in texts}:
        old.unlink()
    changed = [name for name, text in texts.items() if not _same(GOLDEN / name, text)]
    for name, text in texts.items():
        (GOLDEN / name).write_text(text, encoding="utf-8", newline="")
    sys.stdout.write(f"wrote {len(texts)} files, {len(changed)} changed: {', '.join(changed)}\n")
    return 0


def _same(path: Path, text: str) -> bool:
    return path.exists() and path.read_bytes() == text.encode()


if __name__ == "__main__":
    raise SystemExit(main())
