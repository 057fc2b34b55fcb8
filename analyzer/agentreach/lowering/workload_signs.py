"""What a workload of any cloud states: itself, the signs it gives, the secrets in its environment.

declared       the workload, and what its name and tags say
image          what its image says, and whether it can move
variables      what the names of its variables say, and the secrets they hold
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import (
    Agent,
    AgentLink,
    Aspect,
    Confidence,
    Evidence,
    Role,
    SecretUse,
    Setting,
    Signal,
    Workload,
)
from agentreach.lowering import secrets, signals
from agentreach.lowering.context import reference_of
from agentreach.lowering.declaration import fold
from agentreach.lowering.joined_text import known
from agentreach.model import MapValue, Reference, Scalar, Text, Unknown, alternatives, string, text_parts
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from agentreach.identity import Fact
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Key, Span, Value

HOLDS_SECRET = frozenset(
    {
        "accesskey",
        "accesstoken",
        "apikey",
        "authtoken",
        "clientsecret",
        "clienttoken",
        "connectionstring",
        "key",
        "keystring",
        "password",
        "primaryaccesskey",
        "primaryconnectionstring",
        "primarykey",
        "privatekey",
        "result",
        "secondaryaccesskey",
        "secondaryconnectionstring",
        "secondarykey",
        "secret",
        "secretdata",
        "secretid",
        "token",
        "tokenvalue",
        "value",
    }
)
"""Attributes that hold a secret value; the last word of a reference."""

_MCP = "MCP"
_AMBIGUOUS = frozenset({"key", "result", "value"})


class Variable(NamedTuple):
    """One environment variable."""

    name: str
    value: Value
    at: Span


def declared(
    scope: Scope, *, platform: str, kind: str, name: str, tags: Mapping[str, str], at: Span | None = None
) -> Iterator[Fact]:
    """The workload itself, and what its name and tags say about what decides in it."""
    key, place = scope.resource.key, at or scope.resource.at
    yield Workload(key=key, name=name, platform=platform, kind=kind, at=scope.resource.at, tags=dict(tags))
    sign = signals.of_name(name)
    if sign is not None:
        yield Signal(subject=key, kind="name", strength=sign.strength, detail=sign.detail, at=place)
    for tag, value in tags.items():
        found = signals.of_label(tag, value)
        if found is not None:
            yield Signal(subject=key, kind="label", strength=found.strength, detail=found.detail, at=place)


def weighed(found: Iterable[Fact]) -> Iterator[Fact]:
    """The facts of one workload, with its signs held against each other."""
    facts = tuple(found)
    signs = [fact for fact in facts if isinstance(fact, Signal)]
    images = [fact.detail for fact in signs if fact.kind == "image"]
    paths = [fact.note for fact in facts if isinstance(fact, Setting) and fact.aspect is Aspect.PINNED_ARTIFACT]
    own = next((fact for fact in facts if isinstance(fact, Workload)), None)
    if own is not None and any("MCP server" in one for one in images) and _says_mcp(own.name):
        yield _tool_server(own, signs)
    for fact in facts:
        if not (isinstance(fact, Signal) and fact.kind in {"name", "label"} and images and _repeats(fact, paths)):
            yield fact


def _says_mcp(name: str) -> bool:
    return "mcp" in name.lower().replace("_", "-").split("-")


def _repeats(sign: Signal, paths: Iterable[str]) -> bool:
    return any(signals.repeats(sign.detail, path) for path in paths)


def _tool_server(own: Workload, signs: Iterable[Signal]) -> Agent:
    return Agent(
        key=own.key,
        name=own.name,
        platform=own.platform,
        kind="mcp-server",
        at=own.at,
        role=Role.TOOL,
        confidence=Confidence.MEDIUM,
        because=tuple(Evidence(sign.at, sign.detail) for sign in signs),
        tags=own.tags,
    )


def image(subject: Key, value: Value) -> Iterator[Fact]:
    """What an image says, and whether it is named by digest."""
    path = known(value)
    sign = signals.of_image(path) if path else None
    if sign is not None:
        yield Signal(subject=subject, kind="image", strength=sign.strength, detail=sign.detail, at=value.at)
    pinned = True if "@" in path else None if not path else False
    shown = f"image {path.partition('@')[0]}" if path else "image known at deploy time"
    yield Setting(subject=subject, aspect=Aspect.PINNED_ARTIFACT, state=pinned, at=value.at, note=shown)


def of_map(scope: Scope, path: str) -> Iterator[Variable]:
    """Variables written as a map."""
    value = scope.get(path)
    for branch in alternatives(value) if value is not None else ():
        if isinstance(branch, MapValue):
            for name, entry in branch.entries.items():
                yield Variable(name, entry, _beside(branch, name))


def of_blocks(scope: Scope, path: str, name: str = "name", value: str = "value") -> Iterator[Variable]:
    """Variables written as blocks with a name and a value."""
    for block in scope.each(path):
        called, held = block.text(name), block.get(value)
        if called is not None and held is not None:
            yield Variable(called, held, block.at(value))


def _beside(body: MapValue, name: str) -> Span:
    key, value = body.keys.get(name), body.entries[name].at
    if key is None:
        return value
    return key._replace(end=max(key.end, value.end)) if value.source is key.source else key


def variables(subject: Key, found: Iterable[Variable]) -> Iterator[Fact]:
    """What the variables of a workload say and hold."""
    for variable in found:
        yield from sign_of(subject, variable.name, variable.at)
        for value in alternatives(variable.value):
            yield from secret_in(subject, variable._replace(value=value))
            yield from _server(subject, variable._replace(value=value))


def _server(subject: Key, variable: Variable) -> Iterator[AgentLink]:
    """A declared MCP server that a variable leads to: `MCP_SERVER_URL` with the address of a service."""
    if _MCP not in variable.name.upper():
        return
    for part in text_parts(variable.value):
        if isinstance(part, Reference) and part.key != subject:
            yield AgentLink(agent=subject, other=part, relation="uses-tool", at=variable.at)


def sign_of(subject: Key, name: str, at: Span) -> Iterator[Fact]:
    """What the name of one variable says."""
    sign = signals.of_variable(name)
    if sign is not None:
        yield Signal(subject=subject, kind="environment", strength=sign.strength, detail=sign.detail, at=at)


def secret_in(subject: Key, variable: Variable, *, via: str = "environment", sensitive: bool = False) -> Iterator[Fact]:
    """The secret that a variable holds: a literal, or the value of a declared credential.

    `sensitive`: whatever stands there is a secret, because the attribute exists for one.
    """
    text = string(variable.value)
    if text is not None and reference_of(variable.value) is None:
        found = secrets.detect("secret" if sensitive else variable.name, text)
        if found is not None:
            yield SecretUse(
                subject=subject,
                secret=Scalar(found.kind, variable.value.at),
                variable=variable.name,
                at=variable.at,
                via=via,
                literal=True,
                placeholder=found.placeholder,
            )
        return
    named = _named(variable, sensitive=sensitive)
    if named is not None:
        yield SecretUse(subject=subject, secret=named, variable=variable.name, at=variable.at, via=via)


def _named(variable: Variable, *, sensitive: bool) -> Value | None:
    """The secret whose value a variable will hold; None when it holds a name, an address or nothing secret."""
    reference = reference_of(variable.value) or _within(variable.value)
    if reference is not None and (sensitive or _holds_a_value(variable.name, reference)):
        return reference
    hidden = isinstance(variable.value, Unknown | Text) and not _is_address(variable.value)
    return variable.value if hidden and (sensitive or secrets.is_secret_name(variable.name)) else None


def _within(value: Value) -> Reference | None:
    """The secret inside a text such as `Bearer ${token}` or a connection string."""
    held = (part for part in text_parts(value) if isinstance(part, Reference))
    return next((part for part in held if _last(part) in HOLDS_SECRET), None)


def _holds_a_value(name: str, reference: Reference) -> bool:
    attribute = _last(reference)
    if attribute not in HOLDS_SECRET:
        return False
    return attribute not in _AMBIGUOUS or secrets.is_secret_name(name) or "password" in reference.key.address


def _last(reference: Reference) -> str:
    return fold(reference.attribute.rpartition(".")[2])


def _is_address(value: Value) -> bool:
    first = next(iter(text_parts(value)), None)
    return isinstance(first, str) and first.startswith(("https://", "http://", "/", "projects/", "gs://"))
