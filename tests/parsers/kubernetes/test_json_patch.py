from __future__ import annotations

import pytest

from agentreach.model import ListValue, MapValue, Source, Value
from agentreach.parsers import yaml
from agentreach.parsers.kubernetes.kustomize import json_patch
from agentreach.parsers.kubernetes.kustomize.merge import merge
from agentreach.parsers.kubernetes.kustomize.objects import Object
from agentreach.parsers.kubernetes.kustomize.problems import BuildProblem
from agentreach.parsers.kubernetes.kustomize.replacements import replace


def value(text: str) -> Value:
    (document,) = yaml.parse(Source("x.yaml", text))
    assert isinstance(document, yaml.Document)
    return document.value


def patch(target: str, operations: str) -> MapValue:
    before, changes = value(target), value(operations)
    assert isinstance(before, MapValue)
    assert isinstance(changes, ListValue)
    return json_patch.apply(before, changes)


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        ("{op: remove, path: /none}", "does not exist: no 'none' here"),
        ("{op: remove, path: /l/7}", "position 7 lies outside"),
        ("{op: remove, path: /l/x}", "'x' is no position"),
        ("{op: replace, path: /l/9, value: 1}", "position 9 lies outside"),
        ("{op: add, path: /a/b/c, value: 1}", "does not exist: no 'b' here"),
        ("{op: add, path: /s/deeper, value: 1}", "cannot be added to a single value"),
        ("{op: add, path: '', value: 1}", "the whole object is not applied"),
        ("{op: add, path: a, value: 1}", "starts with /"),
        ("{op: add, value: 1}", "starts with /"),
        ("{op: test, path: /s, value: other}", "the test of a JSON patch fails"),
        ("{op: test, path: /l, value: [1, 2]}", "the test of a JSON patch fails"),
        ("{op: explode, path: /s}", "unknown operation 'explode'"),
        ("{path: /s}", "unknown operation None"),
        ("{op: move, from: /none, path: /s}", "does not exist"),
    ],
)
def test_an_operation_that_does_not_fit_says_why_and_where(operation: str, message: str) -> None:
    with pytest.raises(BuildProblem) as raised:
        patch("{s: text, l: [1, 2, 3], a: {}}", f"- {operation}")
    assert message in raised.value.message
    assert raised.value.at.location.line == 1


def test_equal_structures_pass_a_test() -> None:
    patch("{m: {a: [1, {b: c}]}}", "- {op: test, path: /m, value: {a: [1, {b: c}]}}")


@pytest.mark.parametrize(
    "change",
    [
        "{spec: {template: {spec: {containers: text}}}}",
        "{spec: {template: text}}",
        "{metadata: [list]}",
        "{spec: {template: {spec: {containers: {a: b}}}}}",
    ],
)
def test_a_merge_patch_of_another_shape_is_refused(change: str) -> None:
    target = value(
        "{apiVersion: apps/v1, kind: Deployment, metadata: {name: d},"
        " spec: {template: {spec: {containers: [{name: c}]}}}}"
    )
    patched = value(change)
    assert isinstance(target, MapValue)
    assert isinstance(patched, MapValue)
    with pytest.raises(BuildProblem):
        merge(target, patched)


def test_copies_of_copies_end_before_they_fill_the_memory() -> None:
    operations = "".join(f"- {{op: copy, from: /a, path: /a/c{n}}}\n" for n in range(60))
    with pytest.raises(BuildProblem) as raised:
        patch("{a: {b: 1}}", operations)
    assert "copies" in raised.value.message


def test_a_text_that_replacements_double_ends_too() -> None:
    (document,) = yaml.parse(
        Source(
            "x.yaml",
            "source: {kind: K, fieldPath: spec.t}\n"
            "targets: [{select: {kind: K}, fieldPaths: [spec.t], options: {delimiter: '/', index: 99999}}]\n",
        )
    )
    assert isinstance(document, yaml.Document)
    target = value("{apiVersion: v1, kind: K, metadata: {name: k}, spec: {t: abcdefgh}}")
    assert isinstance(target, MapValue)
    objects = [Object(target)]
    for _ in range(19):
        replace(objects, document.value)
    with pytest.raises(BuildProblem) as raised:
        replace(objects, document.value)
    assert "8 MiB" in raised.value.message
