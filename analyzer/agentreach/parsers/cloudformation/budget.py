"""How much evaluation may cost. Bounded in steps, so that a result never depends on the machine."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

STEPS = 2_000_000
CHARACTERS_A_STEP = 64
FRAMES = 600
TEXT = 8 * 1024 * 1024
PARTS = 10_000
ALTERNATIVES = 16
LOOP = 10_000
INSTANCES = 100_000
NESTED_STACKS = 10_000
NESTING = 32


class Budget:
    """Steps and loop instances left, and how deep the evaluation is right now. Renewed for each root template.

    `depth` counts Python's frames roughly, so that a long chain ends as Unknown before the stack does.
    """

    __slots__ = ("depth", "instances", "stacks", "steps")

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        """Start over: the next root template pays for itself."""
        self.steps = STEPS
        self.instances = INSTANCES
        self.stacks = NESTED_STACKS
        self.depth = 0

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
