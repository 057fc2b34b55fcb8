"""Our findings as cfn-lint rules: `cfn-lint --append-rules "$(agentreach integrations cfn-lint)" -t template.yaml`.

A check is two rules: E9101 reports its high and critical findings as errors, W9101 the others as warnings.
Broken templates (AR001) are cfn-lint's own business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfnlint.rules import CloudFormationLintRule, RuleMatch

from agentreach.findings import Severity
from agentreach.integrations.template_findings import findings, place
from agentreach_checks import ALL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.check import Check


def _rule(check: Check, letter: str, *, serious: bool) -> type[CloudFormationLintRule]:
    def match(self: Any, cfn: Any) -> list[RuleMatch]:  # noqa: ANN401, ARG001 - cfn-lint's signature
        return list(_matches(cfn.filename, check.id, serious=serious))

    members = {
        "id": f"{letter}9{check.id[2:]}",
        "shortdesc": check.title,
        "description": f"{check.title}. {check.limits} Run `agentreach explain {check.id}`.",
        "source_url": "https://github.com/agentreach/agentreach",
        "tags": ["agentreach", check.name],
        "match": match,
    }
    return type(f"{letter}{check.id}", (CloudFormationLintRule,), members)


def _matches(path: str, check_id: str, *, serious: bool) -> Iterator[RuleMatch]:
    for finding in findings(path):
        if finding.check_id == check_id and (finding.severity >= Severity.HIGH) is serious:
            shown = RuleMatch(["Resources"], f"{finding.check_id} {finding.message}. {finding.remediation}")
            at = place(finding)
            shown.location = tuple(number - 1 for number in at)  # cfn-lint counts from 0 here
            yield shown


# cfn-lint instantiates every rule class that it finds among the names of this module.
globals().update(
    {
        rule.__name__: rule
        for check in ALL
        if check.id != "AR001" and "cloudformation" in check.formats
        for rule in (_rule(check, "E", serious=True), _rule(check, "W", serious=False))
    }
)
