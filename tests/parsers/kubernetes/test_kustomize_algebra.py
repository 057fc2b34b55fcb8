from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agentreach.model import ListValue, MapValue, Scalar, Source, Span, Value
from agentreach.parsers.kubernetes.kustomize import json_patch
from agentreach.parsers.kubernetes.kustomize.editing import split_path
from agentreach.parsers.kubernetes.kustomize.merge import merge
from agentreach.parsers.kubernetes.kustomize.problems import BuildProblem
from agentreach.parsers.kubernetes.kustomize.replacements import steps
from agentreach.parsers.kubernetes.kustomize.selectors import fits_expression
from agentreach.parsers.kubernetes.kustomize.transformations import split_image

AT = Span(Source("x", "x" * 10), 0, 1)
KEYS = st.sampled_from(["a", "b", "c", "name", "spec", "containers", "env"])
LEAVES = st.one_of(st.integers(0, 3), st.sampled_from(["x", "y"]), st.booleans())
Json = object


def located(value: object) -> Value:
    if isinstance(value, dict):
        return MapValue({key: located(item) for key, item in value.items()}, AT)
    if isinstance(value, list):
        return ListValue(tuple(located(item) for item in value), AT)
    assert value is None or isinstance(value, str | int | float | bool)
    return Scalar(value, AT)


def plain(value: Value | None) -> object:
    if isinstance(value, MapValue):
        return {key: plain(item) for key, item in value.entries.items()}
    if isinstance(value, ListValue):
        return [plain(item) for item in value.items]
    assert isinstance(value, Scalar)
    return value.value


def mapping(value: dict[str, object]) -> MapValue:
    found = located(value)
    assert isinstance(found, MapValue)
    return found


TREES = st.dictionaries(
    KEYS,
    st.recursive(
        LEAVES,
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
        max_leaves=6,
    ),
    max_size=4,
)


def merged(target: dict[str, object], patch: dict[str, object]) -> object | None:
    try:
        return plain(merge(mapping(target), mapping(patch)))
    except BuildProblem:
        return None


@given(TREES)
def test_an_empty_patch_changes_nothing(tree: dict[str, object]) -> None:
    assert merged(tree, {}) == tree


@given(TREES)
def test_an_object_patched_with_itself_stays_what_it_is(tree: dict[str, object]) -> None:
    assert merged(tree, tree) == tree


@given(TREES, TREES)
def test_a_patch_applied_twice_does_what_it_does_once(tree: dict[str, object], patch: dict[str, object]) -> None:
    once = merged(tree, patch)
    if isinstance(once, dict):
        assert merged(once, patch) == once


@given(TREES, TREES)
def test_every_single_value_of_a_patch_arrives(tree: dict[str, object], patch: dict[str, object]) -> None:
    once = merged(tree, patch)
    if isinstance(once, dict):
        for key, value in patch.items():
            if not isinstance(value, dict | list):
                assert once[key] == value


@given(TREES, KEYS, LEAVES)
def test_adding_and_removing_an_entry_by_json_patch_gives_the_rest(
    tree: dict[str, object], key: str, value: object
) -> None:
    add = located([{"op": "add", "path": f"/{key}", "value": value}])
    remove = located([{"op": "remove", "path": f"/{key}"}])
    assert isinstance(add, ListValue)
    assert isinstance(remove, ListValue)
    added = json_patch.apply(mapping(tree), add)
    assert plain(added) == {**tree, key: value}
    assert plain(json_patch.apply(added, remove)) == {name: item for name, item in tree.items() if name != key}


@given(st.lists(LEAVES, max_size=5), st.data())
def test_inserting_into_a_list_moves_the_rest(items: list[object], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(items)))
    operation = located([{"op": "add", "path": f"/l/{index}", "value": "new"}])
    assert isinstance(operation, ListValue)
    expected = [*items[:index], "new", *items[index:]]
    assert plain(json_patch.apply(mapping({"l": items}), operation)) == {"l": expected}


@given(st.text(max_size=40), st.text(max_size=40))
def test_selectors_paths_and_images_never_raise(one: str, other: str) -> None:
    fits_expression(one, {other: one})
    steps(one)
    split_path(one)
    name, tag, digest = split_image(one)
    rebuilt = name + (f":{tag}" if tag else "") + (f"@{digest}" if digest else "")
    assert len(rebuilt) <= len(one)


def test_images_are_split_at_the_tag_and_not_at_the_port() -> None:
    assert split_image("localhost:5000/a/b:1@sha256:00") == ("localhost:5000/a/b", "1", "sha256:00")
    assert split_image("localhost:5000/a/b") == ("localhost:5000/a/b", "", "")
    assert split_image("a@sha256:00") == ("a", "", "sha256:00")
    assert split_image("a") == ("a", "", "")


def test_selector_expressions_are_those_of_kubectl() -> None:
    own = {"app": "x", "tier": "back"}
    for expression in ("app=x", "app==x,tier!=front", "app in (x, y)", "tier notin (front)", "app", "!gone", "gone!=x"):
        assert fits_expression(expression, own), expression
    for expression in ("app=y", "app in (y)", "tier notin (back)", "gone", "!app", "app=x,gone", "a=("):
        assert not fits_expression(expression, own), expression


def test_steps_keep_brackets_and_escaped_dots_together() -> None:
    assert steps("spec.containers.[name=app].image") == ("spec", "containers", "[name=app]", "image")
    assert steps("metadata.annotations.[a.b/c]") == ("metadata", "annotations", "[a.b/c]")
    assert steps(r"data.a\.b") == ("data", "a.b")
    assert steps("spec.rules[0].host") == ("spec", "rules", "[0]", "host")
