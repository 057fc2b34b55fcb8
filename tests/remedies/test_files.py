"""Which files are written, and that each is replaced whole or not at all."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

import pytest

from agentreach.errors import UsageError
from agentreach.model import Source
from agentreach.remedies.files import Files
from fixing import fix

CASES = Path(__file__).parent / "cases"
TEXT = "a = 1\n"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A work tree with one file, and the working directory in it."""
    (tmp_path / "tree" / ".git").mkdir(parents=True)
    (tmp_path / "tree" / "main.tf").write_text(TEXT, encoding="utf-8")
    monkeypatch.chdir(tmp_path / "tree")


def _refusal(name: str, *paths: str, text: str = TEXT) -> str:
    return Files([Path(one) for one in paths or (".",)]).refusal(Source(name, text))


def test_a_file_of_the_tree_may_be_written() -> None:
    assert _refusal("main.tf") == ""
    Files([Path()]).write(Source("main.tf", TEXT), "a = 2\n")
    assert Path("main.tf").read_text(encoding="utf-8") == "a = 2\n"
    assert sorted(path.name for path in Path().iterdir()) == [".git", "main.tf"]


def test_a_link_that_leaves_the_tree_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.tf"
    outside.write_text(TEXT, encoding="utf-8")
    Path("link.tf").symlink_to(outside)
    assert _refusal("link.tf").startswith("the file lies outside the scanned tree, or is a link that leads there")
    with pytest.raises(UsageError, match=r"link\.tf was not written"):
        Files([Path()]).write(Source("link.tf", TEXT), "a = 2\n")
    assert outside.read_text(encoding="utf-8") == TEXT


def test_a_link_within_the_tree_stays_one() -> None:
    Path("link.tf").symlink_to("main.tf")
    Files([Path()]).write(Source("link.tf", TEXT), "a = 2\n")
    assert Path("link.tf").is_symlink()
    assert Path("main.tf").read_text(encoding="utf-8") == "a = 2\n"


def test_a_folder_that_became_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "main.tf").write_text(TEXT, encoding="utf-8")
    Path("modules").symlink_to(tmp_path / "elsewhere")
    assert "outside the scanned tree" in _refusal("modules/main.tf")


def test_a_module_beside_the_given_paths_is_left_to_a_run_that_sees_all_its_callers() -> None:
    Path("envs/prod").mkdir(parents=True)
    Path("modules").mkdir()
    shutil.copy("main.tf", "modules/main.tf")
    assert _refusal("modules/main.tf", "envs/prod").startswith("the file lies outside the given paths")
    assert _refusal("modules/main.tf", "envs/prod", "modules") == ""
    assert _refusal("modules/main.tf", "modules/main.tf") == ""


def test_a_file_that_is_not_what_was_analysed_is_left() -> None:
    assert _refusal("main.tf", text="a = 3\n") == "the file holds something else than what was analysed: run again"
    assert "no file that can be edited" in _refusal("chart/templates/rendered.yaml")


def test_a_file_that_changed_before_it_was_written_is_left() -> None:
    files, source = Files([Path()]), Source("main.tf", TEXT)
    assert files.refusal(source) == ""
    Path("main.tf").write_text("a = 9\n", encoding="utf-8")
    with pytest.raises(UsageError, match="run again"):
        files.write(source, "a = 2\n")
    assert Path("main.tf").read_text(encoding="utf-8") == "a = 9\n"


def test_a_read_only_file_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda _path, mode: mode != os.W_OK)
    assert _refusal("main.tf").startswith("the file is read-only")


def test_the_mode_is_kept() -> None:
    Path("main.tf").chmod(0o640)
    Files([Path()]).write(Source("main.tf", TEXT), "a = 2\n")
    assert stat.S_IMODE(Path("main.tf").stat().st_mode) == 0o640


def test_a_full_disk_leaves_the_old_file_and_nothing_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UsageError, match=r"cannot write main\.tf: No space left on device"):
        Files([Path()]).write(Source("main.tf", TEXT), "a = 2\n")
    assert Path("main.tf").read_text(encoding="utf-8") == TEXT
    assert sorted(path.name for path in Path().iterdir()) == [".git", "main.tf"]


def test_a_pipe_in_the_place_of_a_file_does_not_block() -> None:
    os.mkfifo("pipe.tf")
    assert "no file that can be edited" in _refusal("pipe.tf")


def test_a_tree_without_git_ends_at_the_given_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = tmp_path / "plain"
    shutil.copytree(CASES / "session-terraform", plain)
    monkeypatch.chdir(tmp_path)
    done = fix(tmp_path, "plain", "--write")
    assert done.code == 0
    assert "max_session_duration = 3600" in (plain / "main.tf").read_text(encoding="utf-8")
