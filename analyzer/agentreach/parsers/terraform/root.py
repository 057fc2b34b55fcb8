"""One evaluation of a root module: what all its modules share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach import model
from agentreach.model import Skipped
from agentreach.parsers.terraform.evaluation import Budget
from agentreach.parsers.terraform.extents import size
from agentreach.parsers.terraform.locals import Lazy
from agentreach.records import dataclass, field
from agentreach.sources.limits import in_force

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from agentreach.model import Span
    from agentreach.parsers.terraform.configuration import Trouble
    from agentreach.parsers.terraform.confined_files import ConfinedFiles
    from agentreach.parsers.terraform.module_sources import ModuleSources
    from agentreach.parsers.terraform.options import TerraformOptions
    from agentreach.parsers.terraform.values import Value
    from agentreach.parsers.terraform.variables import Variable

_SMALL = 64
_STEPS_PER_PART = 4


@dataclass(eq=False)
class Root:
    """`given` are the values of the root's variables, `name` what all keys of this root carry."""

    name: str
    options: TerraformOptions
    files: ConfinedFiles
    sources: ModuleSources
    trouble: Trouble
    given: Mapping[str, Callable[[Variable], Value]] = field(default_factory=dict)
    skipped: dict[tuple[str, int | None, str], Skipped] = field(default_factory=dict)
    # The declarations that something referred to, by identity.
    asked: set[int] = field(default_factory=set)
    made: int = 0
    uses_public: bool = False
    _is_exhausted: bool = False
    budget: Budget = field(default_factory=lambda: Budget(in_force().root_steps))

    def __post_init__(self) -> None:
        self.lazy = Lazy(self._cycle)

    def close(self) -> None:
        """Let go of everything that was evaluated."""
        self.lazy.clear()

    def limited(self, at: Span, reason: str) -> None:
        """Something was cut off at a limit, which is not by design."""
        self.skip(at, reason, by_design=False)

    def exhausted(self, at: Span) -> None:
        """The evaluation of the whole root takes too many steps; what comes after is unknown."""
        if not self._is_exhausted:
            self._is_exhausted = True
            self.limited(at, "evaluating this root takes too many steps: what was not evaluated yet is unknown")

    def skip(self, at: Span, reason: str, *, by_design: bool) -> None:
        """Something is not analysed."""
        line = at.location.line
        skipped = Skipped(at.source.path, reason, by_design=by_design, line=line)
        self.skipped.setdefault((at.source.path, line, reason), skipped)

    def spends(self, steps: int, at: Span) -> bool:
        """Whether the root may take so many steps more, beside those of expressions."""
        self.budget.steps -= steps
        if self.budget.steps < 0:
            self.exhausted(at)
        return self.budget.steps >= 0

    def to_model(self, value: Value) -> model.Value:
        """What lowering reads of a value: structures share parts, and many large ones would not end."""
        parts = size(value)
        if parts > _SMALL and not self.lazy.is_made(value) and not self.spends(parts * _STEPS_PER_PART, value.at):
            return model.Unknown("evaluating this root takes too many steps", value.at)
        return self.lazy.to_model(value)

    def may_make(self, count: int) -> bool:
        """Whether the root may have this many more instances."""
        self.made += count
        return self.made <= in_force().total_instances

    def _cycle(self, names: list[str], at: Span) -> None:
        message = f"{names[0]} refers to itself: {' → '.join([*names, names[0]])}"
        self.trouble.add(at.source, at.start, at.end, message)
