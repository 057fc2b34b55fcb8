"""What a script that a machine starts with says about what runs there."""

from __future__ import annotations

import pytest

from agentreach.identity import Strength
from agentreach.lowering.startup_scripts import signs
from agentreach.model import Key, Source, Span

AT = Span(Source("x.tf", "x"), 0, 1)


def _found(text: str) -> list[tuple[str, Strength]]:
    return [(one.kind, one.strength) for one in signs(Key(".", "m"), text, AT)]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("docker run -d -p 80:5001 langgenius/dify-api:1.9.0", [("image", Strength.DECISIVE)]),
        ("sudo /usr/bin/podman pull 'docker.io/n8nio/n8n'", [("image", Strength.DECISIVE)]),
        ("    image: n8nio/n8n:1.80.0", [("image", Strength.DECISIVE)]),
        ("export OPENAI_API_KEY=x", [("environment", Strength.STRONG)]),
        ("docker run -e ANTHROPIC_API_KEY=$KEY nginx", [("environment", Strength.STRONG)]),
        ("docker run --env=ANTHROPIC_API_KEY nginx", []),
        ("      - LANGGRAPH_URL=http://x", [("environment", Strength.STRONG)]),
        ("OPENAI_API_KEY=x", [("environment", Strength.STRONG)]),
        ("docker run gcr.io/datadoghq/agent:7", []),
        ("docker run jetbrains/teamcity-agent:latest", []),
        ("# docker run n8nio/n8n", []),
        ("echo hello # docker run n8nio/n8n", []),
        ("cp /opt/n8nio/n8n /srv", []),
        ("systemctl enable --now buildkite-agent amazon-ssm-agent", []),
        ("", []),
    ],
)
def test_a_line_says_what_runs(line: str, found: list[tuple[str, Strength]]) -> None:
    assert _found(line) == found


def test_a_sign_is_told_once_however_often_it_is_written() -> None:
    assert _found("docker pull n8nio/n8n\ndocker run n8nio/n8n\n") == [("image", Strength.DECISIVE)]
