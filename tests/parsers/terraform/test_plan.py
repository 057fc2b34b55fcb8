"""Plans and states as JSON: values, what is only known later, secrets, links, and places in the configuration."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentreach.model import Encoded, Source, child, elements
from agentreach.parsers.terraform.plan import Plan, read
from agentreach.parsers.terraform.plan_text import located, parse
from parsers.terraform.loading import attribute, line, parsed, plain

if TYPE_CHECKING:
    from pathlib import Path

MAIN = """variable "stage" {
  type = string
}

resource "aws_iam_role" "ops" {
  name = "ops-${var.stage}"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "ops" {
  role   = aws_iam_role.ops.name
  policy = <<-EOT
    {"Statement": []}
  EOT
}
"""
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}],
}


def change(
    address: str, after: dict[str, Any], unknown: dict[str, Any] | None = None, **more: object
) -> dict[str, Any]:
    type_, _, name = address.rpartition(".")[0].rpartition(".")[2], "", address.rpartition(".")[2].partition("[")[0]
    sensitive = more.pop("sensitive", {})
    actions = more.pop("actions", ["create"])
    body = {"actions": actions, "after": after, "after_unknown": unknown or {}, "after_sensitive": sensitive}
    return {"address": address, "mode": "managed", "type": type_, "name": name, "change": body} | more


def plan(changes: list[dict[str, Any]], configuration: dict[str, Any] | None = None, **more: object) -> str:
    document = {"format_version": "1.2", "resource_changes": changes, "planned_values": {}}
    return json.dumps(document | {"configuration": {"root_module": configuration or {}}} | more, indent=1)


def ops(stage: str = "prod") -> list[dict[str, Any]]:
    return [
        change("aws_iam_role.ops", {"name": f"ops-{stage}", "assume_role_policy": json.dumps(TRUST)}, {"arn": True}),
        change("aws_iam_role_policy.ops", {"role": f"ops-{stage}", "policy": '{"Statement": []}\n'}, {"id": True}),
    ]


CONFIGURATION: dict[str, Any] = {
    "resources": [
        {
            "address": "aws_iam_role.ops",
            "expressions": {"name": {"references": ["var.stage"]}, "assume_role_policy": {}},
        },
        {
            "address": "aws_iam_role_policy.ops",
            "expressions": {"role": {"references": ["aws_iam_role.ops.name", "aws_iam_role.ops"]}, "policy": {}},
        },
    ],
    "variables": {"stage": {}},
}


def test_a_plan_alone_has_its_values_and_its_own_lines(tmp_path: Path) -> None:
    text = plan(ops(), CONFIGURATION)
    found = parsed(tmp_path, {"plan.json": text})
    role, policy = found.resources
    assert plain(role.attributes) == {"name": "ops-prod", "assume_role_policy": TRUST}
    name = role.attributes.entries["name"]
    assert text.splitlines()[line(name) - 1].strip() == '"name": "ops-prod",'
    link = policy.attributes.entries["role"]
    assert plain(link.reference) == "@aws_iam_role.ops.name"  # type: ignore[union-attr]


def test_a_document_within_a_plan_keeps_the_columns_of_its_statements(tmp_path: Path) -> None:
    text = plan(ops(), CONFIGURATION)
    trust = parsed(tmp_path, {"plan.json": text}).resources[0].attributes.entries["assume_role_policy"]
    assert isinstance(trust, Encoded)
    (statement,) = elements(child(trust, "Statement"))
    action = child(statement, "Action")
    assert action is not None
    assert action.at.text == '\\"sts:AssumeRole\\"'


def test_a_plan_beside_its_configuration_takes_the_place_of_the_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    variables = {"stage": {"value": "prod"}}
    found = parsed(tmp_path, {"main.tf": MAIN, "plan.json": plan(ops(), CONFIGURATION, variables=variables)})
    assert found.roots == (".",)
    role, policy = found.resources
    assert (role.key.root, role.at.location.path, role.at.location.line) == (".", "main.tf", 5)
    assert attribute(role, "name") == "ops-prod"
    assert line(role.attributes.entries["name"]) == 6
    (statement,) = elements(child(role.attributes.entries["assume_role_policy"], "Statement"))
    assert (line(statement), line(child(statement, "Principal"))) == (9, 12)
    link = policy.attributes.entries["role"]
    assert (plain(link), plain(link.reference), line(link)) == ("ops-prod", "@aws_iam_role.ops.name", 6)  # type: ignore[union-attr]


def test_the_plan_wins_where_the_files_say_something_else(tmp_path: Path) -> None:
    changed = [change("aws_iam_role.ops", {"name": "other", "assume_role_policy": "{}"})]
    found = parsed(
        tmp_path, {"main.tf": MAIN, "plan.json": plan(changed, {"resources": CONFIGURATION["resources"][:1]})}
    )
    (role,) = found.resources
    assert plain(role.attributes) == {"name": "other", "assume_role_policy": {}}


def test_a_plan_of_another_configuration_leaves_the_root_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    other = {"resources": [{"address": "aws_iam_role.foreign", "expressions": {}}]}
    text = plan([change("aws_iam_role.foreign", {"name": "x"})], other)
    found = parsed(tmp_path, {"main.tf": MAIN, "plan.json": text})
    assert found.roots == (".", "plan.json")
    assert [str(one.key) for one in found.resources] == [
        "aws_iam_role.ops",
        "aws_iam_role_policy.ops",
        "aws_iam_role.foreign",
    ]


def test_two_plans_of_one_directory_are_two_roots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files = {"main.tf": MAIN, "dev.json": plan(ops("dev"), CONFIGURATION), "prod.json": plan(ops(), CONFIGURATION)}
    found = parsed(tmp_path, files)
    assert found.roots == (".", "prod.json")
    names = [(one.key.root, attribute(one, "name")) for one in found.resources if one.type == "aws_iam_role"]
    assert names == [(".", "ops-dev"), ("prod.json", "ops-prod")]


def test_what_is_known_after_apply_is_a_reference_where_one_resource_is_named(tmp_path: Path) -> None:
    configuration = {
        "resources": [
            {"address": "aws_iam_policy.p", "expressions": {}},
            {
                "address": "aws_iam_role_policy_attachment.a",
                "expressions": {
                    "policy_arn": {"references": ["aws_iam_policy.p.arn", "aws_iam_policy.p"]},
                    "description": {"references": ["aws_iam_policy.p.arn", "aws_iam_policy.p"]},
                },
            },
        ]
    }
    changes = [
        change("aws_iam_policy.p", {"name": "p"}, {"arn": True}),
        change("aws_iam_role_policy_attachment.a", {}, {"policy_arn": True, "description": True, "id": True}),
    ]
    attachment = parsed(tmp_path, {"plan.json": plan(changes, configuration)}).resources[1]
    assert plain(attachment.attributes) == {
        "policy_arn": "@aws_iam_policy.p.arn",
        "description": "?known only after apply",
    }


def test_links_lead_through_modules(tmp_path: Path) -> None:
    configuration = {
        "resources": [
            {"address": "aws_lambda_function.f", "expressions": {"role": {"references": ["module.m.arn", "module.m"]}}}
        ],
        "module_calls": {
            "m": {
                "expressions": {},
                "module": {
                    "outputs": {"arn": {"expression": {"references": ["aws_iam_role.r.arn", "aws_iam_role.r"]}}},
                    "resources": [{"address": "aws_iam_role.r", "expressions": {}}],
                },
            }
        },
    }
    changes = [
        change("aws_lambda_function.f", {"function_name": "f"}, {"role": True}),
        change("module.m.aws_iam_role.r", {"name": "r"}, {"arn": True}, module_address="module.m"),
    ]
    function, role = parsed(tmp_path, {"plan.json": plan(changes, configuration)}).resources
    assert attribute(function, "role") == "@module.m.aws_iam_role.r.arn"
    assert [call.name for call in role.module_path] == ["m"]


def test_links_lead_to_the_instance_of_the_same_key(tmp_path: Path) -> None:
    configuration = {
        "resources": [
            {"address": "aws_iam_role.r", "expressions": {}},
            {
                "address": "aws_iam_role_policy.p",
                "expressions": {"role": {"references": ["aws_iam_role.r", "each.key"]}},
            },
        ]
    }
    changes = [
        *(change(f'aws_iam_role.r["{key}"]', {"name": key, "id": key}, index=key) for key in "ab"),
        *(change(f'aws_iam_role_policy.p["{key}"]', {"role": key}, index=key) for key in "ab"),
    ]
    found = parsed(tmp_path, {"plan.json": plan(changes, configuration)}).resources
    links = [plain(one.attributes.entries["role"].reference) for one in found[2:]]  # type: ignore[union-attr]
    assert links == ['@aws_iam_role.r["a"].id', '@aws_iam_role.r["b"].id']


def test_sensitive_values_are_never_kept(tmp_path: Path) -> None:
    secret = change(
        "aws_x.x",
        {"password": "hunter2", "open": "y", "nested": [{"token": "hunter2", "name": "n"}]},
        sensitive={"password": True, "nested": [{"token": True}]},
    )
    (found,) = parsed(tmp_path, {"plan.json": plan([secret])}).resources
    assert plain(found.attributes) == {
        "password": "?marked sensitive in the plan",
        "open": "y",
        "nested": [{"token": "?marked sensitive in the plan", "name": "n"}],
    }
    assert "hunter2" not in repr(found)


def test_sensitive_variables_of_a_plan_are_not_used(tmp_path: Path) -> None:
    main = 'variable "token" {\n  sensitive = true\n}\nresource "aws_x" "x" {\n  a = var.token\n}\n'
    configuration = {
        "resources": [{"address": "aws_x.x", "expressions": {"a": {"references": ["var.token"]}}}],
        "variables": {"token": {"sensitive": True}},
    }
    text = plan(
        [change("aws_x.x", {"a": "hunter2"}, sensitive={"a": True})],
        configuration,
        variables={"token": {"value": "hunter2"}},
    )
    (found,) = parsed(tmp_path, {"main.tf": main, "plan.json": text}).resources
    assert "hunter2" not in repr(found)
    assert attribute(found, "a") == "?marked sensitive in the plan"


def test_deleted_resources_are_gone_and_unchanged_ones_stay(tmp_path: Path) -> None:
    changes = [
        change("aws_x.gone", {}, actions=["delete"]) | {"change": {"actions": ["delete"], "after": None}},
        change("aws_x.same", {"a": 1}, actions=["no-op"]),
    ]
    assert [str(one.key) for one in parsed(tmp_path, {"plan.json": plan(changes)}).resources] == ["aws_x.same"]


def test_a_state_is_read_with_its_modules() -> None:
    state = {
        "format_version": "1.0",
        "values": {
            "root_module": {
                "resources": [
                    {"address": "aws_x.x", "mode": "managed", "type": "aws_x", "name": "x", "values": {"a": 1}}
                ],
                "child_modules": [
                    {
                        "address": 'module.m["k.x"]',
                        "resources": [
                            {
                                "address": 'module.m["k.x"].data.aws_y.y',
                                "mode": "data",
                                "type": "aws_y",
                                "name": "y",
                                "values": {},
                            }
                        ],
                    }
                ],
            }
        },
    }
    found = read(Source("state.json", json.dumps(state)))
    assert found is not None
    first, second = found.resources(".", lambda _: True, ())  # type: ignore[union-attr]
    assert (first.type, str(first.key)) == ("aws_x", "aws_x.x")
    assert (second.type, str(second.key)) == ("data.aws_y", 'module.m["k.x"].data.aws_y.y')
    assert [call.name for call in second.module_path] == ['m["k.x"]']


def test_only_wanted_types_are_read(tmp_path: Path) -> None:
    found = parsed(tmp_path, {"plan.json": plan(ops())}, wanted=lambda type_: type_ == "aws_iam_role")
    assert [one.type for one in found.resources] == ["aws_iam_role"]


@pytest.mark.parametrize("cut", [10, 200, -2])
def test_a_plan_that_is_cut_off_is_broken(tmp_path: Path, cut: int) -> None:
    text = plan(ops())
    broken = parsed(tmp_path, {"plan.json": text[:cut] + '"planned_values""format_version"'}).broken
    assert [one.message.startswith("not JSON: ") for one in broken] in ([True], [])
    if cut != 10:
        assert broken


def test_deep_nesting_ends_in_an_unknown_value() -> None:
    source = Source("x", "[" * 600 + "]" * 600)
    value = located(parse(source))
    for _ in range(199):
        (value,) = elements(value)
    assert "nested too deeply" in str(plain(value))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)


@given(value=JSON, indent=st.sampled_from([None, 1]), ascii_only=st.booleans())
def test_every_part_of_a_json_text_stands_where_it_is_written(
    value: object,
    indent: int | None,
    ascii_only: bool,  # noqa: FBT001 -- drawn by name
) -> None:
    source = Source("x", json.dumps(value, indent=indent, ensure_ascii=ascii_only))

    def check(found: object, expected: object) -> None:
        if isinstance(found, Encoded):
            check(found.value, json.loads(expected))  # type: ignore[arg-type]
            return
        if isinstance(expected, dict):
            for name, inner in expected.items():
                check(found.entries[name], inner)  # type: ignore[attr-defined]
        elif isinstance(expected, list):
            for part, inner in zip(found.items, expected, strict=True):  # type: ignore[attr-defined]
                check(part, inner)
        else:
            assert json.loads(found.at.text) == expected  # type: ignore[attr-defined]

    check(located(parse(source)), value)


@given(inner=st.dictionaries(st.text(min_size=1, max_size=6), st.text(max_size=8), min_size=1, max_size=3))
def test_json_within_a_string_keeps_its_places(inner: dict[str, str]) -> None:
    source = Source("x", json.dumps({"policy": json.dumps(inner)}))
    found = child(located(parse(source)), "policy")
    assert isinstance(found, Encoded)
    for name, text in inner.items():
        value = child(found, name)
        assert value is not None
        assert json.loads(json.loads(f'"{value.at.text}"')) == text


def test_a_plan_nested_without_end_is_cut_off(tmp_path: Path) -> None:
    deep = "[" * 900 + "]" * 900
    text = plan([change("aws_x.x", {"a": "DEEP"})]).replace('"DEEP"', deep)
    (found,) = parsed(tmp_path, {"plan.json": text}).resources
    assert "nested too deeply" in str(attribute(found, "a"))


PLACES = st.sampled_from(
    [
        ("resource_changes",),
        ("resource_changes", 0),
        ("resource_changes", 0, "change"),
        ("resource_changes", 0, "change", "after"),
        ("resource_changes", 0, "change", "after_unknown"),
        ("resource_changes", 0, "module_address"),
        ("configuration",),
        ("configuration", "root_module"),
        ("configuration", "root_module", "resources"),
        ("configuration", "root_module", "resources", 1, "expressions"),
        ("configuration", "root_module", "resources", 1, "expressions", "role"),
        ("configuration", "root_module", "resources", 1, "expressions", "role", "references"),
        ("configuration", "root_module", "variables"),
        ("planned_values",),
        ("planned_values", "root_module"),
        ("prior_state",),
        ("variables",),
    ]
)
ODD: st.SearchStrategy[object] = st.sampled_from(
    [None, True, 1, "x", [], {}, [1], ["x.y"], {"a": 1}, [{}], [[]], {"references": [1]}, "module.x[0]"]
)


@given(changes=st.lists(st.tuples(PLACES, ODD), min_size=1, max_size=3))
def test_a_plan_of_an_odd_shape_never_raises(changes: list[tuple[tuple[str | int, ...], object]]) -> None:
    document = json.loads(plan(ops(), CONFIGURATION))
    for path, odd in changes:
        below: Any = document
        try:
            for step in path[:-1]:
                below = below[step]
            below[path[-1]] = copy.deepcopy(odd)
        except (KeyError, IndexError, TypeError):
            continue
    found = read(Source("plan.json", json.dumps(document)))
    for resource in found.resources(".", lambda _: True, ()) if isinstance(found, Plan) else ():
        assert resource.at.location.line == 1


def test_references_that_lead_in_circles_end(tmp_path: Path) -> None:
    names = [f"o{n}" for n in range(20)]
    outputs = {one: {"expression": {"references": [f"module.m.{other}" for other in names]}} for one in names}
    configuration = {
        "resources": [{"address": "aws_x.x", "expressions": {"role": {"references": ["module.m.o0"]}}}],
        "module_calls": {
            "m": {"module": {"outputs": outputs, "module_calls": {"m": {"module": {"outputs": outputs}}}}}
        },
    }
    (found,) = parsed(tmp_path, {"plan.json": plan([change("aws_x.x", {}, {"role": True})], configuration)}).resources
    assert attribute(found, "role") == "?known only after apply"
