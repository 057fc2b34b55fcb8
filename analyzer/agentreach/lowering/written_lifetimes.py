"""A lifetime that an attribute writes, stated as a credential: one reading for every provider's units and zeros.

The unit comes from the catalogue of resource types. What zero means, and what holds when nothing is written, differs
by attribute and is said where a provider lists its own.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from agentreach.identity import Credential
from agentreach.lowering import catalogue, durations
from agentreach.lowering.durations import Unit
from agentreach.model import Key, Unknown
from agentreach.records import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agentreach.lowering.declaration import Scope
    from agentreach.model import Value

NEVER = float("inf")
"""Where a number of seconds is expected: without an end."""

_UNITS = {
    "s": Unit.SECONDS,
    "min": Unit.MINUTES,
    "h": Unit.HOURS,
    "days": Unit.DAYS,
    "iso-8601": Unit.ISO_8601,
    "go duration": Unit.DURATION,
    "rfc3339": Unit.DATE,
    "yyyy-mm-dd": Unit.DATE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One attribute of a type, and what kind of credential it limits.

    `unset`: seconds when nothing is written, `NEVER` for no end, None for not stated at all. `zero`: the same for a
    written zero. `suffix` names the credential beside the resource; the one that holds the value has none.
    """

    path: str
    kind: str
    thresholds: str
    unset: float | None = None
    zero: float | None = 0.0
    suffix: str = ""
    rotated: bool | None = None
    renewable: bool | None = None
    stored_in: str = ""
    note: str = ""
    unit: Unit | None = None


@cache
def unit(type_: str, path: str) -> Unit:
    """The unit of an attribute, as the catalogue says; texts keep their own ("24h", "3600s")."""
    entry = catalogue.entries().get(type_)
    found = next((one for one in entry.attributes if one.path == path), None) if entry else None
    written = found.unit.strip('"').lower() if found else ""
    return _UNITS.get(written, _UNITS.get(written.partition(" ")[0], Unit.SECONDS))


def seconds(scope: Scope, written: Written) -> tuple[float | Unknown | None, bool]:
    """How long it lives in seconds (`NEVER` for no end), and whether nobody wrote that."""
    found = durations.seconds(scope.get(written.path), written.unit or unit(scope.resource.type, written.path))
    if found is None:
        return written.unset, True
    if found == 0.0 and written.zero != 0.0:
        return written.zero, False
    return found, False


def one_of(scope: Scope, units: Mapping[str, Unit]) -> tuple[float | Unknown | None, str]:
    """The lifetime of the one attribute that is written, and which; of two that exclude each other it is unknown."""
    found = [(durations.seconds(scope.get(path), one), path) for path, one in units.items()]
    written = [one for one in found if one[0] is not None]
    if not written:
        return None, next(iter(units))
    lifetime, path = written[0]
    if len(written) > 1:
        lifetime = Unknown(f"{path} and {written[1][1]} are both written, and exclude each other", scope.at(path))
    return lifetime, path


def within(held: Credential, longest: Credential | None) -> Credential:
    """A credential cannot outlive the longest that is written beside it: what contradicts itself is unknown."""
    if longest is None or held.defaulted or longest.defaulted or not _exceeds(held, longest):
        return held
    return replace(held, ttl=Unknown(f"{held.attribute} exceeds {longest.attribute}", held.at))


def shortened(held: Credential, longest: Credential | None) -> Credential:
    """A credential that its issuer ends with another one: it lasts as long as that, and says so."""
    if longest is None or not (held.never_expires or _exceeds(held, longest)) or not isinstance(longest.ttl, float):
        return held
    note = f"ends with {longest.attribute}, which is shorter than what is written"
    return replace(held, ttl=longest.ttl, never_expires=False, note=note)


def _exceeds(held: Credential, longest: Credential) -> bool:
    return isinstance(held.ttl, float) and isinstance(longest.ttl, float) and held.ttl > longest.ttl


def credential(scope: Scope, written: Written, owner: Key | Value, *, number: int = 0) -> Credential | None:
    """The credential that an attribute limits; None where nothing is written and nothing holds."""
    lifetime, defaulted = seconds(scope, written)
    if lifetime is None:
        return None
    key = scope.resource.key
    suffix = written.suffix + (f"-{number}" if number else "")
    return Credential(
        key=Key(key.root, f"{key.address}#{suffix}") if suffix else key,
        kind=written.kind,
        owner=owner,
        at=scope.at(written.path),
        ttl=None if lifetime == NEVER else lifetime,
        never_expires=lifetime == NEVER,
        defaulted=defaulted,
        rotated=written.rotated,
        renewable_without_human=written.renewable,
        stored_in=written.stored_in,
        thresholds=written.thresholds,
        note=written.note,
        attribute=written.path,
    )
