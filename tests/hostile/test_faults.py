"""What goes wrong around a scan: permissions, full disks, closed pipes, interrupts, names, files that change."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

import pytest

from hostile.running import COMMAND, environment, reasons, run, scanned
from scan_samples import ADMIN, AGENT, write

SETPRIV = shutil.which("setpriv")
NOBODY = ("--reuid=65534", "--regid=65534", "--clear-groups")


def as_nobody(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """As a user whom permissions stop: root reads everything."""
    before = (str(SETPRIV), *NOBODY) if os.geteuid() == 0 else ()
    return subprocess.run(
        [*before, *COMMAND, *arguments],
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
        env=environment(PYTHONDONTWRITEBYTECODE="1"),
    )


@pytest.fixture
def open_tmp_path(tmp_path: Path) -> Path:
    """A folder that another user reaches, and an interpreter that it may start."""
    if os.geteuid() == 0:
        if SETPRIV is None:
            pytest.skip("running as root without setpriv: permissions stop nothing here")
        for folder in (tmp_path, *tmp_path.parents):
            if folder.stat().st_uid == 0 and folder != Path("/"):
                folder.chmod(folder.stat().st_mode | 0o055)
        if as_nobody(tmp_path, "--version").returncode != 0:
            pytest.skip("the interpreter is not reachable for another user")
    return tmp_path


def test_files_and_folders_without_permission_are_named_and_the_rest_is_analysed(open_tmp_path: Path) -> None:
    write(open_tmp_path, "agent.tf", AGENT + ADMIN)
    write(open_tmp_path, "closed/inside.tf", AGENT)
    write(open_tmp_path, "other/closed.yaml", "apiVersion: v1\nkind: Pod\n")
    write(open_tmp_path, "other/closed.tf", AGENT)
    (open_tmp_path / "closed").chmod(0)
    (open_tmp_path / "other/closed.yaml").chmod(0)
    (open_tmp_path / "other/closed.tf").chmod(0)
    done = as_nobody(open_tmp_path, "scan", "--format", "json")
    (open_tmp_path / "closed").chmod(0o755)
    assert done.stderr == ""
    result = json.loads(done.stdout)
    assert done.returncode == 2
    assert "AR101" in {one["check"] for one in result["findings"]}
    assert reasons(result) == {
        "closed": ["cannot be listed: permission denied"],
        "other/closed.tf": ["cannot be read: permission denied"],
        "other/closed.yaml": ["cannot be read: permission denied"],
    }


def test_a_working_directory_that_cannot_be_written_is_no_obstacle(open_tmp_path: Path) -> None:
    write(open_tmp_path, "agent.tf", AGENT + ADMIN)
    open_tmp_path.chmod(0o555)
    done = as_nobody(open_tmp_path, "scan")
    refused = as_nobody(open_tmp_path, "scan", "--output", "out.txt")
    open_tmp_path.chmod(0o755)
    assert (done.returncode, done.stderr) == (1, "")
    assert refused.returncode == 2
    assert refused.stderr == "agentreach: cannot write out.txt: Permission denied\n"
    assert not (open_tmp_path / "out.txt").exists()


@pytest.mark.parametrize("format_", ["text", "json", "sarif", "html"])
def test_a_full_disk_ends_in_one_sentence_and_no_report(tmp_path: Path, format_: str) -> None:
    write(tmp_path, "agent.tf", AGENT + ADMIN)
    done = run(tmp_path, "scan", "--format", format_, "--output", "/dev/full")
    assert (done.returncode, done.stderr) == (2, "agentreach: cannot write /dev/full: No space left on device\n")
    with Path("/dev/full").open("w") as full:
        again = subprocess.run(
            [*COMMAND, "scan", "--format", format_],
            cwd=tmp_path,
            check=False,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(),
        )
    assert again.stderr == "agentreach: cannot write to standard output: No space left on device\n"
    assert again.returncode == 2


def test_an_earlier_report_survives_a_failed_one(tmp_path: Path) -> None:
    write(tmp_path, "agent.tf", AGENT + ADMIN)
    write(tmp_path, "out.json", "earlier")
    limit = (sys.executable, "-c", _SMALL_FILES, *COMMAND)
    done = subprocess.run(
        [*limit, "scan", "--format", "json", "--output", "out.json"],
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
        env=environment(PYTHONDONTWRITEBYTECODE="1"),
    )
    assert (done.returncode, done.stderr) == (2, "agentreach: cannot write out.json: File too large\n")
    assert (tmp_path / "out.json").read_text() == "earlier"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["agent.tf", "out.json"]


_SMALL_FILES = (
    "import os, resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
    "resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64)); os.execv(sys.argv[1], sys.argv[1:])"
)


@pytest.mark.parametrize("format_", ["text", "json", "html"])
@pytest.mark.parametrize(("policy", "code"), [(ADMIN, 1), ("", 0)])
def test_a_reader_that_stops_reading_changes_neither_the_exit_code_nor_prints_a_traceback(
    tmp_path: Path, format_: str, policy: str, code: int
) -> None:
    write(tmp_path, "agent.tf", (AGENT + policy) * 1)
    read, written = os.pipe()
    os.close(read)
    process = subprocess.Popen(
        [*COMMAND, "scan", "--format", format_, "--fail-on", "critical"],
        cwd=tmp_path,
        stdout=written,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    os.close(written)
    _, errors = process.communicate()
    assert (process.returncode, errors) == (code, "")


def test_head_after_a_scan_sees_its_line(tmp_path: Path) -> None:
    write(tmp_path, "agent.tf", AGENT + ADMIN)
    shell = f"{' '.join(COMMAND)} scan --format json | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", shell], cwd=tmp_path, check=False, capture_output=True, text=True, env=environment()
    )
    assert (done.stdout.split("\n")[-2], done.stderr) == ("1", "")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes do not exist here")
def test_an_interrupt_ends_with_one_line_and_130(tmp_path: Path) -> None:
    # What started the tests may ignore interrupts, and a program inherits that.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    # Standard input that never ends holds the scan where an interrupt meets it.
    process = subprocess.Popen(
        [*COMMAND, "scan", "-"],
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    signal.signal(signal.SIGINT, before)
    _wait_until_reading(process.pid)
    process.send_signal(signal.SIGINT)
    assert process.wait() == 130
    assert _rest(process.stdout) == ""
    assert _rest(process.stderr).strip() == "agentreach: interrupted"
    assert process.stdin is not None
    process.stdin.close()


def _rest(stream: IO[str] | None) -> str:
    assert stream is not None
    with stream:
        return stream.read()


def _wait_until_reading(pid: int) -> None:
    for _ in range(600):
        try:
            if "pipe" in Path(f"/proc/{pid}/wchan").read_text() or _is_in_read(pid):
                return
        except OSError:
            pass
        time.sleep(0.05)


def _is_in_read(pid: int) -> bool:
    """Whether the process waits in read(2) of its standard input."""
    fields = Path(f"/proc/{pid}/syscall").read_text().split()
    return fields[:2] == ["0", "0x0"]


def test_a_pipe_and_a_device_with_a_name_of_infrastructure_do_not_hang_a_scan(tmp_path: Path) -> None:
    write(tmp_path, "agent.tf", AGENT + ADMIN)
    os.mkfifo(tmp_path / "pipe.tf")
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "zero.tf").symlink_to("/dev/zero")
    code, result = scanned(tmp_path)
    assert code == 1
    assert "AR101" in {one["check"] for one in result["findings"]}


def test_names_that_are_no_text_or_hold_commands_are_shown_as_escapes_in_every_stream(tmp_path: Path) -> None:
    names = [
        b"a\xff\xfe.tf",
        b"b\n::error file=x::pwned.tf",
        b"c\x1b[31m\x1b]0;title\x07.tf",
        b"d\r::set-output name=x::y.tf",
        b"e\xe2\x80\xaegnp.tf",
        b"f|g`h<script>alert(1)<.yaml",
        b"=cmd,g.tf",
    ]
    for number, name in enumerate(names):
        text = f'resource "aws_iam_role" "r{number}" {{\n  name = "x\n}}\n' if name.endswith(b".tf") else "a: [\n"
        with open(os.path.join(os.fsencode(tmp_path), name), "wb") as file:  # noqa: PTH118, PTH123 - a name of bytes
            file.write(text.encode())
    write(tmp_path, "agent.tf", AGENT + ADMIN)
    for format_ in ("text", "github", "json", "sarif", "junit", "gitlab", "markdown", "html", "csv"):
        done = run(tmp_path, "scan", "--format", format_, "--verbose")
        printed = done.stdout + done.stderr
        assert done.returncode == 2, (format_, done.stderr)
        assert "Traceback" not in printed
        assert not {"\x1b", "\x07", "\u202e"} & set(printed), format_
        assert "\n::error file=x::pwned" not in printed, format_
        assert "\n::set-output" not in printed.replace("\r", "\n"), format_
        if format_ in {"html", "junit"}:
            assert "<script>alert(1)" not in printed, format_
        printed.encode("utf-8")


def test_a_path_on_the_command_line_that_is_no_text_is_a_message(tmp_path: Path) -> None:
    for name in (b"missing\xff.tf", b"new\nline", b"\x1b[31m"):
        done = subprocess.run(
            [*(os.fsencode(one) for one in COMMAND), b"scan", name],
            cwd=tmp_path,
            check=False,
            capture_output=True,
            env=environment(),
        )
        assert done.returncode == 2
        assert b"Traceback" not in done.stderr
        assert b"\x1b" not in done.stderr
        assert done.stderr.count(b"\n") == 1


def test_a_file_that_disappears_or_changes_while_it_is_read_is_named(tmp_path: Path) -> None:
    write(tmp_path, "agent.tf", AGENT + ADMIN)
    for name in ("gone.tf", "grown.tf", "folder.tf", "link.tf"):
        write(tmp_path, f"m/{name}", 'resource "aws_iam_role" "x" {}\n')
    done = subprocess.run(
        [sys.executable, "-c", _CHANGING],
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
        env=environment(),
    )
    assert done.stderr == ""
    result = json.loads(done.stdout)
    assert "AR101" in result["checks"]
    # A file that is gone is by design, as it is for a walk a moment later; one that became something else is not.
    assert result["skipped"] == {
        "m/folder.tf": "not a regular file",
        "m/gone.tf": "cannot be read: no such file or directory",
        "m/link.tf": "outside the scanned project, so it is not read",
    }


_CHANGING = """
import json, os
from pathlib import Path
from agentreach import sources
from agentreach.sources import Tree

files = Tree.files.func

def changed(self):
    found = files(self)
    os.remove("m/gone.tf")
    with open("m/grown.tf", "a") as file:
        file.write("# " + "x" * 1000000)
    os.remove("m/folder.tf")
    os.mkdir("m/folder.tf")
    os.remove("m/link.tf")
    os.symlink("/etc/passwd", "m/link.tf")
    Tree.files.func = files
    return found

Tree.files.func = changed
from agentreach import scan
done = scan(".")
skipped = {one.path: one.reason for one in done.skipped}
print(json.dumps({"checks": [one.check_id for one in done.findings], "skipped": skipped}))
"""


def test_a_crash_is_one_line_without_the_error_s_text_and_exits_2(tmp_path: Path) -> None:
    write(tmp_path, "agent.tf", AGENT + ADMIN)
    broken = (
        "import agentreach.engine as e, agentreach.cli as c\n"
        "def scan(*a, **k): raise KeyError('sk-live-' + 'secret' * 4)\n"
        "e.scan = scan\nimport sys\nsys.argv = ['agentreach', 'scan']\nc.main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", broken], cwd=tmp_path, check=False, capture_output=True, text=True, env=environment()
    )
    assert done.returncode == 2
    assert "secret" not in done.stderr
    assert done.stderr.startswith("agentreach: internal error, nothing was reported: KeyError in ")
    assert done.stderr.count("\n") == 1
