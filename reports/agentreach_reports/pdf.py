"""The compliance mapping report as PDF, by WeasyPrint (extra `pdf`). Nothing is fetched while it is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.errors import MissingExtraError
from agentreach_reports import compliance_html
from agentreach_reports.masking import Literals

if TYPE_CHECKING:
    from agentreach.engine import Scan
    from agentreach_reports.presentation import Presentation

INSTALL = "--format pdf needs WeasyPrint: pip install 'agentreach[pdf]'"


def render(scan: Scan, presentation: Presentation) -> bytes:
    """The document. Raises MissingExtraError with the install line where WeasyPrint or its libraries are absent."""
    try:
        # An extra, slow to import, and without types.
        from weasyprint import HTML  # type: ignore[import-untyped, import-not-found, unused-ignore]  # noqa: PLC0415
    except (ImportError, OSError) as error:
        raise MissingExtraError(f"{INSTALL} ({error})") from error
    text = Literals(scan.graph).scrubbed(compliance_html.render(scan, presentation))
    made = HTML(string=text, url_fetcher=_refused).write_pdf(pdf_identifier=b"agentreach")
    assert isinstance(made, bytes)
    return made


def _refused(url: str, *_: object, **__: object) -> dict[str, object]:
    """The page refers to nothing outside itself."""
    raise ValueError(f"not fetched: {url}")
