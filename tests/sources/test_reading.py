"""Reading: encodings, sizes, what cannot be read."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from agentreach.sources import FileKind, Limits, Skipped, Source, Tree

if TYPE_CHECKING:
    from collections.abc import Callable

    Project = Callable[[dict[str, str | bytes]], Path]


def only(tree: Tree) -> Source | Skipped:
    (file,) = tree.files
    return tree.read(file)


def text_of(result: Source | Skipped) -> str:
    assert isinstance(result, Source), result
    return result.text


def reason_of(result: Source | Skipped | object) -> tuple[str, bool]:
    assert isinstance(result, Skipped), result
    return result.reason, result.by_design


def test_a_byte_order_mark_is_dropped_and_line_ends_are_kept(project: Project) -> None:
    project({"main.tf": b"\xef\xbb\xbfa = 1\r\nb = 2\n"})
    assert text_of(only(Tree(["."]))) == "a = 1\r\nb = 2\n"


def test_bad_encoding_is_not_by_design_and_names_the_line(project: Project) -> None:
    project({"main.tf": b'a = 1\nb = "\xe9"\n'})
    tree = Tree(["."])
    assert only(tree) == Skipped("main.tf", "not UTF-8: byte 0xe9 in line 2", by_design=False, line=2)
    assert tree.skipped == (only(tree),)


def test_terraform_has_no_encoding_but_utf_8(project: Project) -> None:
    project({"main.tf": "a = 1\n".encode("utf-16-le"), "b.tf": "\ufeffa = 1\n".encode("utf-16-le")})
    tree = Tree(["."])
    with_mark, without_mark = (tree.read(file) for file in tree.files)
    assert reason_of(with_mark) == ("not UTF-8: byte 0xff in line 1", False)
    assert text_of(without_mark) == "a\0 \0=\0 \x001\0\n\0"


def test_a_binary_file_says_so(project: Project) -> None:
    project({"main.tf": b"\x7fELF\0\0\0\xff", "a.yaml": b"\0\1\2\xff"})
    tree = Tree(["."])
    assert reason_of(only(tree)) == ("binary, not text", False)
    assert [(skip.path, skip.reason, skip.by_design) for skip in tree.skipped] == [
        ("a.yaml", "binary, not text", True),
        ("main.tf", "binary, not text", False),
    ]


def test_a_file_beyond_the_size_limit_is_skipped(project: Project) -> None:
    project({"main.tf": "a" * 11, "b.yaml": "apiVersion: v1\nkind: Pod\n", "c.yaml": "a: 1234567890\n"})
    tree = Tree(["."], limits=Limits(file_bytes=10))
    assert {file.path: reason_of(tree.read(file)) for file in tree.files} == {
        "b.yaml": ("larger than the limit of 10 bytes a file", False),
        "main.tf": ("larger than the limit of 10 bytes a file", False),
    }
    assert {skip.path: skip.by_design for skip in tree.skipped} == {"b.yaml": False, "c.yaml": True, "main.tf": False}


def test_reading_stops_at_the_total_limit_and_counts_a_file_once(project: Project) -> None:
    project({"a.tf": "a" * 6, "b.tf": "b" * 6})
    tree = Tree(["."], limits=Limits(total_bytes=10))
    first, second = tree.files
    assert text_of(tree.read(first)) == "aaaaaa"
    assert text_of(tree.read(first)) == "aaaaaa"
    assert reason_of(tree.read(second)) == ("beyond the limit of 10 bytes in total", False)


def test_the_same_file_is_the_same_source_while_someone_holds_it(project: Project) -> None:
    root = project({"a.tf": "x"})
    tree = Tree(["."])
    held = tree.read(tree.files[0])
    assert tree.open(root / "b" / ".." / "a.tf") is held


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_file_is_not_by_design(project: Project) -> None:
    root = project({"main.tf": ""})
    (root / "main.tf").chmod(0)
    assert reason_of(only(Tree(["."]))) == ("cannot be read: permission denied", False)


def test_a_file_that_vanished_is_reported(project: Project) -> None:
    root = project({"main.tf": ""})
    tree = Tree(["."])
    (file,) = tree.files
    (root / "main.tf").unlink()
    assert reason_of(tree.read(file)) == ("cannot be read: no such file or directory", True)


def test_a_pipe_is_never_waited_for(project: Project) -> None:
    root = project({})
    os.mkfifo(root / "main.tf")
    tree = Tree(["."])
    assert tree.files == ()
    assert reason_of(tree.open(root / "main.tf")) == ("not a regular file", False)


def test_opened_yaml_is_no_longer_skipped(project: Project) -> None:
    root = project({"overlay/patch.yaml": "a: 1\n", "other.yaml": "a: 1\n"})
    tree = Tree(["."])
    assert [skip.path for skip in tree.skipped] == ["other.yaml", "overlay/patch.yaml"]
    assert text_of(tree.open(root / "overlay" / "patch.yaml")) == "a: 1\n"
    assert [skip.path for skip in tree.skipped] == ["other.yaml"]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b'resource "a" "b" {\n}\n', FileKind.TERRAFORM),
        (b"apiVersion: v1\nkind: Pod\n", FileKind.KUBERNETES),
        (b'{"format_version": "1.2", "planned_values": {}}', FileKind.TERRAFORM_PLAN),
    ],
)
def test_standard_input_is_recognised_by_content(
    project: Project, monkeypatch: pytest.MonkeyPatch, content: bytes, kind: FileKind
) -> None:
    root = project({})
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
    tree = Tree(["-"])
    assert [(file.path, file.kind) for file in tree.files] == [("<stdin>", kind)]
    assert text_of(only(tree)) == content.decode()
    assert tree.confinement(tree.files[0].absolute) == root


def test_standard_input_that_is_nothing_known_is_not_by_design(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project({})
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"hello")))
    tree = Tree(["-"])
    assert tree.files == ()
    assert [(skip.path, skip.reason, skip.by_design) for skip in tree.skipped] == [
        ("<stdin>", "not infrastructure code", False)
    ]


def test_names_with_a_nul_are_refused() -> None:
    assert isinstance(Tree([]).open(Path("/a\0b")), Skipped)
