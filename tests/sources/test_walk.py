"""Which files a tree holds."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from agentreach.errors import UsageError
from agentreach.sources import FileKind, Tree

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Project = Callable[[dict[str, str | bytes]], Path]


def shown(tree: Tree) -> list[str]:
    return [file.path for file in tree.files]


def test_paths_are_relative_to_the_working_directory_and_sorted(project: Project) -> None:
    root = project({"b.tf": "", "a/z.tf": "", "a/b/c.tf": "", "a.tf": ""})
    tree = Tree(["."])
    assert shown(tree) == ["a.tf", "b.tf", "a/z.tf", "a/b/c.tf"]
    assert tree.files[2].absolute == root / "a" / "z.tf"


def test_a_path_beside_the_working_directory_is_shown_with_dots(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project({"envs/prod/main.tf": "", "modules/m.tf": ""})
    monkeypatch.chdir(root / "envs")
    assert shown(Tree([root / "modules", "prod"])) == ["../modules/m.tf", "prod/main.tf"]


def test_a_file_named_twice_is_listed_once(project: Project) -> None:
    project({"a/main.tf": ""})
    assert shown(Tree(["a/main.tf", "a", "."])) == ["a/main.tf"]


def test_directories_of_tools_are_pruned_and_build_output_is_not(project: Project) -> None:
    project(
        {
            ".terraform/modules/m/main.tf": "",
            "node_modules/x/main.tf": "",
            ".aws-sam/build/template.yaml": "AWSTemplateFormatVersion: 2010-09-09\n",
            "cdk.out/App.template.json": '{"Resources": {"R": {"Type": "AWS::IAM::Role"}}}',
        }
    )
    assert shown(Tree(["."])) == ["cdk.out/App.template.json"]


def test_a_pruned_directory_can_be_named(project: Project) -> None:
    project({".terraform/modules/m/main.tf": ""})
    assert shown(Tree([".terraform/modules/m"])) == [".terraform/modules/m/main.tf"]


def test_a_path_that_does_not_exist_is_a_usage_error(project: Project) -> None:
    project({})
    with pytest.raises(UsageError, match="no such file or directory: nowhere"):
        Tree(["nowhere"])


def test_a_loop_of_links_ends(project: Project) -> None:
    root = project({"a/main.tf": ""})
    (root / "a" / "again").symlink_to(root / "a")
    (root / "a" / "up").symlink_to(root)
    assert shown(Tree(["."])) == ["a/main.tf"]


def test_a_linked_directory_inside_the_project_is_read_once(project: Project) -> None:
    root = project({"envs/main.tf": "", "modules/m.tf": ""})
    (root / "envs" / "m").symlink_to(root / "modules")
    (root / "envs" / "n").symlink_to(root / "modules")
    assert shown(Tree(["envs"])) == ["envs/main.tf", "envs/m/m.tf"]
    assert shown(Tree(["."])) == ["envs/main.tf", "modules/m.tf"]


def test_a_linked_file_belongs_to_the_directory_it_is_listed_in(project: Project) -> None:
    root = project({"common/provider.tf": "x", "envs/a/main.tf": "", "envs/b/main.tf": ""})
    for name in ("a", "b"):
        (root / "envs" / name / "provider.tf").symlink_to("../../common/provider.tf")
    assert shown(Tree(["envs/a", "envs/b/provider.tf"])) == [
        "envs/a/main.tf",
        "envs/a/provider.tf",
        "envs/b/provider.tf",
    ]


def test_links_that_leave_the_project_are_skipped_with_a_reason(project: Project) -> None:
    root = project({"main.tf": ""})
    outside = root.parent / "outside"
    outside.mkdir()
    (outside / "secret.tf").write_text("secret")
    (root / "out").symlink_to(outside)
    (root / "secret.tf").symlink_to(outside / "secret.tf")
    tree = Tree(["."])
    assert shown(tree) == ["main.tf"]
    assert [(skip.path, skip.reason, skip.by_design) for skip in tree.skipped] == [
        ("out", "a link that leaves the scanned project", True),
        ("secret.tf", "a link that leaves the scanned project", True),
    ]


def test_a_named_link_that_leaves_the_project_is_not_followed(project: Project) -> None:
    root = project({})
    (root.parent / "secret.tf").write_text("secret")
    (root / "main.tf").symlink_to(root.parent / "secret.tf")
    tree = Tree(["main.tf"])
    assert tree.files == ()
    assert [skip.path for skip in tree.skipped] == ["main.tf"]


def test_a_dangling_link_is_reported(project: Project) -> None:
    root = project({})
    (root / "main.tf").symlink_to(root / "gone.tf")
    assert [(skip.path, skip.reason) for skip in Tree(["."]).skipped] == [("main.tf", "a link that leads nowhere")]


def test_a_directory_that_cannot_be_listed_is_not_by_design(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project({"a/main.tf": "", "b/main.tf": ""})
    listing = os.scandir

    def refused(path: str) -> object:
        if path.endswith("/a"):
            raise PermissionError(13, "Permission denied")
        return listing(path)

    monkeypatch.setattr("os.scandir", refused)
    tree = Tree(["."])
    assert shown(tree) == ["b/main.tf"]
    assert [(skip.path, skip.reason, skip.by_design) for skip in tree.skipped] == [
        ("a", "cannot be listed: permission denied", False)
    ]


def test_names_that_are_no_utf_8_are_shown_with_escapes(project: Project) -> None:
    root = project({})
    (root / b"caf\xe9.tf".decode("utf-8", "surrogateescape")).write_text("a = 1\n")
    tree = Tree(["."])
    assert shown(tree) == ["caf\\xe9.tf"]
    source = tree.read(tree.files[0])
    assert source.path == "caf\\xe9.tf"


@pytest.mark.parametrize(
    ("globs", "expected"),
    [
        (["*.tf"], ["prod/.hidden/m.tofu"]),
        (["prod"], ["test/a/main.tf", "test/main.tf"]),
        (["prod/"], ["test/a/main.tf", "test/main.tf"]),
        (["**/a/*.tf"], ["prod/main.tf", "test/main.tf", "prod/.hidden/m.tofu"]),
        (["test/**"], ["prod/main.tf", "prod/.hidden/m.tofu", "prod/a/main.tf"]),
        (["./test/main.tf", ".hidden"], ["prod/main.tf", "prod/a/main.tf", "test/a/main.tf"]),
        (["*/main.tf"], ["prod/.hidden/m.tofu", "prod/a/main.tf", "test/a/main.tf"]),
    ],
)
def test_exclude_globs(project: Project, globs: list[str], expected: list[str]) -> None:
    project(dict.fromkeys(("prod/main.tf", "prod/a/main.tf", "prod/.hidden/m.tofu"), ""))
    project(dict.fromkeys(("test/main.tf", "test/a/main.tf"), ""))
    assert sorted(shown(Tree(["."], exclude=globs))) == sorted(expected)


def test_a_glob_may_be_relative_to_the_scanned_path(project: Project) -> None:
    project({"infra/test/main.tf": "", "infra/main.tf": ""})
    assert shown(Tree(["infra"], exclude=["test/main.tf"])) == ["infra/main.tf"]


def test_a_glob_of_many_stars_takes_no_time(project: Project) -> None:
    project({"a/" * 20 + "a" * 100 + ".tf": ""})
    assert len(Tree(["."], exclude=["/".join(["**", "a"] * 15) + "/b", "*a" * 30 + "b"]).files) == 1


def test_files_below_a_charts_templates_are_never_loose_manifests(project: Project) -> None:
    manifest = "apiVersion: v1\nkind: Pod\n"
    project(
        {
            "chart/Chart.yaml": "name: c\n",
            "chart/values.yaml": "a: 1\n",
            "chart/templates/sub/pod.yaml": manifest,
            "chart/templates/_helpers.tpl": "",
            "chart/crds/pod.yaml": manifest,
            "chart/charts/inner/Chart.yaml": "name: i\n",
            "chart/charts/inner/templates/pod.yaml": manifest,
            "plain/templates/pod.yaml": manifest,
        }
    )
    kinds = {file.path: file.kind for file in Tree(["."]).files}
    assert kinds == {
        "chart/Chart.yaml": FileKind.HELM_CHART,
        "chart/templates/sub/pod.yaml": FileKind.HELM_TEMPLATE,
        "chart/crds/pod.yaml": FileKind.KUBERNETES,
        "chart/charts/inner/Chart.yaml": FileKind.HELM_CHART,
        "chart/charts/inner/templates/pod.yaml": FileKind.HELM_TEMPLATE,
        "plain/templates/pod.yaml": FileKind.KUBERNETES,
    }
    assert Tree(["."]).skipped == ()
    assert [file.kind for file in Tree(["chart/templates"]).files] == [FileKind.HELM_TEMPLATE]
