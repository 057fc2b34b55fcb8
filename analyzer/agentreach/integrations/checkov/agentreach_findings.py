"""Our findings inside checkov: `checkov -d . --external-checks-dir "$(agentreach integrations checkov)"`.

Every check of ours is one check of checkov's for each kind of block, asked about all of them. It has no logic of its
own: the first question scans what checkov was given, and each finding is shown on the block it belongs to. A block
without a finding has no result, as nothing was proven about it. Suppressed findings are checkov's skipped ones.
Broken files (AR001) are checkov's own business.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING, Any

from checkov.cloudformation.checks.resource.base_resource_check import BaseResourceCheck as CloudFormationCheck
from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.kubernetes.checks.resource.base_spec_check import BaseK8Check as KubernetesCheck
from checkov.terraform.checks.data.base_check import BaseDataCheck as TerraformDataCheck
from checkov.terraform.checks.module.base_module_check import BaseModuleCheck as TerraformModuleCheck
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck as TerraformCheck

from agentreach.integrations.hosted import Block, Shown, candidates, roots, shown
from agentreach_checks import ALL
from agentreach_reports.records import message

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from agentreach.check import Check
    from agentreach.findings import Finding

GUIDE = "https://agentreach.dev/checks/{}/"
Attributes = dict[str, Any]


@cache
def _shown() -> Shown:
    return shown(roots(sys.argv[1:]))


def _terraform(attributes: Attributes, _name: str, kind: str) -> tuple[str, int, int]:
    address = str(attributes.get("__address__") or "")
    if kind == "module":
        address = ""  # what a call's arguments decide is found by its line
    return address, int(attributes.get("__start_line__") or 0), int(attributes.get("__end_line__") or 0)


def _data(attributes: Attributes, name: str, kind: str) -> tuple[str, int, int]:
    address, start, end = _terraform(attributes, name, kind)
    module, dot, own = address.rpartition(f"{kind}.{name}")
    return f"{module}data.{dot}{own}" if dot else address, start, end


def _cloudformation(attributes: Attributes, name: str, _kind: str) -> tuple[str, int, int]:
    """The marks count from 0 and start after the line of the logical id."""
    start, end = getattr(attributes, "start_mark", None), getattr(attributes, "end_mark", None)
    return name, start.line if start else 0, end.line + 1 if end else 0


def _kubernetes(attributes: Attributes, _name: str, _kind: str) -> tuple[str, int, int]:
    return "", int(attributes.get("__startline__") or 0), int(attributes.get("__endline__") or 0)


BASES: tuple[tuple[type[Any], str, Callable[[Attributes, str, str], tuple[str, int, int]]], ...] = (
    (TerraformCheck, "supported_resources", _terraform),
    (TerraformDataCheck, "supported_data", _data),
    (TerraformModuleCheck, "supported_resources", _terraform),
    (CloudFormationCheck, "supported_resources", _cloudformation),
    (KubernetesCheck, "supported_entities", _kubernetes),
)


def _register(check: Check, base: type[Any], parameter: str, where: Callable[..., tuple[str, int, int]]) -> None:
    """Subclass and instantiate: checkov registers a check when it is made."""

    def run(
        self: Any,  # noqa: ANN401 - a check of checkov's
        scanned_file: str,
        entity_configuration: Attributes,
        entity_name: str,
        entity_type: str,
        skip_info: dict[str, str],
    ) -> Attributes:
        address, start, end = where(entity_configuration, entity_name, entity_type)
        paths = candidates(scanned_file, roots(sys.argv[1:]))
        findings = _shown().claim(check.id, Block(paths=paths, address=address, start=start, end=end))
        self.name = _sentence(check, findings)
        self.details = [
            f"{at.path}:{at.line}: {one.note}"
            for found in findings
            for one in found.evidence
            for at in (one.at.location,)
        ]
        return _result(findings, skip_info) | {"entity": entity_configuration}

    members = {
        "run": run,
        "scan_resource_conf": _unasked,
        "scan_data_conf": _unasked,
        "scan_module_conf": _unasked,
        "scan_spec_conf": _unasked,
    }
    made = type(f"{base.__name__}{check.id}", (base,), members)
    made(
        name=check.title,
        id=check.id,
        categories=[CheckCategories.IAM],
        guideline=GUIDE.format(check.id),
        **{parameter: ["module"] if base is TerraformModuleCheck else ["*"]},
    )


def _unasked(self: object, conf: object) -> CheckResult:  # noqa: ARG001 - checkov's signature
    return CheckResult.UNKNOWN


def _sentence(check: Check, findings: Sequence[Finding]) -> str:
    """What checkov prints as the name: the findings' own words, or the title."""
    return (
        "; ".join(f"{message(one)} ({one.severity.label}, {one.confidence.label} confidence)" for one in findings)
        or check.title
    )


def _result(findings: Sequence[Finding], skip_info: dict[str, str]) -> Attributes:
    """Failed if one finding counts, skipped if all are suppressed here or by a comment of checkov's."""
    if not findings:
        return {"result": CheckResult.UNKNOWN, "evaluated_keys": []}
    reasons = [one.suppressed.reason for one in findings if one.suppressed]
    if skip_info or len(reasons) == len(findings):
        comment = skip_info["suppress_comment"] if skip_info else "; ".join(reasons)
        return {"result": CheckResult.SKIPPED, "suppress_comment": comment, "evaluated_keys": []}
    return {"result": CheckResult.FAILED, "evaluated_keys": []}


for _check in ALL:
    if _check.id != "AR001":
        for _base, _parameter, _where in BASES:
            _register(_check, _base, _parameter, _where)
