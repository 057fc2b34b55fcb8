"""A finding keeps its fingerprint through everything that changes no meaning."""

from __future__ import annotations

import re
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from agentreach import scan
from scan_samples import ADMIN, AGENT, POLICY, write

if TYPE_CHECKING:
    import random

SECOND = (POLICY % ("secretsmanager:GetSecretValue", "*")).replace('"ops" {', '"secrets" {')
BLOCKS = tuple(f"resource{block}" for block in re.split(r"^resource", AGENT + ADMIN + SECOND, flags=re.MULTILINE)[1:])
MANIFESTS = (
    "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: bot\n  namespace: agents\n",
    (
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: bot\nrules:\n"
        "  - apiGroups: ['']\n    resources: [secrets]\n    verbs: [get]\n"
    ),
    (
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata:\n  name: bot\n"
        "roleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: ClusterRole\n  name: bot\n"
        "subjects:\n  - kind: ServiceAccount\n    name: bot\n    namespace: agents\n"
    ),
    (
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: langgraph-agent\n  namespace: agents\nspec:\n"
        "  serviceAccountName: bot\n  containers:\n    - name: agent\n      image: ghcr.io/acme/langgraph-agent:1\n"
        "      env:\n        - name: ANTHROPIC_API_KEY\n          value: none\n"
    ),
)


def fingerprints(files: dict[str, str]) -> list[tuple[str, str]]:
    with TemporaryDirectory() as folder, chdir(folder):
        for name, text in files.items():
            write(Path(folder), name, text)
        return sorted((one.check_id, one.fingerprint) for one in scan(".").findings)


def commented(text: str, chance: random.Random) -> str:
    """The text with comments and blank lines at places where any line may begin."""
    lines = []
    for line in text.splitlines():
        lines += chance.choice(([], [], ["# a remark"], ["", "  # another: {", ""]))
        lines.append(line)
    return "\n".join(lines) + "\n"


def reformatted(text: str, chance: random.Random) -> str:
    """Other indentation, other spaces around the sign, other line ends of blocks."""
    indent = chance.choice((1, 2, 4, 7))
    lines = [" " * (indent * ((len(one) - len(one.lstrip())) // 2)) + one.lstrip() for one in text.splitlines()]
    return "\n".join(re.sub(r"[ \t]+=[ \t]+", chance.choice((" = ", "    =  ")), line) for line in lines) + "\n"


TERRAFORM = fingerprints({"main.tf": "\n".join(BLOCKS)})
KUBERNETES = fingerprints({"all.yaml": "---\n".join(MANIFESTS)})


def test_there_is_something_to_compare() -> None:
    assert {"AR101", "AR303"} <= {check for check, _ in TERRAFORM}
    assert "AR303" in {check for check, _ in KUBERNETES}


@settings(max_examples=25, deadline=None)
@given(st.permutations(BLOCKS), st.integers(1, 4), st.randoms(use_true_random=False))
def test_blocks_may_be_shuffled_spread_over_files_reformatted_and_commented(
    blocks: list[str], files: int, chance: random.Random
) -> None:
    spread: dict[str, str] = {}
    for block in blocks:
        name = f"{chance.randrange(files)}.tf"
        spread[name] = spread.get(name, "") + commented(reformatted(block, chance), chance)
    assert fingerprints(spread) == TERRAFORM


@settings(max_examples=25, deadline=None)
@given(st.permutations(MANIFESTS), st.integers(1, 4), st.randoms(use_true_random=False))
def test_manifests_may_be_shuffled_spread_over_files_and_commented(
    manifests: list[str], files: int, chance: random.Random
) -> None:
    spread: dict[str, str] = {}
    for manifest in manifests:
        name = f"{chance.randrange(files)}.yaml"
        spread[name] = spread.get(name, "") + "---\n" + commented(manifest, chance)
    assert fingerprints(spread) == KUBERNETES


MOVED = "moved {{\n  # from = nothing\n  from = {}\n  to   = {}\n}}\n"


def test_what_is_renamed_by_moved_blocks_keeps_its_fingerprints_also_in_two_moves() -> None:
    renamed = "\n".join(BLOCKS).replace("aws_iam_role.ops", "aws_iam_role.planner")
    renamed = renamed.replace('"aws_iam_role" "ops"', '"aws_iam_role" "planner"')
    moves = MOVED.format("aws_iam_role.ops", "aws_iam_role.helper") + MOVED.format(
        "aws_iam_role.helper", "aws_iam_role.planner"
    )
    assert fingerprints({"main.tf": renamed}) != TERRAFORM
    assert fingerprints({"main.tf": renamed + moves}) == TERRAFORM


def test_what_is_moved_into_a_module_keeps_its_fingerprints() -> None:
    addresses = (
        "aws_bedrockagent_agent.ops",
        "aws_iam_role.ops",
        "aws_iam_role_policy.ops",
        "aws_iam_role_policy.secrets",
    )
    call = 'module "ops" {\n  source = "./ops"\n}\n'
    moves = "".join(MOVED.format(one, f"module.ops.{one}") for one in addresses)
    module = {"ops/main.tf": "\n".join(BLOCKS)}
    assert fingerprints({**module, "main.tf": call}) != TERRAFORM
    assert fingerprints({**module, "main.tf": call + moves}) == TERRAFORM


def test_a_module_s_own_moves_hold_in_each_of_its_instances() -> None:
    call = 'module "ops" {\n  source   = "./ops"\n  for_each = toset(["a", "b"])\n}\n'
    before = fingerprints({"ops/main.tf": "\n".join(BLOCKS), "main.tf": call})
    renamed = "\n".join(BLOCKS).replace('"aws_iam_role_policy" "ops"', '"aws_iam_role_policy" "everything"')
    move = MOVED.format("aws_iam_role_policy.ops", "aws_iam_role_policy.everything")
    assert fingerprints({"ops/main.tf": renamed + move, "main.tf": call}) == before


def test_moves_in_a_circle_end() -> None:
    circle = MOVED.format("aws_iam_role.ops", "aws_iam_role.a") + MOVED.format("aws_iam_role.a", "aws_iam_role.ops")
    assert len(fingerprints({"main.tf": "\n".join(BLOCKS) + circle})) == len(TERRAFORM)
