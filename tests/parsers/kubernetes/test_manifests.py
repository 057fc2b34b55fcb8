from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agentreach.model import Kind, Parsed, Scalar, Text, Unknown, child, descend, elements, string
from agentreach.parsers.kubernetes import KubernetesOptions, load
from agentreach.sources import Tree

if TYPE_CHECKING:
    from pathlib import Path

OFF = KubernetesOptions(helm="off")


def parsed(directory: Path, wanted: object = None) -> Parsed:
    return load(Tree([directory]), OFF, lambda type_: wanted is None or type_ in wanted)  # type: ignore[operator]


def write(directory: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return directory


def addresses(result: Parsed) -> list[str]:
    return [resource.key.address for resource in result.resources]


@pytest.mark.parametrize(
    ("text", "address", "type_"),
    [
        ("apiVersion: v1\nkind: Pod\nmetadata: {name: p}", "Pod/default/p", "v1/Pod"),
        ("apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: a}", "Pod/a/p", "v1/Pod"),
        ("apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: null}", "Pod/default/p", "v1/Pod"),
        ("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}", "Deployment/default/d", "apps/Deployment"),
        ("apiVersion: v1\nkind: Namespace\nmetadata: {name: a}", "Namespace/a", "v1/Namespace"),
        (
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: c, namespace: odd}",
            "ClusterRole/c",
            "rbac.authorization.k8s.io/ClusterRole",
        ),
        (
            "apiVersion: kagent.dev/v1alpha2\nkind: Agent\nmetadata: {name: ops, namespace: agents}",
            "Agent.kagent.dev/agents/ops",
            "kagent.dev/Agent",
        ),
        (
            "apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {name: k}",
            "ClusterPolicy.kyverno.io/k",
            "kyverno.io/ClusterPolicy",
        ),
        ("apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: run-}", "Job/default/run-*", "batch/Job"),
        ('{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "j"}}', "Pod/default/j", "v1/Pod"),
        ("kind: 'Pod' # a comment\napiVersion: \"v1\"\nmetadata: {name: q}", "Pod/default/q", "v1/Pod"),
    ],
)
def test_an_object_has_the_address_of_the_contract(tmp_path: Path, text: str, address: str, type_: str) -> None:
    result = parsed(write(tmp_path, {"x.json" if text.startswith("{") else "x.yaml": text}))
    (resource,) = result.resources
    assert (resource.key.address, resource.type) == (address, type_)
    assert resource.key.root == "."
    assert (result.broken, result.skipped, result.files) == ((), (), 1)


def test_every_document_of_a_stream_and_every_item_of_a_list_is_an_object_with_its_line(tmp_path: Path) -> None:
    text = """# a comment first
---
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: ServiceAccount
  metadata: {name: a}
- apiVersion: v1
  kind: List
  items:
  - {apiVersion: v1, kind: ServiceAccount, metadata: {name: b}}
---
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBindingList
items:
- metadata: {name: c, namespace: x}
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: d
"""
    result = parsed(write(tmp_path, {"x.yaml": text}))
    places = [(resource.key.address, resource.at.location.line) for resource in result.resources]
    assert places == [
        ("ServiceAccount/default/a", 6),
        ("ServiceAccount/default/b", 12),
        ("RoleBinding/x/c", 18),
        ("ServiceAccount/default/d", 20),
    ]


def test_mistakes_are_found_in_documents_of_any_kind(tmp_path: Path) -> None:
    good = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n"
    other = "apiVersion: example.com/v1\nkind: Big\nmetadata: {name: b}\n"
    result = parsed(write(tmp_path, {"x.yaml": f"{good}---\n{other}"}), {"v1/Pod"})
    assert (addresses(result), result.broken) == (["Pod/default/p"], ())
    for text in (f"{good}---\n{other}spec: [\n", f"{good}---\n{good}spec: [\n"):
        result = parsed(write(tmp_path, {"x.yaml": text}), {"v1/Pod"})
        (broken,) = result.broken
        assert broken.at.location.line >= 7
        assert addresses(result) == ["Pod/default/p"]


def test_a_template_is_skipped_by_design_and_the_rest_of_its_file_is_read(tmp_path: Path) -> None:
    text = """apiVersion: v1
kind: Pod
metadata: {name: {{ name }}}
---
apiVersion: v1
kind: Pod
metadata: {name: sound}
"""
    result = parsed(write(tmp_path, {"x.yaml": text}))
    assert addresses(result) == ["Pod/default/sound"]
    (skipped,) = result.skipped
    assert (skipped.by_design, skipped.line) == (True, 3)
    assert "template" in skipped.reason
    assert result.broken == ()


def test_quoted_placeholders_are_holes_and_the_text_around_them_stays_known(tmp_path: Path) -> None:
    head = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n"
    text = head + 'spec:\n  serviceAccountName: "{{ account }}"\n  x: "a-{{ b }}-c"\n'
    (resource,) = parsed(write(tmp_path, {"x.yaml": text})).resources
    account = descend(resource.attributes, "spec.serviceAccountName")
    assert not isinstance(account, Scalar)
    partly = descend(resource.attributes, "spec.x")
    assert isinstance(partly, Text)
    assert [part for part in partly.parts if isinstance(part, str)] == ["a-", "-c"]


def test_variables_of_envsubst_are_holes_in_names_and_annotations_and_text_in_scripts(tmp_path: Path) -> None:
    text = """apiVersion: v1
kind: Pod
metadata:
  name: ops-${ENV:-dev}
  namespace: ${NAMESPACE}
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::${AWS_ACCOUNT_ID}:role/ops
spec:
  containers:
  - args: ["echo ${HOME}"]
    image: acme/app:${TAG}
"""
    (resource,) = parsed(write(tmp_path, {"x.yaml": text})).resources
    assert (resource.name, resource.key.address) == ("ops-*", "Pod/default/ops-*")
    arn = child(descend(resource.attributes, "metadata.annotations"), "eks.amazonaws.com/role-arn")
    assert isinstance(arn, Text)
    before, account, after = arn.parts
    assert (before, after) == ("arn:aws:iam::", ":role/ops")
    assert isinstance(account, Unknown)
    assert account.kind is Kind.ACCOUNT
    assert account.reason == "${AWS_ACCOUNT_ID} is filled in later"
    container = descend(resource.attributes, "spec.containers")
    assert isinstance(descend(container, "image"), Text)
    assert string(descend(container, "args")) is None
    assert [string(one) for one in elements(descend(container, "args"))] == ["echo ${HOME}"]


def test_configuration_that_names_no_object_is_no_resource(tmp_path: Path) -> None:
    result = parsed(write(tmp_path, {"x.yaml": "apiVersion: v1\nkind: Config\nclusters: []\n"}))
    assert (result.resources, result.broken, result.skipped) == ((), (), ())


def test_loose_manifests_of_all_directories_share_one_root(tmp_path: Path) -> None:
    account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n"
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n"
    result = parsed(write(tmp_path, {"rbac/a.yaml": account, "pods/p.yaml": pod}))
    assert {resource.key.root for resource in result.resources} == {"."}


def test_directories_that_declare_the_same_object_are_roots_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n"
    account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n"
    namespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shared}\n"
    result = parsed(
        write(
            tmp_path,
            {
                "one/p.yaml": pod,
                "one/a.yaml": account,
                "two/p.yaml": pod,
                "three/n.yaml": f"{namespace}---\n{account.replace('name: a', 'name: b')}",
                "four/n.yaml": namespace,
                "five/x.yaml": pod.replace("name: p", "name: q"),
                "five/y.yaml": pod.replace("name: p", "name: q"),
            },
        )
    )
    assert sorted((str(resource.key.root), resource.key.address) for resource in result.resources) == [
        (".", "Namespace/shared"),
        (".", "Namespace/shared"),
        (".", "ServiceAccount/default/b"),
        ("five/x.yaml", "Pod/default/q"),
        ("five/y.yaml", "Pod/default/q"),
        ("one", "Pod/default/p"),
        ("one", "ServiceAccount/default/a"),
        ("two", "Pod/default/p"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: v1\nkind: Pod\nmetadata: &a {name: p, x: [" + "*a, " * 3 + "]}",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: " + "[" * 5000,
        "apiVersion: v1\nkind: Pod\nmetadata: !!python/object/apply:os.system [echo]\n",
        "apiVersion: v1\nkind: Pod\nmetadata: {? [a]: b}\n",
        "apiVersion: v1\nkind: Pod\nmetadata: 3\n",
        "apiVersion: [v1]\nkind: {a: b}\nmetadata: {name: x}\n",
        "apiVersion: v1\nkind: List\nitems: {a: b}\n",
        "apiVersion: v1\nkind: List\nitems: [3, null, [], {kind: Pod}]\n",
    ],
)
def test_hostile_input_ends_with_a_reason_and_raises_nothing(tmp_path: Path, text: str) -> None:
    result = parsed(write(tmp_path, {"x.yaml": text}))
    assert all(string(descend(one.attributes, "metadata.name")) for one in result.resources)


def test_an_alias_bomb_is_broken_with_a_reason(tmp_path: Path) -> None:
    bomb = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    bomb += "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9))
    (broken,) = parsed(write(tmp_path, {"x.yaml": bomb})).broken
    assert "aliases" in broken.message
