"""What a command fetches when it starts, with or without a version."""

from __future__ import annotations

import pytest

from agentreach.lowering.fetched_packages import fetched
from agentreach.model import Key, ListValue, Scalar, Source, Span

AT = Span(Source("x.yaml", "x" * 40), 0, 1)


def _found(*words: str) -> list[tuple[str, bool | None]]:
    command = ListValue(
        tuple(Scalar(word, Span(AT.source, number, number + 1)) for number, word in enumerate(words)), AT
    )
    return [(one.note.removeprefix("package "), one.state) for one in fetched(Key(".", "a"), command)]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("npx -y mcp-server-kubernetes", [("mcp-server-kubernetes", False)]),
        ("npx --yes @acme/server@1.4.2 --port 3000", [("@acme/server@1.4.2", True)]),
        ("npx @acme/server", [("@acme/server", False)]),
        ("npx @acme/server@latest", [("@acme/server@latest", False)]),
        ("npx server@3", [("server@3", False)]),
        ("npx -p a@1.0.0 -p b run", [("a@1.0.0", True), ("b", False)]),
        ("npx --package=a@1.0.0 run", [("a@1.0.0", True)]),
        ("/usr/bin/npx server", [("server", False)]),
        ("uvx mcp-server-fetch", [("mcp-server-fetch", False)]),
        ("uvx --python 3.12 --from server==2.0 serve", [("server==2.0", True)]),
        ("uv tool run server", [("server", False)]),
        (
            "pipx run --spec git+https://example.org/s@" + "a" * 40 + " s",
            [("git+https://example.org/s@" + "a" * 40, True)],
        ),
        ("pip install -r requirements.txt", []),
        ("npm install && node server.js", []),
        ("npx ./local", []),
        ("npx", []),
        ("node server.js npx-like", []),
    ],
)
def test_a_package_has_a_version_or_not(line: str, found: list[tuple[str, bool]]) -> None:
    assert _found(*line.split()) == found


def test_a_script_is_one_element_of_many_lines() -> None:
    script = "set -e\nnpm install\nnode migrate.js\nexec npx -y 'mcp-server@0.3.1' | tee log"
    assert _found("sh", "-c", script) == [("mcp-server@0.3.1", True)]


def test_the_line_is_that_of_the_package() -> None:
    command = ListValue((Scalar("uvx", AT), Scalar("server", Span(AT.source, 7, 9))), AT)
    (one,) = fetched(Key(".", "a"), None, command)
    assert one.at.start == 7
