"""Options that several commands take, and how they become engine options."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agentreach.cli import declaring as click
from agentreach.cli.progress import Bar
from agentreach.errors import UsageError
from agentreach.findings import Severity
from agentreach.identity import Confidence
from agentreach.records import dataclass, replace

if TYPE_CHECKING:
    from agentreach.check import Check
    from agentreach.configuration import Configuration
    from agentreach.engine import Options, Scan
    from agentreach.sources.observed import Observed

SEVERITIES = ("low", "medium", "high", "critical")
CONFIDENCES = ("low", "medium", "high")
LONGEST_NAME = 40
Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

paths_argument = click.argument("paths", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))

compare_option = click.option(
    "--compare",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="An earlier JSON report of ours: say what is new, gone and unchanged.",
)

CONFIG: Decorator = click.option(
    "--config",
    "config_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="A configuration you trust (default: the nearest agentreach.toml, not trusted).",
)
SHAPE = "How to write the answer."
WHEN_TO_FAIL = "Exit 1 from this severity up."
READING: tuple[Decorator, ...] = (
    click.option("--exclude", multiple=True, metavar="GLOB", help="Leave out files and folders that match."),
    click.option("--var", "variables", multiple=True, metavar="NAME=VALUE", help="Terraform variable; repeatable."),
    click.option(
        "--var-file",
        "variable_files",
        multiple=True,
        type=click.Path(path_type=Path, exists=True),
        help="Terraform variables from a .tfvars file; repeatable.",
    ),
    click.option("--workspace", metavar="NAME", help="Terraform workspace (default: default)."),
    click.option(
        "--parameter",
        "parameters",
        multiple=True,
        metavar="NAME=VALUE",
        help="CloudFormation parameter; repeatable.",
    ),
    click.option(
        "--parameter-file",
        "parameter_files",
        multiple=True,
        type=click.Path(path_type=Path, exists=True),
        help="CloudFormation parameters in JSON; repeatable.",
    ),
    click.option("--helm", type=click.Choice(["auto", "off"]), help="Render charts when helm is installed."),
    click.option(
        "--helm-values",
        multiple=True,
        type=click.Path(path_type=Path, exists=True),
        help="Values for the charts, as helm's own --values; repeatable.",
    ),
    click.option("--all-identities", is_flag=True, help="Treat every workload and every role as an agent."),
    click.option("--strict", is_flag=True, help="Parse every body; skips and unknown policies also exit 2."),
    CONFIG,
    click.option("--jobs", type=click.IntRange(min=1), help="Processes to use at most; a scan is quickest in one."),
    click.option("--no-cache", is_flag=True, help="Neither read nor write the cache."),
)
SELECTING: tuple[Decorator, ...] = (
    click.option("--select", multiple=True, metavar="ID", help="Only these checks: ids, names or prefixes (AR3)."),
    click.option("--ignore", multiple=True, metavar="ID", help="Not these checks."),
    click.option("--min-severity", type=click.Choice(SEVERITIES), help="Leave out lesser findings (default: low)."),
    click.option(
        "--min-confidence", type=click.Choice(CONFIDENCES), help="Leave out less sure ones (default: medium)."
    ),
    click.option("--framework", "frameworks", multiple=True, metavar="ID", help="Name only these frameworks' entries."),
)
OWN: tuple[Decorator, ...] = (
    click.option(
        "--checks",
        "check_files",
        multiple=True,
        type=click.Path(path_type=Path, exists=True, dir_okay=False),
        metavar="FILE",
        help="Your own checks: Python that runs, or YAML; repeatable.",
    ),
    click.option(
        "--framework-file",
        "framework_files",
        multiple=True,
        metavar="FILE",
        type=click.Path(path_type=Path, exists=True, dir_okay=False),
        help="Your own frameworks and mappings in YAML; repeatable.",
    ),
)
EXTENDING: tuple[Decorator, ...] = (
    *OWN,
    click.option(
        "--import",
        "imports",
        multiple=True,
        type=click.Path(path_type=Path, exists=True, dir_okay=False),
        metavar="FILE",
        help="Findings of checkov or trivy in JSON, or of any tool in SARIF; repeatable.",
    ),
    click.option(
        "--with",
        "with_tools",
        multiple=True,
        type=click.Choice(["checkov"]),
        help="Run this tool, offline, and import what it finds.",
    ),
)
WRITING: tuple[Decorator, ...] = (
    click.option("--output", type=click.Path(path_type=Path), help="Write to a file instead of stdout."),
    click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        show_default=True,
        help="auto: on a terminal, unless NO_COLOR is set.",
    ),
    click.option("--quiet", is_flag=True, help="No progress and no notes; of a scan, one line a finding."),
    click.option("--verbose", is_flag=True, help="Also every skipped file and unknown value."),
)

SECTIONS = {"Read": READING, "Select": SELECTING, "Extend": EXTENDING, "Write": WRITING}
"""What `--help` lists together; a command's own options stand first."""


def with_options(*groups: tuple[Decorator, ...]) -> Decorator:
    """Apply option groups in the order they read in `--help`."""

    def wrap(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed([option for group in groups for option in group]):
            function = option(function)
        return function

    return wrap


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the flags ask for, before configuration fills what they leave open."""

    paths: tuple[Path, ...] = ()
    exclude: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    variable_files: tuple[Path, ...] = ()
    workspace: str | None = None
    parameters: tuple[str, ...] = ()
    parameter_files: tuple[Path, ...] = ()
    helm: str | None = None
    helm_values: tuple[Path, ...] = ()
    all_identities: bool = False
    strict: bool = False
    config_file: Path | None = None
    jobs: int | None = None
    no_cache: bool = False
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    min_severity: str | None = None
    min_confidence: str | None = None
    frameworks: tuple[str, ...] = ()
    check_files: tuple[Path, ...] = ()
    framework_files: tuple[Path, ...] = ()
    imports: tuple[Path, ...] = ()
    with_tools: tuple[str, ...] = ()
    output: Path | None = None
    color: str = "auto"
    quiet: bool = False
    verbose: bool = False


def configuration_for(request: Request) -> Configuration:
    """The file named by `--config`, else the nearest one up to the repository root, else nothing."""
    from agentreach import configuration  # noqa: PLC0415 - not needed for --help

    if request.config_file is not None:
        return configuration.load(request.config_file, trusted=True)
    from agentreach import configured  # noqa: PLC0415 - not needed for --help

    return configured.nearest(Path.cwd())


def options_for(request: Request, found: Configuration) -> Options:
    """Engine options: flags win over configuration, configuration over defaults."""
    from agentreach import configured  # noqa: PLC0415 - not needed for --help

    base = configured.options(found)
    return replace(
        base,
        exclude=(*base.exclude, *request.exclude),
        select=request.select or base.select,
        ignore=(*base.ignore, *request.ignore),
        min_severity=Severity[request.min_severity.upper()] if request.min_severity else base.min_severity,
        min_confidence=Confidence[request.min_confidence.upper()] if request.min_confidence else base.min_confidence,
        variables=(*base.variables, *_pairs("--var", request.variables)),
        variable_files=(*base.variable_files, *request.variable_files),
        workspace=request.workspace or base.workspace,
        parameters=(*base.parameters, *_pairs("--parameter", request.parameters)),
        parameter_files=(*base.parameter_files, *request.parameter_files),
        helm=request.helm or base.helm,
        helm_values=(*base.helm_values, *request.helm_values),
        strict=request.strict or base.strict,
        graph=replace(base.graph, all_identities=request.all_identities or base.graph.all_identities),
    )


def _pairs(flag: str, texts: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    for text in texts:
        if "=" not in text:
            raise UsageError(f"{flag} {text!r} has no '='; write {flag} NAME=VALUE")
    return tuple((name, value) for name, _, value in (text.partition("=") for text in texts))


def run_scan(request: Request, observed: Observed | None = None) -> Scan:
    """Scan the requested paths with the shipped checks and those the user adds; note in `observed` what it saw."""
    from agentreach import engine  # noqa: PLC0415 - not needed for --help

    found = configuration_for(request)
    options = options_for(request, found)
    checks = checks_for(request, found)
    _known_names((*options.select, *options.ignore), checks)
    with Bar(quiet=request.quiet) as bar:
        return engine.scan(
            list(request.paths) or [Path()],
            checks=checks,
            options=options,
            configuration=found,
            progress=bar if bar.shows else None,
            observed=observed,
        )


def checks_for(request: Request, found: Configuration) -> tuple[Check, ...]:
    """The shipped checks, with the mappings and the checks of the user where there are any."""
    from agentreach_checks import ALL  # noqa: PLC0415 - not needed for --help

    folder = Path(found.file).parent if found.file else Path()
    files = (*(folder / one for one in found.checks), *request.check_files)
    frameworks = (*(folder / one for one in found.framework_file), *request.framework_files)
    if not files and not frameworks:
        return ALL
    from agentreach import custom  # noqa: PLC0415 - only when asked for

    return custom.extend(ALL, files, frameworks)


def with_imports(request: Request, scan: Scan) -> Scan:
    """The scan with what other tools say about its agents, as far as the request names them."""
    tools = (*scan.configuration.with_, *request.with_tools)
    if not request.imports and not tools:
        return scan
    from agentreach.integrations import imported  # noqa: PLC0415 - only when asked for

    scan = imported.load(scan, request.imports)
    if tools:
        from agentreach.integrations.checkov_run import run  # noqa: PLC0415 - only when asked for

        scan = imported.attach(scan, run(request.paths or (Path(),)), "checkov")
    if not request.quiet:
        for note in scan.notes:
            click.echo(f"agentreach: {note}", err=True)
    return scan


def _known_names(patterns: tuple[str, ...], checks: tuple[Any, ...]) -> None:
    """A mistyped id selects nothing and would look like a clean run: refuse it."""
    for pattern in patterns:
        if not any(check.id.startswith(pattern.upper()) or check.name == pattern for check in checks):
            shown = repr(pattern) if len(pattern) <= LONGEST_NAME else f"{pattern[:8]!r}…"
            raise UsageError(f"no check has the id, prefix or name {shown}; `agentreach checks` lists them")


def wants_color(color: str, output: Path | None) -> bool:
    """Whether to colour: `--color`, then NO_COLOR, then whether stdout is a terminal."""
    from os import environ  # noqa: PLC0415 - cheap, but only here

    if color != "auto":
        return color == "always"
    return output is None and sys.stdout.isatty() and not environ.get("NO_COLOR")


def source_date() -> int | None:
    """Seconds since 1970 that stand for now in every output, so that runs can be repeated byte for byte."""
    from os import environ  # noqa: PLC0415 - cheap, but only here

    epoch = environ.get("SOURCE_DATE_EPOCH", "")
    return int(epoch) if epoch.isdigit() else None


def write(text: str, output: Path | None) -> None:
    """Print the product, or write it whole: a file is replaced only when all of it is there."""
    ended = text if text.endswith("\n") else text + "\n"
    if output is None or str(output) == "-":
        _print(ended)
    elif output.exists() and not output.is_file():
        _into(output, output, ended)
    else:
        _into(output.with_name(f".{output.name}.partial"), output, ended)


def _print(text: str) -> None:
    """A reader that has seen enough (`| head`) changes nothing about the scan, nor its exit code."""
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
        sys.stdout.flush()
    except BrokenPipeError:
        _discard()
    except OSError as error:
        _discard()
        raise UsageError(f"cannot write to standard output: {error.strerror or error}") from error


def _discard() -> None:
    """What Python still holds for standard output goes nowhere, so that leaving does not fail again."""
    import os  # noqa: PLC0415 - only for a fault

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _into(partial: Path, output: Path, text: str) -> None:
    """Through a file beside it; a device or a pipe is written to as it is."""
    try:
        partial.write_bytes(text.encode("utf-8", "backslashreplace"))
        if partial != output:
            partial.replace(output)
    except OSError as error:
        if partial != output:
            partial.unlink(missing_ok=True)
        raise UsageError(f"cannot write {output}: {error.strerror or error}") from error
