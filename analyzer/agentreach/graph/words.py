"""The services, issuers, products and actions that say "agent". Sources: AWS service principals, CI documentation."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from agentreach.model import string

if TYPE_CHECKING:
    from agentreach.identity import Statement

AGENT_SERVICES = frozenset(
    {
        "bedrock.amazonaws.com",
        "bedrock-agentcore.amazonaws.com",
        "aidevops.amazonaws.com",
        "aiops.amazonaws.com",
        "nova-act.amazonaws.com",
        "securityagent.amazonaws.com",
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

_STRONG_ACTIONS = ("bedrock:invokeagent", "bedrock:invokeinlineagent", "bedrock:invokeflow", "qbusiness:chat")
_STRONG_PREFIXES = ("bedrock-agentcore:", "nova-act:")

_MODEL_ACTIONS = ("bedrock:invokemodel", "bedrock:converse", "bedrock:retrieve", "bedrock:*")

_STRONG_ROLES = (
    "roles/aiplatform.user",
    "roles/discoveryengine.",
    "roles/dialogflow.",
    "azure ai user",
    "azure ai developer",
    "azure ai project manager",
)
_MODEL_ROLES = (
    "roles/aiplatform.expressuser",
    "roles/ml.developer",
    "cognitive services openai user",
    "cognitive services user",
)
"""Roles by which a workload of Google Cloud or Azure uses agents, or calls a model."""


def strong_action(statement: Statement) -> str | None:
    """An agent's action that an Allow statement names; `bedrock:*` and `*` name none in particular."""
    return _named(statement, (*_STRONG_PREFIXES, *_STRONG_ACTIONS))


def model_action(statement: Statement) -> str | None:
    """An action by which an Allow statement lets a client call a model; a client is no agent yet."""
    return _named(statement, _MODEL_ACTIONS)


def strong_role(role: str) -> bool:
    """Whether a role is an agent's; a role that only reads what agents are is none."""
    return role.lower().startswith(_STRONG_ROLES) and not role.lower().endswith(("viewer", "reader"))


def model_role(role: str) -> bool:
    """Whether a role lets a client call a model."""
    return role.lower() in _MODEL_ROLES


def _named(statement: Statement, beginnings: tuple[str, ...]) -> str | None:
    if statement.effect != "Allow":
        return None
    return _beginning(tuple([string(action) or "" for action in statement.actions]), beginnings)


@lru_cache(maxsize=4096)
def _beginning(texts: tuple[str, ...], beginnings: tuple[str, ...]) -> str | None:
    """The first text that begins so; equal lists of actions recur in many policies."""
    return next((text for text in texts if text.lower().startswith(beginnings)), None)
