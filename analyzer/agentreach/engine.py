"""A scan: paths in, graph and findings out. It knows no format, no provider and no check by name.

paths ─ sources ─► parsers ─► lowering ─► graph ─► checks ─► consolidate ─► suppressions ─► Scan
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from importlib import import_module
from os import environ
from typing import TYPE_CHECKING

from agentreach import constructs, lowering, moved, suppressions
from agentreach.check import Stage
from agentreach.configuration import Configuration
from agentreach.consolidate import consolidate, silenced, united
from agentreach.findings import Severity
from agentreach.graph import GraphOptions, build
from agentreach.identity import Confidence
from agentreach.model import Format, Parsed
from agentreach.records import dataclass, field, replace
from agentreach.sources import FileKind, Limits, Tree
from agentreach.sources.limits import applied

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from agentreach.check import Check
    from agentreach.constructs import Constructs
    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph
    from agentreach.identity import Fact
    from agentreach.model import Broken, Skipped, Source
    from agentreach.moved import Moves
    from agentreach.sources.observed import Observed
    from agentreach.suppressions import Applied, Directive

FORMATS = {
    Format.TERRAFORM: frozenset(
        {
            FileKind.TERRAFORM,
            FileKind.TERRAFORM_JSON,
            FileKind.TERRAFORM_VARIABLES,
            FileKind.TERRAFORM_PLAN,
            FileKind.TERRAGRUNT,
        }
    ),
    Format.CLOUDFORMATION: frozenset(
        {FileKind.CLOUDFORMATION, FileKind.CDK_MANIFEST, FileKind.CDK_APP, FileKind.SERVERLESS_SERVICE}
    ),
    Format.KUBERNETES: frozenset({FileKind.KUBERNETES, FileKind.KUSTOMIZATION, FileKind.HELM_CHART}),
}

# What is being done, and which part of the whole is behind (0 to 1).
Progress = Callable[[str, float], None]
# How much of a long scan is behind after reading and after joining, roughly.
_READ, _JOINED = 0.6, 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to read and what to report. Defaults are those of the command line."""

    exclude: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    min_severity: Severity = Severity.LOW
    min_confidence: Confidence = Confidence.MEDIUM
    variables: tuple[tuple[str, str], ...] = ()
    variable_files: tuple[Path, ...] = ()
    workspace: str = "default"
    parameters: tuple[tuple[str, str], ...] = ()
    parameter_files: tuple[Path, ...] = ()
    module_sources: tuple[tuple[str, Path], ...] = ()
    helm: str = "auto"
    helm_values: tuple[Path, ...] = ()
    strict: bool = False
    limits: Limits = field(default_factory=Limits)
    graph: GraphOptions = field(default_factory=GraphOptions)
    severities: tuple[tuple[str, Severity], ...] = ()
    today: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What was read, concluded, and not concluded. `findings` hold suppressed ones too, marked.

    `before` is the same scan of an earlier revision; then `findings` are only those that the change adds, and `weakens`
    says what it ignores, excludes, disables, raises or suppresses that was not before.
    """

    graph: AgentGraph
    findings: tuple[Finding, ...]
    files: int
    resources: int
    checks: tuple[Check, ...]
    sources: tuple[Source, ...] = ()
    seconds: float = 0.0
    configuration: Configuration = field(default_factory=Configuration)
    known: int = 0
    notes: tuple[str, ...] = ()
    before: Scan | None = None
    weakens: tuple[str, ...] = ()

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """What was not analysed, and why."""
        return self.graph.skipped

    @property
    def broken(self) -> tuple[Broken, ...]:
        """What should have been analysed and could not be parsed."""
        return self.graph.broken

    @property
    def open_findings(self) -> tuple[Finding, ...]:
        """Findings that count."""
        return tuple(finding for finding in self.findings if finding.suppressed is None)

    def is_incomplete(self, *, strict: bool = False) -> bool:
        """True when something that should have been analysed could not be; strictly, any skip or unknown."""
        failed = bool(self.broken) or any(not skip.by_design for skip in self.skipped)
        return failed or bool(self.configuration.refused) or (strict and bool(self.skipped or self.graph.unknowns))


def scan(
    paths: Sequence[Path],
    *,
    checks: Sequence[Check],
    options: Options | None = None,
    configuration: Configuration | None = None,
    progress: Progress | None = None,
    observed: Observed | None = None,
) -> Scan:
    """Analyse paths with the given checks. A path that does not exist raises UsageError; scanned text never raises.

    `observed` notes what the scan saw of the file system.
    """
    options = options or Options()
    began = time.perf_counter()
    tell: Progress = progress or (lambda _doing, _part: None)
    on_read = progress and _reading(progress)
    tree = Tree(paths, exclude=options.exclude, limits=options.limits, on_read=on_read, observed=observed)
    read = _read(tree, options)
    tell("joining", _READ)
    graph = _graph(tree, read, options)
    tell("checking", _JOINED)
    chosen = selected(checks, options)
    findings = _findings(graph, chosen, read, options)
    return Scan(
        graph=graph,
        findings=findings,
        files=read.files,
        resources=read.resources,
        checks=chosen,
        sources=read.sources,
        seconds=time.perf_counter() - began,
        configuration=configuration or Configuration(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What is left of the resources once their facts are known: a large scan has no room for both them and a graph."""

    facts: tuple[Fact, ...]
    directives: tuple[Directive, ...]
    moves: Moves
    constructs: Constructs
    skipped: tuple[Skipped, ...]
    broken: tuple[Broken, ...]
    sources: tuple[Source, ...]
    files: int
    resources: int


def _read(tree: Tree, options: Options) -> _Read:
    with applied(options.limits):
        parsed = tuple(_parse(tree, options))
    resources = tuple(resource for one in parsed for resource in one.resources)
    sources = tuple(source for one in parsed for source in one.sources)
    return _Read(
        facts=lowering.lower(resources),
        directives=suppressions.find(sources, resources),
        moves=moved.find(sources, resources),
        constructs=constructs.by_source(resources),
        skipped=tuple(skip for one in parsed for skip in one.skipped),
        broken=tuple(broken for one in parsed for broken in one.broken),
        sources=sources,
        files=sum(one.files for one in parsed),
        resources=len(resources),
    )


def _reading(tell: Progress) -> Callable[[int, int], None]:
    """Tells of files read. What is only referred to is read too, and evaluation goes on after the last file."""

    def told(read: int, files: int) -> None:
        read = min(read, files)
        tell(f"reading {read:,} of {files:,} files", _READ * read / max(files, 1))

    return told


def _parse(tree: Tree, options: Options) -> Iterator[Parsed]:
    """Load each format that occurs; a parser that is not needed is not imported."""
    kinds = {file.kind for file in tree.files}
    for format_, wanted in FORMATS.items():
        if kinds & wanted:
            module = import_module(f"agentreach.parsers.{format_.value}")
            yield module.load(tree, _parser_options(module, format_, options), lowering.wanted)


def _parser_options(module: object, format_: Format, options: Options) -> object:
    match format_:
        case Format.TERRAFORM:
            given = {
                "variables": dict(options.variables),
                "var_files": options.variable_files,
                "workspace": options.workspace,
                "module_sources": dict(options.module_sources),
                "every_body": options.strict,
                "on_demand": lowering.on_demand,
                "module_depth": options.limits.module_depth,
                "instances": options.limits.instances,
            }
        case Format.CLOUDFORMATION:
            given = {"parameters": dict(options.parameters), "parameter_files": options.parameter_files}
        case Format.KUBERNETES:
            given = {"helm": options.helm, "helm_values": options.helm_values}
    return getattr(module, f"{format_.name.capitalize()}Options")(**given)


def _graph(tree: Tree, read: _Read, options: Options) -> AgentGraph:
    skipped = (*tree.skipped, *read.skipped)
    graph = build(read.facts, skipped=skipped, broken=read.broken, options=options.graph)
    return replace(graph, options=options.graph)


def selected(checks: Iterable[Check], options: Options) -> tuple[Check, ...]:
    """The checks to run: `select` and `ignore` hold ids, names or prefixes of ids."""
    return tuple(
        check
        for check in checks
        if (not options.select or _named(check, options.select)) and not _named(check, options.ignore)
    )


def _named(check: Check, patterns: Iterable[str]) -> bool:
    return any(check.id.startswith(pattern.upper()) or check.name == pattern for pattern in patterns)


def _findings(graph: AgentGraph, checks: Sequence[Check], read: _Read, options: Options) -> tuple[Finding, ...]:
    said = silenced(tuple(claims(graph, checks, options)), checks)
    applied = suppressions.apply(
        said,
        read.directives,
        today=options.today or today(),
        ran=frozenset(name for check in checks for name in (check.id, check.name)),
    )
    findings = (*united(applied.findings, read.moves), *consolidate(_about_suppressions(checks, applied), checks))
    return constructs.named(findings, read.constructs)


def claims(graph: AgentGraph, checks: Sequence[Check], options: Options) -> Iterator[Finding]:
    """What the checks say of a graph, as severe and as sure as the options ask for."""
    found = (finding for check in checks if check.stage is Stage.GRAPH for finding in check(graph))
    capped = (_capped(finding, dict(options.severities)) for finding in found)
    return (finding for finding in capped if _reported(finding, options))


def _about_suppressions(checks: Sequence[Check], applied: Applied) -> Iterator[Finding]:
    return (finding for check in checks if check.stage is Stage.SUPPRESSIONS for finding in check.logic(applied))


def _capped(finding: Finding, ceilings: dict[str, Severity]) -> Finding:
    ceiling = ceilings.get(finding.check_id) or ceilings.get(finding.name)
    if ceiling is None or finding.severity <= ceiling:
        return finding
    return replace(finding, severity=ceiling)


def _reported(finding: Finding, options: Options) -> bool:
    return finding.severity >= options.min_severity and finding.confidence >= options.min_confidence


def today() -> date:
    """The date suppressions are held against: `SOURCE_DATE_EPOCH` when set, so that runs can be repeated."""
    epoch = environ.get("SOURCE_DATE_EPOCH", "")
    moment = datetime.fromtimestamp(int(epoch), UTC) if epoch.isdigit() else datetime.now(UTC)
    return moment.date()
