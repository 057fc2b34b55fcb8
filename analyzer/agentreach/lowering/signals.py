"""Does a name, image or variable say that a model acts here? One matcher for every provider.

    image        decisive for an agent product, strong for a library, gateway or MCP server
    variable     strong or weak, by exact name or documented prefix
    words        strong when a declared name, tag or label says "model" or "agent"

Each returns None where nothing is said, and for the look-alikes: monitoring, build and cluster
agents. Nothing here reads a value of an environment variable.
"""

from __future__ import annotations

import re
from functools import lru_cache

from agentreach.identity import Strength
from agentreach.late_regex import late_regex
from agentreach.lowering import signal_words as words
from agentreach.named_tuples import NamedTuple


class Sign(NamedTuple):
    """How much it proves, and the word that says so."""

    strength: Strength
    detail: str


_SEPARATORS = late_regex(r"[^A-Za-z0-9]+")
_CAMEL = late_regex(r"(?<=[a-z0-9])(?=[A-Z])")


@lru_cache(maxsize=4096)
def of_image(reference: str) -> Sign | None:
    """What the path of a container image says; its tag and digest are ignored."""
    path = repository(reference)
    segments = path.split("/")
    if _is_lookalike(path, segments):
        return None
    for segment in segments:
        product = _first_run(segment, words.PRODUCT_IMAGES, anchored=True)
        if product is not None:
            return Sign(Strength.DECISIVE, f"image of {product}")
    named = next((name for name in words.PRODUCT_REPOSITORIES if f"/{path}/".endswith(f"/{name}/")), None)
    if named is not None:
        return Sign(Strength.DECISIVE, f"image of {named}")
    if is_mcp_image(reference):
        return Sign(Strength.STRONG, "image of an MCP server")
    for segment in segments:
        known = _first_run(segment, words.LIBRARY_IMAGES | words.PRODUCT_IMAGES, anchored=False)
        if known is not None:
            return Sign(Strength.STRONG, f"image with {known}")
    return None


@lru_cache(maxsize=4096)
def is_mcp_image(reference: str) -> bool:
    """An image whose last segment is `mcp-…`, `…-mcp` or `…-mcp-server`, or that lives under `mcp/`."""
    segments = repository(reference).split("/")
    tokens = segments[-1].split("-")
    return "mcp" in segments[:-1] or tokens[0] == "mcp" or tokens[-1] == "mcp" or tokens[-2:] == ["mcp", "server"]


def repository(reference: str) -> str:
    """An image reference without tag and digest, lower case: `ghcr.io/acme/bot`."""
    path = reference.partition("@")[0].strip().lower()
    head, slash, last = path.rpartition("/")
    return f"{head}{slash}{last.partition(':')[0]}"


@lru_cache(maxsize=4096)
def of_variable(name: str) -> Sign | None:
    """What the name of an environment variable says."""
    upper = name.upper()
    if upper in words.STRONG_VARIABLES or upper.startswith(words.STRONG_VARIABLE_PREFIXES):
        return Sign(Strength.STRONG, f"variable {name}")
    if upper in words.WEAK_VARIABLES:
        return Sign(Strength.WEAK, f"variable {name}")
    return None


@lru_cache(maxsize=4096)
def of_name(text: str) -> Sign | None:
    """What a declared name says: `support-agent`, `llm-router`; never `datadog-agent`."""
    tokens = _tokens(text)
    if _is_lookalike(text.lower(), (text.lower(),)):
        return None
    said = [token for token in tokens if token in words.MODEL_WORDS or token in {"agent", "agents"}]
    return Sign(Strength.STRONG, f"name {text!r}") if said else None


def says_only_agent(text: str) -> bool:
    """Whether the plain word "agent" is all that a name says: it counts beside another sign, never alone."""
    return not any(token in words.MODEL_WORDS for token in _tokens(text))


def repeats(said: str, path: str) -> bool:
    """Whether all words by which a text says "model" also stand in the path of an image."""
    found = {token for token in _tokens(said) if token in words.MODEL_WORDS}
    return bool(found) and found <= {*_tokens(path)}


@lru_cache(maxsize=4096)
def of_label(key: str, value: str) -> Sign | None:
    """What a label or tag says. The word "agent" alone says nothing here: build and log agents carry it."""
    tokens = {*_tokens(value), *_tokens(key.rpartition("/")[2])}
    if value.lower() in {"false", "no", "disabled", "none"} or _is_lookalike(value.lower(), (value.lower(),)):
        return None
    return Sign(Strength.STRONG, f"label {key}={value}") if tokens & words.MODEL_WORDS else None


def _tokens(text: str) -> tuple[str, ...]:
    spaced = _CAMEL.sub("-", text)
    return tuple(token for token in _SEPARATORS.split(spaced.lower()) if token)


def _is_lookalike(path: str, segments: tuple[str, ...] | list[str]) -> bool:
    if any(path == part or path.endswith(f"/{part}") for part in words.PARTS_WITHOUT_MODEL):
        return True
    return any(_first_run(segment, words.NOT_AGENT_IMAGES, anchored=False) is not None for segment in segments)


def _first_run(segment: str, known: frozenset[str], *, anchored: bool) -> str | None:
    """The longest run of dash-separated tokens that is a known word; `anchored` runs start at the front."""
    tokens = re.split(r"[-_]", segment)
    for length in range(len(tokens), 0, -1):
        for start in range(1 if anchored else len(tokens) - length + 1):
            run = "-".join(tokens[start : start + length])
            if run in known:
                return run
    return None
