"""The services, issuers, products and actions that say "agent". Sources: AWS service principals, CI documentation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import string

if TYPE_CHECKING:
    from agentreach.identity import Statement

AGENT_SERVICES = frozenset(
    {
        "bedrock.amazonaws.com",
        "bedrock-agentcore.amazonaws.com",
        "lex.amazonaws.com",
        "lexv2.amazonaws.com",
        "qbusiness.amazonaws.com",
        "application.qbusiness.amazonaws.com",
        "wisdom.amazonaws.com",
    }
)

CI_ISSUERS = (
    "token.actions.githubusercontent.com",
    "gitlab",
    "bitbucket.org",
    "agent.buildkite.com",
)

CODING_AGENTS = ("claude", "codex", "gemini-cli", "copilot", "aider", "openhands", "cursor", "devin")

_STRONG_ACTIONS = ("bedrock:invokeagent", "bedrock:invokeinlineagent", "bedrock:invokeflow")
_STRONG_PREFIX = "bedrock-agentcore:"


def strong_action(statement: Statement) -> str | None:
    """An agent's action that an Allow statement names; `bedrock:*` and `*` name none in particular."""
    if statement.effect != "Allow":
        return None
    for action in statement.actions:
        text = string(action)
        if text is not None and text.lower().startswith((_STRONG_PREFIX, *_STRONG_ACTIONS)):
            return text
    return None
