"""How much evaluation may cost. Bounded in steps, so that a result never depends on the machine."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from agentreach.sources.limits import in_force

if TYPE_CHECKING:
    from collections.abc import Iterator

CHARACTERS_A_STEP = 64
FRAMES = 600
PARTS = 10_000
TOO_LONG = "the text is longer than the limit for strings"
ALTERNATIVES = 16
NESTED_STACKS = 10_000


class Budget:
    """Steps and loop instances left, and how deep the evaluation is right now. Renewed for each root template.

    `told` is whether it was said that they are spent; `depth` counts Python's frames roughly, so that a long chain
    ends as Unknown before the stack does.
    """

    __slots__ = ("depth", "instances", "stacks", "steps", "told")

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        """Start over: the next root template pays for itself."""
        self.steps = in_force().template_steps
        self.instances = in_force().total_instances
        self.stacks = NESTED_STACKS
        self.depth = 0
        self.told = False

    @contextmanager
    def deeper(self, frames: int) -> Iterator[None]:
        """Charge the frames of a detour: another resource, output or include."""
        self.depth += frames
        try:
            yield
        finally:
            self.depth -= frames

    def charge_text(self, characters: int) -> None:
        """Pay for text that was put together, so that one long text used often is bounded too."""
        self.steps -= characters // CHARACTERS_A_STEP

    def spent(self) -> str | None:
        """Why evaluation stops here, or None while it may go on."""
        if self.steps <= 0:
            return "the evaluation needs too many steps"
        if self.depth > FRAMES:
            return "the value depends on too long a chain of others"
        return None
