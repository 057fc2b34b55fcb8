"""An entry is what was written, or it is not there; whatever happens to the folder, a scan goes on."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from agentreach.cache import Store, opened
from agentreach.cache.place import VARIABLE

if TYPE_CHECKING:
    from pathlib import Path

KEY, OTHER = "ab" * 20, "cd" * 20


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def test_an_entry_is_what_was_written_for_its_key_alone(store: Store) -> None:
    store.put(KEY, b"text \xff")
    assert store.get(KEY) == b"text \xff"
    assert store.get(OTHER) is None


def test_a_later_entry_takes_the_place_of_an_earlier_one(store: Store, tmp_path: Path) -> None:
    store.put(KEY, b"one")
    store.put(KEY, b"two")
    assert store.get(KEY) == b"two"
    assert _names(tmp_path) == [KEY]


@pytest.mark.parametrize("at", range(0, 90, 3))
def test_a_changed_byte_makes_an_entry_none_and_removes_it(store: Store, tmp_path: Path, at: int) -> None:
    store.put(KEY, os.urandom(40))
    file = tmp_path / KEY
    data = bytearray(file.read_bytes())
    data[at % len(data)] ^= 1
    file.write_bytes(data)
    assert store.get(KEY) is None
    assert not file.exists()


@pytest.mark.parametrize("length", [0, 1, 20, 60])
def test_a_truncated_entry_is_none(store: Store, tmp_path: Path, length: int) -> None:
    store.put(KEY, b"x" * 1000)
    file = tmp_path / KEY
    file.write_bytes(file.read_bytes()[:length])
    assert store.get(KEY) is None


def test_an_entry_under_another_key_is_none(store: Store, tmp_path: Path) -> None:
    store.put(KEY, b"text")
    (tmp_path / KEY).rename(tmp_path / OTHER)
    assert store.get(OTHER) is None


def test_an_entry_that_would_unpack_without_end_is_none(store: Store, tmp_path: Path) -> None:
    small = Store(tmp_path, limit=1000)
    store.put(KEY, b"\0" * 100_000)
    assert (tmp_path / KEY).stat().st_size < 1000
    assert small.get(KEY) is None


@pytest.mark.parametrize("kind", ["link", "folder", "pipe"])
def test_what_is_no_file_of_ours_is_no_entry(store: Store, tmp_path: Path, kind: str) -> None:
    path = tmp_path / KEY
    if kind == "link":
        Store(tmp_path).put(OTHER, b"text")
        path.symlink_to(tmp_path / OTHER)
    elif kind == "folder":
        path.mkdir()
    else:
        os.mkfifo(path)
    assert store.get(KEY) is None
    store.put(KEY, b"text")


def test_the_entries_that_were_not_asked_for_longest_make_room(tmp_path: Path) -> None:
    store = Store(tmp_path, limit=4000)
    keys = [f"{number:040x}" for number in range(4)]
    for age, key in enumerate(reversed(keys[:3])):
        store.put(key, os.urandom(1100))
        os.utime(tmp_path / key, (time.time() - 1000 + age, time.time() - 1000 + age))
    assert store.get(keys[2]) is not None, "asking makes it young again"
    store.put(keys[3], os.urandom(1100))
    assert _names(tmp_path) == [keys[2], keys[3]]


def test_an_entry_larger_than_the_cache_is_not_written(tmp_path: Path) -> None:
    Store(tmp_path, limit=100).put(KEY, os.urandom(200))
    assert _names(tmp_path) == []


def test_what_a_killed_process_left_is_removed_after_a_day(store: Store, tmp_path: Path) -> None:
    old, new = tmp_path / f"{KEY}.1.1.partial", tmp_path / f"{KEY}.2.2.partial"
    for path, age in ((old, 3 * 24 * 3600), (new, 60)):
        path.touch()
        os.utime(path, (time.time() - age, time.time() - age))
    store.put(OTHER, b"text")
    assert _names(tmp_path) == sorted([new.name, OTHER])


def test_a_write_that_fails_leaves_nothing(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("agentreach.cache.store.os.fdopen", full)
    store.put(KEY, b"text")
    assert _names(tmp_path) == []


def test_a_folder_that_is_gone_fails_no_one(tmp_path: Path) -> None:
    store = Store(tmp_path / "gone")
    store.put(KEY, b"text")
    assert store.get(KEY) is None


def test_many_processes_on_one_cache_read_whole_entries_only(tmp_path: Path) -> None:
    script = (
        "import sys, pathlib\nfrom agentreach.cache import Store\n"
        "store = Store(pathlib.Path(sys.argv[1]), limit=60_000)\n"
        "for n in range(150):\n"
        "    key = f'{n % 5:040x}'\n"
        "    found = store.get(key)\n"
        "    assert found is None or len(set(found)) == 1 and len(found) == 20_000, found\n"
        "    store.put(key, bytes([n % 7 + int(sys.argv[2])]) * 20_000)\n"
    )
    runs = [subprocess.Popen([sys.executable, "-c", script, str(tmp_path), str(n)]) for n in range(4)]
    assert [run.wait() for run in runs] == [0, 0, 0, 0]


def test_the_place_is_made_for_the_user_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "cache"
    monkeypatch.setenv(VARIABLE, str(folder))
    assert opened([tmp_path / "code"]) is not None
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o777])
def test_a_place_that_others_may_write_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "cache"))
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache").chmod(mode)
    assert opened([]) is None


def test_a_place_inside_what_is_scanned_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "elsewhere").symlink_to(tmp_path / "code")
    (tmp_path / "code").mkdir()
    for named in (tmp_path / "code" / ".cache", tmp_path / "elsewhere" / ".cache"):
        monkeypatch.setenv(VARIABLE, str(named))
        assert opened([tmp_path / "code"]) is None


@pytest.mark.parametrize("named", ["", "relative/folder"])
def test_no_place_is_no_cache(monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    monkeypatch.setenv(VARIABLE, named)
    assert opened([]) is None


def test_a_file_in_place_of_the_folder_is_no_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cache").touch()
    monkeypatch.setenv(VARIABLE, str(tmp_path / "cache"))
    assert opened([]) is None
