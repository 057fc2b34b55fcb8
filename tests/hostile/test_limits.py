"""Every limit: what exceeds it is left out with a reason, exit code 2, and the rest of the scan is there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from agentreach.configuration import Configuration
from agentreach.sources.limits import HIGHEST, Limits, applied, in_force
from hostile.running import reasons, run, scanned
from scan_samples import ADMIN, AGENT, write

if TYPE_CHECKING:
    from pathlib import Path

KUBERNETES = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a, labels: {x: %s}}\n"
ROLE = 'resource "aws_iam_role" "r" {\n  %s\n  name = "r"\n  assume_role_policy = "{}"\n}\n'
USED = ROLE % 'description = "${local.a}"'


def limited(folder: Path, limit: str, name: str, text: str) -> dict[str, list[str]]:
    """The reasons for what a lowered limit leaves out, beside an agent that is still analysed."""
    write(folder, "agent/agent.tf", AGENT + ADMIN)
    write(folder, name, text)
    if limit:
        write(folder, "agentreach.toml", f"[limits]\n{limit}\n")
    code, result = scanned(folder)
    assert "AR101" in {one["check"] for one in result["findings"]}, "the rest of the scan is lost"
    assert code == 2
    if limit:
        shown = limit.replace("_", "-")
        assert f"limits.{shown}" in result["configuration"]["weakened"]
    found = reasons(result)
    for finding in result["findings"]:
        if finding["check"] == "AR001":
            for evidence in finding["evidence"]:
                found.setdefault(evidence["path"], []).append(evidence["note"])
    assert not any(path.startswith("agent/") for path in found), found
    return found


LOWERED = {
    "file-bytes = 2000": ("x/a.tf", "#" + "x" * 3000, "larger than the limit of 2000 bytes a file"),
    "nesting = 20": ("x/a.tf", f"locals {{\n  a = {'[' * 30}{']' * 30}\n}}\n", "nested deeper than the limit of 20"),
    "nesting = 12": ("x/a.yaml", KUBERNETES % ("[" * 30 + "]" * 30), "nested deeper than 12 levels"),
    "nodes = 50": ("x/a.yaml", KUBERNETES % f"[{'1,' * 100}]", "more than 50 nodes in one file"),
    "alias-nodes = 50": (
        "x/a.yaml",
        KUBERNETES % f"[&a [{'1,' * 20}], *a, *a, *a]",
        "aliases stand for more than 50 nodes",
    ),
    "instances = 5": ("x/a.tf", ROLE % "count = 6", "makes more than 5 instances"),
    "instances = 4": (
        "x/a.yaml",
        (
            "Transform: AWS::LanguageExtensions\nResources:\n"
            "  Fn::ForEach::Loop: [I, [a, b, c, d, e, f], {'R${I}': {Type: AWS::IAM::Role, Properties: {RoleName: !Ref I}}}]\n"
        ),
        "Fn::ForEach makes more than 4 instances; the rest is not read",
    ),
    "total-instances = 7": (
        "x/a.tf",
        "".join(f'resource "aws_iam_role" "r{one}" {{\n  count = 4\n}}\n' for one in range(3)),
        "the root has more than 7 instances",
    ),
    "string-bytes = 900": (
        "x/a.tf",
        'locals {\n  a = join("", [for i in range(100) : "abcdefghij"])\n}\n' + USED,
        "a string of too many parts or more than 900 bytes",
    ),
    "string-bytes = 901": (
        "x/a.yaml",
        f"Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      Description: !Join ['{'-' * 100}', [{'a,' * 20}]]\n",
        "the text is longer than the limit for strings",
    ),
    "expression-steps = 200": (
        "x/a.tf",
        "locals {\n  a = [for i in range(500) : i * i]\n}\n" + (ROLE % 'description = "${length(local.a)}"'),
        "the expression takes too many steps to evaluate",
    ),
    "root-steps = 300": (
        "x/a.tf",
        "locals {\n  a = [for i in range(500) : i * i]\n}\n" + (ROLE % 'description = "${length(local.a)}"'),
        "evaluating this root takes too many steps: what was not evaluated yet is unknown",
    ),
    "template-steps = 30": (
        "x/a.yaml",
        "Resources:\n"
        + "".join(
            f"  R{one}: {{Type: AWS::IAM::Role, Properties: {{RoleName: !Sub 'a-${{AWS::Region}}', Path: !Join ['', [/]]}}}}\n"
            for one in range(20)
        ),
        "the evaluation needs too many steps: what was not evaluated yet is unknown",
    ),
}


@pytest.mark.parametrize("limit", LOWERED)
def test_a_limit_of_the_configuration_leaves_out_what_exceeds_it_and_says_so(tmp_path: Path, limit: str) -> None:
    name, text, reason = LOWERED[limit]
    found = limited(tmp_path, limit, name, text)
    assert [one for one in found.get(name, ()) if reason in one], found


def test_the_total_size_bounds_what_is_read_after_it(tmp_path: Path) -> None:
    size = len(AGENT + ADMIN)
    found = limited(tmp_path, f"total-bytes = {size + 100}", "x/a.tf", "#" + "x" * 300)
    assert found == {"x/a.tf": [f"beyond the limit of {size + 100} bytes in total"]}


def test_modules_nest_to_the_limit(tmp_path: Path) -> None:
    for level in range(6):
        call = f'module "m" {{\n  source = "../m{level + 1}"\n}}\n'
        write(tmp_path, f"m{level}/main.tf", ROLE % "" + call)
    write(tmp_path, "m6/main.tf", ROLE % "")
    found = limited(tmp_path, "module-depth = 3", "m6/main.tf", ROLE % "")
    assert found == {"m3/main.tf": ["module 'm': modules are nested more than 3 deep"]}


def test_stacks_nest_to_the_same_limit(tmp_path: Path) -> None:
    nested = "Resources:\n  N: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ./t%d.yaml}}\n"
    for level in range(6):
        write(tmp_path, f"t{level}.yaml", nested % (level + 1))
    found = limited(tmp_path, "module-depth = 3", "t6.yaml", "Resources:\n  R: {Type: AWS::IAM::Role}\n")
    assert [one for reasons in found.values() for one in reasons] == [
        "stacks nest deeper than 3, or more than 10,000 of them"
    ]


def test_every_limit_is_lowered_by_a_test() -> None:
    lowered = {one.split(" ")[0] for one in LOWERED} | {"total-bytes", "module-depth"}
    assert {name.replace("_", "-") for name in Limits.__dataclass_fields__} == lowered


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("nestin = 5", "unknown key 'limits.nestin'; did you mean 'limits.nesting'?"),
        ("nesting = 0", "'limits.nesting' must be a whole number of 1 or more, not 0"),
        ("nesting = 100000", "'limits.nesting' must be 200 or less, not 100000"),
        ("module-depth = 1000", "'limits.module-depth' must be 64 or less, not 1000"),
        ('nodes = "many"', "'limits.nodes' must be a whole number of 1 or more, not 'many'"),
    ],
)
def test_a_limit_that_cannot_be_is_an_error_that_says_why(tmp_path: Path, written: str, message: str) -> None:
    write(tmp_path, "agentreach.toml", f"[limits]\n{written}\n")
    done = run(tmp_path, "scan")
    assert done.returncode == 2
    assert message in done.stderr


def test_a_raised_limit_reads_what_the_default_leaves_out(tmp_path: Path) -> None:
    write(tmp_path, "a.tf", ROLE % "count = 10001")
    assert "makes more than 10000 instances" in json.dumps(scanned(tmp_path)[1]["skipped"])
    write(tmp_path, "agentreach.toml", "[limits]\ninstances = 20000\n")
    code, result = scanned(tmp_path)
    assert (code, result["skipped"], result["summary"]["resources"]) == (0, [], 10001)


def test_limits_are_in_force_only_while_a_scan_runs() -> None:
    with applied(Limits(nodes=7)):
        assert in_force().nodes == 7
        with applied(Limits(nodes=8)):
            assert in_force().nodes == 8
        assert in_force().nodes == 7
    assert in_force() == Limits()
    assert set(HIGHEST) <= set(Limits.__dataclass_fields__)


def test_limits_of_a_configuration_are_listed_as_what_may_weaken_a_scan() -> None:
    assert Configuration(limits={"nodes": 7}).weakened() == ("limits.nodes = 7",)


EXHAUSTING = {
    "a million elements": ("for_each", 'resource "aws_iam_role" "r" {\n  for_each = toset([for i in range(1000000) : "x${i}"])\n}\n'),
    "a million elements by product": (
        "setproduct",
        ('locals {\n  a = setproduct(range(1000), range(1000))\n}\nresource "aws_iam_role" "r" {\n'
        '  for_each = { for p in local.a : "${p[0]}-${p[1]}" => p }\n}\n'),
    ),
    "a count of a billion": ("count", ROLE % "count = 1000000000"),
    "nesting of ten thousand": ("brackets", f"locals {{\n  a = {'[' * 10000}{']' * 10000}\n}}\n" + USED),
    "blocks of ten thousand": ("blocks", "a {\n" * 10000 + "}\n" * 10000),
    "unclosed brackets": ("unclosed", "locals {\n  a = " + "({[" * 20000),
    "operators": ("operators", f"locals {{\n  a = {'!' * 20000}true\n  b = {'1 + ' * 20000}1\n}}\n" + USED),
    "conditionals": ("conditionals", f"locals {{\n  a = {'true ? 1 : ' * 5000}1\n}}\n" + USED),
    "templates within templates": ("templates", "locals {\n  a = " + '"${' * 3000 + "1" + '}"' * 3000 + "\n}\n" + USED),
    "doubling": (
        "doubling",
        "locals {\n  a0 = [1, 1]\n" + "".join(f"  a{n} = [local.a{n - 1}, local.a{n - 1}]\n" for n in range(1, 60))
        + "  a = jsonencode(local.a59)\n}\n" + USED,
    ),
    "a text that doubles": (
        "text",
        'locals {\n  s0 = "xxxxxxxxxx"\n'
        + "".join(f'  s{n} = "${{local.s{n - 1}}}${{local.s{n - 1}}}"\n' for n in range(1, 60))
        + "  a = upper(local.s59)\n}\n" + USED,
    ),
    "a template that reads itself": ("recursion.tf", 'locals {\n  a = templatefile("${path.module}/a.tpl", {})\n}\n' + USED),
    "modules in a circle": ("circle", 'module "m" {\n  source = "./"\n}\n'),
    "locals in a circle": ("locals", "locals {\n  a = local.b\n  b = local.c\n  c = local.a\n}\n" + USED),
    "a long chain": ("chain", "locals {\n  a0 = 1\n" + "".join(f"  a{n} = local.a{n - 1}\n" for n in range(1, 5000)) + "  a = local.a4999\n}\n" + USED),
    "regular expressions": ("regex", 'locals {\n  a = regexall("(a+)+$", join("", [for i in range(1000) : "aaaaaaaaaa!"]))\n}\n' + USED),
    "formats": ("format", 'locals {\n  a = format("%999999999s", "x")\n}\n' + USED),
    "numbers": ("numbers", "locals {\n  a = pow(10, pow(10, 10))\n  b = 1e999999999\n}\n" + USED),
    "cidr": ("cidr", 'locals {\n  a = cidrsubnets("10.0.0.0/8", [for i in range(100000) : 16]...)\n}\n' + USED),
}  # fmt: skip


@pytest.mark.parametrize("name", EXHAUSTING)
def test_terraform_that_is_meant_to_exhaust_costs_no_more_than_the_limits(tmp_path: Path, name: str) -> None:
    write(tmp_path, "agent/agent.tf", AGENT + ADMIN)
    write(tmp_path, "x/a.tf", EXHAUSTING[name][1])
    write(tmp_path, "x/a.tpl", '${templatefile("a.tpl", {})}${templatefile("a.tpl", {})}')
    code, result = scanned(tmp_path)
    assert code in (1, 2)
    assert "AR101" in {one["check"] for one in result["findings"]}


LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)
)
DEEP_LOOPS = "{'R': {Type: AWS::IAM::Role}}"
for _level in range(9):
    DEEP_LOOPS = f"{{'Fn::ForEach::L{_level}': [I{_level}, [a, b, c, d, e, f, g, h, i, j], {DEEP_LOOPS}]}}"
OTHER = {
    "laughs in a manifest": ("a.yaml", f"apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\n{LAUGHS}"),
    "laughs in a template": ("a.yaml", f"AWSTemplateFormatVersion: '2010-09-09'\nResources: {{}}\n{LAUGHS}"),
    "loops in loops": ("a.yaml", f"Transform: AWS::LanguageExtensions\nAWSTemplateFormatVersion: 2010-09-09\nResources: {DEEP_LOOPS}\n"),
    "nesting in a manifest": ("a.yaml", "apiVersion: v1\nkind: Pod\nspec: " + "[" * 10000),
    "nesting in JSON": ("a.json", '{"apiVersion": "v1", "kind": "Pod", "spec": ' + '{"a":' * 10000),
    "a plan that nests": ("plan.json", '{"format_version": "1.2", "planned_values": ' + '{"root_module":' * 10000 + "1" + "}" * 10001),
    "intrinsics in intrinsics": ("a.yaml", "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      P: " + "!Join ['', [" * 150 + "x" + "]]" * 150 + "\n"),
    "a parameter that doubles": (
        "a.yaml",
        "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      P: "
        + "!Join ['xxxxxxxxxx', [" * 60 + "a, b" + "]]" * 60 + "\n",
    ),
    "stacks in a circle": ("a.yaml", "Resources:\n  N: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: a.yaml}}\n"),
    "references in a circle": ("a.yaml", "Resources:\n  A: {Type: AWS::IAM::Role, Properties: {RoleName: !GetAtt B.Arn}}\n  B: {Type: AWS::IAM::Role, Properties: {RoleName: !GetAtt A.Arn}}\n"),
    "conditions in a circle": ("a.yaml", "Conditions: {A: !Not [!Condition B], B: !Not [!Condition A]}\nResources:\n  A: {Type: AWS::IAM::Role, Condition: A}\n"),
    "an include of itself": ("a.yaml", "Resources:\n  Fn::Transform: {Name: AWS::Include, Parameters: {Location: a.yaml}}\n  A: {Type: AWS::IAM::Role}\n"),
    "a kustomization of itself": ("kustomization.yaml", "resources: [., ./, ../x]\n"),
    "a long line": ("a.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: a, annotations: {x: '" + "y" * 8 * 1024 * 1024 + "'}}\n"),
    "many documents": ("a.yaml", "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n---\n" * 20000),
    "many separators": ("a.yaml", "apiVersion: v1\nkind: Pod\n" + "---\n" * 200000),
}  # fmt: skip


@pytest.mark.parametrize("name", OTHER)
def test_yaml_and_json_that_are_meant_to_exhaust_cost_no_more_than_the_limits(tmp_path: Path, name: str) -> None:
    write(tmp_path, "agent/agent.tf", AGENT + ADMIN)
    file, text = OTHER[name]
    write(tmp_path, f"x/{file}", text)
    code, result = scanned(tmp_path)
    assert code in (1, 2)
    assert "AR101" in {one["check"] for one in result["findings"]}


def test_policies_of_pathological_wildcards_are_decided(tmp_path: Path) -> None:
    stars = "*a" * 300
    policy = json.dumps(
        {
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": [f"s3:{stars}*", "*:*", "?" * 500],
                    "Resource": [f"arn:aws:s3:::{stars}b"],
                },
                {"Effect": "Deny", "NotAction": [f"{stars}"], "NotResource": f"{'*' * 2000}"},
                {"Effect": "Allow", "Action": ["s3:*" + "?*" * 200] * 200, "Resource": ["*?" * 300] * 200},
            ]
        }
    )
    role = 'resource "aws_iam_role_policy" "w" {\n  role = aws_iam_role.ops.id\n  policy = <<E\n' + policy + "\nE\n}\n"
    write(tmp_path, "agent.tf", AGENT + ADMIN + role)
    code, result = scanned(tmp_path)
    assert code == 1
    assert "AR101" in {one["check"] for one in result["findings"]}
