"""Which repositories the arguments of `agentreach fleet scan` name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agentreach.errors import UsageError
from agentreach.fleet.repositories import Repository, repositories, url_name

if TYPE_CHECKING:
    from pathlib import Path


def made(*folders: Path) -> None:
    for folder in folders:
        (folder / ".git").mkdir(parents=True)


def test_a_folder_of_checkouts_names_each_by_its_place(tmp_path: Path) -> None:
    made(tmp_path / "shop", tmp_path / "team" / "agents", tmp_path / "a" / "b" / "c" / "too-deep")
    found = repositories([tmp_path])
    assert found == (
        Repository("shop", str(tmp_path / "shop")),
        Repository("team/agents", str(tmp_path / "team" / "agents")),
    )


def test_a_checkout_is_one_repository_whatever_is_in_it(tmp_path: Path) -> None:
    made(tmp_path / "shop", tmp_path / "shop" / "vendored")
    assert repositories([tmp_path / "shop"]) == (Repository("shop", str(tmp_path / "shop")),)


def test_links_are_not_followed_to_checkouts(tmp_path: Path) -> None:
    made(tmp_path / "elsewhere" / "shop")
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "shop").symlink_to(tmp_path / "elsewhere" / "shop")
    with pytest.raises(UsageError, match="holds no git checkout"):
        repositories([tmp_path / "here"])


def test_a_list_holds_paths_and_urls_with_comments_and_names(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text(
        "# ours\nshop\n\nhttps://git.example.com/acme/agents.git # with the agents\nold = git@git.example.com:acme/agents\n"
    )
    assert repositories([tmp_path / "list.txt"]) == (
        Repository("acme/agents", "https://git.example.com/acme/agents.git"),
        Repository("old", "git@git.example.com:acme/agents"),
        Repository("shop", str(tmp_path / "shop")),
    )


@pytest.mark.parametrize(
    "line", ["ext::sh -c id", "--upload-pack=id", "http://plain.example.com/x", "ftp://example.com/x"]
)
def test_a_list_names_no_program_and_no_open_transport(tmp_path: Path, line: str) -> None:
    (tmp_path / "list.txt").write_text(f"shop\n{line}\n")
    if line.startswith("ext::"):
        assert not repositories([tmp_path / "list.txt"])[0].is_remote
        return
    with pytest.raises(UsageError, match=r"list\.txt:2: .* is no path"):
        repositories([tmp_path / "list.txt"])


@pytest.mark.parametrize("name", ["a//b", "/a", "a b", "a/"])
def test_a_name_that_could_be_read_as_a_path_in_a_repository_is_none(tmp_path: Path, name: str) -> None:
    (tmp_path / "list.txt").write_text(f"{name} = shop\n")
    with pytest.raises(UsageError, match=r"list\.txt:1: .* is no name of a repository"):
        repositories([tmp_path / "list.txt"])


def test_two_repositories_of_one_name_need_names(tmp_path: Path) -> None:
    made(tmp_path / "one" / "shop", tmp_path / "other" / "shop")
    with pytest.raises(UsageError, match="two repositories are named 'shop'"):
        repositories([tmp_path / "one" / "shop", tmp_path / "other" / "shop"])


def test_the_same_repository_twice_is_one(tmp_path: Path) -> None:
    made(tmp_path / "shop")
    assert len(repositories([tmp_path / "shop", tmp_path / "shop"])) == 1


def test_what_does_not_exist_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        repositories([tmp_path / "missing"])


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://git.example.com/acme/agents.git", "acme/agents"),
        ("git@git.example.com:acme/agents.git", "acme/agents"),
        ("ssh://git@git.example.com:22/group/acme/agents", "acme/agents"),
        ("file:///srv/git/acme/agents.git/", "acme/agents"),
    ],
)
def test_a_url_is_named_by_its_owner_and_name(url: str, name: str) -> None:
    assert url_name(url) == name
