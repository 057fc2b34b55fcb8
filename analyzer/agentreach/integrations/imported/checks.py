"""The rules of other tools as checks of a run, so that reports can name them.

A rule is evidence for the entries of the check of ours that looks for the same pattern, on the basis "derived". Rules
that are not in the table are listed and map to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import Check
from agentreach.controls import controls_of
from agentreach.findings import Severity
from agentreach.records import replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from agentreach.findings import Control, Finding
    from agentreach.graph import AgentGraph
    from agentreach.integrations.imported.reading import Imported

# Rule -> check of ours. Sources: the rules' names in checkov 3.3 and in trivy-checks.
SAME_PATTERN = {
    "CKV_AWS_41": "AR207",
    "CKV_AWS_45": "AR207",
    "CKV_AWS_46": "AR207",
    "CKV_AWS_60": "AR105",
    "CKV_AWS_61": "AR105",
    "CKV_AWS_62": "AR101",
    "CKV_AWS_63": "AR102",
    "CKV_AWS_107": "AR303",
    "CKV_AWS_109": "AR302",
    "CKV_AWS_110": "AR302",
    "CKV_AWS_111": "AR301",
    "CKV_AWS_274": "AR101",
    "CKV_AWS_286": "AR302",
    "CKV_AWS_287": "AR303",
    "CKV_AWS_289": "AR302",
    "CKV_AWS_290": "AR301",
    "CKV_AWS_355": "AR301",
    "CKV_AWS_356": "AR301",
    "CKV_AWS_383": "AR403",
    "CKV_AWS_384": "AR207",
    "CKV_K8S_35": "AR206",
    "CKV_K8S_38": "AR205",
    "CKV_K8S_41": "AR107",
    "CKV_K8S_42": "AR107",
    "CKV_K8S_49": "AR109",
    "CKV_K8S_157": "AR304",
    "CKV_K8S_158": "AR304",
    "AVD-AWS-0057": "AR301",
    "AVD-KSV-0036": "AR205",
    "AVD-KSV-0041": "AR303",
    "AVD-KSV-0044": "AR109",
    "AVD-KSV-0111": "AR108",
}


def checks_for(found: Iterable[Imported]) -> dict[str, Check]:
    """A check for every rule that occurs; of several severities of a rule the highest is its ceiling."""
    made: dict[str, Check] = {}
    for one in found:
        known = made.get(one.rule)
        if known is None:
            made[one.rule] = _check(one)
        elif one.severity > known.severity:
            made[one.rule] = replace(known, severity=one.severity)
    return made


def _check(one: Imported) -> Check:
    return Check(
        id=one.rule,
        name=one.origin,
        title=one.title or one.rule,
        severity=max(one.severity, Severity.LOW),
        logic=_nothing,
        module=__name__,
        remediation=f"See {one.help}" if one.help.startswith("https://") else "",
        own_controls=tuple(_derived(SAME_PATTERN.get(one.rule, ""))),
    )


def _derived(check_id: str) -> Iterator[Control]:
    why = f"the rule of another tool looks for the pattern of {check_id}"
    return (replace(control, basis="derived", why=why) for control in controls_of(check_id))


def _nothing(_graph: AgentGraph) -> Iterator[Finding]:
    """What it finds was found elsewhere."""
    return iter(())
