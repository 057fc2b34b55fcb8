"""`agentreach.toml`, or `[tool.agentreach]` in `pyproject.toml`: found, validated, never trusted more than its author.

A discovered file is data of whoever wrote the tree. What only the caller may decide (Python checks, other programs,
paths outside the root) is ignored there and said so; `--config FILE` lifts that.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from agentreach.errors import ConfigurationError
from agentreach.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterable

NAMES = ("agentreach.toml", "pyproject.toml")
LONGEST_SHOWN = 16
LONGEST_KEY = 40
CALLER_ONLY = ("checks", "with")
SEVERITIES = ("low", "medium", "high", "critical", "never")
CONFIDENCES = ("low", "medium", "high")


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRule:
    """An `[[agent]]` entry: workloads that are agents, or with a reason are not, by address pattern, label or tag."""

    address: str = ""
    label: str = ""
    tag: str = ""
    agent: bool = True
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentRule:
    """An `[[environment]]` entry: names, tags or paths that match `pattern` belong to it."""

    name: str
    pattern: str
    production: bool = False


@dataclass(frozen=True, slots=True)
class Threshold:
    """From how many seconds a lifetime is worth a note, a warning, and high."""

    note: float
    warn: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRule:
    """A `[check.AR202]` table."""

    enabled: bool = True
    severity: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """Everything a configuration file may say; names as the flags, with underscores."""

    file: str | None = None
    fail_on: str | None = None
    min_severity: str | None = None
    min_confidence: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    framework: tuple[str, ...] = ()
    framework_file: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    baseline: str | None = None
    var: tuple[str, ...] = ()
    var_file: tuple[str, ...] = ()
    workspace: str | None = None
    parameter: tuple[str, ...] = ()
    parameter_file: tuple[str, ...] = ()
    helm: str | None = None
    helm_values: tuple[str, ...] = ()
    all_identities: bool = False
    jobs: int | None = None
    strict: bool = False
    no_cache: bool = False
    checks: tuple[str, ...] = ()
    with_: tuple[str, ...] = ()
    agent: tuple[AgentRule, ...] = ()
    environment: tuple[EnvironmentRule, ...] = ()
    modules: dict[str, str] = field(default_factory=dict)
    thresholds: dict[str, Threshold] = field(default_factory=dict)
    owner_tags: tuple[str, ...] = ()
    check: dict[str, CheckRule] = field(default_factory=dict)
    limits: dict[str, int] = field(default_factory=dict)
    refused: tuple[str, ...] = ()

    def weakened(self) -> tuple[str, ...]:
        """What this file does that makes the scan see or say less, a phrase each."""
        return tuple(_weakened(self))


def discover(start: Path, boundary: Path) -> Path | None:
    """The nearest configuration file from `start` up to `boundary`, inclusive. A link that leaves it is none."""
    for folder in (start, *start.parents):
        for name in NAMES:
            candidate = folder / name
            if candidate.is_file() and _stays(candidate, boundary) and (name == NAMES[0] or _has_table(candidate)):
                return candidate
        if folder == boundary:
            return None
    return None


def load(path: Path, *, trusted: bool) -> Configuration:
    """Read and validate a file. A mistake is a ConfigurationError that names the key and the nearest valid one."""
    raw = read(path)
    if path.name == "pyproject.toml":
        raw = _table(path, raw, "tool", "agentreach")
    refused = () if trusted else tuple(key for key in CALLER_ONLY if key in raw)
    kept = {key: value for key, value in raw.items() if key not in refused}
    if not trusted:
        _confine(path, kept)
    return validated(path, kept, refused)


def validated(path: Path, raw: dict[str, Any], refused: tuple[str, ...] = ()) -> Configuration:
    """What the tables of a file say. Raises ConfigurationError for a key or a value that is none."""
    return Configuration(file=path.as_posix(), refused=refused, **_validate(path, raw))


def _stays(candidate: Path, boundary: Path) -> bool:
    try:
        return candidate.resolve().is_relative_to(boundary.resolve())
    except (OSError, RuntimeError, ValueError):
        return False


def _has_table(path: Path) -> bool:
    try:
        return b"[tool.agentreach" in path.read_bytes()
    except OSError:
        return False


def read(path: Path) -> dict[str, Any]:
    """The tables of a TOML file as they are. Raises ConfigurationError for one that is none."""
    import tomllib  # noqa: PLC0415 - only where there is a file

    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: cannot be read: {error}") from error
    except (ValueError, RecursionError) as error:  # a number may have too many digits
        raise ConfigurationError(f"{path}: not valid TOML: {error}") from error


def _table(path: Path, raw: dict[str, Any], *keys: str) -> dict[str, Any]:
    """The table of a table, empty where it is not there."""
    for key in keys:
        raw = raw.get(key, {})
        if not isinstance(raw, dict):
            raise _fail(path, key, "a table", raw)
    return raw


def _confine(path: Path, raw: dict[str, Any]) -> None:
    """A discovered file names only paths below the folder it lies in."""
    root = path.parent.resolve()
    named = [raw.get("baseline"), *_listed(raw.get("var-file")), *_listed(raw.get("helm-values"))]
    named += _listed(raw.get("framework-file"))
    named += (
        [*_listed(raw.get("parameter-file")), *(raw.get("modules") or {}).values()]
        if isinstance(raw.get("modules", {}), dict)
        else []
    )
    for value in named:
        if isinstance(value, str) and not _stays(root / value, root):
            raise ConfigurationError(
                f"{path}: {value!r} lies outside {root}; only a file named by --config may point there"
            )


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _validate(path: Path, raw: dict[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in raw.items():
        if key not in READERS:
            raise ConfigurationError(_unknown(path, key, READERS))
        field_name, reader = READERS[key]
        result[field_name] = reader(path, key, value)
    return result


def _unknown(path: Path, key: str, known: object) -> str:
    names = sorted(known)  # type: ignore[call-overload]
    import difflib  # noqa: PLC0415 - only for a mistake

    near = difflib.get_close_matches(key, names, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else f"; known keys: {', '.join(names)}"
    return f"{path}: unknown key {_named(key)}{hint}"


def _fail(path: Path, key: str, wanted: str, value: object) -> ConfigurationError:
    return ConfigurationError(f"{path}: {_named(key)} must be {wanted}, not {_shown(value)}")


def _named(key: str) -> str:
    """A key as a message quotes it: one that is too long for a name may be a value that slipped."""
    return repr(key) if len(key) <= LONGEST_KEY else f"{key[:10]!r}…"


def _shown(value: object) -> str:
    """A value of the file, unless it may be a secret somebody left there: only what is short and plain is quoted."""
    return repr(value) if isinstance(value, int | float) or len(str(value)) <= LONGEST_SHOWN else type(value).__name__


def _text(path: Path, key: str, value: object) -> str:
    if not isinstance(value, str):
        raise _fail(path, key, "a string", value)
    return value


def _flag(path: Path, key: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise _fail(path, key, "true or false", value)
    return value


def _count(path: Path, key: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise _fail(path, key, "a whole number of 1 or more", value)
    return value


def _texts(path: Path, key: str, value: object) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [value]
    return tuple(_text(path, key, item) for item in items)


def _pairs(path: Path, key: str, value: object) -> tuple[str, ...]:
    """`{ name = value }` or `["name=value"]`, as the flag is repeated."""
    if isinstance(value, dict):
        return tuple(f"{name}={item}" for name, item in value.items())
    texts = _texts(path, key, value)
    if not all("=" in text for text in texts):
        raise _fail(path, key, 'a table, or a list of "NAME=VALUE"', value)
    return texts


def _severity(path: Path, key: str, value: object) -> str:
    if value not in SEVERITIES:
        raise _fail(path, key, f"one of {', '.join(SEVERITIES)}", value)
    return str(value)


def _confidence(path: Path, key: str, value: object) -> str:
    if value not in CONFIDENCES:
        raise _fail(path, key, f"one of {', '.join(CONFIDENCES)}", value)
    return str(value)


def _helm(path: Path, key: str, value: object) -> str:
    if value not in ("auto", "off"):
        raise _fail(path, key, '"auto" or "off"', value)
    return str(value)


def _record(path: Path, key: str, value: object, kind: type) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _fail(path, key, "a table", value)
    from dataclasses import fields  # noqa: PLC0415 - only where there is a file

    readers = {one.name: FIELDS[str(one.type)] for one in fields(kind)}
    for name, item in value.items():
        if name not in readers:
            raise ConfigurationError(_unknown(path, name, readers))
        readers[name](path, f"{key}.{name}", item)
    return value


def _agents(path: Path, key: str, value: object) -> tuple[AgentRule, ...]:
    rules = tuple(AgentRule(**_record(path, key, item, AgentRule)) for item in _listed(value))
    for rule in rules:
        if not (rule.address or rule.label or rule.tag):
            raise ConfigurationError(f"{path}: an [[agent]] entry needs 'address', 'label' or 'tag'")
        if not rule.agent and not rule.reason:
            raise ConfigurationError(f"{path}: an [[agent]] entry with agent = false needs a 'reason'")
    return rules


def _environments(path: Path, key: str, value: object) -> tuple[EnvironmentRule, ...]:
    found = []
    for item in _listed(value):
        record = _record(path, key, item, EnvironmentRule)
        if not (record.get("name") and record.get("pattern")):
            raise ConfigurationError(f"{path}: an [[environment]] entry needs 'name' and 'pattern'")
        found.append(EnvironmentRule(**record))
    return tuple(found)


def _modules(path: Path, key: str, value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise _fail(path, key, "a table of source = path", value)
    return {source: _text(path, f"modules.{source}", target) for source, target in value.items()}


UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
LONGEST_DURATION = 1e15


def seconds(path: Path, key: str, value: object) -> float:
    """A duration as configuration writes it: `3600`, `"1h"`, `"90d"`."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < LONGEST_DURATION:
        return float(value)
    if isinstance(value, str) and value[-1:] in UNITS and value[:-1].isdecimal() and len(value) <= LONGEST_SHOWN:
        return float(value[:-1]) * UNITS[value[-1]]
    raise _fail(path, key, 'a duration such as 3600, "1h" or "90d"', value)


# How a field of a record is read, by its type as written.
FIELDS = {"str": _text, "bool": _flag, "float": seconds}


def _thresholds(path: Path, key: str, value: object) -> dict[str, Threshold]:
    if not isinstance(value, dict):
        raise _fail(path, key, "a table of class = duration", value)
    return {name: _threshold(path, f"thresholds.{name}", item) for name, item in value.items()}


def _threshold(path: Path, key: str, value: object) -> Threshold:
    """One duration replaces *warn*, a quarter of it is *note*, three times it is *high*."""
    if isinstance(value, dict):
        record = _record(path, key, value, Threshold)
        missing = {"note", "warn", "high"} - record.keys()
        if missing:
            raise ConfigurationError(f"{path}: {key!r} needs {', '.join(sorted(missing))} too")
        return Threshold(*(seconds(path, f"{key}.{part}", record[part]) for part in ("note", "warn", "high")))
    warn = seconds(path, key, value)
    return Threshold(warn / 4, warn, warn * 3)


def _checks(path: Path, key: str, value: object) -> dict[str, CheckRule]:
    if not isinstance(value, dict):
        raise _fail(path, key, "a table of [check.ID] tables", value)
    rules = {name: CheckRule(**_record(path, f"check.{name}", item, CheckRule)) for name, item in value.items()}
    for name, rule in rules.items():
        if rule.severity:
            _severity(path, f"check.{name}.severity", rule.severity)
    return rules


def _limits(path: Path, key: str, value: object) -> dict[str, int]:
    if not isinstance(value, dict):
        raise _fail(path, key, "a table of limit = number", value)
    return {name: _count(path, f"limits.{name}", item) for name, item in value.items()}


READERS: dict[str, tuple[str, Any]] = {
    "fail-on": ("fail_on", _severity),
    "min-severity": ("min_severity", _severity),
    "min-confidence": ("min_confidence", _confidence),
    "select": ("select", _texts),
    "ignore": ("ignore", _texts),
    "framework": ("framework", _texts),
    "framework-file": ("framework_file", _texts),
    "exclude": ("exclude", _texts),
    "baseline": ("baseline", _text),
    "var": ("var", _pairs),
    "var-file": ("var_file", _texts),
    "workspace": ("workspace", _text),
    "parameter": ("parameter", _pairs),
    "parameter-file": ("parameter_file", _texts),
    "helm": ("helm", _helm),
    "helm-values": ("helm_values", _texts),
    "all-identities": ("all_identities", _flag),
    "jobs": ("jobs", _count),
    "strict": ("strict", _flag),
    "no-cache": ("no_cache", _flag),
    "checks": ("checks", _texts),
    "with": ("with_", _texts),
    "agent": ("agent", _agents),
    "environment": ("environment", _environments),
    "modules": ("modules", _modules),
    "thresholds": ("thresholds", _thresholds),
    "owner-tags": ("owner_tags", _texts),
    "check": ("check", _checks),
    "limits": ("limits", _limits),
}


def _weakened(found: Configuration) -> Any:  # noqa: ANN401 - a generator of phrases
    if found.fail_on in ("high", "critical", "never"):
        yield f"fail-on = {found.fail_on}"
    if found.min_severity not in (None, "low"):
        yield f"min-severity = {found.min_severity}"
    if found.min_confidence == "high":
        yield "min-confidence = high"
    yield from (f"exclude {pattern}" for pattern in found.exclude)
    yield from (f"ignore {check}" for check in found.ignore)
    yield from (f"select {check} only" for check in found.select)
    yield from (f"not an agent: {r.address or r.label or r.tag} ({r.reason})" for r in found.agent if not r.agent)
    yield from (f"check {name} disabled" for name, rule in found.check.items() if not rule.enabled)
    yield from (f"check {name} at most {rule.severity}" for name, rule in found.check.items() if rule.severity)
    yield from (f"thresholds.{name} set" for name in found.thresholds)
    yield from (f"limits.{name} = {value}" for name, value in found.limits.items())
    if found.baseline:
        yield f"baseline {found.baseline}"


def limit_error(file: str | None, name: str, limits: object) -> ConfigurationError:
    """The error for a `[limits]` key that does not exist."""
    from dataclasses import fields  # noqa: PLC0415 - only for a mistake

    known = [one.name.replace("_", "-") for one in fields(limits)]  # type: ignore[arg-type]
    return ConfigurationError(unknown_key(file, f"limits.{name}", [f"limits.{one}" for one in known]))


def unknown_key(file: str | None, key: str, known: Iterable[str]) -> str:
    """What is said of a key that a table of the file does not have."""
    return _unknown(Path(file or NAMES[0]), key, known)
