"""Whether an agent is bounded: what it holds is so little that absent controls hardly matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach import thresholds
from agentreach.identity import Aspect, Step
from agentreach.model import Unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agentreach.graph.agents import Findings
    from agentreach.graph.options import GraphOptions
    from agentreach.graph.views import CredentialView, Reach, SettingView, ToolView
    from agentreach.identity import Agent

_OPEN = {Aspect.ANONYMOUS_INBOUND, Aspect.CODE_EXECUTION, Aspect.HOST_ACCESS}
_CODE_TOOLS = {"code-interpreter", "browser"}


def is_bounded(agent: Agent, found: Findings, reach: Sequence[Reach], options: GraphOptions) -> bool | None:
    """At most read-data on named resources, no secret, no code tool, no anonymous endpoint, no credential above *note*.

    None when nothing speaks against it but an unknown hides part of the answer.
    """
    key = agent.key
    answers = (
        *map(_narrow, reach),
        *(_quiet(one) for one in found.settings if key in one.entries),
        *(_plain(one) for one in found.tools if key in one.entries),
        *(_short(one, options) for one in found.credentials if key in one.entries),
        *(not one.use.literal for one in found.secret_uses if key in one.entries),
        *(None for one in found.unknowns if key in one.entries),
    )
    if False in answers:
        return False
    return None if None in answers else True


def _narrow(reach: Reach) -> bool:
    if reach.step > Step.READ_DATA:
        return False
    return not (reach.wildcard_resource and reach.scopable and reach.step is Step.READ_DATA)


def _quiet(setting: SettingView) -> bool | None:
    if setting.setting.aspect not in _OPEN:
        return True
    return None if setting.setting.state is None else not setting.setting.state


def _plain(tool: ToolView) -> bool | None:
    if tool.executor in _CODE_TOOLS or tool.mutating:
        return False
    return None if tool.mutating is None and not tool.acts_as else True


def _short(view: CredentialView, options: GraphOptions) -> bool | None:
    credential = view.credential
    if isinstance(credential.ttl, Unknown):
        return None
    return not credential.literal and thresholds.level(credential, options.lifetimes) is None
