"""Reach of 50 agents over synthetic AWS accounts, from facts to the finished graph.

    python benchmarks/access_reach.py [ROLES …]        default 100 1000 10000

An account has 40 teams. Each role has about nine statements in three policies of its own; a tenth of the roles hold
an AWS managed policy, a third a policy of their team. A third of the statements carry a condition. Every tenth role
may pass roles, every twentieth may assume others (half of these their whole team, one in twenty of these any role),
every fiftieth has a boundary, one in twenty a Deny, one in five hundred is an administrator. Half the roles trust a
service, a quarter two roles by name, the others their account (mostly under a condition), a pipeline, or an account
outside. There is a bucket for each ten roles, a secret and a table for each twenty, a function for each five. Each
agent has a role of its own and a tool that a function executes.

Every size runs in a process of its own. Prints CPU seconds from facts to the finished graph (reach, escalation paths,
third parties, everything that a scan shows), the peak of resident memory with the facts in it, and what was found;
growth is the ratio to the line before, for an account ten times as large.

The last columns ask the simplest part of it, whom each agent can become, of networkx: one edge for each pair of roles
over which our own engine says that one becomes the other, then `networkx.descendants` for each agent. Both must agree.
PMapper asks of every pair of principals whether one becomes the other, and simulates the policies of both for each
(`STSEdgeChecker.return_edges` in principalmapper/graphing/sts_edges.py of https://github.com/nccgroup/PMapper), so its
work grows with the square of their number; benchmarks/README.md says what its users measured.
"""

from __future__ import annotations

import gc
import importlib
import json
import random
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1] / "analyzer"))

from agentreach.graph import build
from agentreach.graph.join import joined
from agentreach.graph.options import GraphOptions
from agentreach.identity import (
    Agent,
    Attachment,
    Condition,
    IdentityRelation,
    IdentityUse,
    Policy,
    PolicyRole,
    Principal,
    Statement,
    System,
    Tool,
    Trusted,
    Workload,
)
from agentreach.model import Key, Reference, Scalar, Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from agentreach.identity import Fact

ACCOUNT: Final = "111111111111"
OTHER: Final = "222222222222"
ROOT: Final = "."
AGENTS: Final = 50
TEAMS: Final = 40
_LINE: Final = "line\n"
_LINES: Final = 400_000

MANAGED: Final = (
    "AmazonS3ReadOnlyAccess",
    "AWSLambdaBasicExecutionRole",
    "CloudWatchReadOnlyAccess",
    "AmazonBedrockFullAccess",
    "AmazonDynamoDBFullAccess",
    "PowerUserAccess",
    "ReadOnlyAccess",
)
EVERYDAY: Final = (
    ("s3", ("s3:GetObject", "s3:ListBucket")),
    ("s3", ("s3:Get*", "s3:List*")),
    ("s3", ("s3:PutObject", "s3:DeleteObject")),
    ("dynamodb", ("dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem")),
    ("sqs", ("sqs:SendMessage", "sqs:ReceiveMessage")),
    ("logs", ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents")),
    ("secretsmanager", ("secretsmanager:GetSecretValue",)),
    ("bedrock", ("bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream")),
    ("kms", ("kms:Decrypt", "kms:GenerateDataKey*")),
    ("ec2", ("ec2:Describe*",)),
    ("lambda", ("lambda:InvokeFunction",)),
    ("sns", ("sns:Publish",)),
    ("ssm", ("ssm:GetParameter*",)),
)
SERVICES: Final = ("lambda", "lambda", "lambda", "ecs-tasks", "ec2", "glue", "codebuild", "states")
ADMINISTRATOR: Final = 3
ANYTHING, OWN_TEAM, MANAGED_SHARE = 0.05, 0.5, 0.1
BY_SERVICE, BY_NAME, UNDER_CONDITION, BY_ACCOUNT, BY_PIPELINE = 0.5, 0.75, 0.85, 0.9, 0.95
"""Who a role trusts: the share of all roles up to each kind."""


class Account:
    """Facts, as the lowering of an account in Terraform would emit them; every fact on a line of its own."""

    def __init__(self, roles: int) -> None:
        self.roles = roles
        self.chance = random.Random(7)
        self.source = Source("account.tf", _LINE * _LINES)
        self.facts: list[Fact] = []
        self._line = 0

    def at(self) -> Span:
        self._line = (self._line + 1) % _LINES
        start = self._line * len(_LINE)
        return Span(self.source, start, start + 4)

    def key(self, address: str) -> Key:
        return Key(ROOT, address)

    def texts(self, *texts: str) -> tuple[Scalar, ...]:
        at = self.at()
        return tuple(Scalar(text, at) for text in texts)

    def reference(self, address: str) -> Reference:
        return Reference(self.key(address), "arn", self.at())

    def statement(self, actions: Iterable[str], *where: str, spot: int, effect: str = "Allow") -> Statement:
        met: tuple[Condition, ...] = ()
        if effect == "Allow" and self.chance.random() < 1 / 3:
            key, value = self.chance.choice((("aws:RequestedRegion", "eu-west-1"), ("aws:SecureTransport", "true")))
            met = (Condition("StringEquals", key, self.texts(value), self.at()),)
        return Statement(
            effect=effect,
            actions=self.texts(*actions),
            resources=self.texts(*where),
            conditions=met,
            at=self.at(),
            spot=f"#{spot}",
        )


def arn_of(number: int) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/team{number % TEAMS}/role{number}"


def role_address(number: int) -> str:
    return f"aws_iam_role.role{number}"


def account_of(roles: int) -> list[Fact]:
    """All facts of an account with so many roles."""
    account = Account(roles)
    for team in range(TEAMS):
        _team_policy(account, team)
    for number in range(roles):
        _role(account, number)
    _systems(account)
    for number in range(AGENTS):
        _agent(account, number)
    return account.facts


def _team_policy(account: Account, team: int) -> None:
    statements = [_everyday(account, team, spot) for spot in range(4)]
    key = account.key(f"aws_iam_policy.team{team}")
    names = account.texts(f"arn:aws:iam::{ACCOUNT}:policy/team{team}")
    account.facts.append(
        Policy(key=key, role=PolicyRole.IDENTITY, statements=tuple(statements), at=account.at(), names=names)
    )


def _everyday(account: Account, team: int, spot: int) -> Statement:
    service, actions = account.chance.choice(EVERYDAY)
    return account.statement(actions, _thing(account, service, team), spot=spot)


def _thing(account: Account, service: str, team: int) -> str:
    chance = account.chance
    if service in {"ec2", "logs"} or chance.random() < ANYTHING:
        return "*"
    number = chance.randrange(max(account.roles // 20, TEAMS)) // TEAMS * TEAMS + team
    resource = {
        "s3": f"arn:aws:s3:::bucket{number}/*",
        "dynamodb": f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/table{number}",
        "secretsmanager": f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:secret{number}-*",
        "lambda": f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:function{number}",
    }
    return resource.get(service, f"arn:aws:{service}:eu-west-1:{ACCOUNT}:team{team}-{chance.randrange(20)}")


def _role(account: Account, number: int) -> None:
    team, key = number % TEAMS, account.key(role_address(number))
    names = account.texts(f"role{number}", arn_of(number))
    tags = {"env": "production" if number % 5 == 0 else "development", "team": f"team{team}"}
    account.facts.append(Principal(key=key, kind="role", provider="aws", at=account.at(), names=names, tags=tags))
    _trust(account, number, key)
    for name, statements in _policies(account, number, team):
        address = account.key(f"aws_iam_role_policy.role{number}_{name}")
        policy = Policy(
            key=address,
            role=PolicyRole.IDENTITY,
            statements=tuple(statements),
            at=account.at(),
            subject=_ref(account, key),
        )
        account.facts.append(policy)
    _attachments(account, number, team, key)


def _ref(account: Account, key: Key) -> Reference:
    return Reference(key, "id", account.at())


def _policies(account: Account, number: int, team: int) -> Iterator[tuple[str, list[Statement]]]:
    yield "data", [_everyday(account, team, spot) for spot in range(4)]
    yield "run", [_everyday(account, team, spot) for spot in range(4)]
    special = list(_special(account, number, team))
    if special:
        yield "special", special


def _special(account: Account, number: int, team: int) -> Iterator[Statement]:
    if number % 10 == 0:
        yield account.statement(("iam:PassRole",), _roles_of(account, team), spot=0)
        yield account.statement(("lambda:CreateFunction", "lambda:InvokeFunction"), "*", spot=1)
    if number % 20 == 0:
        yield account.statement(("sts:AssumeRole",), _roles_of(account, team), spot=2)
    if number % 500 == ADMINISTRATOR:
        yield account.statement(("*",), "*", spot=3)
    if number % 20 == 1:
        yield account.statement(("iam:*", "kms:*"), "*", spot=4, effect="Deny")


def _roles_of(account: Account, team: int) -> str:
    kind = account.chance.random()
    if kind < ANYTHING:
        return "*"
    if kind < OWN_TEAM:
        return f"arn:aws:iam::{ACCOUNT}:role/team{team}/*"
    return arn_of(account.chance.randrange(account.roles))


def _trust(account: Account, number: int, key: Key) -> None:
    kind = account.chance.random()
    conditions: tuple[Condition, ...] = ()
    if number < AGENTS:
        trusted = [Trusted("Service", one) for one in account.texts("bedrock.amazonaws.com")]
    elif kind < BY_SERVICE:
        trusted = [Trusted("Service", one) for one in account.texts(f"{account.chance.choice(SERVICES)}.amazonaws.com")]
    elif kind < BY_NAME:
        several = [arn_of(account.chance.randrange(account.roles)) for _ in range(2)]
        trusted = [Trusted("AWS", one) for one in account.texts(*several)]
    elif kind < BY_ACCOUNT:
        trusted = [Trusted("AWS", one) for one in account.texts(f"arn:aws:iam::{ACCOUNT}:root")]
        conditions = _conditions(account) if kind < UNDER_CONDITION else ()
    elif kind < BY_PIPELINE:
        issuer = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
        trusted = [Trusted("Federated", one) for one in account.texts(issuer)]
        conditions = (_condition(account, "token.actions.githubusercontent.com:sub", f"repo:org/repo{number}:*"),)
    else:
        trusted = [Trusted("AWS", one) for one in account.texts(f"arn:aws:iam::{OTHER}:root")]
        conditions = (_condition(account, "sts:ExternalId", f"id-{number}"),)
    action = "sts:AssumeRoleWithWebIdentity" if trusted[0].kind == "Federated" else "sts:AssumeRole"
    statement = Statement(
        effect="Allow",
        actions=account.texts(action),
        principals=tuple(trusted),
        conditions=conditions,
        at=account.at(),
    )
    account.facts.append(Policy(key=key, role=PolicyRole.TRUST, statements=(statement,), at=statement.at, subject=key))


def _conditions(account: Account) -> tuple[Condition, ...]:
    kind = account.chance.choice(("aws:PrincipalTag/team", "sts:ExternalId", "aws:MultiFactorAuthPresent"))
    value = {"aws:PrincipalTag/team": f"team{account.chance.randrange(TEAMS)}", "sts:ExternalId": "id"}.get(
        kind, "true"
    )
    return (_condition(account, kind, value),)


def _condition(account: Account, key: str, value: str) -> Condition:
    return Condition("StringLike", key, account.texts(value), account.at())


def _attachments(account: Account, number: int, team: int, key: Key) -> None:
    if account.chance.random() < MANAGED_SHARE:
        (arn,) = account.texts(f"arn:aws:iam::aws:policy/{account.chance.choice(MANAGED)}")
        account.facts.append(Attachment(principal=_ref(account, key), policy=arn, at=account.at()))
    if number % 3 == 0:
        policy = account.reference(f"aws_iam_policy.team{team}")
        account.facts.append(Attachment(principal=_ref(account, key), policy=policy, at=account.at()))
    if number % 50 == 1:
        policy = account.reference("aws_iam_policy.boundary")
        account.facts.append(
            Attachment(principal=_ref(account, key), policy=policy, at=account.at(), role=PolicyRole.BOUNDARY)
        )


def _systems(account: Account) -> None:
    statement = account.statement(("s3:*", "logs:*", "iam:PassRole", "lambda:*"), "*", spot=0)
    account.facts.append(
        Policy(
            key=account.key("aws_iam_policy.boundary"),
            role=PolicyRole.IDENTITY,
            statements=(statement,),
            at=account.at(),
        )
    )
    for number in range(account.roles // 10):
        _system(account, "aws_s3_bucket", "s3", "bucket", f"arn:aws:s3:::bucket{number}", number)
    for number in range(account.roles // 20):
        secret = f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:secret{number}-a1b2c3"
        _system(account, "aws_secretsmanager_secret", "secretsmanager", "secret", secret, number)
        table = f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/table{number}"
        _system(account, "aws_dynamodb_table", "dynamodb", "table", table, number)
    for number in range(account.roles // 5):
        _function(account, number)


def _system(account: Account, kind: str, service: str, what: str, arn: str, number: int) -> None:
    tags = {"env": "production"} if number % 4 == 0 else {}
    account.facts.append(
        System(
            key=account.key(f"{kind}.{what}{number}"),
            service=service,
            kind=what,
            names=account.texts(arn),
            at=account.at(),
            tags=tags,
        )
    )


def _function(account: Account, number: int) -> None:
    key = account.key(f"aws_lambda_function.function{number}")
    arn = f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:function{number}"
    _system(account, "aws_lambda_function", "lambda", "function", arn, number)
    account.facts.append(
        Workload(key=key, name=f"function{number}", platform="aws", kind="lambda-function", at=account.at())
    )
    account.facts.append(_use(account, key, account.chance.randrange(account.roles)))


def _use(account: Account, subject: Key, role: int) -> IdentityUse:
    identity = account.reference(role_address(role))
    return IdentityUse(subject=subject, identity=identity, relation=IdentityRelation.RUNS_AS, at=account.at())


def _agent(account: Account, number: int) -> None:
    key = account.key(f"aws_bedrockagent_agent.agent{number}")
    account.facts.append(Agent(key=key, name=f"agent{number}", platform="aws", kind="bedrock-agent", at=account.at()))
    account.facts.append(_use(account, key, number))
    target = account.reference(f"aws_lambda_function.function{account.chance.randrange(account.roles // 5)}")
    account.facts.append(
        Tool(
            key=account.key(f"aws_bedrockagent_agent_action_group.tool{number}"),
            agent=key,
            name=f"tool{number}",
            executor="lambda",
            at=account.at(),
            target=target,
        )
    )


class Measured(NamedTuple):
    """One line of the table."""

    roles: int
    seconds: float
    peak: float
    identities: int
    reach: int
    paths: int
    edges: int
    networkx: float
    same: bool


def measured(roles: int) -> Measured:
    """Facts first; then the graph as a scan builds it, without the garbage collector, like the command line."""
    facts = account_of(roles)
    gc.collect()
    gc.freeze()
    gc.disable()
    start = time.process_time()
    graph = build(facts)
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = {(agent.key, view.key) for agent in graph.agents for view in agent.identities}
    other, edges, spent = by_networkx(facts)
    return Measured(
        roles=roles,
        seconds=seconds,
        peak=peak,
        identities=len({identity for _, identity in found}),
        reach=len(graph.all_reach),
        paths=len(graph.all_escalations),
        edges=edges,
        networkx=spent,
        same=found == other,
    )


def by_networkx(facts: list[Fact]) -> tuple[set[tuple[Key, Key]], int, float]:
    """Whom each agent becomes, over one edge for each pair that our own engine says is one, found by networkx."""
    networkx = importlib.import_module("networkx")
    world = joined(facts, GraphOptions())
    principals = [one.key for one in world.index.of(Principal)]
    start = time.process_time()
    graph = networkx.DiGraph()
    for principal in principals:
        graph.add_edges_from((principal, role) for role in world.assume.roles.at(world.assume.bulk(principal).all))
    places: list[Agent | Workload | Tool] = [
        *world.index.of(Agent),
        *world.index.of(Workload),
        *world.index.of(Tool),
    ]
    for place in [one.key for one in places]:
        graph.add_edges_from((place, edge.target) for edge in world.edges.of(place))
    known = set(principals)
    found = {
        (agent.key, reached)
        for agent in world.index.of(Agent)
        for reached in networkx.descendants(graph, agent.key)
        if reached in known
    }
    return found, graph.number_of_edges(), time.process_time() - start


def main(counts: list[str]) -> None:
    """Print a line for each size, each measured in a process of its own."""
    if counts[:1] == ["--one"]:
        print(json.dumps(measured(int(counts[1]))))
        return
    print(" roles  seconds  growth  peak MB identities   reach  paths     edges networkx s  growth")
    before: Measured | None = None
    for count in counts or ["100", "1000", "10000"]:
        told = subprocess.run([sys.executable, __file__, "--one", count], check=True, capture_output=True, text=True)
        one = Measured(*json.loads(told.stdout))
        print(_line(one, before))
        before = one


def _line(one: Measured, before: Measured | None) -> str:
    ours = f"{one.seconds / before.seconds:.1f}x" if before else ""
    theirs = f"{one.networkx / before.networkx:.1f}x" if before else ""
    text = f"{one.roles:>6} {one.seconds:>8.2f} {ours:>7} {one.peak:>8.0f}"
    text += f" {one.identities:>10} {one.reach:>7} {one.paths:>6}"
    agreed = "" if one.same else "  (finds others)"
    return f"{text} {one.edges:>9} {one.networkx:>10.2f} {theirs:>7}{agreed}"


if __name__ == "__main__":
    main(sys.argv[1:])
