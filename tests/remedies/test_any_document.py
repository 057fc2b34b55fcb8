"""Whatever the document looks like: an edit adds its key and nothing else, or is refused."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import hcl2
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentreach.model import ListValue, MapValue, Source, Span
from agentreach.parsers.terraform.syntax import Block, ObjectExpression
from agentreach.remedies import ByHand
from agentreach.remedies.documents import Documents, Tagged
from agentreach.remedies.hcl import HclFile
from agentreach.remedies.proof import proven

MANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
NAMES = st.sampled_from(["a", "b-c", "aws:x", "d.e/f", "key", "on", "1", "with space", "ünï"])
LEAVES = st.one_of(
    st.integers(), st.booleans(), st.none(), st.sampled_from(["x", "a: b", "# no", "two\nlines", "", "- z", "é", '"q"'])
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=4)),
    max_leaves=14,
)
STYLES = st.fixed_dictionaries(
    {
        "default_flow_style": st.sampled_from([None, True, False]),
        "indent": st.integers(2, 6),
        "width": st.sampled_from([20, 80, 1000]),
        "allow_unicode": st.booleans(),
        "line_break": st.sampled_from(["\n", "\r\n"]),
        "explicit_start": st.booleans(),
    }
)
VALUES = st.sampled_from([False, 1, "ENABLED", "3600", {"StringEquals": {"aws:SourceAccount": "x y"}}])


def _maps(value: object) -> list[MapValue]:
    inner = (
        value.items if isinstance(value, ListValue) else value.entries.values() if isinstance(value, MapValue) else ()
    )
    own = [value] if isinstance(value, MapValue) and value.entries else []
    return own + [found for one in inner for found in _maps(one)]


def _without(tree: object, name: str) -> object:
    if isinstance(tree, dict):
        return {key: _without(one, name) for key, one in tree.items() if key != name}
    return [_without(one, name) for one in tree] if isinstance(tree, list) else tree


def _counted(tree: object, name: str) -> int:
    if isinstance(tree, dict):
        return (name in tree) + sum(_counted(one, name) for one in tree.values())
    return sum(_counted(one, name) for one in tree) if isinstance(tree, list) else 0


@MANY
@given(st.dictionaries(NAMES, TREES, min_size=1, max_size=4), STYLES, VALUES, st.data())
def test_a_key_added_to_any_yaml_mapping_is_all_that_changes(
    tree: dict[str, Any], style: dict[str, Any], value: object, data: st.DataObject
) -> None:
    text = yaml.safe_dump(tree, sort_keys=False, **style)
    source = Source("f.yaml", text)
    with contextlib.suppress(ByHand):
        documents = Documents(Span(source, 0, len(text)))
        holder = data.draw(st.sampled_from(_maps(documents.roots[0])))
        edit = documents.put(holder, ("zzNew",), value, beside=data.draw(NAMES))
        after = yaml.safe_load(proven(source, [edit]))
        assert _counted(after, "zzNew") == 1
        assert _without(after, "zzNew") == yaml.safe_load(text)


@MANY
@given(st.dictionaries(NAMES, TREES, min_size=1, max_size=4), st.sampled_from([None, 1, 2, 4]), VALUES, st.data())
def test_a_key_added_to_any_json_object_is_all_that_changes_and_it_stays_json(
    tree: dict[str, Any], indent: int | None, value: object, data: st.DataObject
) -> None:
    text = json.dumps(tree, indent=indent, ensure_ascii=False)
    source = Source("f.json", text)
    documents = Documents(Span(source, 0, len(text)))
    holder = data.draw(st.sampled_from(_maps(documents.roots[0])))
    added = data.draw(st.sampled_from([value, Tagged("Ref", "AWS::AccountId")]))
    after = json.loads(proven(source, [documents.put(holder, ("zzNew",), added)]))
    assert _counted(after, "zzNew") == 1
    assert _without(after, "zzNew") == tree


@MANY
@given(st.text(alphabet="ab: -{}[]\"'#\n\t|>&*!,%=$<EOT", max_size=80), st.integers(0, 80))
def test_no_text_makes_an_edit_fail_in_another_way_than_by_hand(text: str, at: int) -> None:
    for name in ("f.yaml", "f.json", "f.tf"):
        source = Source(name, text)
        with contextlib.suppress(ByHand):
            if name == "f.tf":
                file = HclFile(source)
                proven(source, [file.put(file.holder(at), ("zz", "new"), "1")])
            else:
                documents = Documents(Span(source, 0, len(text)))
                proven(source, [documents.put(documents.holder(at), ("zz", "new"), "1")])


HCL_LEAVES = st.sampled_from(
    ["1", "true", "null", '"x"', '"${var.a}"', "var.b[0]", 'f("y", 1)', "[1, 2]", "<<E\ntext\nE\n"]
)


@st.composite
def hcl_bodies(draw: st.DrawFn, depth: int = 0) -> str:
    pad = draw(st.sampled_from(["", "  ", "\t"])) + "  " * depth
    lines: list[str] = []
    for name in draw(st.lists(st.sampled_from(["a", "bb", "ccc"]), unique=True, max_size=3)):
        leaf = draw(HCL_LEAVES)
        comment = "" if leaf.startswith("<<") else draw(st.sampled_from(["", " # why", " // so"]))
        lines.append(f"{pad}{name}{draw(st.sampled_from(['', '  ']))} = {leaf.rstrip()}{comment}")
    for name in draw(st.lists(st.sampled_from(["one", "two"]), max_size=2 if depth < 2 else 0)):
        inner = draw(hcl_bodies(depth=depth + 1))
        lines += [f"{pad}{name} {{", *inner.splitlines(), f"{pad}}}"]
    if draw(st.booleans()):
        items = draw(st.sampled_from(["{}", "{ x = 1 }", '{ "x" : 1, y = 2, }', "{\n x = 1 # c\n y = {z = 2}\n}"]))
        lines.append(f"{pad}obj{depth} = {items}")
    return "\n".join(lines) + ("\n" if lines else "")


@MANY
@given(hcl_bodies(), st.sampled_from(["\n", "\r\n"]), st.sampled_from(["1", "two", {"x": {"y": True}}]), st.data())
def test_an_argument_added_to_any_block_or_object_is_all_that_changes(
    body: str, end: str, value: object, data: st.DataObject
) -> None:
    text = f'resource "a" "b" {{\n{body}}}\n'.replace("\n", end)
    source = Source("main.tf", text)
    with contextlib.suppress(ByHand):
        file = HclFile(source)
        holder = file.holder(data.draw(st.integers(0, len(text) - 2)))
        assert isinstance(holder, Block | ObjectExpression)
        after = proven(source, [file.put(holder, ("zz_new",), value)])
        assert "zz_new" in str(hcl2.loads(after.replace("\r\n", "\n")))
        kept = iter(after)
        assert all(character in kept for character in text.replace("{}", "").replace(" ", ""))
