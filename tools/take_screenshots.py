"""Take the pictures of the documentation: real reports of a fixture, seen in Chromium without a window.

    python tools/take_screenshots.py            writes docs/images/*.png
    python tools/take_screenshots.py --names    lists their names

Needs the `dev` extra (playwright, Pillow, markdown-it-py) and a Chromium.
"""

from __future__ import annotations

import html
import io
import re
import shutil
import sys
from contextlib import chdir
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from agentreach import engine
from agentreach_checks import ALL
from agentreach_reports import COMPLIANCE_FORMATS, SCAN_FORMATS, renderer
from agentreach_reports.presentation import Presentation

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from agentreach.engine import Scan

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
FIXTURE = ROOT / "fixtures" / "bedrock-support-agent"
STATEMENT = re.compile(r'\n +\{\n +Sid += "ReadCrmSecrets".*?\n +\},', re.DOTALL)
PRESENTATION = Presentation(timestamp=1_793_491_200)
# Half the size of full colour, and the steps of the ladder stay apart.
COLOURS = 255
ANSI = re.compile(r"\x1b\[([0-9;]*)m")
INKS = {
    "1": "font-weight:700",
    "2": "color:#8b949e",
    "31": "color:#ff7b72",
    "33": "color:#e3b341",
    "34": "color:#79c0ff",
}
INKS |= {"35": "color:#ff9bce", "36": "color:#76e3ea"}
TERMINAL = (
    "<body style='margin:0;background:#0d1117;color:#e6edf3'><pre style='margin:0;padding:20px 24px;"
    "font:13px/1.45 ui-monospace,DejaVu Sans Mono,monospace'>{}</pre>"
)
COMMENT = (
    "<style>body{{margin:0;padding:20px 26px;background:#fff;color:#1f2328;font:15px/1.5 system-ui,sans-serif}}"
    "code{{font-size:85%;background:#eff1f3;border-radius:6px;padding:.2em .4em}}"
    "table{{border-collapse:collapse}}td,th{{border:1px solid #d1d9e0;padding:6px 13px;text-align:left}}"
    "details{{margin:.5em 0}}h3{{margin:.2em 0 .8em}}</style>{}"
)


class Shot(NamedTuple):
    """One picture: which page, which part of it, how large and in which colours."""

    name: str
    page: str
    address: str = ""
    size: tuple[int, int] = (1200, 780)
    scheme: str = "light"
    target: str = ""


SHOTS = (
    Shot("review-start", "review", "#/"),
    Shot("review-agent", "review", "#/agent/0", (1200, 1010)),
    Shot("review-agent-dark", "review", "#/agent/0", (1200, 860), "dark", "#chain"),
    Shot("review-finding", "review", "#/findings?check=AR303", (1200, 820)),
    Shot("review-narrow", "review", "#/", (390, 780), "dark"),
    Shot("compliance", "compliance", "", (1200, 900), "light", "#frameworks"),
    Shot("scan", "scan", "", (1060, 640)),
    Shot("pull-request", "comment", "", (900, 350)),
)


def scanned(folder: Path) -> Scan:
    with chdir(folder):
        found = engine.scan([Path()], checks=ALL, options=engine.Options(today=date(2026, 11, 1)))
    return replace(found, seconds=0.0)


def before() -> Scan:
    """The fixture as it was before its tool's role could read secrets."""
    with TemporaryDirectory() as folder:
        copy = shutil.copytree(FIXTURE, Path(folder) / "stack")
        source = copy / "main.tf"
        source.write_text(STATEMENT.sub("", source.read_text(encoding="utf-8")), encoding="utf-8")
        return scanned(copy)


def pages() -> dict[str, str]:
    from markdown_it import MarkdownIt  # noqa: PLC0415 - of the dev extra

    scan, earlier = scanned(FIXTURE), renderer(SCAN_FORMATS, "json")(before(), PRESENTATION)
    compared = replace(PRESENTATION, previous=earlier)
    text = renderer(SCAN_FORMATS, "text")(scan, replace(PRESENTATION, color=True, width=116))
    comment = renderer(SCAN_FORMATS, "markdown")(scan, compared)
    frameworks = ("owasp-asi-2026", "csa-maestro-2025", "owasp-nhi-2025")
    return {
        "review": renderer(SCAN_FORMATS, "html")(scan, PRESENTATION),
        "compliance": renderer(COMPLIANCE_FORMATS, "html")(scan, replace(PRESENTATION, frameworks=frameworks)),
        "scan": TERMINAL.format(coloured(text)),
        "comment": COMMENT.format(MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(comment)),
    }


def coloured(text: str) -> str:
    """Terminal colours as HTML."""
    parts = ANSI.split(html.escape(text))
    spans = (
        f'<span style="{";".join(INKS.get(code, "") for code in codes.split(";"))}">{part}</span>'
        for codes, part in zip(parts[1::2], parts[2::2], strict=True)
    )
    return parts[0] + "".join(spans)


def taken(browser: Browser, shot: Shot, file: Path) -> bytes:
    from PIL import Image  # noqa: PLC0415 - of the dev extra

    width, height = shot.size
    page = browser.new_page(
        viewport={"width": width, "height": height},
        color_scheme="dark" if shot.scheme == "dark" else "light",
        device_scale_factor=1.5,
        offline=True,
    )
    page.goto(f"{file.as_uri()}{shot.address}")
    page.evaluate("document.fonts.ready")
    if shot.name == "review-finding":
        page.locator(".finding summary").first.click()
    if shot.target:
        page.locator(shot.target).evaluate("part => scrollTo(0, part.offsetTop - 80)")
    seen = page.screenshot()
    page.close()
    small = io.BytesIO()
    Image.open(io.BytesIO(seen)).convert("RGB").quantize(COLOURS, kmeans=2).save(small, "PNG", optimize=True)
    return small.getvalue()


def main() -> int:
    if "--names" in sys.argv[1:]:
        sys.stdout.write("".join(f"{shot.name}.png\n" for shot in SHOTS))
        return 0
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - of the dev extra

    IMAGES.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder, sync_playwright() as driver:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, text in pages().items():
            (Path(folder) / f"{name}.html").write_text(text, encoding="utf-8")
        for shot in SHOTS:
            picture = taken(browser, shot, Path(folder) / f"{shot.page}.html")
            (IMAGES / f"{shot.name}.png").write_bytes(picture)
            sys.stdout.write(f"{shot.name}.png {len(picture):,} bytes\n")
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
