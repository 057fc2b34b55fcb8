"""The site is true: its links lead somewhere, its commands answer as shown, its files are valid, and it builds.

A fence with a title is a file. In a `console` fence each line after `$ ` is run where the page's files lie, must exit 0
(or as `# exits N` says), and must print every line that follows. A `python` fence without a title is run.
"""

from __future__ import annotations

import importlib.util
import json
import os
import posixpath
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest
import yaml

from agentreach.configuration import load

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
FENCE = re.compile(r'^( *)```(\w+)(?: title="([^"]+)")?\n(.*?)^\1```$', re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)")
EXITS = re.compile(r"\s+# exits (\d)$")


def _generator() -> ModuleType:
    path = ROOT / "tools" / "documentation_pages.py"
    spec = importlib.util.spec_from_file_location("documentation_pages", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GENERATOR = _generator()
GENERATED: dict[str, str] = GENERATOR.pages()
WRITTEN = {path.relative_to(DOCS).as_posix(): path.read_text(encoding="utf-8") for path in sorted(DOCS.rglob("*.md"))}
PAGES = WRITTEN | GENERATED


def test_the_table_of_checks_is_what_the_code_says() -> None:
    assert WRITTEN["check-table.md"] == GENERATOR.check_table(), "python tools/documentation_pages.py"


def _anchor(title: str) -> str:
    """As Python-Markdown names the heading."""
    kept = re.sub(r"[^\w\s-]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title)).strip().lower()
    return re.sub(r"[-\s]+", "-", kept)


def _anchors(text: str) -> set[str]:
    outside = FENCE.sub("", text)
    return {_anchor(match) for match in re.findall(r"^#{1,6} (.+)$", outside, re.MULTILINE)}


@pytest.mark.parametrize("name", sorted(PAGES))
def test_internal_links_lead_to_a_page_and_a_heading(name: str) -> None:
    for link in LINK.findall(FENCE.sub("", PAGES[name])):
        if re.match(r"[a-z][a-z0-9+.-]*:", link):
            continue
        path, _, anchor = link.partition("#")
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name
        assert target in PAGES, (name, link)
        assert not anchor or anchor in _anchors(PAGES[target]), (name, link)


def test_every_check_and_every_framework_has_a_page() -> None:
    from agentreach.controls import frameworks  # noqa: PLC0415 - next to what it shows
    from agentreach_checks import ALL  # noqa: PLC0415 - likewise

    assert {f"checks/{check.id}.md" for check in ALL} <= set(GENERATED)
    assert {f"frameworks/{name}.md" for name in frameworks()} <= set(GENERATED)
    assert all(text.startswith("# ") for text in GENERATED.values())


def test_every_written_page_is_in_the_navigation() -> None:
    navigation = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert [name for name in WRITTEN if not re.search(rf"\s{re.escape(name)}$", navigation, re.MULTILINE)] == []


def _files(text: str, folder: Path) -> None:
    for _, _, title, body in FENCE.findall(text):
        if title:
            (folder / title).parent.mkdir(parents=True, exist_ok=True)
            (folder / title).write_text(body, encoding="utf-8")


def _environment() -> dict[str, str]:
    sources = os.pathsep.join(str(ROOT / one) for one in ("analyzer", "checks", "reports"))
    return os.environ | {"PYTHONPATH": sources, "COLUMNS": "120", "PYTHONDONTWRITEBYTECODE": "1"}


def _commands(body: str) -> list[tuple[str, int, list[str]]]:
    """Each command with its exit code and the lines it must print."""
    found: list[tuple[str, int, list[str]]] = []
    for line in body.splitlines():
        if line.startswith("$ "):
            code = EXITS.search(line)
            found.append((EXITS.sub("", line[2:]), int(code[1]) if code else 0, []))
        elif line.strip():
            found[-1][2].append(line)
    return found


@pytest.mark.skipif(shutil.which("bash") is None, reason="the commands are written for a shell")
@pytest.mark.parametrize("name", [name for name, text in WRITTEN.items() if "```console" in text])
def test_commands_answer_as_shown(name: str, tmp_path: Path) -> None:
    _files(WRITTEN[name], tmp_path)
    program = f'agentreach() {{ "{sys.executable}" -m agentreach "$@"; }}; python() {{ "{sys.executable}" "$@"; }}\n'
    for _, language, _, body in FENCE.findall(WRITTEN[name]):
        for command, code, shown in _commands(body) if language == "console" else ():
            done = subprocess.run(
                ["bash", "-c", program + command],
                cwd=tmp_path,
                env=_environment(),
                check=False,
                capture_output=True,
                text=True,
            )
            assert done.returncode == code, (command, done.stdout, done.stderr)
            printed = " ".join(done.stdout.split())
            assert [line for line in shown if " ".join(line.split()) not in printed] == [], (command, done.stdout)


@pytest.mark.parametrize("name", [name for name, text in WRITTEN.items() if "```python\n" in text])
def test_python_runs(name: str, tmp_path: Path) -> None:
    _files(WRITTEN[name], tmp_path)
    for _, language, title, body in FENCE.findall(WRITTEN[name]):
        if language == "python" and not title:
            done = subprocess.run(
                [sys.executable, "-c", body],
                cwd=tmp_path,
                env=_environment(),
                check=False,
                capture_output=True,
                text=True,
            )
            assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", [name for name, text in WRITTEN.items() if ' title="' in text])
def test_files_are_valid(name: str, tmp_path: Path) -> None:
    _files(WRITTEN[name], tmp_path)
    for _, language, title, body in FENCE.findall(WRITTEN[name]):
        if language == "json":
            json.loads(body)
        elif language == "toml":
            tomllib.loads(body)
            if title == "agentreach.toml":
                load(tmp_path / title, trusted=False)
        elif language == "yaml" and title and title != "template.yaml":
            yaml.safe_load(body)


def test_every_flag_that_a_page_names_exists() -> None:
    from agentreach.cli import group  # noqa: PLC0415 - only here

    scan = group.get_command(click.Context(group), "scan")
    known = {flag for one in scan.params for flag in (*one.opts, *one.secondary_opts)}
    for name, text in WRITTEN.items():
        for line in re.findall(r"agentreach scan[^`\n#]*", text):
            named = set(re.findall(r"(?<!\S)(--[a-z-]+)", line))
            assert named <= known, (name, line)
    assert "scan" in group.list_commands(click.Context(group))


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_offered_for_every_documented_shell(shell: str) -> None:
    assert f"_AGENTREACH_COMPLETE={shell}_source agentreach" in WRITTEN["recipes/shell-and-editor.md"]
    done = subprocess.run(
        [sys.executable, "-m", "agentreach"],
        env=_environment() | {"_AGENTREACH_COMPLETE": f"{shell}_source"},
        check=False,
        capture_output=True,
        text=True,
    )
    if "Bash is not supported" in done.stderr or "Couldn't detect" in done.stderr:
        pytest.skip("no shell to complete for")
    assert "_AGENTREACH_COMPLETE" in done.stdout, done.stderr


@pytest.mark.slow
def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    program = shutil.which("mkdocs", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if program is None or importlib.util.find_spec("material") is None:
        pytest.skip('mkdocs-material is not installed: pip install "agentreach[docs]"')
    done = subprocess.run(
        [program, "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")],
        cwd=ROOT,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "site" / "checks" / "AR101" / "index.html").is_file()
    assert (tmp_path / "site" / "frameworks" / "owasp-asi-2026" / "index.html").is_file()
