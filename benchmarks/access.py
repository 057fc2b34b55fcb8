"""Effective actions and who-reaches-admin over synthetic AWS accounts.

    python benchmarks/access.py [ROLES …]        default 100 1000 10000

Each role has about nine statements: a tenth of the roles hold an AWS managed policy, a third of the statements carry
a condition, every tenth role may pass roles, every twentieth may assume others, every fiftieth has a boundary, one in
five hundred is an administrator. Prints CPU seconds per phase and the peak of resident memory.
Paths between roles go through patterns (identity → pattern → roles), so `*` is one node and nothing is squared.
"""

from __future__ import annotations

import gc
import importlib
import random
import resource
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1] / "analyzer"))

from agentreach.access import actions, effective, managed_policies
from agentreach.access.globs import compiled, match_text
from agentreach.access.request import Layers
from agentreach.identity import Condition, Statement
from agentreach.model import Scalar, Source, Span, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.access.globs import Tokens

AT = Span(Source("benchmark", ""), 0, 0)
ACCOUNT = "111111111111"
MANAGED = (
    "AmazonS3ReadOnlyAccess",
    "AWSLambdaBasicExecutionRole",
    "CloudWatchReadOnlyAccess",
    "AmazonBedrockFullAccess",
    "AmazonDynamoDBFullAccess",
    "PowerUserAccess",
    "ReadOnlyAccess",
)
COMMON = (
    ("s3:GetObject", "s3:ListBucket"),
    ("s3:Get*", "s3:List*"),
    ("dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem"),
    ("sqs:SendMessage", "sqs:ReceiveMessage"),
    ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"),
    ("secretsmanager:GetSecretValue",),
    ("bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"),
    ("kms:Decrypt", "kms:GenerateDataKey*"),
    ("ec2:Describe*",),
    ("lambda:InvokeFunction",),
    ("sns:Publish",),
    ("ssm:GetParameter*",),
)
CONDITIONED, MANAGED_SHARE, DENYING, TRUSTING = 0.33, 0.1, 0.05, 0.5
ANY_ROLE, OWN_TEAM = 0.05, 0.5
ADMINISTRATOR = 3
PASSES = ("iam:PassRole",)
ASSUMES = ("sts:AssumeRole",)
CREATES = ("lambda:CreateFunction", "lambda:InvokeFunction")


class Role(NamedTuple):
    """A role of the account, the services and accounts that may become it, and its policies."""

    arn: str
    layers: Layers
    trusts_lambda: bool


def scalars(*texts: str) -> tuple[Scalar, ...]:
    return tuple(Scalar(one, AT) for one in texts)


def allow(listed: tuple[str, ...], where: str, *, condition: bool = False) -> Statement:
    met = (Condition("StringEquals", "aws:RequestedRegion", scalars("eu-west-1"), AT),) if condition else ()
    return Statement(effect="Allow", actions=scalars(*listed), resources=scalars(where), conditions=met, at=AT)


def roles(count: int) -> list[Role]:
    chance = random.Random(7)
    return [_role(number, chance, count) for number in range(count)]


def _role(number: int, chance: random.Random, count: int) -> Role:
    team = number % 40
    statements = [_everyday(team, chance) for _ in range(8)]
    if chance.random() < MANAGED_SHARE:
        policy = managed_policies.find(chance.choice(MANAGED))
        statements += policy.statements if policy else ()
    if number % 10 == 0:
        statements += [allow(PASSES, _roles_of(chance, team, count)), allow(CREATES, "*")]
    if number % 20 == 0:
        statements.append(allow(ASSUMES, _roles_of(chance, team, count)))
    if number % 500 == ADMINISTRATOR:
        statements.append(allow(("*",), "*"))
    if chance.random() < DENYING:
        statements.append(Statement(effect="Deny", actions=scalars("iam:*", "kms:*"), resources=scalars("*"), at=AT))
    boundary = (allow(("s3:*", "logs:*", "iam:PassRole", "lambda:*"), "*"),) if number % 50 == 1 else None
    layers = Layers(identity=tuple(statements), boundary=boundary)
    return Role(f"arn:aws:iam::{ACCOUNT}:role/team{team}/role{number}", layers, chance.random() < TRUSTING)


def _everyday(team: int, chance: random.Random) -> Statement:
    where = f"arn:aws:s3:::team{team}-{chance.randrange(20)}/*"
    return allow(chance.choice(COMMON), where, condition=chance.random() < CONDITIONED)


def _roles_of(chance: random.Random, team: int, count: int) -> str:
    kind = chance.random()
    if kind < ANY_ROLE:
        return "*"
    if kind < OWN_TEAM:
        return f"arn:aws:iam::{ACCOUNT}:role/team{team}/*"
    other = chance.randrange(count)
    return f"arn:aws:iam::{ACCOUNT}:role/team{other % 40}/role{other}"


class Reached(NamedTuple):
    """Who reaches administration, by name, and how many edges that took."""

    names: set[str]
    edges: int


def reaches_admin(account: list[Role], held: list[effective.Bits]) -> Reached:
    """Backwards from the administrators, through patterns, to a fixpoint."""
    holders, edges = _holders(account, held)
    exact, wild = _by_shape(holders)
    trusted = {role.arn: role.trusts_lambda for role in account}
    everything = actions.known_bits()
    found = [role.arn for role, bits in zip(account, held, strict=True) if bits.certain & everything == everything]
    reached, waiting = set(found), found
    while waiting:
        arn = waiting.pop()
        patterns = [arn] if arn in exact else []
        patterns += [text for text, tokens in wild if match_text(tokens, arn)]
        for pattern in patterns:
            for holder, passes in holders[pattern]:
                if holder not in reached and (trusted[arn] or not passes):
                    reached.add(holder)
                    waiting.append(holder)
    return Reached(reached, edges)


def _holders(account: list[Role], held: list[effective.Bits]) -> tuple[dict[str, list[tuple[str, bool]]], int]:
    """Pattern -> who may become the roles it names, and whether by passing them to a function."""
    passing, assuming = actions.expand(*PASSES), actions.expand(*ASSUMES)
    creating = actions.expand(CREATES[0])
    holders: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    edges = 0
    for role, bits in zip(account, held, strict=True):
        ways = (passing if bits.possible & creating else 0) | assuming
        if not bits.possible & ways:
            continue
        for statement in role.layers.identity:
            covered = effective.statement_actions(statement).possible & ways
            if covered and statement.effect == "Allow":
                for one in statement.resources:
                    holders[string(one) or "*"].append((role.arn, not covered & assuming))
                    edges += 1
    return holders, edges


def _by_shape(holders: dict[str, list[tuple[str, bool]]]) -> tuple[set[str], list[tuple[str, Tokens]]]:
    exact = {text for text in holders if "*" not in text}
    return exact, [(text, compiled(text)) for text in holders if "*" in text]


def by_networkx(account: list[Role], held: list[effective.Bits]) -> tuple[set[str], float] | None:
    """The same question over the same edges, one edge a pair of roles; None without networkx."""
    try:
        networkx = importlib.import_module("networkx")
    except ModuleNotFoundError:
        return None
    start = time.process_time()
    graph = networkx.DiGraph()
    holders, _ = _holders(account, held)
    for pattern, listed in holders.items():
        tokens = compiled(pattern)
        named = [role for role in account if match_text(tokens, role.arn)]
        for holder, passes in listed:
            graph.add_edges_from((holder, role.arn) for role in named if role.trusts_lambda or not passes)
    everything = actions.known_bits()
    admins = [role.arn for role, bits in zip(account, held, strict=True) if bits.certain & everything == everything]
    graph.add_nodes_from(admins)
    found = set(admins).union(*(networkx.ancestors(graph, one) for one in admins))
    return found, time.process_time() - start


def measured(count: int) -> Iterator[str]:
    gc.collect()
    account = roles(count)
    statements = sum(len(role.layers.identity) for role in account)
    start = time.process_time()
    held = [effective.total(effective.grants(role.layers)) for role in account]
    first = time.process_time()
    reached = reaches_admin(account, held)
    second = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield f"{count:>7} {statements:>10} {first - start:>12.3f} {second - first:>14.4f}"
    yield f" {len(reached.names):>14} {reached.edges:>8} {peak:>9.0f}"
    other = by_networkx(account, held)
    if other is not None:
        same = "" if other[0] == reached.names else " and disagrees"
        yield f" {other[1]:>11.2f}{same}"
    yield "\n"


def main(counts: list[int]) -> None:
    print("  roles statements  effective s  admin paths s  reaching admin    edges   peak MB  networkx s")
    for count in counts:
        print("".join(measured(count)), end="")


if __name__ == "__main__":
    main([int(one) for one in sys.argv[1:]] or [100, 1_000, 10_000])
