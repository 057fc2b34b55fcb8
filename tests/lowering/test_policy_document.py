from __future__ import annotations

import json as standard

from hypothesis import given
from hypothesis import strategies as st

from agentreach.identity import Policy, PolicyRole, Statement
from agentreach.lowering.policy_document import read
from agentreach.model import (
    Encoded,
    Key,
    ListValue,
    MapValue,
    OneOf,
    Reference,
    Scalar,
    Source,
    Span,
    Text,
    Unknown,
    Value,
    string,
)

KEY = Key(".", "aws_iam_role_policy.p")


def written(text: str) -> Span:
    return Span(Source("main.tf", text), 0, len(text))


def policy(value: Value | None, at: Span | None = None) -> Policy:
    return read(value, key=KEY, role=PolicyRole.IDENTITY, at=at)


def actions(statement: Statement) -> list[str | None]:
    return [string(action) for action in statement.actions]


def json(text: str) -> Policy:
    """A policy in a quoted string whose text is its own source."""
    return policy(Scalar(text, written(text)))


def test_single_objects_and_texts_are_read_like_lists() -> None:
    document = json('{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}')
    (statement,) = document.statements
    assert (statement.effect, actions(statement), statement.spot) == ("Allow", ["s3:*"], "#0")


def test_a_document_without_a_version_is_of_the_old_one() -> None:
    assert json('{"Statement": {"Effect": "Allow"}}').statements[0].version == "2008-10-17"
    assert json('{"Version": "2012-10-17", "Statement": {"Effect": "Allow"}}').statements[0].version == "2012-10-17"


def test_a_statement_in_a_heredoc_stands_on_its_own_line() -> None:
    source = """policy = <<-EOT
    {
      "Statement": [
        {"Sid": "One", "Effect": "Allow", "Action": "s3:*"},
        {"Sid": "Two", "Effect": "Deny", "Action": "iam:*"}
      ]
    }
  EOT
"""
    start = source.index("<<-")
    decoded = "\n".join(line.removeprefix("    ") for line in source.splitlines()[1:7])
    document = policy(Scalar(decoded, Span(Source("main.tf", source), start, len(source) - 1)))
    assert [(one.spot, one.at.location.line, one.at.location.column) for one in document.statements] == [
        ("One", 4, 9),
        ("Two", 5, 9),
    ]
    assert document.statements[1].actions[0].at.text == '"iam:*"'


def test_escapes_of_a_quoted_string_do_not_shift_the_places() -> None:
    source = r'"{\"Statement\": [\n{\"Effect\": \"Allow\", \"Action\": \"s3:\u0047et*\"}]}"'
    decoded = '{"Statement": [\n{"Effect": "Allow", "Action": "s3:Get*"}]}'
    document = policy(Scalar(decoded, written(source)))
    (statement,) = document.statements
    assert actions(statement) == ["s3:Get*"]
    assert statement.at.text == r"{\"Effect\": \"Allow\", \"Action\": \"s3:\u0047et*\"}"


def test_what_an_interpolation_produced_stands_at_the_interpolation() -> None:
    source = (
        '"{\\"Statement\\": [{\\"Effect\\": \\"Allow\\", \\"Action\\": \\"${var.action}\\", \\"Resource\\": \\"x\\"}]}"'
    )
    decoded = '{"Statement": [{"Effect": "Allow", "Action": "dynamodb:DeleteItem", "Resource": "x"}]}'
    document = policy(Scalar(decoded, written(source)))
    (statement,) = document.statements
    assert statement.resources[0].at.text == '\\"x\\"'
    assert actions(statement) == ["dynamodb:DeleteItem"]


def test_a_hole_in_a_string_stays_a_hole() -> None:
    at = written("x")
    bucket = Reference(Key(".", "aws_s3_bucket.b"), "arn", at)
    document = policy(Text(('{"Statement": {"Effect": "Allow", "Resource": "', bucket, '/*"}}'), at))
    (resource,) = document.statements[0].resources
    assert isinstance(resource, Text)
    assert resource.parts == (bucket, "/*")


def test_a_hole_in_place_of_a_value_is_that_unknown() -> None:
    at = written("x")
    hole = Unknown("variable 'arns' has no value", at)
    document = policy(Text(('{"Statement": {"Effect": "Allow", "Resource": ', hole, "}}"), at))
    assert document.statements[0].resources == (hole,)


def test_malformed_json_is_unknown_at_the_mistake() -> None:
    source = '{"Statement": [{"Effect": "Allow",, "Action": "*"}]}'
    document = json(source)
    assert document.statements == ()
    assert document.unknown is not None
    assert document.unknown.reason == "not valid JSON: an element is missing after a comma"
    assert document.unknown.at.start == source.index(",,") + 1


def test_deep_nesting_is_unknown_and_no_recursion_error() -> None:
    document = json("[" * 100_000)
    assert document.unknown is not None
    assert document.unknown.reason == "not valid JSON: nested too deeply"


def test_absent_null_and_empty_documents_are_not_unknown() -> None:
    at = written("x")
    for value in (None, Scalar(None, at), Scalar("", at), MapValue({}, at)):
        document = policy(value, at)
        assert (document.statements, document.unknown) == ((), None)


def test_an_unknown_document_says_why() -> None:
    at = written("x")
    assert policy(Unknown("variable 'p' has no value", at)).unknown == Unknown("variable 'p' has no value", at)
    reference = policy(Reference(Key(".", "data.http.p"), "body", at)).unknown
    assert reference is not None
    assert reference.reason == "data.http.p.body is only known after deployment"


def mapping(at: Span, **entries: Value) -> MapValue:
    return MapValue(dict(entries), at)


def listed(at: Span, *texts: str) -> ListValue:
    return ListValue(tuple(Scalar(text, at) for text in texts), at)


def statement_of(at: Span, **entries: Value) -> Value:
    return mapping(at, Statement=ListValue((mapping(at, Effect=Scalar("Allow", at), **entries),), at))


def test_statements_of_an_undecided_document_may_be_absent() -> None:
    at = written("x")
    one = Encoded(statement_of(at, Action=listed(at, "s3:*")), at)
    other = Encoded(statement_of(at, Action=listed(at, "sqs:*")), at)
    document = policy(OneOf((one, other), at, "which depends on var.mode"))
    assert [(actions(each), each.certain) for each in document.statements] == [(["s3:*"], False), (["sqs:*"], False)]


def test_what_every_alternative_allows_is_certain() -> None:
    at = written("x")
    choice = OneOf((listed(at, "s3:Get*", "s3:Put*"), listed(at, "s3:Get*")), at)
    document = policy(statement_of(at, Action=choice))
    assert [(actions(each), each.certain) for each in document.statements] == [
        (["s3:Get*"], True),
        (["s3:Get*", "s3:Put*", "s3:Get*"], False),
    ]


def test_an_undecided_element_leaves_the_others_certain() -> None:
    at = written("x")
    choice = OneOf((Scalar("iam:*", at), Scalar("iam:Get*", at)), at)
    document = policy(statement_of(at, Action=ListValue((Scalar("s3:*", at), choice), at)))
    assert [(actions(each), each.certain) for each in document.statements] == [
        (["s3:*"], True),
        (["s3:*", "iam:*", "iam:Get*"], False),
    ]


def test_an_undecided_exception_is_certain_with_all_of_them() -> None:
    at = written("x")
    choice = OneOf((listed(at, "iam:*"), listed(at, "iam:*", "sts:*")), at)
    document = policy(statement_of(at, NotAction=choice))
    excepted = [([string(one) for one in each.not_actions], each.certain) for each in document.statements]
    assert excepted == [(["iam:*", "iam:*", "sts:*"], True), (["iam:*"], False)]


def test_an_open_list_says_that_it_may_hold_more() -> None:
    at = written("x")
    document = policy(statement_of(at, Action=ListValue((Scalar("s3:*", at),), at, open=True)))
    assert [each.open for each in document.statements] == [True]


def test_an_unknown_effect_is_carried() -> None:
    at = written("x")
    hole = Unknown("variable 'effect' has no value", at)
    document = policy(mapping(at, Statement=mapping(at, Effect=hole, Action=Scalar("*", at))))
    assert document.statements[0].effect is hole


def test_a_statement_with_an_undecided_condition_is_possible_only() -> None:
    at = written("x")
    document = policy(statement_of(at, Action=Scalar("*", at), Condition=Unknown("variable 'c' has no value", at)))
    assert [(each.certain, each.conditions, each.conditions_open) for each in document.statements] == [
        (False, (), True)
    ]


def test_conditions_keep_operator_key_and_values() -> None:
    document = json('{"Statement": {"Effect": "Deny", "Condition": {"StringLike": {"aws:PrincipalArn": ["a", "b"]}}}}')
    (condition,) = document.statements[0].conditions
    assert (condition.operator, condition.key, [string(value) for value in condition.values]) == (
        "StringLike",
        "aws:PrincipalArn",
        ["a", "b"],
    )


def test_principals_of_every_spelling() -> None:
    def trusted(text: str) -> list[tuple[str, str | None]]:
        document = json(f'{{"Statement": {{"Effect": "Allow", "Principal": {text}}}}}')
        return [(one.kind, string(one.value)) for one in document.statements[0].principals]

    assert trusted('"*"') == [("*", "*")]
    assert trusted('{"AWS": "111122223333"}') == [("AWS", "111122223333")]
    assert trusted('{"Service": ["a", "b"], "Federated": "c"}') == [
        ("Service", "a"),
        ("Service", "b"),
        ("Federated", "c"),
    ]


def test_an_unknown_principal_may_be_of_any_kind() -> None:
    at = written("x")
    hole = Unknown("variable 'who' has no value", at)
    document = policy(statement_of(at, Principal=hole))
    assert [(one.kind, one.value) for one in document.statements[0].principals] == [
        ("AWS", hole),
        ("Service", hole),
        ("Federated", hole),
    ]


def test_an_unknown_statement_may_allow_or_deny_anything_or_not_exist() -> None:
    at = written("x")
    hole = Unknown("variable 's' has no value", at)
    (statement,) = policy(mapping(at, Statement=ListValue((hole,), at))).statements
    assert (statement.effect, statement.actions, statement.resources) == (hole, (hole,), (hole,))
    assert (statement.certain, statement.open) == (False, True)


NAMES = st.text(st.characters(codec="utf-8", exclude_characters='"\\\x00'), max_size=12)


@given(st.lists(NAMES, max_size=6), st.integers(0, 8))
def test_every_action_of_any_text_is_found_where_it_is_written(names: list[str], indent: int) -> None:
    decoded = standard.dumps({"Statement": [{"Effect": "Allow", "Action": names}]}, indent=indent, ensure_ascii=False)
    document = json(decoded)
    if names:
        assert actions(document.statements[0]) == names
        for name, action in zip(names, document.statements[0].actions, strict=True):
            assert action.at.text == standard.dumps(name, ensure_ascii=False)


@given(st.text(max_size=200))
def test_no_text_raises(text: str) -> None:
    document = json(text)
    assert document.unknown is None or document.unknown.at.start <= len(text)


def test_a_private_use_character_outside_a_string_is_malformed() -> None:
    for text in ("\ue000", '{"Statement": \ue000}', "{\ue000: 1}"):
        document = json(text)
        assert document.unknown is not None
        assert "not valid JSON" in document.unknown.reason


def test_a_value_that_is_no_document_is_unknown() -> None:
    at = written("x")
    document = policy(Scalar(value=True, at=at))
    assert document.unknown is not None
    assert document.unknown.reason == "not a policy document"


def test_a_text_of_holes_only_is_unknown_for_the_reason_of_the_first() -> None:
    at = written("x")
    hole = Unknown("variable 'p' has no value", at)
    assert policy(Text((hole, " "), at)).unknown == Unknown("variable 'p' has no value", at)
    reference = Reference(Key(".", "data.http.p"), "body", at)
    found = policy(Text((reference,), at)).unknown
    assert found is not None
    assert found.reason == "data.http.p.body is only known after deployment"


def test_an_unknown_or_open_list_of_statements_may_hold_anything() -> None:
    at = written("x")
    hole = Unknown("variable 's' has no value", at)
    assert [one.spot for one in policy(mapping(at, Statement=hole)).statements] == ["#?"]
    known = mapping(at, Effect=Scalar("Allow", at), Action=Scalar("s3:*", at))
    some = policy(mapping(at, Statement=ListValue((known,), at, open=True))).statements
    assert [(one.spot, one.certain) for one in some] == [("#0", True), ("#?", False)]


def test_nested_lists_of_statements_are_flattened_and_null_is_none() -> None:
    at = written("x")
    known = mapping(at, Effect=Scalar("Allow", at), Action=Scalar("s3:*", at))
    entries = ListValue((ListValue((known, known), at), Scalar(None, at)), at)
    assert [one.spot for one in policy(mapping(at, Statement=entries)).statements] == ["#0", "#0"]


def test_an_effect_that_is_neither_is_unknown() -> None:
    (statement,) = json('{"Statement": {"Effect": "Permit"}}').statements
    assert isinstance(statement.effect, Unknown)
    assert statement.effect.reason == "the statement's effect is neither Allow nor Deny"


def test_an_open_condition_is_possible_with_what_is_known_of_it() -> None:
    at = written("x")
    block = MapValue({"StringEquals": mapping(at, **{"aws:SourceAccount": Scalar("1", at)})}, at, open=True)
    (statement,) = policy(statement_of(at, Condition=block)).statements
    assert (statement.certain, statement.conditions_open, [one.key for one in statement.conditions]) == (
        False,
        True,
        ["aws:SourceAccount"],
    )


def test_a_statement_of_every_alternative_is_certain_and_one_from_the_same_line_with_another_value_is_not() -> None:
    source = Source("main.tf", "statement")
    at = Span(source, 0, 9)

    def statement(action: str) -> MapValue:
        return MapValue({"Effect": Scalar("Allow", at), "Action": Scalar(action, at), "Resource": Scalar("*", at)}, at)

    both, left, right = statement("s3:GetObject"), statement("s3:PutObject"), statement("s3:DeleteObject")
    either = OneOf((ListValue((both, left), at), ListValue((both, right), at)), at)
    policy = read(MapValue({"Statement": either}, at), key=Key(".", "p"), role=PolicyRole.IDENTITY)
    found = [(string(one.actions[0]), one.certain) for one in policy.statements]
    assert found == [("s3:GetObject", True), ("s3:PutObject", False), ("s3:DeleteObject", False)]
