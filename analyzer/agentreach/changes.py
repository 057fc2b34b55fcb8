"""What changed, as git tells it. Only the user's `git` is started: no hooks, no prompts, a time limit."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from agentreach.errors import UsageError
from agentreach.late_regex import late_regex
from agentreach.named_tuples import NamedTuple
from agentreach.records import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from agentreach.engine import Scan

SECONDS = 60
SAFE = (
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "protocol.allow=never",
    "--no-optional-locks",
)
TREE_ENTRY = late_regex(rb"100(?:644|755|664) blob ([0-9a-f]{40,64})\t([^\0]{1,4096})")
COMMITTED = late_regex(rb"^committer [^\n]* (\d{1,12}) [+-]\d{4}$", re.MULTILINE)
# What a deleted file declared, per format: a Terraform block, a manifest's name, a template's logical id.
DECLARED = (
    late_regex(
        r'^[ \t]*(?:resource|data|module)[ \t]{1,20}"([^"\n]{1,200})"(?:[ \t]{1,20}"([^"\n]{1,200})")?', re.MULTILINE
    ),
    late_regex(r'^[ \t]{1,8}"?name"?:[ \t]{1,8}"?([A-Za-z0-9._-]{2,200})"?', re.MULTILINE),
    late_regex(r'^[ \t]{2,8}"?([A-Za-z0-9]{2,200})"?:[ \t]*\{?[ \t]*$', re.MULTILINE),
)


# What a deletion of can change a result.
COUNTED = (".tf", ".tofu", ".tfvars", ".hcl", ".yaml", ".yml", ".json", ".template", ".toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Absolute paths of changed files, and what deleted ones declared (names and addresses).

    `base` is the revision in which the deleted files still are; None where nothing was deleted that could count.
    """

    files: frozenset[Path]
    gone: frozenset[str] = frozenset()
    base: str | None = None


class Concern(NamedTuple):
    """What ties a finding to a change: the files of its evidence, and what it says and of whom."""

    paths: tuple[str, ...]
    spoken: str


class Commit(NamedTuple):
    """A commit's name and when it was made, in seconds since 1970."""

    name: str
    seconds: int | None


def work_tree(folder: Path) -> Path | None:
    """The root of the git work tree around a folder, found without starting git."""
    start = folder.resolve()
    return next((one for one in (start, *start.parents) if (one / ".git").exists()), None)


def git(root: Path, *arguments: str, given: bytes = b"") -> bytes:
    """The output of a git command that reads `given`. Raises UsageError with git's own words when it fails."""
    environment = {
        key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "SYSTEMROOT", "GIT_INDEX_FILE"}
    }
    environment |= {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C.UTF-8"}
    # A repository that is broken must not be taken for the one around it.
    environment["GIT_CEILING_DIRECTORIES"] = str(root.resolve().parent)
    # A partial clone would fetch what is missing, through whatever program its configuration names.
    environment |= {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none"}
    return ran([*SAFE, "-C", str(root), *arguments], f"git {arguments[0]} in {root}", environment, given=given)


def ran(
    arguments: Sequence[str], what: str, environment: Mapping[str, str], *, seconds: float = SECONDS, given: bytes = b""
) -> bytes:
    """The output of the user's git in this environment. Raises UsageError that says `what` and git's last line."""
    try:
        done = subprocess.run(  # noqa: S603 - an argument list, no shell
            ["git", *arguments],  # noqa: S607 - the user's git
            capture_output=True,
            check=False,
            timeout=seconds,
            env=environment,
            input=given,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UsageError(f"{what}: {error}") from error
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise UsageError(f"{what}: {said[-1] if said else f'exit code {done.returncode}'}")
    return done.stdout


def head(root: Path) -> Commit | None:
    """The commit that is checked out; None where there is none yet, or git does not trust the tree."""
    try:
        first, _, text = git(root, "cat-file", "--batch", given=b"HEAD\n").partition(b"\n")
    except UsageError:
        return None
    name, kind, *_ = (*first.split(), b"", b"")
    made = COMMITTED.search(text.partition(b"\n\n")[0])
    return Commit(name.decode("ascii", "replace"), int(made[1]) if made else None) if kind == b"commit" else None


def of_paths(root: Path | None, paths: Iterable[Path]) -> Changes:
    """The named files, plus what deletions declared when there is a repository."""
    files = frozenset(path.resolve() for path in paths)
    return replace(staged(root), files=files) if root else Changes(files=files)


def staged(root: Path) -> Changes:
    """Everything staged: added, modified, renamed (both names) and deleted; under pre-commit what its range changes."""
    base, compared = _range(root)
    listing = git(root, "diff", *compared, "--name-status", "-z", "--no-ext-diff", "--no-renames")
    fields = listing.decode("utf-8", "surrogateescape").split("\0")
    pairs = list(zip(fields[::2], fields[1::2], strict=False))
    deleted = [name for status, name in pairs if status.startswith("D") and name.endswith(COUNTED)]
    return Changes(
        files=frozenset((root / name).resolve() for _, name in pairs),
        gone=frozenset(name for path in deleted for name in declared(_before(root, base, path))),
        base=base if deleted else None,
    )


def _range(root: Path) -> tuple[str, tuple[str, ...]]:
    """The revision before the change, and how git is asked for the change.

    `pre-commit run --from-ref … --to-ref …` says in the environment what it takes the files from.
    """
    asked = os.environ.get("PRE_COMMIT_FROM_REF"), os.environ.get("PRE_COMMIT_TO_REF")
    if not all(asked):
        return "HEAD", ("--cached",)
    before, after = (commit(root, one or "") for one in asked)
    base = git(root, "merge-base", before, after).decode().strip()
    return base, (base, after)


def commit(root: Path, revision: str) -> str:
    """The name of the commit that a revision means. Raises UsageError where it means none."""
    return git(root, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}").decode().strip()


def _before(root: Path, revision: str, path: str) -> str:
    try:
        return git(root, "cat-file", "blob", f"{revision}:{path}").decode("utf-8", "replace")
    except UsageError:
        return ""


def declared(text: str) -> frozenset[str]:
    """The names and addresses that a source declares, by pattern: enough to see whether a finding speaks of them."""
    blocks, *others = DECLARED
    names = {".".join(part for part in match.groups() if part) for match in blocks.finditer(text)}
    if not names:
        names = {match[1] for pattern in others for match in pattern.finditer(text)}
    return frozenset(names - {"Properties", "Resources", "metadata", "spec"})


def concerns(scan: Scan) -> tuple[Concern, ...]:
    """What ties each finding to a change, in their order."""
    return tuple(
        Concern(
            tuple(dict.fromkeys(evidence.at.source.path for evidence in finding.evidence)),
            f"{finding.subject.address} {finding.message}",
        )
        for finding in scan.findings
    )


def touched(found: Sequence[Concern], changes: Changes) -> tuple[int, ...]:
    """The numbers of the findings that any evidence ties to a changed file, or that speak of what is gone."""
    gone = [re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w-])") for name in changes.gone]
    of_changed = {
        path for path in {path for one in found for path in one.paths} if Path(path).resolve() in changes.files
    }
    return tuple(
        number
        for number, one in enumerate(found)
        if not of_changed.isdisjoint(one.paths) or any(name.search(one.spoken) for name in gone)
    )


def extract(root: Path, revision: str, target: Path) -> None:
    """Write the files of a revision below `target`; the user's tree and index stay as they are.

    Raises UsageError for an unknown revision. Links and submodules are left out. The blobs are written as they are
    stored: `git archive` and `git checkout` would run the filters that the repository's configuration names.
    """
    listed = git(root, "ls-tree", "-r", "-z", "--full-tree", commit(root, revision)).split(b"\0")
    entries = [match for match in map(TREE_ENTRY.fullmatch, listed) if match]
    content = git(root, "cat-file", "--batch", given=b"".join(match[1] + b"\n" for match in entries))
    base = target.resolve()
    for match, blob in zip(entries, _blobs(content), strict=False):
        path = (base / os.fsdecode(match[2])).resolve()
        if path.is_relative_to(base):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(blob)


def _blobs(content: bytes) -> Iterator[bytes]:
    """The blobs of `cat-file --batch` in order: a line "name type size", the bytes, a line break."""
    at = 0
    while (end := content.find(b"\n", at)) >= 0:
        fields = content[at:end].split()
        size = int(fields[2]) if len(fields) == len(("name", "type", "size")) else 0
        yield content[end + 1 : end + 1 + size]
        at = end + 1 + size + (len(fields) == len(("name", "type", "size")))


def added(scan: Scan, before: Scan) -> Scan:
    """The scan with the findings that were not there before; `before` goes along for what was removed."""
    kept = tuple(scan.findings[number] for number in new(scan, before))
    known_before = scan.known + len(scan.findings) - len(kept)
    return replace(scan, findings=kept, known=known_before, before=before, weakens=tuple(_weakens(scan, before)))


def new(scan: Scan, before: Scan) -> tuple[int, ...]:
    """The numbers of the findings that were not there before, or were suppressed."""
    known = {finding.fingerprint for finding in before.findings if finding.suppressed is None}
    return tuple(number for number, finding in enumerate(scan.findings) if finding.fingerprint not in known)


def _weakens(scan: Scan, before: Scan) -> Iterator[str]:
    """What makes the later scan say less: configuration that was not there, and open findings that are suppressed."""
    known = frozenset(before.configuration.weakened())
    file = scan.configuration.file
    yield from (f"{file}: {phrase}" for phrase in scan.configuration.weakened() if phrase not in known)
    suppressed = {finding.fingerprint for finding in before.findings if finding.suppressed is not None}
    for finding in scan.findings:
        if finding.suppressed is not None and finding.fingerprint not in suppressed:
            place = f"{finding.suppressed.path}:{finding.suppressed.line}"
            yield f"{place}: suppresses {finding.check_id} of {finding.subject.address} ({finding.suppressed.reason})"
