"""What the review proposes is put in the place it names, and the stack is reviewed again: nothing is left to take away."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from click.testing import CliRunner

from agentreach.cli import group
from inventory.reviews import FIXTURES

if TYPE_CHECKING:
    from pathlib import Path

Rows = set[tuple[str, str, str]]


class Reviewed(NamedTuple):
    """The rows of a privilege map by what is said of them, the proposals, and the checks that fired."""

    kept: Rows
    dropped: Rows
    proposals: list[dict[str, Any]]
    checks: set[str]


def reviewed() -> Reviewed:
    result = CliRunner().invoke(group, ["review", "--format", "json", "--helm", "off", "."])
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    rows = [row for agent in document["agents"] for row in agent["privilege_map"]]
    return Reviewed(
        {(row["action"], row["step"], row["as"]) for row in rows if row["needed"] is True},
        {(row["action"], row["step"], row["as"]) for row in rows if row["needed"] is False},
        [one for agent in document["agents"] for one in agent["proposals"]],
        {one["check"] for one in document["findings"]},
    )


def apply(stack: Path, proposals: list[dict[str, Any]]) -> None:
    """Put each text over the lines it is for, as a person would, from the last line to the first."""
    edits = [one for proposal in proposals for one in proposal["replacements"]]
    for edit in sorted(edits, key=lambda one: (one["path"], -one["line"])):
        path = stack / edit["path"]
        lines = path.read_text("utf-8").split("\n")
        first = lines[edit["line"] - 1]
        start = first.replace("- ", "  ", 1) if first.lstrip().startswith("- ") else first
        indent = " " * (len(start) - len(start.lstrip()))
        lead = first[: len(indent)]
        text = [f"{lead if number == 0 else indent}{line}" for number, line in enumerate(edit["text"].split("\n"))]
        text[-1] += "," * lines[edit["end_line"] - 1].rstrip().endswith(",")
        lines[edit["line"] - 1 : edit["end_line"]] = text
        path.write_text("\n".join(lines), "utf-8")


def copied(stack: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy = tmp_path / stack
    shutil.copytree(FIXTURES / stack, copy)
    monkeypatch.chdir(copy)
    return copy


@pytest.mark.parametrize("stack", ["invoice-clerk", "warranty-desk"])
def test_every_smaller_statement_is_valid_where_it_belongs(
    stack: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = copied(stack, tmp_path, monkeypatch)
    before = reviewed()
    assert before.dropped
    apply(copy, before.proposals)
    after = reviewed()
    unused = {proposal["identity"] for proposal in before.proposals if proposal["statement"] is None}
    assert {row for row in after.dropped if row[2] not in unused} == set()
    assert [one for one in after.proposals if one["identity"] not in unused] == []
    assert {row for row in before.kept if "*" not in row[0]} <= after.kept


def test_a_tool_that_only_reads_needs_no_confirmation_any_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = copied("invoice-clerk", tmp_path, monkeypatch)
    before = reviewed()
    apply(copy, before.proposals)
    assert before.checks - reviewed().checks == {"AR401"}


@pytest.mark.parametrize(
    ("stack", "line", "text"),
    [
        (
            "invoice-clerk",
            52,
            (
                "statement {\n"
                '  sid       = "Documents"\n'
                '  actions   = ["s3:GetObject"]\n'
                '  resources = ["${aws_s3_bucket.documents.arn}/*"]\n'
                "  condition {\n"
                '    test     = "Bool"\n'
                '    variable = "aws:SecureTransport"\n'
                '    values   = ["true"]\n'
                "  }\n"
                "}"
            ),
        ),
        (
            "invoice-clerk",
            77,
            (
                "{\n"
                '  "Effect": "Allow",\n'
                '  "Action": ["sqs:SendMessage"],\n'
                '  "Resource": "${aws_sqs_queue.reminders.arn}"\n'
                "}"
            ),
        ),
        (
            "warranty-desk",
            101,
            (
                "Sid: Devices\n"
                "Effect: Allow\n"
                "Action:\n"
                "  - dynamodb:GetItem\n"
                "  - dynamodb:Query\n"
                "Resource:\n"
                "  - !GetAtt Devices.Arn\n"
                "  - !Sub ${Devices.Arn}/index/*"
            ),
        ),
    ],
)
def test_a_smaller_statement_keeps_the_words_of_the_file(
    stack: str, line: int, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(FIXTURES / stack)
    found = [one for proposal in reviewed().proposals for one in proposal["replacements"] if one["line"] == line]
    assert [one["text"] for one in found] == [text]


SHARED = """
module "tool" {
  source   = "./tool"
  for_each = { reader = "get_order", writer = "delete_order" }
  name     = each.key
  does     = each.value
}
"""
TOOL = """
variable "name" {}
variable "does" {}

resource "awscc_bedrock_agent" "desk" {
  agent_name              = var.name
  agent_resource_role_arn = "arn:aws:iam::111122223333:role/desk"
  foundation_model        = "m"
  action_groups = [{
    action_group_name     = "orders"
    action_group_executor = { lambda = aws_lambda_function.tool.arn }
    function_schema       = { functions = [{ name = var.does }] }
  }]
}

resource "aws_lambda_function" "tool" {
  function_name = var.name
  role          = aws_iam_role.tool.arn
}

resource "aws_iam_role" "tool" {
  name               = var.name
  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }] })
}

resource "aws_iam_role_policy" "tool" {
  role = aws_iam_role.tool.id
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = ["dynamodb:GetItem", "dynamodb:DeleteItem", "dynamodb:PutItem"], Resource = "*" }]
  })
}
"""


def test_a_statement_of_a_module_keeps_what_another_instance_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tool").mkdir()
    (tmp_path / "main.tf").write_text(SHARED, "utf-8")
    (tmp_path / "tool/main.tf").write_text(TOOL, "utf-8")
    monkeypatch.chdir(tmp_path)
    texts = {one["text"] for proposal in reviewed().proposals for one in proposal["replacements"]}
    assert texts == {
        '{ Effect = "Allow", Action = ["dynamodb:GetItem", "dynamodb:DeleteItem"], Resource = "*" }',
    }


READER = """
resource "awscc_bedrock_agent" "desk" {
  agent_name              = "desk"
  agent_resource_role_arn = "arn:aws:iam::111122223333:role/desk"
  foundation_model        = "m"
  action_groups = [{
    action_group_name     = "orders"
    action_group_executor = { lambda = aws_lambda_function.tool.arn }
    function_schema       = { functions = [{ name = "get_order" }] }
  }]
}

resource "aws_lambda_function" "tool" {
  function_name = "tool"
  role          = aws_iam_role.tool.arn
}

resource "aws_iam_role" "tool" {
  name               = "tool"
  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }] })
}
"""
POLICY = """
variable "actions" {
  default = ["dynamodb:GetItem", "dynamodb:DeleteItem"]
}

resource "aws_iam_role_policy" "tool" {
  role   = aws_iam_role.tool.id
  policy = jsonencode({ Statement = %s })
}
"""
ATTACHED = """
resource "aws_iam_role_policy_attachment" "tool" {
  role       = aws_iam_role.tool.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSQSFullAccess"
}
"""


@pytest.mark.parametrize(
    ("statement", "written"),
    [
        (
            '[{ Effect = "Allow", Action = ["dynamodb:GetItem", "dynamodb:*Backup"], Resource = "*" }]',
            [('{ Effect = "Allow", Action = ["dynamodb:GetItem", "dynamodb:DescribeBackup"], Resource = "*" }', False)],
        ),
        (
            '[{ Effect = "Allow", Action = ["dynamodb:getItem", "dynamodb:deleteItem"], Resource = "*" }]',
            [('{ Effect = "Allow", Action = ["dynamodb:getItem"], Resource = "*" }', False)],
        ),
        (
            '[{ Effect = "Allow", Action = var.actions, Resource = "*" }]',
            [('default = ["dynamodb:GetItem"]', True)],
        ),
        (
            '[for s in ["dynamodb"] : { Effect = "Allow", Action = ["${s}:GetItem", "${s}:DeleteItem"], Resource = "*" }]',
            [],
        ),
    ],
    ids=["a pattern", "another case", "a variable", "an expression"],
)
def test_a_list_is_narrowed_where_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, statement: str, written: list[tuple[str, bool]]
) -> None:
    (tmp_path / "main.tf").write_text(READER + POLICY % statement, "utf-8")
    monkeypatch.chdir(tmp_path)
    (proposal,) = reviewed().proposals
    assert [(one["text"], one["elsewhere"]) for one in proposal["replacements"]] == written
    assert bool(proposal["by_hand"]) is (written == [])


def test_a_policy_of_the_provider_is_replaced_by_a_statement(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "main.tf").write_text(READER + ATTACHED, "utf-8")
    monkeypatch.chdir(tmp_path)
    (proposal,) = reviewed().proposals
    assert (proposal["replacements"], proposal["by_hand"]) == (
        [],
        "arn:aws:iam::aws:policy/AmazonSQSFullAccess is the provider's own: detach it, and attach this instead",
    )
    assert "sqs:ReceiveMessage" in proposal["statement"]["Action"]
    assert "sqs:DeleteQueue" not in proposal["statement"]["Action"]
