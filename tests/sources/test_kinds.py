"""What a file is, by name and by content."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agentreach.sources import FileKind, Tree

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Project = Callable[[dict[str, str | bytes]], Path]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("main.tf", FileKind.TERRAFORM),
        ("main.tofu", FileKind.TERRAFORM),
        ("main.tf.json", FileKind.TERRAFORM_JSON),
        ("main.tofu.json", FileKind.TERRAFORM_JSON),
        ("terraform.tfvars", FileKind.TERRAFORM_VARIABLES),
        ("a.auto.tfvars.json", FileKind.TERRAFORM_VARIABLES_JSON),
        ("terragrunt.hcl", FileKind.TERRAGRUNT),
        ("kustomization.yaml", FileKind.KUSTOMIZATION),
        ("Kustomization", FileKind.KUSTOMIZATION),
        ("Chart.yaml", FileKind.HELM_CHART),
        ("cdk.json", FileKind.CDK_APP),
    ],
)
def test_a_name_decides(project: Project, name: str, kind: FileKind) -> None:
    project({name: ""})
    assert [file.kind for file in Tree(["."]).files] == [kind]


@pytest.mark.parametrize("name", [".main.tf", "main.tf~", "main.tf.bak", ".terraform.lock.hcl", "a.py", "x.tftest.hcl"])
def test_what_terraform_leaves_out_is_not_listed(project: Project, name: str) -> None:
    project({name: 'resource "a" "b" {}'})
    assert Tree(["."]).files == ()


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.yaml", "AWSTemplateFormatVersion: '2010-09-09'\n", FileKind.CLOUDFORMATION),
        ("a.yml", '"AWSTemplateFormatVersion" : x\n', FileKind.CLOUDFORMATION),
        ("a.yaml", "# c\r\nResources:\r\n  R:\r\n    Type: AWS::IAM::Role\r\n", FileKind.CLOUDFORMATION),
        ("a.template", 'Resources:\n  R: {Type: "Custom::Thing"}\n', FileKind.CLOUDFORMATION),
        ("a.json", '{"Resources":{"R":{"Type" : "AWS::IAM::Role"}}}', FileKind.CLOUDFORMATION),
        ("a.json", '{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {}}', FileKind.CLOUDFORMATION),
        ("a.yaml", "apiVersion: v1\nkind: Pod\n", FileKind.KUBERNETES),
        ("a.yaml", "kind: Pod\nmetadata: {}\napiVersion: v1\n", FileKind.KUBERNETES),
        ("a.yaml", "a: 1\n---\napiVersion: v1\nkind: Pod\n", FileKind.KUBERNETES),
        ("a.json", '{"apiVersion": "v1", "kind": "List", "items": []}', FileKind.KUBERNETES),
        ("plan.json", '{"format_version":"1.2","planned_values":{}}', FileKind.TERRAFORM_PLAN),
        ("manifest.json", '{"artifacts":{"S":{"type":"aws:cloudformation:stack"}}}', FileKind.CDK_MANIFEST),
    ],
)
def test_content_decides(project: Project, name: str, content: str, kind: FileKind) -> None:
    project({name: content})
    assert [file.kind for file in Tree(["."]).files] == [kind]


@pytest.mark.parametrize(
    "content",
    [
        "Resources:\n  - a::b\n",
        "a:\n  apiVersion: v1\n  kind: Pod\n",
        "text: |\n  AWSTemplateFormatVersion: 2010\n",
        "apiVersion: v1\n",
        "",
    ],
)
def test_yaml_that_is_not_infrastructure_is_a_skip_by_design(project: Project, content: str) -> None:
    project({"a.yaml": content})
    tree = Tree(["."])
    assert tree.files == ()
    assert [(skip.path, skip.reason, skip.by_design) for skip in tree.skipped] == [
        ("a.yaml", "not infrastructure code", True)
    ]


@pytest.mark.parametrize(
    "content",
    [
        '{"name": "package", "kind": 3}',
        '{"$schema": "https://example.com/deploymentTemplate.json#", "r": [{"apiVersion": "2021", "kind": "app"}]}',
        '{"format_version": "1.0", "values": {}}',
    ],
)
def test_json_that_is_not_infrastructure_is_left_out_without_a_word(project: Project, content: str) -> None:
    project({"a.json": content})
    tree = Tree(["."])
    assert tree.files == ()
    assert tree.skipped == ()


def test_a_plan_under_any_name_is_recognised_when_named(project: Project) -> None:
    project({"plan.out": '{"format_version":"1.2","resource_changes":[]}', "notes.txt": "x"})
    tree = Tree(["plan.out", "notes.txt"])
    assert [(file.path, file.kind) for file in tree.files] == [("plan.out", FileKind.TERRAFORM_PLAN)]
    assert [skip.path for skip in tree.skipped] == ["notes.txt"]


def test_a_plan_in_utf_16_is_recognised_and_read(project: Project) -> None:
    project({"plan.json": '{"format_version":"1.2","planned_values":{}}'.encode("utf-16")})
    tree = Tree(["."])
    assert tree.files[0].kind is FileKind.TERRAFORM_PLAN
    source = tree.read(tree.files[0])
    assert getattr(source, "text", None) == '{"format_version":"1.2","planned_values":{}}'
