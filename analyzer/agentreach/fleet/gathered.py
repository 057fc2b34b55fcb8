"""The rows of all views, gathered from what repositories' own scans left and from what their groups gave."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from agentreach.engine import today
from agentreach.fleet.extra import library
from agentreach.fleet.joined import Claim
from agentreach.fleet.organization import in_force
from agentreach.fleet.rows import FINDING, SEED, SKIPPED
from agentreach.fleet.views import VIEWS, columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from agentreach.fleet.joined import Joined, ViewRow
    from agentreach.fleet.organization import Organization, Suppression


TOLD: Final = ("repository", "commit", "kind", "root", "address", "path", "line", "body")
"""The columns of rows that `Gathered.of_results` takes."""


class Gathered:
    """Rows by view. `headers` are the metadata of the results that are there."""

    def __init__(self, headers: Mapping[str, Mapping[str, str]]) -> None:
        self.by_view: dict[str, list[ViewRow]] = {view: [] for view in VIEWS}
        self._headers = headers
        self._told: set[str] = set()
        self._judged: set[str] = set()
        self._claims: set[Claim] = set()
        self.add(
            "repositories", [(name, one["commit"], "ok", None, one["slug"] or None) for name, one in headers.items()]
        )

    def commit(self, repository: str) -> str:
        """The commit a repository was scanned at."""
        return self._headers[repository]["commit"]

    def add(self, view: str, rows: Iterable[ViewRow]) -> None:
        """Take rows into a view."""
        self.by_view[view].extend(rows)

    def of_group(self, part: Joined) -> None:
        """Take what a group of repositories gave, or list that it could not be joined."""
        for view, rows in part.rows.items():
            self.add(view, rows)
        if part.reason:
            reason = f"could not be joined: {part.reason}"
            self.add("skipped", [(one, self.commit(one), ".", None, reason) for one in part.repositories])
            return
        self._told.update(part.seeds)
        if part.claims is not None:
            self._judged.update(part.seeds)
            self._claims |= part.claims

    def of_results(self, told: Iterable[Mapping[str, Any]]) -> None:
        """Take skips as each repository's own scan reported them, and findings that hold once all are known.

        Call it after `of_group`: a role that an agent elsewhere uses is no agent of its own, and nothing is said of it.
        """
        agents = {(row[0], row[2], row[3]) for row in self.by_view["agents"]}
        answered: set[tuple[object, ...]] = set()
        for row in told:
            entry = (row["repository"], row["root"], row["address"])
            if row["kind"] == SEED and row["repository"] in self._told and entry not in agents:
                answered.add(entry)
            elif row["kind"] == SKIPPED:
                place = (row["path"], row["line"] or None, row["body"])
                self.add("skipped", [(row["repository"], row["commit"], *place)])
            elif row["kind"] == FINDING and self._holds(row, body := json.loads(row["body"])):
                self.add("findings", [_finding(row, body)])
        self.by_view["findings"] = [row for row in self.by_view["findings"] if not _speaks_of(row, answered)]

    def _holds(self, row: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
        """Whether a repository's finding is still one: of what is no agent's, other repositories say nothing."""
        claim = Claim(row["repository"], body["check_id"], row["root"], row["address"])
        return claim.repository not in self._judged or not body["agents"] or claim in self._claims

    def judge(self, organization: Organization) -> tuple[str, ...]:
        """Name the owners and mark the findings that the organization knows of; say which suppressions do nothing."""
        self.by_view["agents"] = [_owned(row, organization) for row in self.by_view["agents"]]
        known = in_force(organization.suppressions, today())
        marked = [_suppressed(row, known) for row in self.by_view["findings"]]
        self.by_view["findings"] = [row for row, _ in marked]
        used = {by for _, by in marked if by is not None}
        over = [
            f"the suppression of {one} ended on {one.until}" for one in organization.suppressions if one not in known
        ]
        return (*over, *(f"the suppression of {one} matches nothing" for one in known if one not in used))


def _owned(row: ViewRow, organization: Organization) -> ViewRow:
    place = columns("agents").index("owner")
    return (*row[:place], row[place] or organization.owner(str(row[0])), *row[place + 1 :])


def _suppressed(row: ViewRow, known: Iterable[Suppression]) -> tuple[ViewRow, Suppression | None]:
    finding = dict(zip(columns("findings"), row, strict=True))
    about = (str(finding["check_id"]), str(finding["repository"]), str(finding["subject"]))
    by = next((one for one in known if one.covers(*about)), None)
    if by is None or finding["suppressed"]:
        return row, by
    return tuple({**finding, "suppressed": True, "suppressed_because": by.reason}.values()), by


def of_kinds(*kinds: str) -> Any:  # noqa: ANN401 - a pyarrow expression
    """The rows of some kinds in a dataset of results."""
    return library("pyarrow.dataset").field("kind").isin(list(kinds))


def _speaks_of(row: ViewRow, entries: set[tuple[object, ...]]) -> bool:
    finding = dict(zip(columns("findings"), row, strict=True))
    return any((row[0], finding["root"], finding[name]) in entries for name in ("agent", "subject"))


def _finding(row: Mapping[str, Any], body: Mapping[str, Any]) -> ViewRow:
    root, agent = body["agents"][0] if body["agents"] else (row["root"], None)
    return (
        *(row["repository"], row["commit"], body["check_id"], body["severity"], body["confidence"], root, agent),
        *(body["subject"], body["message"], row["path"], row["line"], body["fingerprint"]),
        *(body["suppressed"] is not None, "repository", body["suppressed"]),
    )
