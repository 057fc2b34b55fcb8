from __future__ import annotations

import pytest

from agentreach.graph.index import FactIndex
from agentreach.graph.resolve import Directory
from agentreach.graph.spelling import HOLE, overlap, spell
from agentreach.identity import Principal
from agentreach.model import Key, Kind, OneOf, Scalar, Text, Unknown
from graph.declared import Stack, listed


def directory(*stacks: Stack) -> Directory:
    return Directory(FactIndex(fact for stack in stacks for fact in stack.facts))


def test_a_reference_means_exactly_what_it_refers_to() -> None:
    stack = Stack()
    role = stack.role("aws_iam_role.ops")
    match = directory(stack).resolve(stack.reference("aws_iam_role.ops"), ".", (Principal,))
    assert (match.keys, match.certain) == ((role,), True)


def test_a_text_read_from_a_declared_thing_remembers_it() -> None:
    stack = Stack()
    role = stack.role("aws_iam_role.ops")
    value = Scalar("something-else", stack.line(), stack.reference("aws_iam_role.ops"))
    assert directory(stack).resolve(value, ".", (Principal,)).key == role


def test_an_arn_with_an_account_fits_a_role_whose_account_is_not_known() -> None:
    stack = Stack()
    role = stack.role("aws_iam_role.ops")
    match = directory(stack).resolve(stack.text("arn:aws:iam::111111111111:role/ops"), ".", (Principal,))
    assert (match.keys, match.certain) == ((role,), True)


def test_an_arn_of_another_account_does_not_fit() -> None:
    stack = Stack()
    stack.role("aws_iam_role.ops", account="222222222222")
    match = directory(stack).resolve(stack.text("arn:aws:iam::111111111111:role/ops"), ".", (Principal,))
    assert match.keys == ()


def test_a_role_of_another_root_is_found_by_its_arn() -> None:
    here, there = Stack("app"), Stack("iam", "iam.tf")
    role = there.role("aws_iam_role.shared", account="111111111111")
    match = directory(here, there).resolve(here.text("arn:aws:iam::111111111111:role/shared"), "app", (Principal,))
    assert (match.keys, match.certain) == ((role,), True)


def test_the_own_root_is_nearer_than_others() -> None:
    here, there = Stack("app"), Stack("other", "other.tf")
    own = here.role("aws_iam_role.ops")
    there.role("aws_iam_role.ops")
    assert directory(here, there).resolve(here.text("ops"), "app", (Principal,)).key == own


def test_a_name_that_fits_several_is_possible_with_all_of_them() -> None:
    one, two, here = Stack("one", "1.tf"), Stack("two", "2.tf"), Stack("app")
    roles = one.role("aws_iam_role.ops"), two.role("aws_iam_role.ops")
    match = directory(one, two).resolve(here.text("ops"), "app", (Principal,))
    assert (match.keys, match.certain, match.key) == (roles, False, None)


def test_a_partly_known_name_is_possible() -> None:
    stack = Stack()
    role = stack.role("aws_iam_role.ops")
    value = Text(("op", stack.unknown()), stack.line())
    match = directory(stack).resolve(value, ".", (Principal,))
    assert (match.keys, match.certain) == ((role,), False)


def test_one_of_two_is_possible_and_both_are_candidates() -> None:
    stack = Stack()
    first, second = stack.role("aws_iam_role.a"), stack.role("aws_iam_role.b")
    value = OneOf((stack.reference("aws_iam_role.a"), stack.reference("aws_iam_role.b")), stack.line())
    match = directory(stack).resolve(value, ".", (Principal,))
    assert (match.keys, match.certain) == ((first, second), False)


def test_a_list_of_one_is_that_one() -> None:
    stack = Stack()
    role = stack.role("aws_iam_role.a")
    assert directory(stack).resolve(listed(stack.reference("aws_iam_role.a")), ".", (Principal,)).key == role


def test_an_unknown_value_has_no_candidates() -> None:
    stack = Stack()
    stack.role("aws_iam_role.a")
    assert directory(stack).resolve(stack.unknown(), ".", (Principal,)).keys == ()


def test_what_is_not_of_the_wanted_kind_is_not_meant() -> None:
    stack = Stack()
    stack.workload("aws_lambda_function.ops")
    assert directory(stack).resolve(stack.text("ops"), ".", (Principal,)).keys == ()


def test_a_name_that_is_written_out_is_none_that_the_provider_makes_up() -> None:
    here, there = Stack("app"), Stack("other", "other.yaml")
    own_name = Text(("arn:aws:iam::111111111111:role/", there.reference("Role", "Ref")), there.line())
    role = there.role("Role", names=(own_name,))
    everywhere = directory(here, there)
    assert everywhere.resolve(here.text("arn:aws:iam::111111111111:role/ops"), "app", (Principal,)).keys == ()
    unknown = Text(("arn:aws:iam::111111111111:role/", here.unknown()), here.line())
    assert everywhere.resolve(unknown, "app", (Principal,)).keys == (role,)


def test_what_may_fit_in_the_own_root_hides_what_fits_elsewhere() -> None:
    here, there = Stack("app"), Stack("other", "other.tf")
    unknown = Text(("role-", here.unknown()), here.line())
    own = here.role("aws_iam_role.own", names=(unknown,))
    other = there.role("role-ops")
    everywhere = directory(here, there)
    assert everywhere.resolve(here.text("role-ops"), "app", (Principal,)).keys == (own,)
    assert everywhere.resolve(here.text("role-ops"), "third", (Principal,)).key == other


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (f"a{HOLE}", "abc", True),
        (f"a{HOLE}c", "abbc", True),
        (f"a{HOLE}b{HOLE}c", "axbyc", True),
        (f"a{HOLE}b{HOLE}c", "acb", False),
        (f"ab{HOLE}", f"a{HOLE}", True),
        (f"ab{HOLE}", f"ac{HOLE}", False),
        (f"{HOLE}x", f"{HOLE}y", False),
        ("a", "a", True),
        ("a", "b", False),
    ],
)
def test_holes_stand_for_any_text(left: str, right: str, expected: bool) -> None:  # noqa: FBT001
    assert overlap(left, right) is expected
    assert overlap(right, left) is expected


def test_values_are_spelled_for_people() -> None:
    stack = Stack()
    partition = Unknown("the partition", stack.line(), Kind.PARTITION)
    value = Text(("arn:", partition, ":s3:::", stack.reference("aws_s3_bucket.b", "name"), "/*"), stack.line())
    assert spell(value) == "arn:aws:s3:::${aws_s3_bucket.b.name}/*"
    assert spell(stack.unknown()) == "…"
    assert spell(None) == ""


def test_the_account_of_a_declared_thing_is_read_from_its_arn() -> None:
    stack = Stack()
    role = stack.role("aws_iam_role.ops", account="111111111111")
    other = stack.role("aws_iam_role.other")
    found = directory(stack).accounts
    assert found == {role: "111111111111"}
    assert Key(".", other.address) not in found
