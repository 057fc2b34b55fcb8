"""How much is read and evaluated at most, in bytes, characters, counts and steps; never in seconds.

The limits of a scan are in force while it runs (`applied`); what cannot be handed its limits asks `in_force()`.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from agentreach.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What exceeds one is left out with a reason, and is not by design. Names are those of `[limits]`.

    `nesting` bounds brackets, blocks and mappings within each other, `nodes` the values of one YAML or JSON file,
    `alias_nodes` those that its aliases stand for, `instances` one `count`, `for_each` or `Fn::ForEach`,
    `total_instances` one root module or template, `module_depth` modules within modules and stacks within stacks,
    `string_bytes` one evaluated string (characters), `expression_steps`, `root_steps` and `template_steps` the nodes
    and elements that one expression, one Terraform root and one CloudFormation template may evaluate.
    """

    file_bytes: int = 32 * _MIB
    total_bytes: int = 2048 * _MIB
    nesting: int = 200
    nodes: int = 5_000_000
    alias_nodes: int = 1_000_000
    instances: int = 10_000
    total_instances: int = 100_000
    module_depth: int = 32
    string_bytes: int = 8 * _MIB
    expression_steps: int = 500_000
    root_steps: int = 10_000_000
    template_steps: int = 2_000_000


HIGHEST = {"nesting": 200, "module_depth": 64}
"""Where more would exhaust the interpreter's stack rather than memory or patience."""

_IN_FORCE: ContextVar[Limits] = ContextVar("limits", default=Limits())  # noqa: B039 - immutable


def in_force() -> Limits:
    """The limits of the scan that runs, else the defaults."""
    return _IN_FORCE.get()


@contextmanager
def applied(limits: Limits) -> Iterator[None]:
    """Put limits in force for as long as the context lasts."""
    before = _IN_FORCE.set(limits)
    try:
        yield
    finally:
        _IN_FORCE.reset(before)


def megabytes(size: int) -> str:
    """`33554432` as people read it: "32 MiB"."""
    return f"{size / _MIB:.0f} MiB" if size >= _MIB else f"{size} bytes"
