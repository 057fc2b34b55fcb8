"""What whoever runs the scan says of the organization holds for all repositories; what they say of themselves does not."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import pytest

from agentreach.errors import ConfigurationError
from agentreach.fleet.organization import NO_ORGANIZATION, load
from agentreach.fleet.query import ask
from agentreach.fleet.repositories import repositories
from agentreach.fleet.run import Settings, scan_fleet
from agentreach.fleet.store import Store
from fleet.organization import AGENT, ORGANIZATION, ROLE, commit, organization

if TYPE_CHECKING:
    from pathlib import Path

    from agentreach.fleet.run import Summary


def scanned(folder: Path, configuration: str = "") -> Summary:
    file = folder / "fleet.toml"
    file.write_text(configuration)
    given = load(file) if configuration else NO_ORGANIZATION
    found = repositories([folder / "org"])
    return scan_fleet(found, str(folder / "store"), Settings(jobs=1), organization=given)


def answer(folder: Path, question: str) -> list[tuple[Any, ...]]:
    return ask(Store(str(folder / "store")), question).rows


NO_OWNER = AGENT.replace('tags                    = { owner = "on-call" }', "")


def test_an_owner_is_that_of_the_repository_where_the_agent_names_none(tmp_path: Path) -> None:
    organization(tmp_path / "org", {"pay-agents": AGENT, "pay-bots": NO_OWNER, "shop": NO_OWNER})
    scanned(tmp_path, '[[owner]]\nrepository = "pay-*"\nowner = "payments"\n')
    assert answer(tmp_path, "select repository, owner from agents order by all") == [
        ("pay-agents", "on-call"),
        ("pay-bots", "payments"),
        ("shop", None),
    ]


def test_environments_hold_in_every_repository_and_in_what_is_joined(tmp_path: Path) -> None:
    mains = {name: text.replace("prod/billing", "emea/billing") for name, text in ORGANIZATION.items()}
    organization(tmp_path / "org", mains)
    question = "select distinct production from reach where system is not null"
    scanned(tmp_path)
    assert answer(tmp_path, question) == [(False,)]
    rule = '[[environment]]\nname = "production"\npattern = "emea*"\nproduction = true\n'
    assert scanned(tmp_path, rule).states == {"scanned": 4}
    assert answer(tmp_path, question) == [(True,)]
    assert scanned(tmp_path, rule).states == {"unchanged": 4}


def test_thresholds_hold_in_every_repository(tmp_path: Path) -> None:
    long = ROLE.replace('name = "ops-agent"', 'name = "ops-agent"\n  max_session_duration = 7200')
    organization(
        tmp_path / "org",
        {"all": AGENT.replace('"arn:aws:iam::111122223333:role/ops-agent"', "aws_iam_role.ops.arn") + long},
    )
    question = "select count(*) from findings where check_id = 'AR202'"
    scanned(tmp_path)
    assert answer(tmp_path, question) == [(1,)]
    scanned(tmp_path, '[thresholds]\nrole-session = "10h"\n')
    assert answer(tmp_path, question) == [(0,)]


def test_a_check_that_is_disabled_says_nothing_of_what_is_joined_either(tmp_path: Path) -> None:
    organization(tmp_path / "org")
    scanned(tmp_path)
    found = "select count(*) from findings where check_id = 'AR305'"
    assert answer(tmp_path, found) != [(0,)]
    scanned(tmp_path, '[check.AR305]\nenabled = false\nreason = "reviewed elsewhere"\n')
    assert answer(tmp_path, found) == [(0,)]


SUPPRESSION = """
[[suppression]]
check = "AR305"
repository = "agents"
subject = "aws_iam_role.*"
reason = "the deployer is on call"
"""


def test_a_suppression_marks_findings_with_its_reason_and_changes_no_result(tmp_path: Path) -> None:
    organization(tmp_path / "org")
    scanned(tmp_path)
    summary = scanned(tmp_path, SUPPRESSION)
    assert (summary.states, summary.notes) == ({"unchanged": 4}, ())
    question = "select suppressed, suppressed_because from findings where check_id = 'AR305'"
    assert answer(tmp_path, question) == [(True, "the deployer is on call")]


def test_a_suppression_that_has_ended_or_matches_nothing_is_said(tmp_path: Path) -> None:
    organization(tmp_path / "org")
    unused = SUPPRESSION.replace("AR305", "AR207")
    assert scanned(tmp_path, SUPPRESSION + "until = 2020-01-31\n" + unused).notes == (
        "the suppression of AR305 of aws_iam_role.* in agents ended on 2020-01-31",
        "the suppression of AR207 of aws_iam_role.* in agents matches nothing",
    )
    assert answer(tmp_path, "select suppressed from findings where check_id = 'AR305'") == [(False,)]


def test_a_configuration_in_a_repository_changes_nothing(tmp_path: Path) -> None:
    organization(tmp_path / "org")
    scanned(tmp_path)
    before = answer(tmp_path, "select check_id, subject from findings order by all")
    lenient = 'exclude = ["**"]\nignore = ["AR"]\nmin-severity = "critical"\n'
    for folder in (tmp_path / "org").iterdir():
        commit(folder, {"agentreach.toml": lenient})
    assert scanned(tmp_path).states == {"scanned": 4}
    assert answer(tmp_path, "select check_id, subject from findings order by all") == before


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('fail-on = "high"\n', "unknown key 'fail-on'"),
        ('[thresholds]\nmemory = "soon"\n', "'thresholds.memory' must be a duration"),
        ('[[owner]]\nrepository = "a"\n', "a [[owner]] entry needs 'owner'"),
        ('[[owner]]\nrepositry = "a"\n', "did you mean 'owner.repository'?"),
        ('[[suppression]]\ncheck = "AR305"\n', "a [[suppression]] entry needs 'reason'"),
        ('[[suppression]]\ncheck = "AR305"\nreason = ""\n', "'suppression.reason' must be a text"),
        ('[[suppression]]\ncheck = "AR305"\nreason = "x"\nuntil = "soon"\n', "'suppression.until' must be a date"),
        ('owner = "me"\n', "write [[owner]]"),
    ],
)
def test_a_mistake_is_said_with_its_key(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "fleet.toml").write_text(text)
    with pytest.raises(ConfigurationError) as said:
        load(tmp_path / "fleet.toml")
    assert message in str(said.value)


def test_it_goes_to_other_processes_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "fleet.toml").write_text('owner-tags = ["squad"]\n' + SUPPRESSION)
    given = load(tmp_path / "fleet.toml")
    assert pickle.loads(pickle.dumps(given)) == given
    assert given.options.graph.owner_tags == ("squad",)
    assert load(tmp_path / "fleet.toml").digest == given.digest != NO_ORGANIZATION.digest
