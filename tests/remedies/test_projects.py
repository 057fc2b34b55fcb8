"""Fixes in whole projects: overlays, nested stacks, modules, plans and what tools generate."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from fixing import fix, found

CASES = Path(__file__).parent / "cases"
POD = (CASES / "automount-kubernetes" / "manifests.yaml").read_text(encoding="utf-8")
ROLE = (CASES / "session-terraform" / "main.tf").read_text(encoding="utf-8")
TEMPLATE = (CASES / "session-cloudformation" / "template.yaml").read_text(encoding="utf-8")


def _write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def test_a_base_is_fixed_once_for_all_its_overlays(tmp_path: Path) -> None:
    overlay = "resources: [../../base]\nnamespace: NAME\n"
    _write(
        tmp_path,
        {
            "base/kustomization.yaml": "resources: [pods.yaml]\n",
            "base/pods.yaml": POD,
            "overlays/dev/kustomization.yaml": overlay.replace("NAME", "dev"),
            "overlays/prod/kustomization.yaml": overlay.replace("NAME", "prod"),
        },
    )
    done = fix(tmp_path, "--write", "--select", "AR205")
    assert done.diff.startswith("--- a/base/pods.yaml\n")
    assert done.lines == ["+      automountServiceAccountToken: false"]
    assert done.by_hand == []
    assert "AR205" not in {check for check, _ in found(tmp_path)}


def test_a_value_that_a_patch_sets_is_left_to_a_person(tmp_path: Path) -> None:
    patch = (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ops\n  namespace: agents\n"
        "spec:\n  template:\n    spec:\n      automountServiceAccountToken: true\n"
    )
    _write(
        tmp_path,
        {
            "base/kustomization.yaml": "resources: [pods.yaml]\n",
            "base/pods.yaml": POD,
            "prod/kustomization.yaml": "resources: [../base]\npatches:\n  - path: patch.yaml\n",
            "prod/patch.yaml": patch,
        },
    )
    done = fix(tmp_path, "--write", "--select", "AR205")
    assert done.diff == ""
    (reason,) = done.by_hand
    assert reason.startswith("prod/patch.yaml:9 AR205: prod/patch.yaml patches Deployment/agents/ops, or sets this")


def test_a_nested_stack_used_twice_is_edited_when_all_its_uses_are_found(tmp_path: Path) -> None:
    parent = "Resources:\n" + "".join(
        f"  {name}:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: child.yaml\n"
        for name in ("One", "Two")
    )
    _write(tmp_path, {"parent.yaml": parent, "child.yaml": TEMPLATE})
    done = fix(tmp_path, "--write", "--select", "AR202")
    assert done.lines == ["-      MaxSessionDuration: '43200'", "+      MaxSessionDuration: '3600'"]
    assert "AR202" not in {check for check, _ in found(tmp_path)}


def test_the_data_source_of_another_file_is_used(tmp_path: Path) -> None:
    trust = (CASES / "source-account-terraform-jsonencode" / "main.tf").read_text(encoding="utf-8")
    _write(tmp_path, {"main.tf": trust, "data.tf": 'data "aws_caller_identity" "here" {}\n'})
    done = fix(tmp_path, "--write", "--select", "AR105")
    assert '+            "aws:SourceAccount" = data.aws_caller_identity.here.account_id' in done.lines
    assert (tmp_path / "data.tf").read_text(encoding="utf-8") == 'data "aws_caller_identity" "here" {}\n'


def test_two_roles_of_a_module_share_one_new_data_source(tmp_path: Path) -> None:
    trust = (CASES / "source-account-terraform-jsonencode" / "main.tf").read_text(encoding="utf-8")
    second = trust.replace('"ops"', '"other"').replace(".ops.", ".other.")
    _write(tmp_path, {"a.tf": trust, "b.tf": second})
    done = fix(tmp_path, "--write", "--select", "AR105")
    assert done.lines.count('+data "aws_caller_identity" "current" {}') == 1
    assert "2 fixes in 2 files: written" in done.said
    assert "AR105" not in {check for check, _ in found(tmp_path)}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("cdk.out/stack.template.json", (CASES / "source-account-cloudformation-json" / "template.json").read_text()),
        ("stack.template.json", '{"Metadata": {"made": "@generated"},\n' + (
            CASES / "source-account-cloudformation-json" / "template.json").read_text().lstrip("{")),
    ],
)  # fmt: skip
def test_generated_templates_are_left(tmp_path: Path, name: str, text: str) -> None:
    _write(tmp_path, {name: text, "cdk.json": "{}", "cdk.out/manifest.json": json.dumps({"version": "36.0.0", "artifacts": {
        "stack": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "stack.template.json"}}}})
        if name.startswith("cdk.out") else "{}"})  # fmt: skip
    done = fix(tmp_path, "--write", "--select", "AR202")
    assert done.diff == ""
    assert (tmp_path / name).read_text(encoding="utf-8") == text
    assert all("the file is generated" in one for one in done.by_hand)


def test_a_plan_is_left(tmp_path: Path) -> None:
    role = {
        "address": "aws_iam_role.ops", "mode": "managed", "type": "aws_iam_role", "name": "ops",
        "provider_name": "registry.terraform.io/hashicorp/aws", "schema_version": 0,
        "values": {
            "name": "ops", "max_session_duration": 43200,
            "assume_role_policy": json.dumps({"Version": "2012-10-17", "Statement": [{
                "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "bedrock.amazonaws.com"}}]}),
        },
    }  # fmt: skip
    plan = {
        "format_version": "1.2",
        "terraform_version": "1.9.0",
        "planned_values": {"root_module": {"resources": [role]}},
    }
    _write(tmp_path, {"plan.json": json.dumps(plan, indent=1)})
    done = fix(tmp_path, "--write")
    assert done.diff == ""
    assert done.by_hand
    assert all("the file is generated: change what it is made from" in one for one in done.by_hand)


def test_a_module_of_a_caller_outside_the_given_path_is_left(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    module = ROLE + 'output "arn" { value = aws_iam_role.ops.arn }\n'
    _write(
        tmp_path,
        {
            "envs/prod/main.tf": 'module "agent" {\n  source = "../../modules/agent"\n}\n',
            "envs/dev/main.tf": 'module "agent" {\n  source = "../../modules/agent"\n}\n',
            "modules/agent/main.tf": module,
        },
    )
    alone = fix(tmp_path, "envs/prod", "--write", "--select", "AR202")
    assert alone.diff == ""
    assert all("the file lies outside the given paths" in one for one in alone.by_hand)
    whole = fix(tmp_path, "--write", "--select", "AR202")
    assert whole.diff.startswith("--- a/modules/agent/main.tf\n")


def test_many_fixes_of_one_file_are_made_at_once(tmp_path: Path) -> None:
    pods = POD.partition("---")[0]
    text = "---\n".join(pods.replace("name: ops", f"name: ops-{number}", 1) for number in range(60))
    _write(tmp_path, {"pods.yaml": text})
    done = fix(tmp_path, "--write")
    assert "60 fixes in 1 file: written" in done.said
    assert (tmp_path / "pods.yaml").read_text(encoding="utf-8").count("automountServiceAccountToken: false") == 60


def test_one_that_cannot_be_made_keeps_no_other_from_it(tmp_path: Path) -> None:
    pods = POD.partition("---")[0]
    shared = (
        pods.replace("    spec:\n", "    spec: &spec\n").replace("name: ops", "name: bad", 1) + "x-old: {spec: *spec}\n"
    )
    names = ["a", "b", "c", "d", "e"]
    parts = [pods.replace("name: ops", f"name: {name}", 1) for name in names]
    _write(tmp_path, {"pods.yaml": "---\n".join([*parts[:2], shared, *parts[2:]])})
    done = fix(tmp_path, "--write", "--select", "AR205")
    assert "5 fixes in 1 file: written" in done.said
    assert len(done.by_hand) == 1
    assert "the edit would change more than automountServiceAccountToken" in done.by_hand[0]


def test_the_cases_fixed_together_are_those_fixed_alone(tmp_path: Path) -> None:
    expected: dict[str, set[str]] = {}
    for case in sorted(CASES.iterdir()):
        if "terraform" in case.name or "openapi-file" in case.name:
            shutil.copytree(case, tmp_path / case.name, ignore=shutil.ignore_patterns("expected.diff"))
            diff = (case / "expected.diff").read_text(encoding="utf-8").splitlines()
            expected[case.name] = {line for line in diff if line.startswith("+ ")}
    done = fix(tmp_path, "--write")
    assert {line for lines in expected.values() for line in lines} <= set(done.diff.splitlines())
    assert fix(tmp_path).diff == ""
