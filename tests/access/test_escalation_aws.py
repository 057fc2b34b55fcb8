from __future__ import annotations

import pytest

from access.surroundings import ARNS, Account, target
from access.written import ACCOUNT, allow, deny, statements, text, unknown
from agentreach.access import actions
from agentreach.access.escalation import Entry, Path, Target, entries
from agentreach.access.escalation_match import paths, shortest
from agentreach.access.verdict import Verdict
from agentreach.identity import Confidence, Step
from agentreach.model import Kind

CATALOGUE = {entry.id: entry for entry in entries("aws")}
ALL = sorted(CATALOGUE)


def account_for(entry: Entry, *rows: dict[str, object], fitting: bool = True) -> tuple[Account, Target | None]:
    """An account in which everything the entry asks of its surroundings is so; not `fitting`: nothing is."""
    account = Account(*rows, kind=entry.self_kind or "role")
    if fitting and entry.where in {"bounded", "denied", "limited"}:
        account.traits = frozenset({entry.where})
    if not entry.target:
        return account, None
    aimed = account.add(entry.target, gains=Step.ADMIN if fitting else None)
    if fitting:
        _fit(account, entry, aimed)
    return account, aimed


def _fit(account: Account, entry: Entry, aimed: Target) -> None:
    if entry.where == "held":
        account.held.add(aimed)
    if entry.where == "runs":
        account.roles[aimed] = account.add("role", "worker")
    account.attached[aimed] = (account.add("policy", "theirs", gains=None),)
    account.trusting[aimed] |= {"me", "federation", *entry.services}


def precise(entry: Entry, aimed: Target | None, account: Account) -> list[dict[str, object]]:
    """Statements that allow exactly what the entry needs, on exactly what it needs it on."""
    places = {
        "self": account.me.texts[0][0],
        "any": "arn:aws:nothing:::new",
        "policy": ARNS["policy"].format("theirs"),
        "target": aimed.texts[0][0] if aimed else "",
    }
    return [allow(need[0].name, places[need[0].on]) for need in entry.needs]


def fired(account: Account, entry: Entry) -> Path | None:
    return next((path for path in paths(account) if path.entry is entry), None)


@pytest.mark.parametrize("identifier", ALL)
def test_a_path_fires_on_exactly_its_needs(identifier: str) -> None:
    entry = CATALOGUE[identifier]
    account, aimed = account_for(entry)
    rows = precise(entry, aimed, account)
    account, aimed = account_for(entry, *rows)
    path = fired(account, entry)
    assert path is not None
    assert path.confidence is Confidence.HIGH
    gained = (
        account.roles[aimed] if entry.where == "runs" and aimed else aimed or (account.me if entry.on("self") else None)
    )
    assert path.targets == ((gained,) if gained else ())
    certain = entry.where != "runs" or entry.on("target")
    assert path.verdict is (Verdict.ALLOWED if certain else Verdict.POSSIBLE)
    assert {statement.actions[0] for statement in path.because} == {
        statement.actions[0] for statement in account.layers.identity
    }


@pytest.mark.parametrize("identifier", ALL)
def test_a_path_is_silent_without_any_one_of_its_needs(identifier: str) -> None:
    entry = CATALOGUE[identifier]
    account, aimed = account_for(entry)
    rows = precise(entry, aimed, account)
    for missing in range(len(rows)):
        left = rows[:missing] + rows[missing + 1 :]
        assert fired(account_for(entry, *left)[0], entry) is None


BOUND = [
    one
    for one in ALL
    if CATALOGUE[one].where != "any"
    and (CATALOGUE[one].on("target") or (CATALOGUE[one].where and not CATALOGUE[one].target))
]
"""Entries that can be bound to one declared target, or ask something of the principal."""


@pytest.mark.parametrize("identifier", BOUND)
def test_a_path_is_silent_where_its_declared_target_gives_nothing(identifier: str) -> None:
    entry = CATALOGUE[identifier]
    account, aimed = account_for(entry)
    rows = [row for row in precise(entry, aimed, account) if row["Resource"] != "arn:aws:nothing:::new"]
    rows += [allow(need[0].name) for need in entry.needs if need[0].on == "any"]
    assert fired(account_for(entry, *rows, fitting=False)[0], entry) is None


def test_the_catalogue_is_large_known_and_cited() -> None:
    assert len(ALL) >= 100
    assert len({entry.needs for entry in CATALOGUE.values()}) >= 200
    for entry in CATALOGUE.values():
        assert entry.references
        assert entry.title[0].islower() or entry.title.startswith("IAM")
        assert all(actions.is_listed(action) for action in entry.actions())
    cited = {one.rpartition("/")[2] for entry in CATALOGUE.values() for one in entry.references if "pathfinding" in one}
    assert {"iam-001", "iam-021", "lambda-006", "bedrock-001", "bedrock-002", "sts-001", "ssm-002"} <= cited


# By hand


def ids(account: Account) -> set[str]:
    return {path.entry.id for path in paths(account)}


def test_an_administrator_has_nothing_to_gain() -> None:
    assert ids(Account(allow())) == set()
    assert ids(Account(allow(), boundary=statements(allow(["iam:*", "sts:*"])))) != set()


def test_passing_any_role_reaches_what_is_not_declared() -> None:
    account = Account(allow(["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"]))
    path = fired(account, CATALOGUE["aws-lambda-create-invoke"])
    assert path is not None
    assert (path.verdict, path.confidence, path.step) == (Verdict.POSSIBLE, Confidence.HIGH, Step.ADMIN)
    assert path.outside == "any role of the account that trusts lambda.amazonaws.com"
    assert (path.targets, path.wildcard) == ((), True)


def test_passing_roles_of_a_prefix_names_the_prefix_and_the_declared_ones() -> None:
    pattern = ARNS["role"].format("app-*")
    account = Account(allow("iam:PassRole", pattern), allow(["lambda:CreateFunction", "lambda:InvokeFunction"]))
    inside, outside = account.add("role", "app-admin"), account.add("role", "other")
    account.trusting[inside] |= {"lambda.amazonaws.com"}
    account.trusting[outside] |= {"lambda.amazonaws.com"}
    path = fired(account, CATALOGUE["aws-lambda-create-invoke"])
    assert path is not None
    assert (path.verdict, path.targets) == (Verdict.ALLOWED, (inside,))
    assert path.outside == f"any role that matches {pattern} that trusts lambda.amazonaws.com"


def test_passing_one_role_by_name_fires_only_when_it_gives_more() -> None:
    rows = [
        allow("iam:PassRole", ARNS["role"].format("worker")),
        allow(["lambda:CreateFunction", "lambda:InvokeFunction"]),
    ]
    entry = CATALOGUE["aws-lambda-create-invoke"]
    for gains, trusted, expected in ((Step.DEPLOY, True, True), (None, True, False), (Step.DEPLOY, False, False)):
        account = Account(*rows)
        worker = account.add("role", "worker", gains=gains)
        if trusted:
            account.trusting[worker] |= {"lambda.amazonaws.com"}
        path = fired(account, entry)
        assert (path is not None) is expected
        if path is not None:
            assert (path.step, path.outside, path.verdict) == (Step.DEPLOY, "", Verdict.ALLOWED)


def test_a_name_that_is_not_declared_is_possible_at_medium_confidence() -> None:
    account = Account(
        allow("iam:PassRole", ARNS["role"].format("elsewhere")),
        allow(["lambda:CreateFunction", "lambda:InvokeFunction"]),
    )
    path = fired(account, CATALOGUE["aws-lambda-create-invoke"])
    assert path is not None
    assert (path.verdict, path.confidence, path.step) == (Verdict.POSSIBLE, Confidence.MEDIUM, Step.IDENTITY)
    assert path.outside == f"{ARNS['role'].format('elsewhere')}, not declared in the scanned code"


def test_an_unknown_account_leaves_a_name_bounded() -> None:
    named = text("arn:aws:iam::", unknown(kind=Kind.ACCOUNT), ":role/worker")
    account = Account(allow("iam:PassRole", named), allow(["lambda:CreateFunction", "lambda:InvokeFunction"]))
    worker = account.add("role", "worker")
    account.trusting[worker] |= {"lambda.amazonaws.com"}
    path = fired(account, CATALOGUE["aws-lambda-create-invoke"])
    assert path is not None
    assert (path.targets, path.outside) == ((worker,), "")


def test_passed_to_another_service_fires_nothing_of_lambda() -> None:
    condition = {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}
    account = Account(
        allow("iam:PassRole", Condition=condition),
        allow(["lambda:CreateFunction", "lambda:InvokeFunction", "ec2:RunInstances"]),
    )
    assert "aws-ec2-run-instances" in ids(account)
    assert "aws-lambda-create-invoke" not in ids(account)


def test_a_deny_a_boundary_and_an_scp_silence_paths() -> None:
    rows = [allow("iam:*")]
    assert "aws-iam-put-role-policy" in ids(Account(*rows))
    assert "aws-iam-put-role-policy" not in ids(Account(*rows, deny("iam:PutRolePolicy")))
    assert "aws-iam-put-role-policy" not in ids(Account(*rows, boundary=statements(allow("s3:*"))))
    scp = (statements(allow("*"), deny("iam:Put*")),)
    assert "aws-iam-put-role-policy" not in ids(Account(*rows, service_control=scp))


def test_attaching_only_a_harmless_policy_is_no_escalation() -> None:
    condition = {"ArnEquals": {"iam:PolicyARN": "arn:aws:iam::aws:policy/ReadOnlyAccess"}}
    account = Account(allow("iam:AttachRolePolicy", Condition=condition))
    assert "aws-iam-attach-role-policy" not in ids(account)
    assert "aws-iam-attach-role-policy" in ids(Account(allow("iam:AttachRolePolicy")))


def test_writing_the_policy_of_another_role_is_no_self_escalation() -> None:
    account = Account(allow("iam:PutRolePolicy", ARNS["role"].format("other")))
    assert "aws-iam-put-role-policy" not in ids(account)


def test_a_function_without_declared_role_is_reached_only_by_an_open_pattern() -> None:
    entry = CATALOGUE["aws-lambda-update-code"]
    named = Account(allow("lambda:UpdateFunctionCode", ARNS["lambda-function"].format("it")))
    named.add("lambda-function")
    assert fired(named, entry) is None
    wide = Account(allow("lambda:UpdateFunctionCode"))
    path = fired(wide, entry)
    assert path is not None
    assert (path.outside, path.step, path.verdict) == ("any function of the account", Step.IDENTITY, Verdict.POSSIBLE)


def test_a_pattern_of_another_kind_reaches_no_target() -> None:
    account = Account(
        allow("iam:PassRole", "arn:aws:s3:::*"), allow(["lambda:CreateFunction", "lambda:InvokeFunction"])
    )
    assert "aws-lambda-create-invoke" not in ids(account)


def test_nobody_gains_by_assuming_itself() -> None:
    account = Account(allow("sts:AssumeRole", target("role", "me").texts[0][0]))
    account.trusting[account.me] |= {"me"}
    assert ids(account) == set()


def test_a_condition_makes_a_path_possible() -> None:
    condition = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    account = Account(allow("iam:PutRolePolicy", Condition=condition))
    path = fired(account, CATALOGUE["aws-iam-put-role-policy"])
    assert path is not None
    assert path.verdict is Verdict.POSSIBLE


def test_shorter_paths_stand_for_longer_ones_of_the_same_outcome() -> None:
    account = Account(allow(["iam:CreateAccessKey", "iam:DeleteAccessKey"]))
    account.add("user", "admin")
    assert ids(account) == {"aws-iam-create-access-key", "aws-iam-replace-access-key"}
    assert [path.entry.id for path in shortest(paths(account))] == ["aws-iam-create-access-key"]


def test_paths_come_in_the_order_of_the_catalogue() -> None:
    found = [path.entry.id for path in paths(Account(allow(["iam:*", "lambda:*", "sts:*", "ec2:*"])))]
    order = [entry.id for entry in entries("aws")]
    assert found == sorted(found, key=order.index)
    assert ACCOUNT not in found
