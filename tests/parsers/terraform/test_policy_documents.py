"""`data "aws_iam_policy_document"`: the document, what is merged into it, and where its statements stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import Encoded, MapValue, child, elements
from parsers.terraform.loading import line, plain, resources

if TYPE_CHECKING:
    from pathlib import Path

POLICY = '\nresource "aws_iam_policy" "p" {\n  policy = data.aws_iam_policy_document.d.json\n}\n'


def policy(directory: Path, text: str) -> Encoded:
    value = resources(directory, {"main.tf": text + POLICY})["aws_iam_policy.p"].attributes.entries["policy"]
    assert isinstance(value, Encoded)
    return value


def statements(directory: Path, body: str, before: str = "") -> object:
    text = f'data "aws_iam_policy_document" "d" {{\n{body}\n}}\n{before}'
    return plain(child(policy(directory, text), "Statement"))


def test_every_element_of_a_statement_is_translated(tmp_path: Path) -> None:
    text = """data "aws_iam_policy_document" "d" {
  version   = "2012-10-17"
  policy_id = "id"
  statement {
    sid           = "Full"
    effect        = "Deny"
    not_actions   = ["s3:*"]
    not_resources = ["arn:aws:s3:::x"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111122223333:root"]
    }
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com", "ec2.amazonaws.com"]
    }
    not_principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = ["111122223333"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceArn"
      values   = ["a", "b"]
    }
  }
}
"""
    document = policy(tmp_path, text)
    assert plain(document) == {
        "Version": "2012-10-17",
        "Id": "id",
        "Statement": [
            {
                "Sid": "Full",
                "Effect": "Deny",
                "Principal": {
                    "AWS": ["arn:aws:iam::111122223333:root"],
                    "Service": ["lambda.amazonaws.com", "ec2.amazonaws.com"],
                },
                "NotPrincipal": "*",
                "NotAction": ["s3:*"],
                "NotResource": ["arn:aws:s3:::x"],
                "Condition": {"StringEquals": {"aws:SourceAccount": ["111122223333"], "aws:SourceArn": ["a", "b"]}},
            }
        ],
    }
    (statement,) = elements(child(document, "Statement"))
    assert line(statement) == 4
    assert line(child(statement, "NotAction")) == 7
    assert isinstance(statement, MapValue)
    assert statement.keys["NotAction"].location.line == 7


def test_effect_and_version_have_defaults(tmp_path: Path) -> None:
    assert statements(tmp_path, '  statement {\n    actions = ["s3:*"]\n    resources = ["*"]\n  }') == [
        {"Effect": "Allow", "Action": ["s3:*"], "Resource": ["*"]}
    ]


def test_policy_variables_are_written_with_an_ampersand(tmp_path: Path) -> None:
    body = """  statement {
    actions   = ["s3:*"]
    resources = ["arn:aws:s3:::&{aws:username}/*"]
    condition {
      test     = "StringLike"
      variable = "s3:prefix"
      values   = ["home/&{aws:username}"]
    }
  }"""
    assert statements(tmp_path, body) == [
        {
            "Effect": "Allow",
            "Action": ["s3:*"],
            "Resource": ["arn:aws:s3:::${aws:username}/*"],
            "Condition": {"StringLike": {"s3:prefix": ["home/${aws:username}"]}},
        }
    ]


OTHER = """
data "aws_iam_policy_document" "other" {
  statement {
    sid     = "Same"
    actions = ["s3:Old"]
  }
  statement {
    actions = ["s3:Own"]
  }
}
"""


def actions(directory: Path, body: str, before: str = OTHER) -> list[object]:
    found = statements(directory, body, before)
    assert isinstance(found, list)
    return [one["Action"] if isinstance(one, dict) else one for one in found]


def test_source_documents_come_first_and_are_replaced_by_sid(tmp_path: Path) -> None:
    body = """  source_policy_documents = [data.aws_iam_policy_document.other.json]
  statement {
    sid     = "Same"
    actions = ["s3:New"]
  }"""
    assert actions(tmp_path, body) == [["s3:New"], ["s3:Own"]]


def test_overriding_documents_come_last_and_replace_by_sid(tmp_path: Path) -> None:
    body = """  override_policy_documents = [data.aws_iam_policy_document.other.json]
  statement {
    sid     = "Same"
    actions = ["s3:New"]
  }"""
    assert actions(tmp_path, body) == [["s3:Old"], ["s3:Own"]]


def test_a_document_of_text_is_read_and_a_lone_statement_counts(tmp_path: Path) -> None:
    body = """  source_policy_documents = [
    "{\\"Statement\\": {\\"Effect\\": \\"Allow\\", \\"Action\\": \\"s3:Text\\", \\"Resource\\": \\"*\\"}}",
    jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:Encoded", Resource = "*" }] }),
    "",
  ]"""
    assert actions(tmp_path, body) == ["s3:Text", "s3:Encoded"]


def test_an_unknown_document_leaves_the_known_statements(tmp_path: Path) -> None:
    text = 'variable "extra" {\n  type = string\n}\n'
    body = """  source_policy_documents = [var.extra]
  statement {
    actions = ["s3:Known"]
  }"""
    assert actions(tmp_path, body, text) == [["s3:Known"], "…"]


def test_an_unknown_overriding_document_may_replace_what_has_a_sid(tmp_path: Path) -> None:
    text = 'variable "extra" {\n  type = string\n}\n'
    body = """  override_policy_documents = [var.extra]
  statement {
    sid     = "A"
    actions = ["s3:Replaceable"]
  }
  statement {
    actions = ["s3:Fixed"]
  }"""
    found = str(statements(tmp_path, body, text))
    assert found.startswith("(")
    assert "s3:Replaceable" in found
    assert all("s3:Fixed" in one for one in found.split(" | "))


def test_an_undecided_dynamic_statement_may_be_missing(tmp_path: Path) -> None:
    text = 'variable "admin" {\n  type = bool\n}\n'
    body = """  statement {
    actions = ["s3:Always"]
  }
  dynamic "statement" {
    for_each = var.admin ? ["s3:*"] : []
    content {
      actions = [statement.value]
    }
  }"""
    found = str(statements(tmp_path, body, text)).removeprefix("(").removesuffix(")").split(" | ")
    assert ["s3:*" in one for one in found] == [False, True]
    assert all("s3:Always" in one for one in found)


def test_json_syntax_has_the_same_document(tmp_path: Path) -> None:
    files = {
        "main.tf.json": """{
  "data": {"aws_iam_policy_document": {"d": {
    "statement": {
      "actions": ["s3:*"],
      "principals": [{"type": "Service", "identifiers": ["lambda.amazonaws.com"]}]
    }
  }}}
}""",
        "p.tf": POLICY,
    }
    value = resources(tmp_path, files)["aws_iam_policy.p"].attributes.entries["policy"]
    assert plain(child(value, "Statement")) == [
        {"Effect": "Allow", "Principal": {"Service": ["lambda.amazonaws.com"]}, "Action": ["s3:*"]}
    ]


def test_documents_survive_modules_and_for_each(tmp_path: Path) -> None:
    files = {
        "main.tf": """
module "p" {
  source   = "./m"
  for_each = { a = data.aws_iam_policy_document.d.json }
  document = each.value
}
data "aws_iam_policy_document" "d" {
  statement {
    actions = ["s3:*"]
  }
}
""",
        "m/main.tf": """
variable "document" {
  type = string
}
resource "aws_iam_policy" "p" {
  policy = var.document
}
""",
    }
    value = resources(tmp_path, files)['module.p["a"].aws_iam_policy.p'].attributes.entries["policy"]
    assert isinstance(value, Encoded)
    (statement,) = elements(child(value, "Statement"))
    assert (statement.at.source.path.rpartition("/")[2], line(statement)) == ("main.tf", 8)


def test_older_arguments_for_documents_count_too(tmp_path: Path) -> None:
    body = """  source_json = data.aws_iam_policy_document.other.json
  statement {
    sid     = "Same"
    actions = ["s3:New"]
  }"""
    assert actions(tmp_path, body) == [["s3:New"], ["s3:Own"]]


UNKNOWN = """
variable "any" {}
variable "on" {
  type = bool
}
"""


def test_a_principal_whose_type_is_unknown_leaves_the_element_open(tmp_path: Path) -> None:
    body = """  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = var.any
      identifiers = ["x"]
    }
    principals {
      type        = "AWS"
      identifiers = var.any
    }
  }"""
    assert statements(tmp_path, body, UNKNOWN) == [
        {"Effect": "Allow", "Principal": {"AWS": ["…"], "…": None}, "Action": ["sts:AssumeRole"]}
    ]


def test_a_condition_that_is_unknown_or_may_be_missing_stays_undecided(tmp_path: Path) -> None:
    body = """  statement {
    actions = ["s3:*"]
    condition {
      test     = "StringEquals"
      variable = var.any
      values   = ["x"]
    }
  }
  statement {
    actions = ["sqs:*"]
    dynamic "condition" {
      for_each = var.on ? ["x"] : []
      content {
        test     = "StringEquals"
        variable = "aws:SourceAccount"
        values   = [condition.value]
      }
    }
  }"""
    found = statements(tmp_path, body, UNKNOWN)
    assert isinstance(found, list)
    assert found[0]["Condition"] == {"…": None}
    assert found[1]["Condition"] == "({} | {'StringEquals': {'aws:SourceAccount': ['x']}})"


def test_a_list_of_documents_that_is_undecided_or_unknown(tmp_path: Path) -> None:
    body = "  source_policy_documents = var.on ? [data.aws_iam_policy_document.other.json] : []"
    found = str(statements(tmp_path, body, UNKNOWN + OTHER))
    assert "s3:Old" in found
    assert "[]" in found
    body = "  source_policy_documents = var.any"
    assert statements(tmp_path, body, UNKNOWN) == ["…"]


def test_a_document_that_may_be_one_of_two(tmp_path: Path) -> None:
    body = '  source_policy_documents = [var.on ? data.aws_iam_policy_document.other.json : "{}"]'
    found = str(statements(tmp_path, body, UNKNOWN + OTHER))
    assert "s3:Old" in found


def test_a_sid_that_is_unknown_may_replace_any_other(tmp_path: Path) -> None:
    body = """  source_policy_documents = [data.aws_iam_policy_document.other.json]
  statement {
    sid     = var.any
    actions = ["s3:New"]
  }"""
    branches = str(statements(tmp_path, body, UNKNOWN + OTHER)).removeprefix("(").removesuffix(")").split(" | ")
    assert ["s3:Old" in one for one in branches] in ([False, True], [True, False])
    assert all("s3:Own" in one and "s3:New" in one for one in branches)


def test_unreadable_text_in_a_list_of_documents_is_unknown(tmp_path: Path) -> None:
    assert statements(tmp_path, '  source_policy_documents = ["{not json"]') == ["…"]


def test_policy_variables_survive_in_partly_known_and_undecided_resources(tmp_path: Path) -> None:
    body = """  statement {
    actions   = ["s3:*"]
    resources = ["arn:aws:s3:::${var.any}/&{aws:username}", var.on ? "&{aws:userid}" : "x"]
  }"""
    (found,) = statements(tmp_path, body, UNKNOWN)  # type: ignore[misc]
    assert "/${aws:username}" in found["Resource"][0]  # type: ignore[has-type]
    assert "${aws:userid}" in found["Resource"][1]  # type: ignore[has-type]
