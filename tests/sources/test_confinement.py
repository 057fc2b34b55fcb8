"""Nothing outside the confinement root is read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from agentreach.sources import Entry, File, FileKind, Skipped, Source, Tree

if TYPE_CHECKING:
    from collections.abc import Callable

    Project = Callable[[dict[str, str | bytes]], Path]

OUTSIDE = "outside the scanned project, so it is not read"


def test_the_root_is_the_enclosing_git_work_tree(project: Project) -> None:
    root = project({"envs/prod/main.tf": "", "modules/role/main.tf": "x"})
    tree = Tree(["envs/prod"])
    assert tree.confinement(root / "envs" / "prod") == root
    assert tree.confinement(Path("envs/prod/main.tf")) == root
    module = tree.open(root / "envs" / "prod" / ".." / ".." / "modules" / "role" / "main.tf")
    assert isinstance(module, Source)
    assert (module.path, module.text) == ("modules/role/main.tf", "x")


def test_a_git_file_marks_a_work_tree_too(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / ".git").write_text("gitdir: elsewhere\n")
    assert Tree([tmp_path / "a" / "b"]).confinement(tmp_path / "a" / "b") == tmp_path / "a"


def test_without_git_the_root_is_the_path_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "main.tf").write_text("")
    (tmp_path / "b.tf").write_text("secret")
    monkeypatch.chdir(tmp_path)
    for path in ("a", "a/main.tf"):
        tree = Tree([path])
        assert tree.confinement(tmp_path / "a" / "main.tf") == tmp_path / "a"
        assert tree.open(tmp_path / "b.tf") == Skipped("b.tf", OUTSIDE)


@pytest.mark.parametrize("path", ["/etc/passwd", "/proc/self/environ", "/", "/etc/../etc/passwd"])
def test_system_files_are_refused(project: Project, path: str) -> None:
    project({})
    tree = Tree(["."])
    for result in (tree.open(Path(path)), tree.open_bytes(Path(path)), tree.entries(Path(path))):
        assert isinstance(result, Skipped)
        assert result.reason == OUTSIDE


def test_links_that_leave_are_refused_when_opened(project: Project) -> None:
    root = project({"a.tf": ""})
    (root.parent / "secret").mkdir()
    (root.parent / "secret" / "s.txt").write_text("secret")
    (root / "link.txt").symlink_to(root.parent / "secret" / "s.txt")
    (root / "dir").symlink_to(root.parent / "secret")
    tree = Tree(["."])
    for path in (root / "link.txt", root / "dir" / "s.txt", root / "dir" / ".." / "secret" / "s.txt"):
        assert isinstance(tree.open(path), Skipped)
    assert isinstance(tree.entries(root / "dir"), Skipped)
    assert tree.entries(root) == (Entry("a.tf", root / "a.tf", is_directory=False),)


def test_a_sibling_whose_name_begins_like_the_root_is_outside(project: Project) -> None:
    root = project({"a.tf": ""})
    sibling = root.with_name("project-secrets")
    sibling.mkdir()
    (sibling / "s.txt").write_text("secret")
    assert isinstance(Tree(["."]).open(sibling / "s.txt"), Skipped)


def test_gits_own_files_are_not_read(project: Project) -> None:
    root = project({".git/config": "token", "main.tf": ""})
    (root / "config").symlink_to(".git/config")
    tree = Tree(["."])
    assert tree.open(root / ".git" / "config") == Skipped(".git/config", "git's own files are not read")
    assert tree.open(root / "config") == Skipped("config", "git's own files are not read")
    assert [entry.name for entry in tree.entries(root)] == ["main.tf"]  # type: ignore[union-attr]


def test_a_missing_file_is_a_skip_by_design(project: Project) -> None:
    root = project({})
    assert Tree(["."]).open(root / "none.json") == Skipped("none.json", "cannot be read: no such file or directory")


def test_bytes_are_read_undecoded(project: Project) -> None:
    root = project({"blob": b"\xff\x00"})
    assert Tree(["."]).open_bytes(root / "blob") == b"\xff\x00"


def test_siblings_are_the_files_a_name_decides(project: Project) -> None:
    root = project({"m/main.tf": "", "m/b.auto.tfvars": "", "m/x.py": "", "m/sub/y.tf": "", "m/z.yaml": ""})
    tree = Tree(["."])
    assert tree.siblings(root / "m") == (
        File("m/b.auto.tfvars", root / "m" / "b.auto.tfvars", FileKind.TERRAFORM_VARIABLES),
        File("m/main.tf", root / "m" / "main.tf", FileKind.TERRAFORM),
    )
    assert isinstance(tree.siblings(root / "nowhere"), Skipped)


def test_two_paths_have_two_roots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("one", "two", "three"):
        (tmp_path / name / ".git").mkdir(parents=True)
        (tmp_path / name / "main.tf").write_text(name)
    monkeypatch.chdir(tmp_path)
    tree = Tree(["one", "two"])
    assert tree.confinement(tmp_path / "two" / "main.tf") == tmp_path / "two"
    assert isinstance(tree.open(tmp_path / "two" / "main.tf"), Source)
    assert isinstance(tree.open(tmp_path / "three" / "main.tf"), Skipped)


def test_what_the_user_names_is_read_and_nothing_beside_it(tmp_path: Path) -> None:
    for name in (
        "project/main.tf",
        "checkout/main.tf",
        "checkout/sub/a.txt",
        "values/prod.tfvars",
        "values/other.tfvars",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "checkout" / "link.txt").symlink_to(tmp_path / "values" / "other.tfvars")
    tree = Tree([tmp_path / "project"])
    tree.admit([tmp_path / "checkout", tmp_path / "values" / "prod.tfvars"])
    for name in ("checkout/main.tf", "checkout/sub/a.txt", "values/prod.tfvars"):
        assert isinstance(tree.open(tmp_path / name), Source)
    for name in ("values/other.tfvars", "checkout/link.txt", "checkout2", "checkout/../values/other.tfvars"):
        refused = tree.open(tmp_path / name)
        assert isinstance(refused, Skipped)
        assert refused.reason == OUTSIDE
