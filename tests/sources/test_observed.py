"""A tree that looks as it did is seen to; whatever changed is noticed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from agentreach.sources import Limits, Tree
from agentreach.sources.observed import ENTRIES, Observed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def _project(folder: Path) -> None:
    (folder / "app" / "sub").mkdir(parents=True)
    (folder / "app" / ".git").mkdir()
    (folder / "app" / "main.tf").write_text("locals {}\n")
    (folder / "app" / "notes.yaml").write_text("just: words\n")
    (folder / "app" / "sub" / "other.txt").write_text("other\n")
    (folder / "app" / "link.tf").symlink_to("main.tf")
    (folder / "outside.tf").write_text("locals {}\n")


def _looked_at(folder: Path) -> dict[str, str]:
    """What a scan would look at: everything it finds, a folder, a file that is not there, and one outside."""
    observed = Observed()
    tree = Tree([folder / "app"], observed=observed)
    for file in tree.files:
        tree.read(file)
    tree.siblings(folder / "app" / "sub")
    tree.open(folder / "app" / "missing.json")
    tree.open(folder / "app" / "no" / "such" / "file.json")
    tree.entries(folder / "app" / "nothing")
    tree.open_bytes(folder / "app" / "sub" / "other.txt")
    tree.open(folder / "outside.tf")
    assert not observed.changed
    return observed.inputs


def test_a_tree_that_did_not_change_is_seen_to_be_the_same(tmp_path: Path) -> None:
    _project(tmp_path)
    assert Tree([tmp_path / "app"]).edited(_looked_at(tmp_path)) == frozenset()


def _replace_link(app: Path) -> None:
    (app / "link.tf").unlink()
    (app / "link.tf").symlink_to("../outside.tf")


CHANGES: dict[str, Callable[[Path], object]] = {
    "an edited file": lambda app: (app / "main.tf").write_text("locals { }\n"),
    "an edited file that was no infrastructure": lambda app: (app / "notes.yaml").write_text("kind: words\n"),
    "a new file": lambda app: (app / "new.tf").touch(),
    "a removed file": lambda app: (app / "main.tf").unlink(),
    "a renamed file": lambda app: (app / "main.tf").rename(app / "primary.tf"),
    "a file that was missing": lambda app: (app / "missing.json").touch(),
    "a folder that was missing": lambda app: (app / "no").mkdir(),
    "a file that was opened by name": lambda app: (app / "sub" / "other.txt").write_text("changed\n"),
    "a new name in a listed folder": lambda app: (app / "sub" / "more.tf").touch(),
    "a link that leaves": _replace_link,
    "a work tree that grew": lambda app: (app / ".git").rename(app.parent / ".git"),
    "an unreadable folder": lambda app: (app / "sub").rename(app / "gone"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changed_is_noticed(tmp_path: Path, change: str) -> None:
    _project(tmp_path)
    inputs = _looked_at(tmp_path)
    CHANGES[change](tmp_path / "app")
    assert Tree([tmp_path / "app"]).edited(inputs) != frozenset()


def test_a_path_that_leads_nowhere_is_not_named(tmp_path: Path) -> None:
    _project(tmp_path)
    assert [name for name in _looked_at(tmp_path) if "missing" in name or "such" in name or "nothing" in name] == []


def test_a_new_file_of_no_kind_says_nothing_where_no_folder_was_listed(tmp_path: Path) -> None:
    _project(tmp_path)
    inputs = _looked_at(tmp_path)
    (tmp_path / "app" / "sub" / "deeper").mkdir()
    (tmp_path / "app" / "sub" / "deeper" / "notes.py").touch()
    del inputs[f"{ENTRIES} {tmp_path / 'app' / 'sub'}"]
    assert Tree([tmp_path / "app"]).edited(inputs) == frozenset()


def test_an_edited_file_is_told_apart_from_everything_else(tmp_path: Path) -> None:
    _project(tmp_path)
    inputs = _looked_at(tmp_path)
    (tmp_path / "app" / "main.tf").write_text("locals { }\n")
    assert Tree([tmp_path / "app"]).edited(inputs) == frozenset(
        {
            str(tmp_path / "app" / "main.tf"),
            str(tmp_path / "app" / "link.tf"),
        }
    )
    (tmp_path / "app" / "more.tf").touch()
    assert Tree([tmp_path / "app"]).edited(inputs) is None


def test_beyond_the_limit_of_all_files_nothing_is_told_apart(tmp_path: Path) -> None:
    _project(tmp_path)
    inputs = _looked_at(tmp_path)
    (tmp_path / "app" / "main.tf").write_text("locals { }\n")
    assert Tree([tmp_path / "app"], limits=Limits(total_bytes=20)).edited(inputs) is None


def test_what_is_looked_for_in_every_module_says_nothing_of_other_names(tmp_path: Path) -> None:
    _project(tmp_path)
    observed = Observed()
    tree = Tree([tmp_path / "app"], observed=observed)
    assert tree.files
    tree.open(tmp_path / "app" / "sub" / ".terraform" / "modules" / "modules.json")
    (tmp_path / "app" / "sub" / "code.py").touch()
    assert Tree([tmp_path / "app"]).edited(observed.inputs) == frozenset()
    (tmp_path / "app" / "sub" / ".terraform").mkdir()
    assert Tree([tmp_path / "app"]).edited(observed.inputs) is None


def test_the_time_of_a_file_says_nothing(tmp_path: Path) -> None:
    _project(tmp_path)
    inputs = _looked_at(tmp_path)
    os.utime(tmp_path / "app" / "main.tf", (0, 0))
    assert Tree([tmp_path / "app"]).edited(inputs) == frozenset()


def test_a_chart_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "Chart.yaml").write_text("name: agent\n")
    observed = Observed()
    assert Tree([tmp_path], observed=observed).files
    assert observed.has_charts


def test_a_file_that_changes_during_the_scan_is_of_no_state(tmp_path: Path) -> None:
    (tmp_path / "role.yaml").write_text("apiVersion: v1\nkind: Pod\n")
    observed = Observed()
    tree = Tree([tmp_path], observed=observed)
    files = tree.files
    (tmp_path / "role.yaml").write_text("apiVersion: v1\nkind: Secret\n")
    tree.read(files[0])
    assert observed.changed
