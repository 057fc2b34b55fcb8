from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from agentreach.model import Parsed, Value, descend, elements, string
from agentreach.parsers.kubernetes import KubernetesOptions, load
from agentreach.sources import Tree

CHART = {
    "chart/Chart.yaml": "apiVersion: v2\nname: ops\nversion: 0.1.0\n",
    "chart/values.yaml": "account: breakglass\nimage: acme/agent\nextra:\n  hostNetwork: true\nnames: [a, b]\n",
    "chart/templates/_helpers.tpl": '{{- define "ops.name" -}}{{ .Release.Name }}-agent{{- end -}}\n',
    "chart/templates/deployment.yaml": """apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "ops.name" . }}
spec:
  template:
    spec:
      serviceAccountName: {{ .Values.account }}
      {{- with .Values.extra }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
      containers:
        - name: agent
          image: "{{ .Values.image }}:{{ .Chart.Version }}"
""",
    "chart/templates/accounts.yaml": """{{- range .Values.names }}
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ . }}
{{- end }}
""",
}
NEEDS_HELM = pytest.mark.skipif(shutil.which("helm") is None, reason="no helm binary on PATH")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(files: dict[str, str]) -> None:
    for name, text in files.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def scan(options: KubernetesOptions | None = None) -> Parsed:
    return load(Tree(["."]), options or KubernetesOptions(), lambda _: True)


def place(value: Value | None) -> tuple[str, int]:
    assert value is not None
    return value.at.location.path, value.at.location.line


def test_without_helm_a_chart_is_skipped_by_design_with_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    write(CHART)
    result = scan()
    assert result.resources == ()
    (skipped,) = result.skipped
    assert (skipped.path, skipped.by_design) == ("chart/Chart.yaml", True)
    assert skipped.reason.count("helm template") == 1
    assert result.broken == ()


def test_charts_are_left_alone_with_helm_off() -> None:
    write(CHART)
    (skipped,) = scan(KubernetesOptions(helm="off")).skipped
    assert "--helm off" in skipped.reason


def test_rendered_output_given_as_a_file_is_always_read() -> None:
    write({"rendered.yaml": "---\n# Source: ops/templates/a.yaml\napiVersion: v1\nkind: Pod\nmetadata: {name: p}\n"})
    assert [each.key.address for each in scan(KubernetesOptions(helm="off")).resources] == ["Pod/default/p"]


@NEEDS_HELM
def test_a_chart_renders_with_default_values_and_points_at_its_templates() -> None:
    write(CHART)
    result = scan()
    assert result.skipped == ()
    by_address = {each.key.address: each for each in result.resources}
    assert set(by_address) == {"Deployment/default/ops-agent", "ServiceAccount/default/a", "ServiceAccount/default/b"}
    assert {each.key.root for each in result.resources} == {"chart"}
    deployment = by_address["Deployment/default/ops-agent"]
    pod = descend(deployment.attributes, "spec.template.spec")
    path = "chart/templates/deployment.yaml"
    assert deployment.at.location.path == path
    assert (string(descend(pod, "serviceAccountName")), *place(descend(pod, "serviceAccountName"))) == (
        "breakglass",
        path,
        8,
    )
    assert place(descend(pod, "hostNetwork")) == (path, 10)
    (container,) = elements(descend(pod, "containers"))
    assert (string(descend(container, "image")), *place(descend(container, "image"))) == ("acme/agent:0.1.0", path, 14)
    assert place(descend(deployment.attributes, "metadata.name")) == (path, 4)
    assert place(descend(by_address["ServiceAccount/default/b"].attributes, "metadata.name")) == (
        "chart/templates/accounts.yaml",
        6,
    )


@NEEDS_HELM
def test_values_files_are_given_to_the_chart() -> None:
    write({**CHART, "more.yaml": "account: other\n"})
    result = scan(KubernetesOptions(helm_values=(Path("more.yaml"),)))
    (deployment,) = [each for each in result.resources if each.type == "apps/Deployment"]
    assert string(descend(deployment.attributes, "spec.template.spec.serviceAccountName")) == "other"


@NEEDS_HELM
def test_a_chart_that_does_not_render_says_why_in_helms_words() -> None:
    write({**CHART, "chart/templates/bad.yaml": '{{ required "say who" .Values.nobody }}\n'})
    result = scan()
    assert result.resources == ()
    (skipped,) = result.skipped
    assert "say who" in skipped.reason
    assert "agentreach-helm" not in skipped.reason


@NEEDS_HELM
def test_links_that_leave_the_project_are_not_part_of_the_chart(tmp_path: Path) -> None:
    secret = tmp_path.parent / "secret.txt"
    secret.write_text("do not read")
    leaking = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: l}\ndata: {x: "{{ .Files.Get "leak.txt" }}"}\n'
    write({**CHART, "chart/templates/leak.yaml": leaking})
    Path("chart/leak.txt").symlink_to(secret)
    result = scan()
    (leak,) = [each for each in result.resources if each.type == "v1/ConfigMap"]
    assert string(descend(leak.attributes, "data.x")) == ""


@NEEDS_HELM
def test_subcharts_render_with_their_parent_and_library_charts_alone_do_not() -> None:
    write(
        {
            **CHART,
            "chart/charts/sub/Chart.yaml": "apiVersion: v2\nname: sub\nversion: 0.1.0\n",
            "chart/charts/sub/templates/a.yaml": "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: from-sub}\n",
            "library/Chart.yaml": "apiVersion: v2\nname: lib\nversion: 0.1.0\ntype: library\n",
        }
    )
    result = scan()
    assert result.skipped == ()
    (account,) = [each for each in result.resources if each.name == "from-sub"]
    assert place(descend(account.attributes, "metadata.name")) == ("chart/charts/sub/templates/a.yaml", 3)
