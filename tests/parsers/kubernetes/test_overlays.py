from __future__ import annotations

from pathlib import Path

import pytest

from agentreach.model import Parsed, Resource, Text, Unknown, Value, child, descend, elements, string
from agentreach.parsers.kubernetes import KubernetesOptions, load
from agentreach.sources import Tree

HEAD = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata:
  name: ops
spec:
  template:
    spec:
      serviceAccountName: ops
      containers:
      - name: agent
        image: acme/agent:1
"""
ACCOUNT = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: ops}\n"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()


def write(files: dict[str, str]) -> None:
    for name, text in files.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            HEAD + text if path.name == "kustomization.yaml" and not text.startswith("apiVersion") else text
        )


def scan(*paths: str) -> Parsed:
    return load(Tree(list(paths or (".",))), KubernetesOptions(helm="off"), lambda _: True)


def place(value: Value | None) -> tuple[str, int]:
    assert value is not None
    location = value.at.location
    return location.path, location.line


def one(result: Parsed, root: str, kind: str) -> Resource:
    (found,) = [each for each in result.resources if each.key.root == root and each.type.endswith(f"/{kind}")]
    return found


BASE = {
    "base/kustomization.yaml": "resources: [deployment.yaml, account.yaml]\n",
    "base/deployment.yaml": DEPLOYMENT,
    "base/account.yaml": ACCOUNT,
}


def test_each_overlay_that_no_other_refers_to_is_a_root_and_its_base_is_none() -> None:
    write(
        {
            **BASE,
            "overlays/prod/kustomization.yaml": "namespace: prod\nresources: [../../base]\n",
            "overlays/dev/kustomization.yaml": "namespace: dev\nresources: [../../base]\n",
            "loose.yaml": ACCOUNT.replace("ops", "loose"),
        }
    )
    result = scan()
    assert set(result.roots) == {"overlays/prod", "overlays/dev", "."}
    assert sorted((each.key.root, each.key.address) for each in result.resources) == [
        (".", "ServiceAccount/default/loose"),
        ("overlays/dev", "Deployment/dev/ops"),
        ("overlays/dev", "ServiceAccount/dev/ops"),
        ("overlays/prod", "Deployment/prod/ops"),
        ("overlays/prod", "ServiceAccount/prod/ops"),
    ]


def test_values_stand_where_they_were_written_base_patch_or_overlay() -> None:
    write(
        {
            **BASE,
            "prod/kustomization.yaml": (
                "namespace: agents\nnamePrefix: eu-\nresources: [../base]\n"
                "patches:\n- path: patch.yaml\n"
                "- target: {kind: ServiceAccount}\n  patch: |-\n"
                "    - op: add\n      path: /metadata/annotations\n      value:\n"
                "        eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/x\n"
                "- patch: |\n    apiVersion: apps/v1\n    kind: Deployment\n    metadata: {name: ops}\n"
                "    spec:\n      template:\n        spec:\n          hostNetwork: true\n"
                "images:\n- name: acme/agent\n  newTag: '2'\n"
                "labels:\n- pairs: {team: sre}\n"
            ),
            "prod/patch.yaml": (
                "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ops}\nspec:\n  template:\n    spec:\n"
                "      containers:\n      - name: agent\n        env: [{name: A, value: b}]\n"
            ),
        }
    )
    result = scan()
    assert (result.skipped, result.broken) == ((), ())
    deployment = one(result, "prod", "Deployment")
    attributes = deployment.attributes
    assert deployment.key.address == "Deployment/agents/eu-ops"
    assert place(descend(attributes, "metadata.name")) == ("base/deployment.yaml", 4)
    assert place(descend(attributes, "metadata.namespace")) == ("prod/kustomization.yaml", 3)
    assert place(descend(attributes, "metadata.labels.team")) == ("prod/kustomization.yaml", 26)
    pod = descend(attributes, "spec.template.spec")
    assert string(descend(pod, "serviceAccountName")) == "eu-ops"
    assert place(descend(pod, "serviceAccountName")) == ("base/deployment.yaml", 8)
    assert place(descend(pod, "hostNetwork")) == ("prod/kustomization.yaml", 21)
    (container,) = elements(descend(pod, "containers"))
    assert (string(descend(container, "image")), *place(descend(container, "image"))) == (
        "acme/agent:2",
        "prod/kustomization.yaml",
        24,
    )
    assert place(descend(container, "env")) == ("prod/patch.yaml", 9)
    account = one(result, "prod", "ServiceAccount")
    annotations = descend(account.attributes, "metadata.annotations")
    assert place(child(annotations, "eks.amazonaws.com/role-arn")) == ("prod/kustomization.yaml", 13)
    assert deployment.at.location.path == "base/deployment.yaml"


def test_a_base_outside_the_path_is_followed_inside_the_project_and_is_no_root() -> None:
    write({**BASE, "prod/kustomization.yaml": "resources: [../base]\n"})
    result = scan("prod")
    assert result.roots == ("prod",)
    assert len(result.resources) == 2


@pytest.mark.parametrize(
    "remote",
    [
        "https://github.com/acme/deploy//base?ref=v1",
        "github.com/acme/deploy/base?ref=v1",
        "git@github.com:acme/deploy.git",
        "ssh://git@example.com/acme/deploy.git",
        "https://example.com/manifests.yaml",
        "gitlab.example.com/acme/deploy//base?ref=main",
    ],
)
def test_a_remote_base_is_named_and_skipped_by_design(remote: str) -> None:
    write({"prod/kustomization.yaml": f"resources:\n- '{remote}'\n- a.yaml\n", "prod/a.yaml": ACCOUNT})
    result = scan()
    (skipped,) = result.skipped
    assert (skipped.path, skipped.line, skipped.by_design) == ("prod/kustomization.yaml", 4, True)
    assert remote in skipped.reason
    assert [each.key.address for each in result.resources] == ["ServiceAccount/default/ops"]


def test_a_base_outside_the_project_is_not_read_and_says_so(tmp_path: Path) -> None:
    outside = tmp_path.parent / "outside"
    outside.mkdir(exist_ok=True)
    (outside / "kustomization.yaml").write_text(HEAD)
    write({"prod/kustomization.yaml": "resources: [../../outside]\n"})
    (skipped,) = scan().skipped
    assert skipped.line == 3
    assert "outside the scanned project" in skipped.reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("resources: [missing.yaml]\n", "missing.yaml"),
        ("resources: [a.yaml]\npatches: [{path: none.yaml}]\n", "none.yaml"),
        (
            "resources: [a.yaml]\npatches:\n- patch: '{apiVersion: v1, kind: Pod, metadata: {name: x}}'\n",
            "no object is the Pod x",
        ),
        ("resources: [a.yaml]\nreplicas: [{name: ops, count: 3}]\n", "no object named 'ops' has replicas"),
        ("resources: [a.yaml]\ncomponents: [missing]\n", "holds no kustomization"),
        ("resources: [a.yaml, a.yaml/..]\n", "refers back"),
        (
            "resources: [a.yaml]\npatches:\n- target: {kind: ServiceAccount}\n  patch: '[{op: remove, path: /spec}]'\n",
            "does not exist",
        ),
        ("resources: [a.yaml]\nreplacements: [{source: {kind: Pod}, targets: []}]\n", "not exactly one object"),
        ("resources: [a.yaml]\nconfigMapGenerator: [{literals: [a=b]}]\n", "needs a name"),
    ],
)
def test_what_kustomize_would_refuse_is_reported_where_it_is_written_and_the_rest_is_built(
    text: str, reason: str
) -> None:
    write({"prod/kustomization.yaml": text, "prod/a.yaml": ACCOUNT})
    result = scan()
    assert any(reason in skipped.reason for skipped in result.skipped), result.skipped
    assert all(not skipped.by_design and skipped.path == "prod/kustomization.yaml" for skipped in result.skipped)
    found = {each.key.address for each in result.resources}
    assert found == {"ServiceAccount/default/ops"}


def test_kustomizations_in_a_circle_are_reported_and_end() -> None:
    write({"a/kustomization.yaml": "resources: [../b]\n", "b/kustomization.yaml": "resources: [../a]\n"})
    assert any("refers back" in skipped.reason for skipped in scan().skipped)


def test_plugins_and_charts_of_a_kustomization_are_skipped_by_design() -> None:
    write(
        {
            "k/kustomization.yaml": (
                "resources: [a.yaml]\nhelmCharts: [{name: x}]\n"
                "transformers:\n- |-\n  apiVersion: acme.com/v1\n  kind: Program\n  metadata: {name: p}\n"
            ),
            "k/a.yaml": ACCOUNT,
        }
    )
    result = scan()
    assert all(skipped.by_design for skipped in result.skipped)
    assert {("helmCharts" in skipped.reason, "Program" in skipped.reason) for skipped in result.skipped} == {
        (True, False),
        (False, True),
    }


def test_a_file_that_only_bears_the_name_is_read_as_what_it_is() -> None:
    write(
        {
            "flux/kustomization.yaml": (
                "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: apps}\n"
            )
        }
    )
    assert [each.key.address for each in scan().resources] == ["Kustomization.kustomize.toolkit.fluxcd.io/default/apps"]


def test_a_broken_kustomization_is_broken_and_a_templated_one_skipped() -> None:
    write({"a/kustomization.yaml": "resources: [\n", "b/kustomization.yaml": "namePrefix: {{ x }}\n"})
    result = scan()
    assert [broken.at.source.path for broken in result.broken] == ["a/kustomization.yaml"]
    assert [skipped.path for skipped in result.skipped] == ["b/kustomization.yaml"]


def test_a_component_alone_is_no_root() -> None:
    write({"c/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnamePrefix: x-\n"})
    assert scan().resources == ()


def test_a_pattern_that_may_run_for_long_is_not_tried() -> None:
    write(
        {
            "k/kustomization.yaml": (
                "resources: [a.yaml]\npatches:\n- target: {name: '(a+)+b'}\n  patch: '[{op: remove, path: /x}]'\n"
            ),
            "k/a.yaml": ACCOUNT,
        }
    )
    (skipped,) = scan().skipped
    assert "may take very long" in skipped.reason


def test_an_overlay_where_the_scan_starts_never_shares_an_address_with_a_loose_manifest() -> None:
    write(
        {
            "kustomization.yaml": "resources: [listed.yaml]\n",
            "listed.yaml": ACCOUNT,
            "stale.yaml": ACCOUNT,
            "other/old.yaml": ACCOUNT,
            "other/more.yaml": ACCOUNT.replace("ops", "more"),
            "apart/free.yaml": ACCOUNT.replace("ops", "free"),
        }
    )
    assert sorted((each.key.root, each.key.address) for each in scan().resources) == [
        (".", "ServiceAccount/default/free"),
        (".", "ServiceAccount/default/ops"),
        ("other", "ServiceAccount/default/more"),
        ("other", "ServiceAccount/default/ops"),
        ("stale.yaml", "ServiceAccount/default/ops"),
    ]


def test_what_is_filled_in_later_is_text_to_an_overlay_and_a_hole_to_everyone_after_it() -> None:
    base = DEPLOYMENT.replace("acme/agent:1", "'acme/agent:{{ .Tag }}'\n        args: ['--model={{.Name}}']")
    write(
        {
            "kustomization.yaml": "namePrefix: x-\nresources: [d.yaml]\npatches:\n- patch: |-\n"
            "    apiVersion: apps/v1\n    kind: Deployment\n    metadata: {name: ops}\n"
            "    spec: {template: {spec: {serviceAccountName: '${ACCOUNT}'}}}\n",
            "d.yaml": base,
        }
    )
    found = one(scan("."), ".", "Deployment")
    assert found.name == "x-ops"
    pod = descend(found.attributes, "spec.template.spec")
    (container,) = elements(child(pod, "containers"))
    assert isinstance(child(pod, "serviceAccountName"), Unknown)
    (argument,) = elements(child(container, "args"))
    assert isinstance(argument, Text)
    assert argument.parts[0] == "--model="


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("https://bot:ghp_0123456789@git.example.com/a/b?ref=v1", "https://git.example.com/a/b?ref=v1"),
        ("git::https://ghp_0123456789@git.example.com/a", "git::https://git.example.com/a"),
        ("https://git.example.com/a//b?access_token=x&ref=v1", "https://git.example.com/a//b?ref=v1"),
        ("git@github.com:acme/base.git", "git@github.com:acme/base.git"),
    ],
)
def test_a_remote_base_is_named_without_what_opens_it(written: str, said: str) -> None:
    write({"kustomization.yaml": f"resources: ['{written}']\n"})
    assert [one.reason for one in scan(".").skipped] == [f"remote base {said} is not fetched"]
