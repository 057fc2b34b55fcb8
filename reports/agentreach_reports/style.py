"""Colours of the terminal reports; without colour every style is the plain text."""

from __future__ import annotations

from agentreach.findings import Severity
from agentreach.records import dataclass

CODES = {"bold": "1", "dim": "2", "red": "31", "yellow": "33", "blue": "34", "magenta": "35", "cyan": "36"}
OF_SEVERITY = {
    Severity.CRITICAL: ("bold", "magenta"),
    Severity.HIGH: ("bold", "red"),
    Severity.MEDIUM: ("bold", "yellow"),
    Severity.LOW: ("bold", "cyan"),
}


@dataclass(frozen=True, slots=True)
class Style:
    """Paints text when `color` is on."""

    color: bool

    def paint(self, text: str, *names: str) -> str:
        """The text in these colours."""
        if not self.color or not names:
            return text
        return f"\x1b[{';'.join(CODES[name] for name in names)}m{text}\x1b[0m"

    def severity(self, severity: Severity) -> str:
        """The severity's word in its colour."""
        return self.paint(severity.name, *OF_SEVERITY[severity])
