"""A fleet scan of generated repositories: scanning, joining and growth.

    python benchmarks/fleet.py [REPOSITORIES …] [--jobs N …] [--folder DIR]     default 200 1000 3000, jobs 1 2

Each repository is one commit of twenty Terraform files with 34 roles (3,000 repositories: 102,000 principals). Three in
a hundred declare an agent, whose role is declared in the next repository and may become a role of the one after it, for
one to six hops. Prints repositories a second, seconds and processor seconds of scanning and of the join, and the peak
of resident memory of the process that joins and of the largest of its workers; the second scan shows what an unchanged
fleet costs.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from agentreach.fleet.repositories import repositories
from agentreach.fleet.run import Settings, scan_fleet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.fleet.run import Summary

FILES, ROLES, HOPS = 20, 34, 6
ACCOUNT = "111122223333"
SHARE = 33
"""One repository in so many has an agent."""


def main() -> None:
    """Generate, scan, print."""
    wanted = argparse.ArgumentParser()
    wanted.add_argument("sizes", nargs="*", type=int, default=[200, 1000, 3000])
    wanted.add_argument("--jobs", nargs="*", type=int, default=[1, 2])
    wanted.add_argument("--folder", type=Path)
    given = wanted.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        base = given.folder or Path(scratch)
        print(
            "repositories  jobs  scanning s  repositories/s  cpu s  joining s  cpu s  again s  cpu s  agents  groups"
            "  MB here  MB worker"
        )
        for size in given.sizes:
            folder = base / f"fleet-{size}"
            if not folder.exists():
                generate(folder, size)
            for jobs in given.jobs:
                _measured(folder, base / f"store-{size}-{jobs}", size, jobs)


def _measured(folder: Path, store: Path, size: int, jobs: int) -> None:
    """One fresh scan and one of an unchanged fleet, in a process of their own, so that memory is theirs alone."""
    child = os.fork()
    if child == 0:
        _print_run(folder, store, size, jobs)
        os._exit(0)
    os.waitpid(child, 0)


def _print_run(folder: Path, store: Path, size: int, jobs: int) -> None:
    began, first = time.perf_counter(), _Marks()
    summary = _scan(folder, store, jobs, first)
    ended = time.perf_counter()
    own, workers = _cpu(resource.RUSAGE_SELF), _cpu(resource.RUSAGE_CHILDREN)
    _scan(folder, store, jobs, _Marks())
    again = time.perf_counter() - ended
    cpu_again = _cpu(resource.RUSAGE_SELF) + _cpu(resource.RUSAGE_CHILDREN) - own - workers
    here, there = (
        resource.getrusage(whose).ru_maxrss // 1024 for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    scanning = first.scanned - began
    joining_cpu = own - first.own + workers - first.scanners
    print(
        f"{size:12}  {jobs:4}  {scanning:10.1f}  {size / scanning:14.1f}  {first.own + first.scanners:5.1f}"
        f"  {ended - first.scanned:9.1f}  {joining_cpu:5.1f}  {again:7.1f}  {cpu_again:5.1f}"
        f"  {summary.agents:6}  {summary.groups:6}  {here:7}  {there:9}",
        flush=True,
    )


def _cpu(whose: int) -> float:
    used = resource.getrusage(whose)
    return used.ru_utime + used.ru_stime


class _Marks:
    """When scanning ended, and what this process and its scanning workers had used of processors by then."""

    def __init__(self) -> None:
        self.scanned = self.own = self.scanners = 0.0

    def __call__(self, phase: str, done: int, of: int) -> None:
        if phase == "scanning" and done == of:
            self.scanned, self.own = time.perf_counter(), _cpu(resource.RUSAGE_SELF)
        elif phase == "joining" and done == 1:
            self.scanners = _cpu(resource.RUSAGE_CHILDREN)


def _scan(folder: Path, store: Path, jobs: int, marks: _Marks) -> Summary:
    return scan_fleet(repositories([folder]), str(store), Settings(jobs=jobs), marks)


def generate(folder: Path, size: int) -> None:
    """Write the repositories, the same for every run of a size."""
    for number in range(size):
        repository = folder / f"team-{number % 40:02}" / f"service-{number:04}"
        repository.mkdir(parents=True)
        for name, text in _files(number, size):
            (repository / name).write_text(text)
        _commit(repository)


def _commit(repository: Path) -> None:
    person = [part for what in ("name", "email") for part in ("-c", f"user.{what}=benchmark@example.com")]
    for arguments in (["init", "-q"], ["add", "-A"], [*person, "commit", "-qm", "generated"]):
        subprocess.run(["git", "-C", str(repository), *arguments], check=True)


def _files(number: int, size: int) -> Iterator[tuple[str, str]]:
    rng = random.Random(number)
    for place in range(FILES):
        roles = [_role(f"svc-{number:04}-{one:02}", rng) for one in range(place, ROLES, FILES)]
        text = "".join([*roles, _ordinary(number, place)])
        yield f"part{place:02}.tf", text
    if number % SHARE == 0:
        yield "agent.tf", _agent(number)
    start, hop = number // SHARE * SHARE, number % SHARE
    if 1 <= hop <= min(HOPS, 1 + start // SHARE % HOPS) and start < size:
        yield "chain.tf", _hop(start, hop)


def _agent(number: int) -> str:
    return f"""
resource "aws_bedrockagent_agent" "assistant" {{
  agent_name              = "assistant-{number}"
  foundation_model        = "anthropic.claude-sonnet-4-20250514-v1:0"
  agent_resource_role_arn = "arn:aws:iam::{ACCOUNT}:role/chain-{number}-1"
  tags                    = {{ owner = "team-{number % 40:02}" }}
}}
"""


def _hop(start: int, hop: int) -> str:
    trusted = (
        'Service = "bedrock.amazonaws.com"'
        if hop == 1
        else f'AWS = "arn:aws:iam::{ACCOUNT}:role/chain-{start}-{hop - 1}"'
    )
    return _trusting(f"chain-{start}-{hop}", trusted) + _policy(
        f"chain-{start}-{hop}", "sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/chain-{start}-{hop + 1}"
    )


def _role(name: str, rng: random.Random) -> str:
    action = rng.choice(("s3:GetObject", "sqs:SendMessage", "dynamodb:Query", "secretsmanager:GetSecretValue"))
    return _trusting(name, 'Service = "lambda.amazonaws.com"') + _policy(name, action, f"arn:aws:s3:::{name}/*")


def _trusting(name: str, principal: str) -> str:
    return f"""
resource "aws_iam_role" "{name}" {{
  name = "{name}"
  assume_role_policy = jsonencode({{
    Version   = "2012-10-17"
    Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ {principal} }} }}]
  }})
}}
"""


def _policy(name: str, action: str, resource_: str) -> str:
    return f"""
resource "aws_iam_role_policy" "{name}" {{
  role = aws_iam_role.{name}.name
  policy = jsonencode({{
    Version   = "2012-10-17"
    Statement = [{{ Effect = "Allow", Action = "{action}", Resource = "{resource_}" }}]
  }})
}}
"""


def _ordinary(number: int, place: int) -> str:
    name = f"data-{number:04}-{place:02}"
    return f"""
resource "aws_s3_bucket" "{name}" {{
  bucket = "{name}"
}}
resource "aws_cloudwatch_log_group" "{name}" {{
  name              = "/service/{name}"
  retention_in_days = 30
}}
"""


if __name__ == "__main__":
    main()
