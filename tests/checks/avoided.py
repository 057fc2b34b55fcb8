"""What each check says about the examples of its page that are to be avoided, as text that was read and committed.

`python tests/checks/avoided.py` writes `avoided.txt` anew; look at the difference before committing it.
"""

from __future__ import annotations

import os
import sys
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from agentreach import scan
from agentreach.engine import Options
from agentreach.identity import Confidence
from agentreach_checks import ALL
from check_pages import examples

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.check import Check
    from agentreach.findings import Finding

FILE = Path(__file__).with_name("avoided.txt")
EVERYTHING = Options(min_confidence=Confidence.LOW, helm="off")


def said(check: Check, folder: Path) -> str:
    """The findings of a check on its own examples: how bad, how sure, the sentence, its causes, what each line shows."""
    lines = [f"== {check.id} =="]
    for example in examples(check):
        if example.section == "Avoid":
            place = folder / str(example.number)
            place.mkdir()
            (place / example.file).write_text(example.text, encoding="utf-8")
            with chdir(place):
                found = [one for one in scan(".", options=EVERYTHING).open_findings if one.check_id == check.id]
            lines += [f"-- {example.language} {example.number}", *(line for one in found for line in _lines(one))]
    return "\n".join(lines) + "\n"


def _lines(finding: Finding) -> Iterator[str]:
    yield f"{finding.severity.label} {finding.confidence.label}: {finding.message}"
    yield f"  about {finding.subject.address}, because of {finding.cause}"
    yield from (f"  line {one.at.location.line}: {one.note}" for one in finding.evidence)


def committed(check_id: str) -> str:
    """The part of the file about a check."""
    text = FILE.read_text(encoding="utf-8")
    begin = text.index(f"== {check_id} ==")
    end = text.find("\n== ", begin)
    return text[begin : end + 1 if end >= 0 else len(text)]


def main() -> None:
    """Write the file."""
    os.environ["SOURCE_DATE_EPOCH"] = "1795478400"
    with TemporaryDirectory() as folder:
        texts = []
        for check in ALL:
            place = Path(folder) / check.id
            place.mkdir()
            texts.append(said(check, place))
    FILE.write_text("".join(texts), encoding="utf-8")


if __name__ == "__main__":
    main()
