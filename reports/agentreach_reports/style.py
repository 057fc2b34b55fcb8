"""Colours of the terminal reports; without colour every style is the plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.findings import Severity
from agentreach.records import dataclass
from agentreach_reports.places import relative_uri

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agentreach_reports.presentation import Presentation

CODES = {"bold": "1", "dim": "2", "red": "31", "yellow": "33", "blue": "34", "magenta": "35", "cyan": "36"}
# The first version of GNOME's terminal library whose links do not crash it (0.50.0).
VTE_WITH_LINKS = 5000
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
    links: str | None = None

    @classmethod
    def of(cls, presentation: Presentation) -> Style:
        """The style that a caller asks for."""
        return cls(presentation.color, presentation.links)

    def paint(self, text: str, *names: str) -> str:
        """The text in these colours."""
        if not self.color or not names:
            return text
        return f"\x1b[{';'.join(CODES[name] for name in names)}m{text}\x1b[0m"

    def severity(self, severity: Severity) -> str:
        """The severity's word in its colour."""
        return self.paint(severity.name, *OF_SEVERITY[severity])

    def place(self, path: str, shown: str) -> str:
        """A path in its colour and, where the terminal can, as a hyperlink (OSC 8)."""
        painted = self.paint(shown, "blue")
        if not self.color or self.links is None:
            return painted
        return f"\x1b]8;;{self.links.rstrip('/')}/{relative_uri(path)}\x1b\\{painted}\x1b]8;;\x1b\\"


def supports_links(environment: Mapping[str, str]) -> bool:
    """Whether the terminal that an environment describes is known to show OSC 8 hyperlinks; never in CI logs."""
    if environment.get("CI") or environment.get("TERM", "dumb") in {"dumb", "linux"}:
        return False
    known = {"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby", "rio"}
    if environment.get("TERM_PROGRAM") in known or environment.get("TERM") in {"xterm-kitty", "alacritty", "foot"}:
        return True
    vte = environment.get("VTE_VERSION", "")
    return (vte.isdigit() and int(vte) >= VTE_WITH_LINKS) or any(
        environment.get(name) for name in ("WT_SESSION", "KONSOLE_VERSION", "DOMTERM", "FORCE_HYPERLINK")
    )
