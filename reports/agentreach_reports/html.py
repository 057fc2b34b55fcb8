"""The access review as one self-contained page: no network, a strict security policy, scanned text only ever as text.

The page is a shell with a style sheet, a script and one block of JSON. The policy admits exactly that style sheet and
that script by their hashes; the JSON is data, in which nothing can end the block or start a tag.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from agentreach.late_regex import late_regex
from agentreach_reports.page_data import page_data
from agentreach_reports.pages import digest, part, style_text

if TYPE_CHECKING:
    from agentreach.engine import Scan
    from agentreach_reports.presentation import Presentation

# In the order they are put together: each uses only what stands before it.
SCRIPTS = (
    "vendor/dagre.js",
    "elements.js",
    "words.js",
    "picture.js",
    "lifetimes.js",
    "findings.js",
    "start.js",
    "agents.js",
    "agent.js",
    "frameworks.js",
    "gaps.js",
    "pages.js",
)
HOLE = late_regex(r"@(policy|style|data|script)@")
ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def render(scan: Scan, presentation: Presentation) -> str:
    """The page."""
    style, script = style_text(), script_text()
    policy = (
        f"default-src 'none'; script-src {digest(script)}; style-src {digest(style)}; "
        "base-uri 'none'; form-action 'none'"
    )
    data = embedded(page_data(scan, presentation))
    filled = {"policy": policy, "style": style, "data": data, "script": script}
    return HOLE.sub(lambda hole: filled[hole[1]], part("review.html"))


def embedded(value: object) -> str:
    """JSON that is inert inside a script element of any page."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(ESCAPES)


def script_text() -> str:
    """All scripts in one function's scope, the vendored library before it."""
    vendored, *own = map(part, SCRIPTS)
    body = "\n".join(own)
    return f'{vendored}\n(() => {{\n"use strict";\n{body}\n}})();\n'
