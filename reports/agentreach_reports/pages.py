"""HTML pages from templates: autoescape on, undefined names are errors, no network, a strict security policy."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from agentreach_reports.visible import visible


@cache
def environment() -> Environment:
    """The one template environment; `visible` makes hidden characters of scanned text readable."""
    made = Environment(
        loader=PackageLoader("agentreach_reports"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["visible"] = visible
    return made


# The style sheets of every page of ours, in the order they build on one another.
STYLES = ("colours.css", "page.css", "parts.css", "print.css")


def part(name: str) -> str:
    """A shipped style sheet, script or page as it is."""
    return files("agentreach_reports").joinpath("page", name).read_text(encoding="utf-8")


def digest(text: str) -> str:
    """The source expression that lets a content security policy admit exactly this inline text."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def style_text(*own: str) -> str:
    """All style sheets in one, and those that a page alone has."""
    return "\n".join(map(part, (*STYLES, *own)))


def page(template: str, *styles: str, **context: object) -> str:
    """Render a template with the shared style sheets and its own admitted by their hash; no script runs on it."""
    style = style_text(*styles)
    policy = f"default-src 'none'; style-src {digest(style)}; base-uri 'none'; form-action 'none'"
    shown = Markup(style)  # noqa: S704 - files of the package, not scanned text
    return environment().get_template(template).render(style=shown, policy=policy, **context)
