"""Other programs that read the same files, and what each is asked to do: as much of our work as it does."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from environments import Environment

PARSE_HCL = """
import pathlib, hcl2
for path in pathlib.Path('.').rglob('*.tf'):
    with open(path) as file:
        hcl2.load(file)
"""
JUDGE_POLICIES = """
import json, pathlib
from cloudsplaining.scan.policy_document import PolicyDocument
for path in pathlib.Path('documents').glob('*.json'):
    document = PolicyDocument(json.loads(path.read_text()))
    document.allows_privilege_escalation, document.permissions_management_without_constraints
    document.allows_data_exfiltration_actions, document.infrastructure_modification
"""


class Peer(NamedTuple):
    """A program, the packages it comes in, and its command line in the folder of a corpus."""

    name: str
    package: str
    packages: tuple[str, ...]
    command: Callable[[Environment], list[str]]


def _checkov(environment: Environment) -> list[str]:
    frameworks = ["--framework", "terraform", "cloudformation", "kubernetes"]
    return [environment.program("checkov"), "-d", ".", *frameworks, "--compact", "--quiet", "--soft-fail"]


def _python(script: str) -> Callable[[Environment], list[str]]:
    return lambda environment: [environment.program("python"), "-c", script]


CHECKOV = Peer("checkov", "checkov", ("checkov>=3.2",), _checkov)
CFN_LINT = Peer(
    "cfn-lint",
    "cfn-lint",
    ("cfn-lint>=1.20",),
    lambda environment: [environment.program("cfn-lint"), "**/*.yaml", "**/*.json"],
)
CLOUDSPLAINING = Peer("cloudsplaining", "cloudsplaining", ("cloudsplaining>=0.7",), _python(JUDGE_POLICIES))
PARLIAMENT = Peer(
    "parliament",
    "parliament",
    ("parliament>=1.6", "setuptools<81"),
    lambda environment: [environment.program("parliament"), "--directory", "documents"],
)
HCL2 = Peer("python-hcl2", "python-hcl2", ("python-hcl2>=7",), _python(PARSE_HCL))
