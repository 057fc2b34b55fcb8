"""The example that a finding shows when nothing can be written at its place."""

from __future__ import annotations

import pytest
import yaml
from click.testing import CliRunner

from agentreach.cli import group
from agentreach.model import Source
from agentreach.parsers.terraform.hcl import parse_file
from agentreach_checks import ALL
from agentreach_reports.pasted import LONGEST, example, instead
from reports.report_samples import Format, fixture

BY_ID = {check.id: check for check in ALL}


@pytest.mark.parametrize(
    ("check", "language", "lines"),
    [
        ("AR402", "cloudformation", ["PermissionsBoundary: !Sub arn:aws:iam::${AWS::AccountId}:policy/agents"]),
        ("AR501", "terraform", ['tags = { owner = "platform-team" }']),
        ("AR501", "kubernetes", ["labels: {team: platform}"]),
        (
            "AR403",
            "terraform",
            [
                "guardrail_configuration {",
                '  guardrail_identifier = "gr-1234567890"',
                '  guardrail_version    = "3"',
                "}",
            ],
        ),
        ("AR404", "terraform", ['authorizer_type = "AWS_IAM"']),
        ("AR309", "kubernetes", ["toolNames: [get_order]"]),
        ("AR203", "kubernetes", ["refreshInterval: 1h"]),
        ("AR207", "cloudformation", ["CRM_SECRET_ID: crm"]),
        ("AR105", "cloudformation", ['Condition: {StringEquals: {"aws:SourceAccount": !Ref AWS::AccountId}}']),
        ("AR102", "terraform", ['Action   = ["dynamodb:GetItem", "dynamodb:Query"]']),
        ("AR303", "terraform", []),
        ("AR401", "terraform", []),
        ("AR002", "cloudformation", []),
    ],
)
def test_the_example_is_what_the_page_prefers_and_does_not_avoid(check: str, language: str, lines: list[str]) -> None:
    assert example(BY_ID[check], language) == lines


@pytest.mark.parametrize("check", [check for check in ALL if check.id > "AR1"], ids=lambda check: check.id)
def test_each_check_has_a_short_example_in_at_least_one_of_its_formats(check: object) -> None:
    examples = [example(check, language) for language in ("terraform", "cloudformation", "kubernetes")]  # type: ignore[arg-type]
    without = {"AR104", "AR111", "AR201", "AR202", "AR204", "AR302", "AR306", "AR310", "AR311"}
    assert check.id in without or any(examples)  # type: ignore[attr-defined]
    assert all(len(lines) <= LONGEST for lines in examples)
    assert not any("finding:" in line for lines in examples for line in lines)


def test_explain_ends_with_what_to_paste() -> None:
    text = CliRunner().invoke(group, ["explain", "AR501"]).output
    short = text.partition("## In short\n\n")[2].partition("\n\n## Evidence relevant to")[0]
    assert short.split("\n\n") == [
        '```terraform\ntags = { owner = "platform-team" }\n```',
        "```cloudformation\nTags: {owner: platform-team}\n```",
        "```kubernetes\nlabels: {team: platform}\n```",
    ]


def test_a_format_that_the_page_does_not_show_has_none() -> None:
    assert example(BY_ID["AR205"], "cloudformation") == []
    assert instead("", "terraform", rights=True) == []


def test_an_example_is_told_once_in_a_report_and_only_where_it_fits() -> None:
    text = Format("scan", "text").write(fixture("langgraph-fargate"))
    told = [line.strip() for line in text.splitlines() if line.startswith("      for example")]
    assert "for example (agentreach explain AR402)" in told
    assert not any("AR302" in line or "AR303" in line for line in told)
    assert len(set(told)) == len(told)


@pytest.mark.parametrize("cloud", ["", "google", "azure"])
@pytest.mark.parametrize("check", ALL, ids=lambda check: check.id)
def test_an_example_opens_nothing_that_it_does_not_close(check: object, cloud: str) -> None:
    text = "\n".join(example(check, "terraform", cloud))  # type: ignore[arg-type]
    assert [text.count(sign) for sign in "{[("] == [text.count(sign) for sign in "}])"]


def test_a_block_that_begins_with_another_name_is_shown_whole() -> None:
    assert example(BY_ID["AR101"], "terraform", "google") == [
        'resource "google_storage_bucket_iam_member" "ops" {',
        '  bucket = "acme-docs"',
        '  role   = "roles/storage.objectViewer"',
        "  member = google_service_account.ops.member",
        "}",
    ]


def test_examples_of_single_settings_parse() -> None:
    for check in ALL:
        terraform = "\n".join(example(check, "terraform"))
        if terraform.count("\n") == 0 and " = " in terraform and not terraform.rstrip().endswith(("{", "[", "(")):
            assert parse_file(Source("main.tf", terraform + "\n")).problems == ()
        kubernetes = "\n".join(example(check, "kubernetes"))
        if kubernetes.count("\n") == 0:
            yaml.safe_load(kubernetes)
