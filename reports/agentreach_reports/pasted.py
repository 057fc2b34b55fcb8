"""What a check's own page writes instead, in the format of the file at hand: its Prefer example without its Avoid one.

The pages are executed as tests, so what is shown here is silent in a scan. Pages of checks that users add have none.
"""

from __future__ import annotations

import sys
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from agentreach.late_regex import late_regex

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agentreach.check import Check
    from agentreach.findings import Finding

LONGEST = 14
_FENCE = late_regex(r"^```(\w+)\n(.*?)^```$", 8 | 16)  # re.MULTILINE | re.DOTALL
_MARK = late_regex(r"[ \t]*+(?:#|//) finding:[^\n]*+$", 8)
_CLOUDFORMATION = late_regex(r"^\"?Resources\"?:|\"Resources\"\s*+:", 8)
# Terraform's action group cannot require a confirmation: the page prefers a function that only reads.
_WITHOUT = {("AR401", "terraform")}
# What a page prefers to a secret may be fewer rights: that is no example beside the secret.
_OF_STATEMENT = late_regex(r"\s*+(?:Action|Resource)\b")
_KUBERNETES = late_regex(r"^[ \t]*+\"?kind\"?:", 8)


class Pages:
    """The pages of a scan's checks, each example told once."""

    def __init__(self, checks: Iterable[Check]) -> None:
        self._checks = {check.id: check for check in checks}
        self._told: set[tuple[str, str]] = set()

    def lines(self, finding: Finding) -> list[str]:
        """The example for a finding; nothing when it was told before, or there is none that is short enough."""
        check, language = self._checks.get(finding.check_id), language_of(finding)
        if check is None or not language or (check.id, language) in self._told | _WITHOUT:
            return []
        lines = instead(page(check), language)
        if all(map(_OF_STATEMENT.match, lines)) and "ction" not in finding.evidence[0].at.text:
            return []
        self._told.add((check.id, language))
        return lines


def page(check: Check) -> str:
    """The documentation page beside a check's module; empty where there is none."""
    module = sys.modules.get(check.module)
    path = Path(module.__file__).with_suffix(".md") if module and module.__file__ else None
    return path.read_text(encoding="utf-8") if path is not None and path.is_file() else ""


def instead(text: str, language: str) -> list[str]:
    """The lines that the first Prefer example of a language has and the first Avoid example has not."""
    avoid, prefer = (_first(text, title, language) for title in ("## Avoid", "## Prefer"))
    if not avoid or not prefer:
        return []
    from difflib import SequenceMatcher  # noqa: PLC0415 - only for a finding that nothing else is suggested for

    steps = SequenceMatcher(None, [*map(_unaligned, avoid)], [*map(_unaligned, prefer)], autojunk=False).get_opcodes()
    added = list(chain.from_iterable(prefer[step[3] : step[4]] for step in steps if step[0] in {"insert", "replace"}))
    return _dedented(added) if len(added) <= LONGEST else []


def _first(text: str, title: str, language: str) -> list[str]:
    section = text.partition(f"{title}\n")[2].partition("\n## ")[0]
    found = next((match[2] for match in _FENCE.finditer(section) if match[1] == language), "")
    return [_MARK.sub("", line) for line in found.splitlines()]


def _unaligned(line: str) -> str:
    """The line as if nothing in it stood under the line above: alignment is no difference."""
    return line[: len(line) - len(line.lstrip())] + " ".join(line.split())


def _dedented(lines: list[str]) -> list[str]:
    indents = [len(line) - len(line.lstrip()) for line in lines if line.strip()]
    return [line[min(indents) :] for line in lines] if indents else []


def language_of(finding: Finding) -> str:
    """The format of the file that a finding's first evidence stands in; empty for any other."""
    if not finding.evidence:
        return ""
    source = finding.evidence[0].at.source
    if source.path.endswith((".tf", ".tofu")):
        return "terraform"
    if not source.path.endswith((".yaml", ".yml", ".json", ".template")):
        return ""
    if _CLOUDFORMATION.search(source.text):
        return "cloudformation"
    return "kubernetes" if _KUBERNETES.search(source.text) else ""
