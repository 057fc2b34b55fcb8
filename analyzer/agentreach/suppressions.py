"""Suppressions written beside the code they concern, with a reason and, better, an end.

    # agentreach: ignore[AR302] break-glass role of the platform team, until 2027-01-31

stands on the line of the evidence, or alone above the line or block. CloudFormation templates in JSON say it under
`Metadata: {agentreach: {ignore: […]}}`, Kubernetes manifests by the annotation `agentreach.dev/ignore`.
A suppression without a reason, or past its date, hides nothing and is itself reported (AR003).
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from agentreach.findings import Finding, Suppression
from agentreach.late_regex import late_regex
from agentreach.model import Format, Key, Resource, Source, Span, child, descend, elements, string
from agentreach.records import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MARK = "agentreach:"
COMMENT = late_regex(r"(?:#|//)[ \t]{0,8}agentreach:[ \t]{0,8}ignore\[([^\]\n]{1,200})\]([^\n]{0,2000})")
UNTIL = late_regex(r",?[ \t]{0,8}\buntil[ \t]{1,8}(\d{4}-\d{2}-\d{2})[ \t]{0,8}(?:\*/|-->)?[ \t\r]{0,8}$")
WRITTEN = late_regex(r"[ \t]{0,8}([A-Za-z0-9_,\- ]{1,200}?)(?:[: \t]{1,8}|$)(.{0,2000})", re.DOTALL)
CHECK_ID = late_regex(r"[A-Z]{2,10}\d{1,5}|[a-z][a-z0-9-]{2,60}")
ANNOTATION = "agentreach.dev/ignore"
LONGEST_OTHER = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Directive:
    """One suppression as written. It covers evidence on `line` of its file, or inside `resource`.

    `until` is the last day it holds; `malformed` says what is wrong with the date.
    """

    checks: tuple[str, ...]
    reason: str
    until: date | None
    at: Span
    line: int = 0
    resource: Resource | None = None
    malformed: str = ""

    def problem(self, today: date) -> str | None:
        """Why it suppresses nothing, or None when it is in order."""
        if self.malformed:
            return self.malformed
        if not self.reason:
            return "has no reason"
        if self.until is not None and self.until < today:
            return f"ended on {self.until.isoformat()}"
        return None

    def covers(self, finding: Finding) -> bool:
        """Whether the finding is one of the named checks with its primary evidence here, or about this resource."""
        if not {finding.check_id, finding.name} & set(self.checks) or not finding.evidence:
            return False
        at = finding.evidence[0].at
        if self.resource is not None:
            return finding.subject == self.resource.key or _inside(at, self.resource.at)
        same_file = at.source.path == self.at.source.path
        return same_file and at.source.position(at.start)[0] == self.line


@dataclass(frozen=True, slots=True)
class Problem:
    """A suppression that does not do what it says."""

    directive: Directive
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """Findings with their suppressions, and the suppressions that are out of order."""

    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]


def find(sources: Iterable[Source], resources: Sequence[Resource]) -> tuple[Directive, ...]:
    """Every suppression in the scanned sources, in file order."""
    return (*_comments(sources, resources), *_declared(resources))


def apply(findings: Sequence[Finding], directives: Sequence[Directive], *, today: date, ran: frozenset[str]) -> Applied:
    """Mark covered findings. "Matching nothing" is only said of checks that `ran` (ids and names)."""
    used: set[int] = set()
    marked = tuple(_marked(finding, directives, today, used) for finding in findings)
    problems = [
        Problem(directive, message)
        for number, directive in enumerate(directives)
        if (message := _out_of_order(directive, number in used, today, ran))
    ]
    return Applied(findings=marked, problems=tuple(problems))


def _out_of_order(directive: Directive, used: bool, today: date, ran: frozenset[str]) -> str | None:  # noqa: FBT001
    message = directive.problem(today)
    if message or used or not set(directive.checks) <= ran:
        return message
    return "matches nothing"


def _marked(finding: Finding, directives: Sequence[Directive], today: date, used: set[int]) -> Finding:
    for number, directive in enumerate(directives):
        if directive.problem(today) is None and directive.covers(finding):
            used.add(number)
            place = directive.at.location
            until = directive.until.isoformat() if directive.until else None
            return replace(finding, suppressed=Suppression(directive.reason, until, place.path, place.line))
    return finding


def _inside(at: Span, block: Span) -> bool:
    return at.source.path == block.source.path and block.start <= at.start < max(block.end, block.start + 1)


def _comments(sources: Iterable[Source], resources: Sequence[Resource]) -> Iterator[Directive]:
    for source in sources:
        if MARK in source.text:
            blocks = {_line(r.at): r for r in resources if r.at.source.path == source.path}
            for match in COMMENT.finditer(source.text):
                yield _comment(source, match, blocks)


def _line(at: Span) -> int:
    return at.source.position(at.start)[0]


def _comment(source: Source, match: re.Match[str], blocks: dict[int, Resource]) -> Directive:
    line = source.position(match.start())[0]
    start = source.text.rfind("\n", 0, match.start()) + 1
    alone = not source.text[start : match.start()].strip(" \t-")
    target = _next_code_line(source, match.end(), line) if alone else line
    directive = _directive(match[1], match[2], Span(source, match.start(), match.end()))
    return replace(directive, line=target, resource=blocks.get(target) if alone else None)


def _next_code_line(source: Source, offset: int, line: int) -> int:
    """The first line after a comment that is neither blank nor a comment, within fifty lines."""
    for text in source.text[offset : offset + 8000].split("\n")[1:51]:
        line += 1
        if text.strip() and not text.lstrip().startswith(("#", "//")):
            return line
    return line


def _directive(checks: str, rest: str, at: Span) -> Directive:
    names = tuple(_shown(name) for name in re.split(r"[,\s]+", checks) if name)
    until, malformed = None, ""
    found = UNTIL.search(rest)
    if found:
        rest = rest[: found.start()]
        try:
            until = date.fromisoformat(found[1])
        except ValueError:
            malformed = f"ends on {found[1]}, which is no date"
    bad = [name for name in names if not CHECK_ID.fullmatch(name)]
    if bad:
        malformed = f"names {bad[0][:40]!r}, which is no check"
    return Directive(checks=names, reason=rest.strip(" \t\r,;:-*/"), until=until, at=at, malformed=malformed)


def _shown(name: str) -> str:
    """The name of a check; of what cannot be one only the beginning, because it is some other text, or a secret."""
    return name if len(name) <= LONGEST_OTHER or CHECK_ID.fullmatch(name) else f"{name[:LONGEST_OTHER]}…"


def _declared(resources: Sequence[Resource]) -> Iterator[Directive]:
    for resource in resources:
        if resource.format is Format.CLOUDFORMATION:
            written = descend(resource.siblings.get("Metadata"), "agentreach.ignore")
        elif resource.format is Format.KUBERNETES:
            written = child(descend(resource.attributes, "metadata.annotations"), ANNOTATION)
        else:
            continue
        for item in elements(written):
            yield from _written(item, resource)


def _written(item: object, resource: Resource) -> Iterator[Directive]:
    """`"AR302 reason, until 2027-01-31"`, several separated by newlines or semicolons, or a map of the parts."""
    text = string(item)  # type: ignore[arg-type]
    if text is not None:
        for part in re.split(r"[;\n]", text):
            if part.strip():
                match = WRITTEN.match(part)
                checks, rest = (match[1], match[2]) if match else (part.split()[0], "")
                yield replace(_directive(checks, rest, item.at), resource=resource)  # type: ignore[attr-defined]
        return
    parts = {name: string(child(item, name)) or "" for name in ("check", "reason", "until")}  # type: ignore[arg-type]
    rest = parts["reason"] + (f", until {parts['until']}" if parts["until"] else "")
    yield replace(_directive(parts["check"], rest, item.at), resource=resource)  # type: ignore[attr-defined]


def subject_of(directive: Directive) -> Key:
    """What a report names as the subject of a suppression that is out of order."""
    if directive.resource is not None:
        return directive.resource.key
    return Key(".", directive.at.source.path)
