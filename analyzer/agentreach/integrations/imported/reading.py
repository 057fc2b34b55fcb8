"""Reports of other tools: checkov's JSON, trivy's JSON, and SARIF 2.1.0 of any tool. Hostile content is bounded."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from agentreach.errors import UsageError
from agentreach.findings import Severity
from agentreach.late_regex import late_regex
from agentreach.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

MOST_BYTES = 64 * 1024 * 1024
MOST_FINDINGS = 100_000
RULE = late_regex(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}")
OURS = late_regex(r"AR\d{3}(/[a-z]{1,10})?")
WORDS = {"critical": Severity.CRITICAL, "high": Severity.HIGH, "medium": Severity.MEDIUM, "low": Severity.LOW}
LEVELS = {"error": Severity.HIGH, "warning": Severity.MEDIUM, "note": Severity.LOW, "none": Severity.LOW}
Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """One finding of another tool, as text and numbers only.

    `paths` are what it says about the file, the surest first; lines count from 1, 0 where it names none. `resource`
    is the address as the tool writes it. A severity it does not give is medium.
    """

    origin: str
    rule: str
    title: str
    message: str
    severity: Severity
    paths: tuple[str, ...]
    line: int = 0
    end_line: int = 0
    resource: str = ""
    help: str = ""


def read(path: Path) -> tuple[Imported, ...]:
    """The failed results of a report, without suppressed ones and those of our own checks."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UsageError(f"{path}: larger than {MOST_BYTES} bytes")
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError(f"{path}: cannot be imported: {error}") from error
    return parse(content, path.name)


def parse(content: object, name: str) -> tuple[Imported, ...]:
    """The same for decoded JSON. Raises UsageError when it is none of the known shapes."""
    reader = _reader(content)
    if reader is None:
        raise UsageError(f"{name}: not a report of checkov (-o json), trivy (--format json) or SARIF 2.1.0")
    found: list[Imported] = []
    for one in reader(content):
        if not OURS.fullmatch(one.rule):
            found.append(one)
        if len(found) >= MOST_FINDINGS:
            raise UsageError(f"{name}: more than {MOST_FINDINGS} findings")
    return tuple(found)


def _reader(content: object) -> Callable[[Any], Iterator[Imported]] | None:
    if isinstance(content, list):
        return _checkov if all(isinstance(one, dict) for one in content) else None
    if not isinstance(content, dict):
        return None
    if isinstance(content.get("runs"), list):
        return _sarif
    if "SchemaVersion" in content or isinstance(content.get("Results"), list):
        return _trivy
    # checkov writes counts without results when it found nothing to look at
    return _checkov if {"check_type", "results", "passed", "checkov_version"} & content.keys() else None


def _checkov(content: object) -> Iterator[Imported]:
    for report in _maps(content if isinstance(content, list) else [content]):
        for one in _maps(_map(report.get("results")).get("failed_checks")):
            start, end = _lines(one.get("file_line_range"))
            title = _text(one.get("check_name"), 300)
            yield Imported(
                origin="checkov",
                rule=_rule(one.get("check_id")),
                title=title,
                message=title,
                severity=WORDS.get(_text(one.get("severity"), 20).lower(), Severity.MEDIUM),
                paths=_paths(one.get("file_abs_path"), one.get("repo_file_path"), one.get("file_path")),
                line=start,
                end_line=end,
                resource=_text(one.get("resource"), 500),
                help=_text(one.get("guideline"), 300),
            )


def _trivy(content: Json) -> Iterator[Imported]:
    for result in _maps(content.get("Results")):
        for one in _maps(result.get("Misconfigurations")):
            if one.get("Status", "FAIL") != "FAIL":
                continue
            cause = _map(one.get("CauseMetadata"))
            start, end = _lines([cause.get("StartLine"), cause.get("EndLine")])
            yield Imported(
                origin="trivy",
                rule=_rule(one.get("AVDID") or one.get("ID")),
                title=_text(one.get("Title"), 300),
                message=_text(one.get("Message") or one.get("Title"), 1000),
                severity=WORDS.get(_text(one.get("Severity"), 20).lower(), Severity.MEDIUM),
                paths=_paths(result.get("Target")),
                line=start,
                end_line=end,
                resource=_text(cause.get("Resource"), 500),
                help=_text(one.get("PrimaryURL"), 300),
            )


def _sarif(content: Json) -> Iterator[Imported]:
    for run in _maps(content.get("runs")):
        driver = _map(_map(run.get("tool")).get("driver"))
        origin = re.sub(r"[^a-z0-9._-]", "", _text(driver.get("name"), 40).lower()) or "sarif"
        listed = driver.get("rules")
        rules = listed if isinstance(listed, list) else []
        by_id = {_text(rule.get("id"), 100): rule for rule in _maps(rules)}
        for one in _maps(run.get("results")):
            if not one.get("suppressions") and one.get("kind", "fail") == "fail" and origin != "agentreach":
                yield _sarif_result(one, origin, rules, by_id)


def _sarif_result(one: Json, origin: str, rules: list[Any], by_id: dict[str, Json]) -> Imported:
    reference = _map(one.get("rule"))
    number = one.get("ruleIndex", reference.get("index"))
    rule = _map(rules[number]) if isinstance(number, int) and 0 <= number < len(rules) else {}
    named = _text(one.get("ruleId") or reference.get("id") or rule.get("id"), 100)
    rule = rule or by_id.get(named, {})
    location = next(_maps(one.get("locations")), {})
    physical = _map(location.get("physicalLocation"))
    region = _map(physical.get("region"))
    start, end = _lines([region.get("startLine"), region.get("endLine", region.get("startLine"))])
    logical = next(_maps(location.get("logicalLocations")), {})
    message = _text(_map(one.get("message")).get("text"), 1000)
    title = _text(_map(rule.get("shortDescription")).get("text"), 300) or _text(rule.get("name"), 300)
    return Imported(
        origin=origin,
        rule=_rule(named),
        title=title or message,
        message=message or title,
        severity=_sarif_severity(one, rule),
        paths=_paths(_file(_text(_map(physical.get("artifactLocation")).get("uri"), 1000))),
        line=start,
        end_line=end,
        resource=_text(logical.get("fullyQualifiedName") or logical.get("name"), 500),
        help=_text(rule.get("helpUri"), 300),
    )


def _sarif_severity(one: Json, rule: Json) -> Severity:
    """`security-severity` (0 to 10, as GitHub reads it) before the level."""
    written = _map(one.get("properties")).get(
        "security-severity", _map(rule.get("properties")).get("security-severity")
    )
    try:
        score = float(written)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        default = _map(rule.get("defaultConfiguration")).get("level", "warning")
        return LEVELS.get(_text(one.get("level", default), 20), Severity.MEDIUM)
    bounds = ((9.0, Severity.CRITICAL), (7.0, Severity.HIGH), (4.0, Severity.MEDIUM))
    return next((severity for bound, severity in bounds if score >= bound), Severity.LOW)


def _file(uri: str) -> str:
    """A relative reference or a `file:` address as a path; any other scheme names no file of ours."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return ""
    return unquote(parts.path) if parts.scheme in ("", "file") else ""


def _rule(value: object) -> str:
    text = value if isinstance(value, str) else ""
    return text if RULE.fullmatch(text) else "unnamed"


def _paths(*values: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for value in values if (text := _text(value, 1000))))


def _text(value: object, most: int) -> str:
    """One line of printable text, bounded."""
    if not isinstance(value, str):
        return ""
    return " ".join("".join(c if c.isprintable() else " " for c in value[: most * 2]).split())[:most]


def _lines(value: object) -> tuple[int, int]:
    if not isinstance(value, list) or len(value) != 2:  # noqa: PLR2004 - start and end
        return 0, 0
    start, end = (one if isinstance(one, int) and 0 < one < 10**9 else 0 for one in value)
    return start, max(start, end)


def _map(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _maps(value: object) -> Iterator[Json]:
    return (one for one in value if isinstance(one, dict)) if isinstance(value, list) else iter(())
