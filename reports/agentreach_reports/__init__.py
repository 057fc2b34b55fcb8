"""Renderers: a scan in, text out. Pure: no file, no clock, no terminal.

Each renderer is a module with `render(scan, presentation) -> str` (PDF: bytes), imported only when its format is asked
for. Secret values that the analysis knows are taken out of whatever a renderer made, as a last net.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from agentreach.engine import Scan
    from agentreach_reports.presentation import Presentation

Render = Callable[["Scan", "Presentation"], str]
RenderBytes = Callable[["Scan", "Presentation"], bytes]

SCAN_FORMATS = {
    "text": "scan_text",
    "json": "scan_json",
    "sarif": "sarif",
    "junit": "junit",
    "github": "github",
    "gitlab": "gitlab",
    "gitlab-sast": "gitlab_sast",
    "markdown": "scan_markdown",
    "html": "html",
    "csv": "scan_csv",
}
REVIEW_FORMATS = {"text": "review_text", "json": "review_json", "markdown": "review_markdown", "html": "html"}
COMPLIANCE_FORMATS = {
    "markdown": "compliance_markdown",
    "html": "compliance_html",
    "csv": "compliance_csv",
    "json": "compliance_json",
    "oscal": "oscal",
}
INVENTORY_FORMATS = {"table": "inventory_table", "json": "inventory_json", "cyclonedx": "cyclonedx"}


def renderer(formats: dict[str, str], name: str) -> Render:
    """The renderer of a text format of one of the tables above. Raises KeyError for an unknown one."""
    made = cast("Render", import_module(f"agentreach_reports.{formats[name]}").render)
    return lambda scan, presentation: _scrubbed(scan, made(scan, presentation))


def binary_renderer(name: str) -> RenderBytes:
    """The renderer of a compliance format that is not text: "pdf". Raises MissingExtra where its library is absent."""
    return cast("RenderBytes", import_module(f"agentreach_reports.{name}").render)


def _scrubbed(scan: Scan, text: str) -> str:
    from agentreach_reports.masking import Literals  # noqa: PLC0415 - late, like every renderer

    return Literals(scan.graph).scrubbed(text)
