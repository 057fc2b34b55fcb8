"""The rows that a repository's scan leaves in the store. The columns are public and versioned: see docs/fleet.md."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from agentreach.fleet import module_sources
from agentreach.fleet.encoding import encoded
from agentreach.fleet.extra import library
from agentreach.fleet.images import published_by
from agentreach.fleet.names import declared, mentioned
from agentreach.graph.index import NOWHERE, key_of
from agentreach.graph.spelling import arn, pattern
from agentreach.identity import Policy, PolicyRole, Principal
from agentreach.model import string

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from agentreach.engine import Scan
    from agentreach.findings import Finding
    from agentreach.identity import Fact
    from agentreach.model import Broken, Skipped

SCHEMA_VERSION: Final = "2"
ORGANIZATION: Final = "organization"
"""What a repository declares that holds policies of the whole organization."""

SEED: Final = "Entry"
FINDING: Final = "Finding"
SKIPPED: Final = "Skipped"
REPOSITORY: Final = "Repository"
MODULE: Final = "Module"
NO_FACTS: Final = frozenset({SEED, FINDING, SKIPPED, REPOSITORY, MODULE})
"""Kinds of rows that are no fact of the scan."""


class Row(NamedTuple):
    """One row: a fact, an inventory entry, a finding, or something that was not analysed."""

    kind: str
    root: str = ""
    address: str = ""
    path: str = ""
    line: int = 0
    declares: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    senses: tuple[str, ...] = ()
    body: str = ""


class Described(NamedTuple):
    """What a repository is called: in the store, by its forge (`owner/name`), and where it is fetched from.

    `sources` are the module sources that an earlier scan of the same commit did not find.
    """

    name: str
    slug: str = ""
    place: str = ""
    sources: tuple[str, ...] = ()


def rows(scan: Scan, of: Described) -> Iterator[Row]:
    """All rows of a scan, in an order that depends on the scan alone."""
    facts = [fact for group in scan.graph.facts.values() for fact in group]
    yield _of_repository(of)
    yield from sorted(_of_facts(facts))
    yield from sorted(map(_of_module, {*of.sources, *module_sources.unread(scan.skipped)}))
    yield from sorted(Row(SEED, one.key.root, one.key.address) for one in scan.graph.agents)
    yield from sorted(Row(SEED, key.root, key.address) for key in scan.graph.possible_clients)
    yield from sorted(map(_of_finding, scan.findings))
    yield from sorted(map(_of_skipped, scan.skipped))
    yield from sorted(map(_of_broken, scan.broken))


def table(found: Sequence[Row], header: dict[str, str]) -> Any:  # noqa: ANN401 - a pyarrow table
    """Rows as a Parquet table; its metadata say which repository and commit it is about, as do the last two columns."""
    arrow = library("pyarrow")
    text, names = arrow.string(), arrow.list_(arrow.string())
    types = {"line": arrow.int32(), "declares": names, "mentions": names, "senses": names}
    of_all = ("repository", "commit")
    fields = [(name, types.get(name, text)) for name in (*Row._fields, *of_all)]
    columns = [[getattr(row, name) for row in found] for name in Row._fields]
    columns += [[header[name]] * len(found) for name in of_all]
    arrays = [arrow.array(column, type=kind) for column, (_, kind) in zip(columns, fields, strict=True)]
    return arrow.Table.from_arrays(arrays, schema=arrow.schema(fields, metadata=header))


def _of_repository(of: Described) -> Row:
    names = (f"repo:{of.slug}", published_by(of.slug)) if of.slug else ()
    return Row(kind=REPOSITORY, declares=(*names, *module_sources.declared(of.place, of.name)))


def _of_module(source: str) -> Row:
    names = module_sources.mentioned(source)
    return Row(kind=MODULE, mentions=names, senses=("module",) * len(names), body=source)


def _of_facts(facts: list[Fact]) -> Iterator[Row]:
    accounts = _accounts(facts)
    for fact in facts:
        key = key_of(fact) or NOWHERE
        said = sorted(mentioned(fact))
        place = fact.at.location
        yield Row(
            kind=type(fact).__name__,
            root=key.root,
            address=key.address,
            path=place.path,
            line=place.line,
            declares=tuple(sorted(declared(fact) | _as_whole(fact, accounts))),
            mentions=tuple(name for name, _ in said),
            senses=tuple(sense for _, sense in said),
            body=encoded(fact),
        )


def _accounts(facts: Iterable[Fact]) -> frozenset[str]:
    """The accounts that the ARNs of declared principals name."""
    parts = (arn(pattern(name) or "") for fact in facts if isinstance(fact, Principal) for name in fact.names)
    return frozenset(f"account:{one.account}" for one in parts if one is not None and one.account.isdigit())


def _as_whole(fact: Fact, accounts: frozenset[str]) -> frozenset[str]:
    """What a fact says of more than itself: it may act for its account, or it holds for the organization."""
    if not isinstance(fact, Policy):
        return frozenset()
    if fact.role in {PolicyRole.SERVICE_CONTROL, PolicyRole.RESOURCE_CONTROL}:
        return frozenset({ORGANIZATION})
    return accounts if _assumes(fact) else frozenset()


def _assumes(policy: Policy) -> bool:
    """Whether it may let its holder become roles, of its own account too."""
    actions = ((string(one) or "").lower() for statement in policy.statements for one in statement.actions)
    return policy.role is PolicyRole.IDENTITY and any(one.startswith(("sts:*", "sts:assume", "*")) for one in actions)


def _of_finding(finding: Finding) -> Row:
    place = finding.evidence[0].at.location
    body = {
        "check_id": finding.check_id,
        "severity": finding.severity.label,
        "confidence": finding.confidence.label,
        "agents": [[key.root, key.address] for key in finding.agents],
        "subject": finding.subject.address,
        "message": finding.message,
        "fingerprint": finding.fingerprint,
        "suppressed": finding.suppressed.reason if finding.suppressed else None,
    }
    text = json.dumps(body, ensure_ascii=False, sort_keys=True)
    return Row(FINDING, finding.subject.root, finding.subject.address, place.path, place.line, body=text)


def _of_skipped(skip: Skipped) -> Row:
    return Row(SKIPPED, path=skip.path, line=skip.line or 0, body=skip.reason)


def _of_broken(broken: Broken) -> Row:
    place = broken.at.location
    return Row(SKIPPED, path=place.path, line=place.line, body=broken.message)
