"""The report of `run.py` as Markdown: scans, phases, peers, and the targets with whether each is met."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Report = dict[str, Any]


def markdown(report: Report) -> str:
    """All tables."""
    idle = report["python_pass"]["cpu_seconds"]
    parts = (
        _said(report["machine"], idle),
        "## Scans\n\n" + _table(_SCAN_HEAD, (_scan(row, idle) for row in report["scans"])),
        "## Phases of a cold scan, CPU seconds (peak MB)\n\n" + _phases(report["scans"]),
        "## Peers, CPU seconds on the same files in the same run\n\n" + _table(_PEER_HEAD, map(_peer, report["peers"])),
        "## Targets\n\n" + _table(("target", "measured", "met"), _targets(report, idle)),
    )
    return "\n\n".join(parts) + "\n"


def _said(machine: Report, idle: float) -> str:
    runs = f"medians of {machine['repeat']}"
    return f"Python {machine['python']}, {machine['system']}; {runs}. `python -c pass`: {idle:.4f} s."


_SCAN_HEAD = ("corpus", "files", "MB", "cold s", "wall s", "peak MB", "MB/s", "× pass", "warm s", "one changed s")
_PEER_HEAD = ("peer", "version", "corpus", "files", "theirs s", "peak MB", "ours s", "peak MB", "times faster")


def _table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    titles = list(head)
    lines = [f"| {' | '.join(titles)} |", f"|{'---|' * len(titles)}"]
    return "\n".join(lines + [f"| {' | '.join(map(str, row))} |" for row in rows])


def _scan(row: Report, idle: float) -> tuple[object, ...]:
    cold = row["cold"]
    return (
        row["corpus"],
        f"{row['files']:,}",
        row["megabytes"],
        f"{cold['cpu_seconds']:.3f}",
        f"{cold['wall_seconds']:.3f}",
        f"{cold['peak_megabytes']:.0f}",
        f"{row['megabytes'] / cold['cpu_seconds']:.2f}",
        f"{cold['cpu_seconds'] / idle:.1f}",
        f"{row['warm']['cpu_seconds']:.3f}",
        f"{row['one_changed']['cpu_seconds']:.3f}",
    )


def _phases(rows: list[Report]) -> str:
    names = list(dict.fromkeys(name for row in rows for name in row["phases"]))

    def cell(row: Report, name: str) -> str:
        found = row["phases"].get(name)
        return f"{found['cpu_seconds']:.3f} ({found['peak_megabytes']:.0f})" if found else ""

    return _table(("corpus", *names), ((row["corpus"], *(cell(row, name) for name in names)) for row in rows))


def _peer(row: Report) -> tuple[object, ...]:
    if "left_out" in row:
        return (row["peer"], f"left out: {row['left_out']}", "", "", "", "", "", "", "")
    sides = [
        text
        for side in (row["theirs"], row["ours"])
        for text in (f"{side['cpu_seconds']:.2f}", f"{side['peak_megabytes']:.0f}")
    ]
    return (row["peer"], row["version"], row["corpus"], row["files"], *sides, row["times_faster"])


# What each number is to be at most, or for "times faster" at least.
SMALL_FACTOR, FASTER_SMALL, FASTER_LARGE = 6, 15, 60
COLD_SECONDS, COLD_MEGABYTES, CHANGED_SECONDS, GROWTH = 4, 250, 0.7, 1.15
LARGE, FEW, MANY = 4000, 1000, 16000


def _targets(report: Report, idle: float) -> Iterator[tuple[str, str, str]]:
    small = report["scans"][0]["cold"]["cpu_seconds"] / idle
    yield _at_most(f"one small file: at most {SMALL_FACTOR} × `python -c pass`", small, SMALL_FACTOR)
    for row in report["peers"]:
        if row["peer"] == "checkov" and "ours" in row:
            least = FASTER_SMALL if row["corpus"] == "one small file" else FASTER_LARGE
            label = f"{row['corpus']}: at least {least} × faster than checkov"
            yield label, str(row["times_faster"]), "yes" if row["times_faster"] >= least else "no"
    sizes = {(row["kind"], row["size"]): row for row in report["scans"] if "kind" in row}
    if ("mixed", LARGE) in sizes:
        cold, changed = sizes["mixed", LARGE]["cold"], sizes["mixed", LARGE]["one_changed"]
        yield _at_most(f"4,000 mixed files cold: at most {COLD_SECONDS} s", cold["wall_seconds"], COLD_SECONDS)
        yield _at_most(f"4,000 mixed files cold: at most {COLD_MEGABYTES} MB", cold["peak_megabytes"], COLD_MEGABYTES)
        label = f"4,000 mixed files, one changed: at most {CHANGED_SECONDS} s"
        yield _at_most(label, changed["wall_seconds"], CHANGED_SECONDS)
    for kind in dict.fromkeys(kind for kind, _ in sizes):
        if (kind, FEW) in sizes and (kind, MANY) in sizes:
            yield _at_most(f"{kind}, growth from 1,000 to 16,000 files: at most {GROWTH}", _growth(sizes, kind), GROWTH)


def _growth(sizes: dict[tuple[str, int], Report], kind: str) -> float:
    """How many times as long a file takes among many as among few."""
    few, many = sizes[kind, FEW], sizes[kind, MANY]
    by_file = [row["cold"]["cpu_seconds"] / row["files"] for row in (few, many)]
    return float(by_file[1] / by_file[0])


def _at_most(label: str, found: float, most: float) -> tuple[str, str, str]:
    return label, f"{found:.2f}", "yes" if found <= most else "no"
