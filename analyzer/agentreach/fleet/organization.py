"""What whoever runs a fleet scan says of the organization: a file named by `--config`, never one of a repository.

Keys are those of `agentreach.toml` that say how to judge (environments, agents, owner tags, thresholds, checks,
limits), and two that only a fleet has:

    [[owner]]                       [[suppression]]
    repository = "payments/*"       check = "AR302"
    owner = "payments"              repository = "platform/roles"
                                    subject = "aws_iam_role.break_glass"
                                    reason = "…"
                                    until = 2027-01-31
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from agentreach import configuration, configured
from agentreach.engine import Options
from agentreach.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_OWN: Final = ("owner", "suppression")
_JUDGING: Final = (
    *("agent", "all-identities", "check", "environment", "exclude", "helm", "ignore", "limits", "min-confidence"),
    *("min-severity", "owner-tags", "select", "thresholds"),
)


class Owner(NamedTuple):
    """Repositories, by a pattern of their name, whose agents belong to a team unless they say otherwise."""

    repository: str
    owner: str


class Suppression(NamedTuple):
    """Findings that the organization accepts, by patterns of repository and subject, up to a day and for a reason."""

    check: str
    reason: str
    repository: str = "*"
    subject: str = "*"
    until: date | None = None

    def covers(self, check: str, repository: str, subject: str) -> bool:
        """Whether it is about a finding."""
        fits = fnmatchcase(repository, self.repository) and fnmatchcase(subject, self.subject)
        return fits and check == self.check

    def __str__(self) -> str:
        return f"{self.check} of {self.subject} in {self.repository}"


class Organization(NamedTuple):
    """How to scan and to judge; `digest` names what a repository's result depends on, empty for nothing.

    `weakened` are phrases of what makes the scan say less.
    """

    options: Options = Options()
    digest: str = ""
    owners: tuple[Owner, ...] = ()
    suppressions: tuple[Suppression, ...] = ()
    weakened: tuple[str, ...] = ()

    def owner(self, repository: str) -> str | None:
        """The team of a repository by the first pattern that fits."""
        return next((one.owner for one in self.owners if fnmatchcase(repository, one.repository)), None)


NO_ORGANIZATION: Final = Organization()


def load(path: Path) -> Organization:
    """Read and validate a file. A mistake is a ConfigurationError that names the key."""
    raw = configuration.read(path)
    for key in raw:
        if key not in (*_OWN, *_JUDGING):
            raise ConfigurationError(configuration.unknown_key(path.as_posix(), key, (*_OWN, *_JUDGING)))
    judging = {key: value for key, value in raw.items() if key in _JUDGING}
    found = configuration.validated(path, judging)
    return Organization(
        options=configured.options(found),
        digest=hashlib.sha256(json.dumps(judging, sort_keys=True).encode()).hexdigest() if judging else "",
        owners=tuple(_records(path, "owner", raw.get("owner", []), Owner)),
        suppressions=tuple(_records(path, "suppression", raw.get("suppression", []), Suppression)),
        weakened=found.weakened(),
    )


def _records(path: Path, key: str, value: object, kind: Any) -> Iterator[Any]:  # noqa: ANN401 - of either kind
    for entry in value if isinstance(value, list) else [value]:
        if not isinstance(entry, dict):
            raise ConfigurationError(f"{path}: write [[{key}]], once for each")
        for name, given in entry.items():
            if name not in kind._fields:
                known = [f"{key}.{field}" for field in kind._fields]
                raise ConfigurationError(configuration.unknown_key(path.as_posix(), f"{key}.{name}", known))
            if not isinstance(given, date if name == "until" else str) or not given:
                raise ConfigurationError(f"{path}: '{key}.{name}' must be a {'date' if name == 'until' else 'text'}")
        missing = [name for name in kind._fields if name not in kind._field_defaults and name not in entry]
        if missing:
            raise ConfigurationError(f"{path}: a [[{key}]] entry needs {', '.join(map(repr, missing))}")
        yield kind(**entry)


def in_force(suppressions: Iterable[Suppression], today: date) -> tuple[Suppression, ...]:
    """Those whose last day has not passed."""
    return tuple(one for one in suppressions if one.until is None or one.until >= today)
