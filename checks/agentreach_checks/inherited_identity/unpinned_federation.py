"""AR106: federation that admits any subject or audience."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.model import string
from agentreach.named_tuples import NamedTuple
from agentreach_checks import rating
from agentreach_checks.trusts import demanded, gained, is_any
from agentreach_checks.wording import listed, owned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph
    from agentreach.graph.views import TrustView
    from agentreach.identity import Condition


SUBJECTS = (":sub", ":repository", ":repository_id", ":project_path", ":project_id", ":job_workflow_ref", ":amr")
OWNERS = (":repository_owner", ":repository_owner_id", ":namespace_path", ":namespace_id")
AUDIENCES = (":aud", ":azp")
ACCOUNTS = "system:serviceaccount:"
REPOSITORIES = ("repo:", "project_path:", "organization:", "workspace:")


class Open(NamedTuple):
    """What a trust leaves open, and whether that is only a part of what one owner has."""

    what: str
    narrow: bool


@check(
    id="AR106",
    name="unpinned-federation",
    title="Federated trust into an agent's identity does not pin subject and audience",
    severity=Severity.CRITICAL,
    formats=("terraform", "cloudformation"),
    remediation="Compare :sub with the exact workload and :aud with the expected audience, by StringEquals.",
)
def unpinned_federation(graph: AgentGraph) -> Iterator[Finding]:
    """Web identity trusts that leave subject or audience open. One repository's branches are less than all of them."""
    for trust in graph.trusts():
        providers = [one.said for one in trust.trusted if one.kind == "Federated"]
        left_open = [] if trust.statement.conditions_open else list(_left_open(trust))
        if not providers or not left_open:
            continue
        narrow = all(one.narrow for one in left_open)
        yield unpinned_federation.finding(
            f"{owned(trust.identity, trust.agents)} admits {listed(one.what for one in left_open)} "
            f"of {listed(providers)}",
            severity=Severity.LOW if narrow else max(rating.base(gained(graph, trust)), Severity.MEDIUM),
            confidence=trust.confidence,
            subject=trust.identity,
            cause=trust.cause,
            evidence=trust.evidence,
            agents=trust.agents,
        )


def _left_open(trust: TrustView) -> Iterator[Open]:
    subjects = [string(value) for one in demanded(trust, SUBJECTS) for value in one.values]
    owners = demanded(trust, OWNERS)
    owner = bool(owners)
    if not subjects:
        yield Open(f"any subject that {_names(owners)} owns" if owners else "any subject", narrow=False)
    yield from (found for subject in subjects if subject and (found := _wide(subject, owner=owner)))
    if not demanded(trust, AUDIENCES):
        yield Open("any audience", narrow=bool(subjects))


def _names(owners: list[Condition]) -> str:
    return listed(string(value) or "…" for one in owners for value in one.values)


def _wide(subject: str, *, owner: bool) -> Open | None:
    """A subject pattern that more than one workload meets; None when it names one, or an environment or branch."""
    if "*" not in subject and "?" not in subject:
        return None
    account = subject.removeprefix(ACCOUNTS)
    if account != subject:
        namespace, _, _ = account.partition(":")
        named = not is_any(namespace)
        return Open(f"any service account of namespace {namespace}" if named else "any service account", narrow=named)
    kind = next((prefix for prefix in REPOSITORIES if subject.startswith(prefix)), None)
    if kind is None:
        return Open(f"every subject like {subject}", narrow=not is_any(subject))
    return _of_repository(subject.removeprefix(kind), owner=owner)


def _of_repository(path: str, *, owner: bool) -> Open | None:
    name, _, rest = path.partition(":")
    organisation, _, repository = name.partition("/")
    if is_any(organisation) and not owner:
        return Open("any repository of anyone", narrow=False)
    if "*" in repository or not repository:
        return Open(f"any repository of {organisation} like {name}", narrow=False)
    return Open(f"any branch, tag and pull request of {name}", narrow=True) if is_any(rest) else None
