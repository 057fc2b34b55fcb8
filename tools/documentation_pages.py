"""The generated pages of the site: one per check from its twin, one per framework from its catalogue. A MkDocs hook.

python tools/documentation_pages.py          writes the table of checks that is kept in docs/
python tools/documentation_pages.py --check  exits 1 when the kept table differs from the code
"""

from __future__ import annotations

import sys
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / one) for one in ("analyzer", "checks", "reports")]

from agentreach.controls import check_facts, frameworks  # noqa: E402 - the path comes first
from agentreach_checks import ALL  # noqa: E402 - likewise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.check import Check
    from agentreach.controls import Framework

HEADLINE = "owasp-asi-2026"
FAMILIES = {
    "AR0": "The analysis itself",
    "AR1": "Inherited identity",
    "AR2": "Retained credential",
    "AR3": "Reach without approval",
    "AR4": "Missing gate",
    "AR5": "Accountability",
}


def pages() -> dict[str, str]:
    """Markdown by path below the docs folder."""
    found = {"checks/index.md": _check_list(), "frameworks/index.md": _framework_list()}
    found |= {f"checks/{check.id}.md": _check(check) for check in ALL}
    found |= {f"frameworks/{one.id}.md": _framework(one) for one in frameworks().values()}
    return found


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").replace("<", "&lt;").split())


def _check_list() -> str:
    lines = [
        "# Checks",
        "",
        "Severity is the ceiling; what a finding gets follows from the privilege step, whether the reach is standing,",
        "and which gate covers it. Each page is executed as a test: lines marked `# finding:` fire, and no others.",
    ]
    for prefix, title in FAMILIES.items():
        lines += ["", f"## {title}", "", "| id | name | finds | at most |", "| --- | --- | --- | --- |"]
        lines += [
            f"| [{one.id}]({one.id}.md) | {one.name} | {_cell(one.title)} | {one.severity.label} |"
            for one in ALL
            if one.id.startswith(prefix)
        ]
    return "\n".join(lines) + "\n"


def check_table() -> str:
    """One row for each check, from the code: kept in docs/ for whoever reads it without the site."""
    formats = ("terraform", "cloudformation", "kubernetes")
    lines = [
        "# The table of checks",
        "",
        "Written by `tools/documentation_pages.py` from the checks themselves; CI fails when it differs. `at most` is",
        "the ceiling of the severity; `instead of` names the checks that a finding replaces on the same statement.",
        "`agentreach explain ID` prints a check's page, with what it must not be read as.",
        "",
        "| id | name | finds | at most | Terraform | CloudFormation | Kubernetes | instead of | evidence relevant to |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for one in ALL:
        reads = " | ".join("yes" if format_ in one.formats else "–" for format_ in formats)
        instead = ", ".join(one.silences) or "–"
        link = f"[{one.id}](checks/{one.id}.md)"
        cells = (link, one.name, _cell(one.title), one.severity.label, reads, instead, _headlines(one))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _headlines(check: Check) -> str:
    """The entries of the agentic Top 10, and how many frameworks know the pattern by other names."""
    entries = [one.id for one in check.controls if one.framework == HEADLINE]
    others = {one.framework for one in check.controls} - {HEADLINE}
    return f"{', '.join(entries)}; {len(others)} other frameworks" if entries else "–"


def main() -> int:
    """Write the kept table, or compare it."""
    kept = ROOT / "docs" / "check-table.md"
    if "--check" in sys.argv[1:]:
        stale = not kept.exists() or kept.read_text(encoding="utf-8") != check_table()
        print(
            f"{kept.name} is not up to date: run tools/documentation_pages.py"
            if stale
            else f"{kept.name} is up to date"
        )
        return int(stale)
    kept.write_text(check_table(), encoding="utf-8")
    return 0


def _check(check: Check) -> str:
    package, _, module = check.module.rpartition(".")
    twin = files(package).joinpath(f"{module}.md").read_text(encoding="utf-8").rstrip()
    return "\n".join((twin, "", *_evidence(check))) + "\n"


def _evidence(check: Check) -> Iterator[str]:
    yield from ("## Evidence relevant to", "")
    if not check.controls:
        yield "No framework: it is about the analysis itself."
        return
    yield from ("| framework | entry | relation | basis |", "| --- | --- | --- | --- |")
    catalogue = frameworks()
    for one in check.controls:
        framework = catalogue[one.framework]
        entry = next(entry for entry in framework.entries if entry.id == one.id)
        link = f"[{_cell(framework.name)}](../frameworks/{framework.id}.md)"
        yield f"| {link} | {_cell(entry.cite_as)} {_cell(entry.title)} | {one.relation} | {one.basis} |"
    facts = check_facts().get(check.id)
    if facts and facts.limits:
        yield from ("", f"A finding must not be read as more than it is: {facts.limits}")


def _framework_list() -> str:
    rows = [
        f"| [{_cell(one.name)}]({one.id}.md) | {_cell(one.version)} | `{one.id}` | {len(one.entries)} |"
        for one in frameworks().values()
    ]
    return "\n".join(
        (
            "# Frameworks",
            "",
            "A finding is evidence relevant to an entry, never a verdict of compliance. Add your own as described in",
            "[checks of your own](../custom-checks.md#frameworks-and-mappings).",
            "",
            "| framework | version | id | entries |",
            "| --- | --- | --- | --- |",
            *rows,
            "",
        )
    )


def _framework(one: Framework) -> str:
    published = ", ".join(part for part in (one.publisher, one.version, one.date, one.status) if part)
    lines = [f"# {one.name}", "", f"{published}. [Source]({one.url}). Id for `--framework`: `{one.id}`.", ""]
    if one.is_watch_list:
        lines += ["This is a watch list of publications in preparation: nothing is mapped to it.", ""]
    lines += ["| entry | title | visible in code | checks |", "| --- | --- | --- | --- |"]
    for entry in one.entries:
        checks = ", ".join(f"[{name}](../checks/{name}.md)" for name in _mapped(one.id, entry.id)) or "none"
        visible = entry.assessable.replace("_", " ")
        lines.append(f"| {_cell(entry.cite_as)} | {_cell(entry.title)} | {visible} | {checks} |")
    return "\n".join(lines) + "\n"


def _mapped(framework: str, entry: str) -> list[str]:
    return [check.id for check in ALL if any((one.framework, one.id) == (framework, entry) for one in check.controls)]


def on_config(config: Any) -> Any:  # noqa: ANN401 - MkDocs' hook
    """Put the generated pages where the navigation names their folders."""
    frame = {
        "Checks": ["checks/index.md", *({check.id: f"checks/{check.id}.md"} for check in ALL)],
        "Frameworks": ["frameworks/index.md", *({f.name: f"frameworks/{f.id}.md"} for f in frameworks().values())],
    }
    config.nav = [next(({name: frame[name]} for name in frame if name in item), item) for item in config.nav]
    return config


def on_files(files: Any, config: Any) -> Any:  # noqa: ANN401 - likewise
    """Add the generated pages."""
    from mkdocs.structure.files import File  # noqa: PLC0415 - only there while the site is built

    for path, text in pages().items():
        files.append(File.generated(config, path, content=text))
    return files


if __name__ == "__main__":
    raise SystemExit(main())
