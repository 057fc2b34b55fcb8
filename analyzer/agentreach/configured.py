"""What a configuration means for a scan: the engine's options, where nothing on a command line says otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from agentreach import configuration
from agentreach.configuration import Configuration, limit_error
from agentreach.errors import ConfigurationError
from agentreach.findings import Severity
from agentreach.identity import Confidence
from agentreach.records import replace
from agentreach.sources.limits import HIGHEST, Limits

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from agentreach.configuration import Threshold
    from agentreach.engine import Options
    from agentreach.graph import GraphOptions
    from agentreach.thresholds import Lifetimes


def nearest(start: Path) -> Configuration:
    """The configuration nearest to a folder, up to its repository's root; an empty one where there is none."""
    repository = next((folder for folder in (start, *start.parents) if (folder / ".git").exists()), start)
    found = configuration.discover(start, repository)
    if found is None:
        return Configuration()
    return replace(configuration.load(found, trusted=False), file=_relative(found, start))


def _relative(path: Path, start: Path) -> str:
    return path.relative_to(start).as_posix() if path.is_relative_to(start) else path.as_posix()


def options(found: Configuration) -> Options:
    """The engine's options. Raises ConfigurationError for a limit that does not exist or is too high."""
    from agentreach.engine import Options  # noqa: PLC0415 - what a remembered scan does without

    folder = Path(found.file).parent if found.file else Path()
    base = Options()
    disabled = tuple(name for name, rule in found.check.items() if not rule.enabled)
    return replace(
        base,
        exclude=found.exclude,
        select=found.select,
        ignore=(*found.ignore, *disabled),
        min_severity=Severity[found.min_severity.upper()] if found.min_severity else base.min_severity,
        min_confidence=Confidence[found.min_confidence.upper()] if found.min_confidence else base.min_confidence,
        variables=_pairs(found.var),
        variable_files=tuple(folder / one for one in found.var_file),
        workspace=found.workspace or base.workspace,
        parameters=_pairs(found.parameter),
        parameter_files=tuple(folder / one for one in found.parameter_file),
        module_sources=tuple((source, (folder / path).resolve()) for source, path in found.modules.items()),
        helm=found.helm or base.helm,
        helm_values=tuple(folder / one for one in found.helm_values),
        strict=found.strict,
        limits=limits(found),
        graph=_graph(found),
        severities=tuple(
            (name, Severity[rule.severity.upper()]) for name, rule in found.check.items() if rule.severity
        ),
    )


def _pairs(texts: Iterable[str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, _, value in (text.partition("=") for text in texts))


def limits(found: Configuration) -> Limits:
    """The limits in force. Raises ConfigurationError for one that does not exist or is too high."""
    base = Limits()
    for name, value in found.limits.items():
        field = name.replace("-", "_")
        if not hasattr(base, field):
            raise limit_error(found.file, name, base)
        if value > HIGHEST.get(field, value):
            raise ConfigurationError(f"{found.file}: 'limits.{name}' must be {HIGHEST[field]} or less, not {value}")
    return replace(base, **{name.replace("-", "_"): value for name, value in found.limits.items()})


def _graph(found: Configuration) -> GraphOptions:
    from agentreach.graph import GraphOptions  # noqa: PLC0415 - likewise
    from agentreach.graph.options import AgentOverride, EnvironmentPattern  # noqa: PLC0415 - likewise

    base = GraphOptions()
    return replace(
        base,
        environments=tuple(
            EnvironmentPattern(rule.name, (rule.pattern,), rule.production) for rule in found.environment
        ),
        overrides=tuple(
            AgentOverride(rule.address or "*", rule.agent, rule.reason, rule.tag or rule.label) for rule in found.agent
        ),
        owner_tags=found.owner_tags or base.owner_tags,
        all_identities=found.all_identities,
        lifetimes=_lifetimes(found),
    )


def _lifetimes(found: Configuration) -> Mapping[str, Lifetimes]:
    """The thresholds in force. Raises ConfigurationError for a class of credentials that does not exist."""
    from agentreach.thresholds import DEFAULT  # noqa: PLC0415 - likewise

    for name in sorted(found.thresholds.keys() - DEFAULT.keys()):
        known = [f"thresholds.{one}" for one in DEFAULT]
        raise ConfigurationError(configuration.unknown_key(found.file, f"thresholds.{name}", known))
    source = f"configured in {found.file}"
    return {**DEFAULT, **{name: _configured(DEFAULT[name], one, source) for name, one in found.thresholds.items()}}


def _configured(base: Lifetimes, given: Threshold, source: str) -> Lifetimes:
    return replace(base, note=given.note, warn=given.warn, high=given.high, source=source)
