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

LONGEST = 16
_FENCE = late_regex(r"^```(\w+)\n(.*?)^```$", 8 | 16)  # re.MULTILINE | re.DOTALL
_MARK = late_regex(r"(?:#|//) finding:[^\n]*+$", 8)
_CLOUDFORMATION = late_regex(r"^\"?Resources\"?:|\"Resources\"\s*+:", 8)
# Terraform's action group cannot require a confirmation: the page prefers a function that only reads.
# To writing in production's namespace it prefers another namespace.
_WITHOUT = {("AR401", "terraform"), ("AR306", "kubernetes")}
# Where fewer rights are what to write. Beside any other finding, another statement than its own says nothing.
_OF_RIGHTS = {"AR101", "AR102", "AR301"}
_STATEMENT = late_regex(r"\s*+(?:Action|Resource|role|role_definition_name|scope)\b")
_CLOUDS = {"google": late_regex(r"\bgoogle_\w"), "azure": late_regex(r"\b(?:azurerm|azapi|azuread)_\w")}
"""What resources of a cloud are called; the first examples of a page are of none of these."""
# What a broken file, an unknown policy, or who else holds rights asks for is no text that could stand for another.
_NONE = {"AR001", "AR002", "AR111"}
_KUBERNETES = late_regex(r"^[ \t]*+\"?kind\"?:", 8)


class Pages:
    """The pages of a scan's checks, each example told once."""

    def __init__(self, checks: Iterable[Check]) -> None:
        self._checks = {check.id: check for check in checks}
        self._told: set[tuple[str, str, str]] = set()

    def lines(self, finding: Finding) -> list[str]:
        """The example for a finding; nothing when it was told before, or there is none that is short enough."""
        check, language, cloud = self._checks.get(finding.check_id), language_of(finding), cloud_of(finding)
        if check is None or not language or (check.id, language, cloud) in self._told:
            return []
        self._told.add((check.id, language, cloud))
        return example(check, language, cloud)


def example(check: Check, language: str, cloud: str = "") -> list[str]:
    """What to write instead of what a check finds; nothing where its page has no text of its own for that."""
    if check.id in _NONE or (check.id, language) in _WITHOUT:
        return []
    return instead(page(check), language, rights=check.id in _OF_RIGHTS, cloud=cloud)


def page(check: Check) -> str:
    """The documentation page beside a check's module; empty where there is none."""
    module = sys.modules.get(check.module)
    path = Path(module.__file__).with_suffix(".md") if module and module.__file__ else None
    return path.read_text(encoding="utf-8") if path is not None and path.is_file() else ""


def instead(text: str, language: str, *, rights: bool, cloud: str = "") -> list[str]:
    """The lines that the first Prefer example of a language and cloud has and the first Avoid example has not.

    Other actions and resources of a statement are among them only where `rights` are what a finding is about.
    """
    avoid, prefer = (_first(text, title, language, cloud) for title in ("## Avoid", "## Prefer"))
    if not avoid or not prefer:
        return []
    from difflib import SequenceMatcher  # noqa: PLC0415 - only for a finding that nothing else is suggested for

    steps = SequenceMatcher(None, [*map(_unaligned, avoid)], [*map(_unaligned, prefer)], autojunk=False).get_opcodes()
    changed = [range(step[3], step[4]) for step in steps if step[0] in {"insert", "replace"}]
    told = [lines for lines in changed if rights or not all(_STATEMENT.match(prefer[line]) for line in lines)]
    shown = sorted({whole for line in chain.from_iterable(told) for whole in _whole(prefer, line)})
    added = [prefer[line] for line in shown]
    return _dedented(added) if len(added) <= LONGEST and _is_balanced("".join(added)) else []


def _whole(lines: list[str], line: int) -> range:
    """A line; where it opens a block of the file, all of the block."""
    opens = lines[line].endswith("{") and not lines[line][0].isspace()
    return range(line, lines.index("}", line) + 1 if opens else line + 1)


def _is_balanced(text: str) -> bool:
    return all(text.count(opening) == text.count(closing) for opening, closing in ("{}", "[]", "()"))


def _first(text: str, title: str, language: str, cloud: str) -> list[str]:
    section = text.partition(f"{title}\n")[2].partition("\n## ")[0]
    fences = (match[2] for match in _FENCE.finditer(section) if match[1] == language)
    found = next((fence for fence in fences if _cloud(fence) == cloud), "")
    return [_MARK.sub("", line).rstrip() for line in found.splitlines()]


def _unaligned(line: str) -> str:
    """The line as if nothing in it stood under the line above: alignment is no difference."""
    return line[: len(line) - len(line.lstrip())] + " ".join(line.split())


def _dedented(lines: list[str]) -> list[str]:
    indents = [len(line) - len(line.lstrip()) for line in lines if line.strip()]
    return "\n".join(line[min(indents) :] for line in lines).strip("\n").split("\n") if indents else []


def _cloud(text: str) -> str:
    return next((name for name, called in _CLOUDS.items() if called.search(text)), "")


def cloud_of(finding: Finding) -> str:
    """The cloud whose resources a finding in Terraform is about; empty for AWS and what is in no cloud."""
    if language_of(finding) != "terraform":
        return ""
    addresses = (finding.subject.address, *(agent.address for agent in finding.agents))
    return next((cloud for address in addresses if (cloud := _cloud(address))), "")


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
