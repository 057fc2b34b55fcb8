"""A fleet scan from checkouts to answers."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from agentreach.errors import UsageError
from agentreach.fleet import joined, repository_scan
from agentreach.fleet.organization import load
from agentreach.fleet.query import ask
from agentreach.fleet.repositories import repositories
from agentreach.fleet.run import Settings, scan_fleet
from agentreach.fleet.schedule import outcomes
from agentreach.fleet.store import Store
from agentreach.fleet.views import VIEWS
from fleet.organization import AGENT, BUCKET, DEPLOYER, ORGANIZATION, ROLE, checkout, commit, organization

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from agentreach.fleet.joined import Group, Joined
    from agentreach.fleet.run import Summary

ONE = Settings(jobs=1)


def scanned(tmp_path: Path, settings: Settings = ONE) -> Summary:
    return scan_fleet(repositories([tmp_path / "org"]), str(tmp_path / "store"), settings)


def answer(tmp_path: Path, question: str) -> list[tuple[Any, ...]]:
    return ask(Store(str(tmp_path / "store")), question).rows


def everything(tmp_path: Path, store: str = "store") -> dict[str, list[tuple[Any, ...]]]:
    kept = Store(str(tmp_path / store))
    return {view: ask(kept, f"select * from {view} order by all").rows for view in VIEWS}


def files(store: Path) -> dict[str, bytes]:
    """Every result and every current view as it is written."""
    current = store / "views" / Store(str(store)).generations()[0]
    return {path.name: path.read_bytes() for folder in (store / "results", current) for path in folder.iterdir()}


def test_a_chain_through_three_repositories_is_one_chain(tmp_path: Path) -> None:
    organization(tmp_path / "org")
    summary = scanned(tmp_path)
    assert summary.states == {"scanned": 4}
    assert summary.largest == 3
    assert answer(
        tmp_path, "select agent, address, identity_repository, relation, certain from identities order by address"
    ) == [
        ("aws_bedrockagent_agent.ops", "aws_iam_role.deployer", "deploy", "assumes", False),
        ("aws_bedrockagent_agent.ops", "aws_iam_role.ops", "roles", "runs-as", True),
    ]
    assert answer(
        tmp_path,
        "select hop, from_repository, to_repository, path_repository, path, line from paths where identity = 'aws_iam_role.deployer' order by hop",
    ) == [
        (1, "agents", "roles", "agents", "main.tf", 5),
        (2, "roles", "deploy", "roles", "main.tf", 19),
    ]


def test_what_the_agent_reaches_in_others_has_its_line_and_its_doubt(tmp_path: Path) -> None:
    organization(tmp_path / "org")
    scanned(tmp_path)
    rows = answer(
        tmp_path,
        "select repository, action, acts_as_repository, system, system_repository, verdict, path, line from reach "
        "where step in ('secrets', 'deploy') order by action",
    )
    assert rows == [
        ("agents", "lambda:UpdateFunctionCode", "deploy", None, None, "possible", "main.tf", 19),
        (
            "agents",
            "secretsmanager:GetSecretValue",
            "roles",
            "aws_secretsmanager_secret.billing",
            "deploy",
            "allowed",
            "main.tf",
            20,
        ),
    ]


POD = """
apiVersion: v1
kind: ServiceAccount
metadata: {name: ops, namespace: agents, annotations: {eks.amazonaws.com/role-arn: "arn:aws:iam::111122223333:role/irsa-ops"}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ops, namespace: agents}
spec:
  template:
    spec: {serviceAccountName: ops, containers: [{name: agent, image: "ghcr.io/acme/ops:1"}]}
"""
BINDING = """
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: agents}
rules: [{apiGroups: [""], resources: [secrets], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader, namespace: agents}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects: [{kind: ServiceAccount, name: ops, namespace: agents}]
"""
IRSA = """
resource "aws_iam_role" "irsa" {
  name = "irsa-ops"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/AAAA" }
      Condition = { StringEquals = { "oidc.eks.eu-west-1.amazonaws.com/id/AAAA:sub" = "system:serviceaccount:agents:ops" } }
    }]
  })
}
resource "aws_iam_role_policy" "irsa" {
  role   = aws_iam_role.irsa.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:PutObject", Resource = "arn:aws:s3:::acme-prod-data/*" }] })
}
"""


def test_a_service_account_meets_its_role_and_its_bindings_in_other_repositories(tmp_path: Path) -> None:
    checkout(tmp_path / "org" / "platform", {"pod.yaml": POD})
    checkout(tmp_path / "org" / "rbac", {"binding.yaml": BINDING})
    organization(tmp_path / "org", {"irsa": IRSA, "data": BUCKET.replace("acme-logs", "acme-prod-data")})
    (tmp_path / "fleet.toml").write_text('[[agent]]\naddress = "Deployment/agents/ops"\n')
    given = load(tmp_path / "fleet.toml")
    found = repositories([tmp_path / "org"])
    scan_fleet(found, str(tmp_path / "store"), ONE, organization=given)
    assert answer(tmp_path, "select address, identity_repository, relation from identities order by all") == [
        ("ServiceAccount/agents/ops", "platform", "runs-as"),
        ("aws_iam_role.irsa", "irsa", "federated"),
    ]
    assert answer(
        tmp_path, "select action, acts_as_repository, system_repository, verdict from reach order by all"
    ) == [
        ("get", "platform", None, "possible"),  # a service account of that name, in whatever cluster
        ("s3:PutObject", "irsa", "data", "possible"),
    ]


def test_findings_that_no_repository_has_alone_are_found(tmp_path: Path) -> None:
    organization(tmp_path / "org")
    scanned(tmp_path)
    found = answer(
        tmp_path,
        "select distinct check_id from findings where origin = 'fleet' and agent = 'aws_bedrockagent_agent.ops'",
    )
    assert ("AR305",) in found
    assert answer(tmp_path, "select count(*) from findings where origin = 'repository' and check_id = 'AR305'") == [
        (0,)
    ]


def test_a_role_that_an_agent_elsewhere_uses_is_no_undeclared_agent(tmp_path: Path) -> None:
    organization(tmp_path / "org", {"roles": ROLE})
    scanned(tmp_path)
    question = "select check_id from findings where repository = 'roles' and subject = 'aws_iam_role.ops'"
    assert answer(tmp_path, "select address, role from agents") == [("aws_iam_role.ops", "undeclared")]
    assert answer(tmp_path, question)
    organization(tmp_path / "org", {"agents": AGENT})
    scanned(tmp_path)
    assert answer(tmp_path, "select address, role from agents") == [("aws_bedrockagent_agent.ops", "agent")]
    assert answer(tmp_path, question) == []


def test_what_another_repository_declares_is_no_longer_said_to_be_undeclared(tmp_path: Path) -> None:
    question = "select check_id, subject from findings where repository = 'agents' and check_id in ('AR002', 'AR403')"
    organization(tmp_path / "org", {"agents": AGENT})
    scanned(tmp_path)
    unknown = ("AR002", "arn:aws:iam::111122223333:role/ops-agent")
    guardrail = ("AR403", "aws_bedrockagent_agent.ops")
    assert sorted(answer(tmp_path, question)) == [unknown, guardrail]
    organization(tmp_path / "org", {"roles": ROLE, "deploy": DEPLOYER})
    scanned(tmp_path)
    assert answer(tmp_path, question) == [guardrail]


def test_whose_pipelines_may_assume_a_role_is_told(tmp_path: Path) -> None:
    organization(tmp_path / "org")
    scanned(tmp_path)
    assert answer(tmp_path, "select repository, other, name from links where sense = 'pipeline'") == [
        ("agents", "deploy", "repo:acme/agents")
    ]


def test_a_role_name_that_two_repositories_declare_stays_possible_with_both(tmp_path: Path) -> None:
    organization(tmp_path / "org", {**ORGANIZATION, "roles-of-others": ROLE})
    scanned(tmp_path)
    assert answer(
        tmp_path, "select identity_repository, certain from identities where address = 'aws_iam_role.ops' order by all"
    ) == [
        ("roles", False),
        ("roles-of-others", False),
    ]


def test_an_unchanged_commit_is_not_scanned_again(tmp_path: Path) -> None:
    organization(tmp_path / "org")
    scanned(tmp_path)
    before = everything(tmp_path)
    commit(tmp_path / "org" / "logs", {"main.tf": BUCKET + "# more\n"})
    assert scanned(tmp_path).states == {"unchanged": 3, "scanned": 1}
    now = everything(tmp_path)
    assert now["reach"] == before["reach"]
    assert now["repositories"] != before["repositories"]


def test_a_result_of_another_version_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    organization(tmp_path / "org", {"logs": BUCKET})
    scanned(tmp_path)
    monkeypatch.setattr(repository_scan, "__version__", "99")
    assert scanned(tmp_path).states == {"scanned": 1}


def test_one_and_two_processes_give_the_same_rows(tmp_path: Path) -> None:
    organization(tmp_path / "org")
    scanned(tmp_path)
    first = everything(tmp_path)
    scan_fleet(repositories([tmp_path / "org"]), str(tmp_path / "other"), Settings(jobs=2))
    assert everything(tmp_path, "other") == first
    assert files(tmp_path / "other") == files(tmp_path / "store")


def test_a_repository_that_cannot_be_read_costs_only_itself(tmp_path: Path) -> None:
    organization(tmp_path / "org")
    (tmp_path / "org" / "broken" / ".git").mkdir(parents=True)
    summary = scanned(tmp_path)
    assert summary.states == {"scanned": 4, "failed": 1}
    assert answer(tmp_path, "select state, count(*) from repositories group by all order by all") == [
        ("failed", 1),
        ("ok", 4),
    ]
    assert summary.failed[0].name == "broken"
    assert "git" in summary.failed[0].reason
    assert len(answer(tmp_path, "select * from identities")) == 2


def test_broken_syntax_in_one_repository_is_listed_with_its_line(tmp_path: Path) -> None:
    organization(tmp_path / "org", {"agents": AGENT, "broken": 'resource "x" {\n'})
    scanned(tmp_path)
    (row,) = answer(tmp_path, "select repository, path, line from skipped where repository = 'broken'")
    assert row[:2] == ("broken", "main.tf")


def test_the_same_names_in_two_repositories_stay_apart(tmp_path: Path) -> None:
    checkout(tmp_path / "org" / "one", {"main.tf": AGENT + ROLE})
    checkout(tmp_path / "org" / "other", {"main.tf": AGENT + ROLE + DEPLOYER})
    scanned(tmp_path)
    rows = answer(tmp_path, "select repository, address, identity_repository from identities order by all")
    assert ("one", "aws_iam_role.ops", "one") in rows
    assert ("other", "aws_iam_role.ops", "other") in rows
    assert ("other", "aws_iam_role.deployer", "other") in rows


def _slow(_: object) -> None:
    time.sleep(60)
    raise AssertionError("was not stopped")


def _dies(_: object) -> None:
    os._exit(9)


def _hungry(_: object) -> int:
    return len(bytearray(1 << 40))


@pytest.mark.parametrize(
    ("work", "reason"),
    [(_slow, "took longer than 1 seconds"), (_dies, "its process ended"), (_hungry, "MemoryError")],
)
def test_a_task_that_hangs_dies_or_eats_memory_is_listed(work: Callable[[object], object], reason: str) -> None:
    tasks = ["first", "second"]
    found = list(outcomes(work, tasks, lambda task, why: f"{task}: {why}", jobs=1, seconds=1))
    assert [str(one).partition(": ")[0] for one in found] == tasks
    assert all(reason in str(one) for one in found)


_join = joined.join


def _joins_no_groups(group: Group) -> Joined:
    if len(group.repositories) > 1:
        os._exit(9)
    return _join(group)


def test_a_group_that_is_too_large_is_told_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    organization(tmp_path / "org")
    monkeypatch.setattr(joined, "join", _joins_no_groups)
    scanned(tmp_path)
    assert answer(tmp_path, "select repository, name from agents order by all") == [
        ("agents", "ops"),
        ("roles", "ops-agent"),
    ]
    reasons = answer(tmp_path, "select repository, reason from skipped order by all")
    assert reasons == [
        (name, "could not be joined: its process ended: ProcessExpired") for name in ("agents", "deploy", "roles")
    ]
    assert answer(tmp_path, "select count(*) > 0 from findings where repository = 'roles'") == [(True,)]


def test_a_full_disk_keeps_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    organization(tmp_path / "org", {"logs": BUCKET})
    scanned(tmp_path)
    commit(tmp_path / "org" / "logs", {"main.tf": BUCKET * 2})
    store = Store(str(tmp_path / "store"))
    before = store.header("logs")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(store._system), "mv", full)
    task = repository_scan.Task(repositories([tmp_path / "org"])[0], str(tmp_path / "store"), 30.0)
    outcome = repository_scan.run(task)
    assert outcome.state == "failed"
    assert "No space left on device" in outcome.reason
    assert store.header("logs") == before
    assert not list((tmp_path / "store").rglob("*.partial"))


def test_a_disk_that_fills_up_at_the_end_is_said_and_keeps_the_views_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    organization(tmp_path / "org", {"agents": AGENT})
    scanned(tmp_path)
    before = everything(tmp_path)
    commit(tmp_path / "org" / "agents", {"main.tf": AGENT.replace("ops", "sre")})
    write = Store._replace

    def full(store: Store, path: str, content: bytes) -> None:
        if path.endswith("/links.parquet"):
            raise OSError(28, "No space left on device")
        write(store, path, content)

    monkeypatch.setattr(Store, "_replace", full)
    with pytest.raises(
        UsageError, match=r"cannot write to the store .*No space left on device; what was scanned is kept"
    ):
        scanned(tmp_path)
    assert everything(tmp_path) == before
    assert len([path for path in (tmp_path / "store" / "views").iterdir() if path.is_dir()]) == 1
    monkeypatch.undo()
    assert scanned(tmp_path).states == {"unchanged": 1}
    assert answer(tmp_path, "select name from agents") == [("sre",)]


def test_a_result_that_another_version_writes_meanwhile_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    organization(tmp_path / "org", {"agents": AGENT, "logs": BUCKET})
    monkeypatch.setattr(joined, "__version__", "99")
    scanned(tmp_path)
    said = "could not be joined: another version of AgentReach has scanned agents meanwhile"
    assert answer(tmp_path, "select repository, reason from skipped") == [("agents", said)]
    assert answer(tmp_path, "select repository, state from repositories order by all") == [
        ("agents", "ok"),
        ("logs", "ok"),
    ]


def test_views_of_an_earlier_version_lack_what_came_later(tmp_path: Path) -> None:
    organization(tmp_path / "org")
    scanned(tmp_path)
    store = Store(str(tmp_path / "store"))
    views = dict(store.views(store.generations()[0]))
    views["links"] = views["links"].drop_columns(["candidates"])
    store.publish(views)
    assert answer(tmp_path, "select other, candidates from links where sense = 'pipeline'") == [("deploy", None)]


def started(tmp_path: Path, store: str, jobs: int) -> subprocess.Popen[bytes]:
    """A fleet scan in a process of its own."""
    command = [sys.executable, "-m", "agentreach", "fleet", "scan", "org", "--store", store, "--jobs", str(jobs)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


@pytest.mark.slow
def test_a_killed_run_goes_on_where_it_was_and_two_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    organization(tmp_path / "org", {**ORGANIZATION, **{f"logs-{number:02}": BUCKET for number in range(12)}})
    scanned(tmp_path)
    alone = files(tmp_path / "store")
    killed = started(tmp_path, "killed", jobs=1)
    results = tmp_path / "killed" / "results"
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and killed.poll() is None and not list(results.glob("*.parquet")):
        time.sleep(0.01)
    killed.kill()
    killed.wait()
    both = [started(tmp_path, "killed", jobs=1), started(tmp_path, "killed", jobs=2)]
    assert [run.wait() for run in both] == [0, 0]
    assert files(tmp_path / "killed") == alone


def test_a_result_that_was_damaged_is_made_again(tmp_path: Path) -> None:
    organization(tmp_path / "org", {"logs": BUCKET})
    scanned(tmp_path)
    (result,) = (tmp_path / "store" / "results").iterdir()
    result.write_bytes(result.read_bytes()[:100])
    assert scanned(tmp_path).states == {"scanned": 1}


def test_old_generations_go_and_the_current_one_stays(tmp_path: Path) -> None:
    organization(tmp_path / "org", {"logs": BUCKET})
    for _ in range(7):
        scanned(tmp_path)
    folders = {path.name for path in (tmp_path / "store" / "views").iterdir() if path.is_dir()}
    assert folders == set(Store(str(tmp_path / "store")).generations())
    assert len(folders) == 5
