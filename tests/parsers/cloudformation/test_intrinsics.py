"""Each intrinsic function, case by case. `page` names the AWS documentation page a case follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from parsers.cloudformation.stacks import Plain, properties, template

if TYPE_CHECKING:
    from pathlib import Path

USER_GUIDE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
REFERENCE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"
REF = REFERENCE + "intrinsic-function-reference-ref.html"
GET_ATT = REFERENCE + "intrinsic-function-reference-getatt.html"
SUB = REFERENCE + "intrinsic-function-reference-sub.html"
JOIN = REFERENCE + "intrinsic-function-reference-join.html"
SELECT = REFERENCE + "intrinsic-function-reference-select.html"
SPLIT = REFERENCE + "intrinsic-function-reference-split.html"
FIND_IN_MAP = REFERENCE + "intrinsic-function-reference-findinmap.html"
FIND_IN_MAP_DEFAULT = REFERENCE + "intrinsic-function-reference-findinmap-enhancements.html"
CONDITIONS = REFERENCE + "intrinsic-function-reference-conditions.html"
BASE64 = REFERENCE + "intrinsic-function-reference-base64.html"
CIDR = REFERENCE + "intrinsic-function-reference-cidr.html"
GET_AZS = REFERENCE + "intrinsic-function-reference-getavailabilityzones.html"
LENGTH = REFERENCE + "intrinsic-function-reference-length.html"
TO_JSON = REFERENCE + "intrinsic-function-reference-ToJsonString.html"
FOR_EACH = REFERENCE + "intrinsic-function-reference-foreach.html"
TRANSFORM = REFERENCE + "intrinsic-function-reference-transform.html"
RULES = REFERENCE + "intrinsic-function-reference-rules.html"
PSEUDO = REFERENCE + "pseudo-parameter-reference.html"
PARAMETERS = USER_GUIDE + "parameters-section-structure.html"
SSM_PARAMETERS = USER_GUIDE + "cloudformation-supplied-parameter-types.html"
DYNAMIC = USER_GUIDE + "dynamic-references.html"
FORMATS = USER_GUIDE + "template-formats.html"

PREAMBLE = """\
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::LanguageExtensions
Parameters:
  Stage: {Type: String, Default: dev}
  Empty: {Type: String, Default: ''}
  Open: {Type: String}
  Choice: {Type: String, AllowedValues: [dev, prod]}
  Only: {Type: String, AllowedValues: [one]}
  Many: {Type: String, AllowedValues: [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r]}
  Count: {Type: Number, Default: 3}
  Names: {Type: CommaDelimitedList, Default: 'a, b,c'}
  Ports: {Type: List<Number>, Default: '80,443'}
  OpenNames: {Type: CommaDelimitedList}
  Secret: {Type: String, NoEcho: true, Default: hunter2}
  Image: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /images/latest}
  Vpc: {Type: 'AWS::EC2::VPC::Id'}
  Flag: {Type: String, Default: 'true'}
Mappings:
  Regions:
    us-east-1: {image: ami-1, zones: [a, b]}
    eu-west-1: {image: ami-2, zones: [c]}
  Stages:
    dev: {size: 1}
    prod: {size: 2, extra: x}
Conditions:
  Always: !Equals [a, a]
  Never: !Equals [a, b]
  IsProd: !Equals [!Ref Choice, prod]
  IsNotProd: !Not [!Condition IsProd]
  IsDev: !Equals [!Ref Stage, dev]
  HasOpen: !Not [!Equals [!Ref Open, '']]
  Itself: !Not [!Condition Itself]
  IsOpenA: !Equals [a, !Ref Open]
  Both: !And [!Condition IsProd, !Condition IsOpenA]
  Either: !Or [!Condition IsProd, !Condition IsOpenA]
Resources:
  Named: {Type: 'AWS::IAM::Role', Properties: {RoleName: ops-role}}
  Unnamed: {Type: 'AWS::IAM::Role'}
  Partly: {Type: 'AWS::IAM::Role', Properties: {RoleName: !Sub '${AWS::StackName}-role'}}
  ByParameter: {Type: 'AWS::S3::Bucket', Properties: {BucketName: !Sub 'data-${Stage}'}}
  Queue: {Type: 'AWS::SQS::Queue', Properties: {QueueName: jobs}}
  Topic: {Type: 'AWS::SNS::Topic', Properties: {TopicName: news}}
  Circular: {Type: 'AWS::S3::Bucket', Properties: {BucketName: !Sub '${Circular}-x'}}
  Custom: {Type: 'Custom::Thing'}
  Probe:
    Type: Test::Probe::Value
    Properties:
      Value: """


class Case(NamedTuple):
    """One expression, what it comes to, and the page that says so. No value: the property is removed."""

    name: str
    page: str
    expression: str
    expected: Plain


REMOVED = "removed"

CASES = (
    # Ref
    Case("ref-default", REF, "!Ref Stage", "dev"),
    Case("ref-long", REF, "{Ref: Stage}", "dev"),
    Case("ref-long-quoted", REF, '{"Ref": "Stage"}', "dev"),
    Case("ref-empty-default", REF, "!Ref Empty", ""),
    Case("ref-number", REF, "!Ref Count", 3),
    Case("ref-open", REF, "!Ref Open", "<?parameter Open has no value>"),
    Case("ref-list", PARAMETERS, "!Ref Names", ["a", "b", "c"]),
    Case("ref-number-list", PARAMETERS, "!Ref Ports", ["80", "443"]),
    Case("ref-open-list", PARAMETERS, "!Ref OpenNames", "<?parameter OpenNames has no value>"),
    Case("ref-allowed-values", PARAMETERS, "!Ref Choice", ("one of", "dev", "prod")),
    Case("ref-one-allowed-value", PARAMETERS, "!Ref Only", "one"),
    Case("ref-many-allowed-values", PARAMETERS, "!Ref Many", "<?parameter Many has no value>"),
    Case("ref-noecho", PARAMETERS, "!Ref Secret", "<?parameter Secret is NoEcho>"),
    Case("ref-typed", PARAMETERS, "!Ref Vpc", "<?parameter Vpc has no value>"),
    Case(
        "ref-ssm",
        SSM_PARAMETERS,
        "!Ref Image",
        "<?parameter Image is read from Parameter Store (/images/latest)>",
    ),
    Case("ref-named-resource", REF, "!Ref Named", "ops-role"),
    Case("ref-unnamed-resource", REF, "!Ref Unnamed", "<Unnamed.Ref>"),
    Case("ref-partly-named-resource", REF, "!Ref Partly", "<Partly.Ref>"),
    Case("ref-name-by-parameter", REF, "!Ref ByParameter", "data-dev"),
    Case("ref-queue-is-url", REF, "!Ref Queue", "<Queue.Ref>"),
    Case("ref-circular-name", REF, "!Ref Circular", "<Circular.Ref>"),
    Case("ref-custom-resource", REF, "!Ref Custom", "<Custom.Ref>"),
    Case("ref-undeclared", REF, "!Ref Nobody", "<?Nobody is not declared in the template>"),
    Case("ref-of-function", REF, "{Ref: !Sub '${Empty}Stage'}", "dev"),
    Case("ref-of-list", REF, "{Ref: [a, b]}", "<?Ref of a name only known at deployment>"),
    # Pseudo parameters
    Case("account", PSEUDO, "!Ref AWS::AccountId", "<AWS::AccountId>"),
    Case("region", PSEUDO, "!Ref AWS::Region", "<AWS::Region>"),
    Case("partition", PSEUDO, "!Ref AWS::Partition", "<AWS::Partition>"),
    Case("stack-name", PSEUDO, "!Ref AWS::StackName", "<AWS::StackName>"),
    Case("stack-id", PSEUDO, "!Ref AWS::StackId", "<AWS::StackId>"),
    Case("url-suffix", PSEUDO, "!Ref AWS::URLSuffix", "<AWS::URLSuffix>"),
    Case("notification-arns", PSEUDO, "!Ref AWS::NotificationARNs", "<AWS::NotificationARNs>"),
    Case("no-value", PSEUDO, "!Ref AWS::NoValue", REMOVED),
    Case("no-value-in-list", PSEUDO, "[a, !Ref 'AWS::NoValue', b]", ["a", "b"]),
    Case("no-value-in-map", PSEUDO, "{a: 1, b: !Ref 'AWS::NoValue'}", {"a": 1}),
    # Fn::GetAtt
    Case("getatt-short", GET_ATT, "!GetAtt Unnamed.Arn", "<Unnamed.Arn>"),
    Case("getatt-list", GET_ATT, "!GetAtt [Unnamed, Arn]", "<Unnamed.Arn>"),
    Case("getatt-long", GET_ATT, "{'Fn::GetAtt': [Unnamed, Arn]}", "<Unnamed.Arn>"),
    Case("getatt-long-text", GET_ATT, "{'Fn::GetAtt': Unnamed.Arn}", "<Unnamed.Arn>"),
    Case("getatt-dotted", GET_ATT, "!GetAtt Custom.Endpoint.Address", "<Custom.Endpoint.Address>"),
    Case("getatt-dotted-list", GET_ATT, "!GetAtt [Custom, Endpoint.Address]", "<Custom.Endpoint.Address>"),
    Case("getatt-ref-attribute", GET_ATT, "{'Fn::GetAtt': [Unnamed, !Ref Stage]}", "<Unnamed.dev>"),
    Case("getatt-queue-name", GET_ATT, "!GetAtt Queue.QueueName", "jobs"),
    Case("getatt-topic-name", GET_ATT, "!GetAtt Topic.TopicName", "news"),
    Case("getatt-queue-arn", GET_ATT, "!GetAtt Queue.Arn", "<Queue.Arn>"),
    Case("getatt-undeclared", GET_ATT, "!GetAtt Nobody.Arn", "<?Nobody is not declared in the template>"),
    Case("getatt-nothing", GET_ATT, "!GetAtt Unnamed", "<?Fn::GetAtt expects a resource and an attribute>"),
    Case(
        "getatt-open-attribute",
        GET_ATT,
        "!GetAtt [Unnamed, !Ref Open]",
        "<?Fn::GetAtt of a name only known at deployment>",
    ),
    # Fn::Sub
    Case("sub-plain", SUB, "!Sub text", "text"),
    Case("sub-parameter", SUB, "!Sub 'app-${Stage}'", "app-dev"),
    Case("sub-long", SUB, "{'Fn::Sub': 'app-${Stage}'}", "app-dev"),
    Case("sub-two", SUB, "!Sub '${Stage}${Count}'", "dev3"),
    Case("sub-whole", SUB, "!Sub '${Stage}'", "dev"),
    Case("sub-open", SUB, "!Sub 'app-${Open}-x'", "app-<?parameter Open has no value>-x"),
    Case("sub-open-alone", SUB, "!Sub '${Open}'", "<?parameter Open has no value>"),
    Case(
        "sub-arn",
        SUB,
        "!Sub 'arn:${AWS::Partition}:s3:::${AWS::AccountId}-${AWS::Region}/*'",
        "arn:<AWS::Partition>:s3:::<AWS::AccountId>-<AWS::Region>/*",
    ),
    Case("sub-resource", SUB, "!Sub '${Unnamed}/*'", "<Unnamed.Ref>/*"),
    Case("sub-named-resource", SUB, "!Sub 'role/${Named}'", "role/ops-role"),
    Case("sub-attribute", SUB, "!Sub '${Unnamed.Arn}/*'", "<Unnamed.Arn>/*"),
    Case("sub-dotted-attribute", SUB, "!Sub 'x${Custom.a.b}'", "x<Custom.a.b>"),
    Case("sub-literal", SUB, "!Sub '${!Literal}-${Stage}'", "${Literal}-dev"),
    Case("sub-only-literal", SUB, "!Sub '${!aws:username}'", "${aws:username}"),
    Case("sub-variables", SUB, "!Sub ['${A}-${B}', {A: 1, B: !Ref Stage}]", "1-dev"),
    Case("sub-variable-shadows", SUB, "!Sub ['${Stage}', {Stage: own}]", "own"),
    Case("sub-variable-open", SUB, "!Sub ['x${A}', {A: !GetAtt Unnamed.Arn}]", "x<Unnamed.Arn>"),
    Case("sub-variables-empty", SUB, "!Sub ['${Stage}', {}]", "dev"),
    Case("sub-choice", SUB, "!Sub 'app-${Choice}'", ("one of", "app-dev", "app-prod")),
    Case(
        "sub-two-choices",
        SUB,
        "!Sub '${Choice}/${Choice}'",
        ("one of", "dev/dev", "dev/prod", "prod/dev", "prod/prod"),
    ),
    Case("sub-noecho", SUB, "!Sub 'pw=${Secret}'", "pw=<?parameter Secret is NoEcho>"),
    Case("sub-boolean-text", SUB, "!Sub '${Flag}'", "true"),
    Case("sub-undeclared", SUB, "!Sub 'x${Nobody}'", "x<?Nobody is not declared in the template>"),
    Case("sub-dollar", SUB, "!Sub 'cost $5 {a} ${Stage}'", "cost $5 {a} dev"),
    Case("sub-unclosed", SUB, "!Sub 'x${Stage'", "x${Stage"),
    Case("sub-list-variable", SUB, "!Sub ['x${A}', {A: [1]}]", "x<?a list or a map where a text is needed>"),
    Case("sub-of-list", SUB, "!Sub [a, b, c]", "<?the text of Fn::Sub is only known at deployment>"),
    Case("sub-of-function", SUB, "{'Fn::Sub': !Ref Stage}", "dev"),
    Case("sub-no-value", SUB, "!Sub 'x${AWS::NoValue}'", "x"),
    Case("sub-spaces", SUB, "!Sub '${ Stage }'", "dev"),
    # Fn::Join
    Case("join", JOIN, "!Join ['-', [a, b, c]]", "a-b-c"),
    Case("join-long", JOIN, "{'Fn::Join': [':', [a, b]]}", "a:b"),
    Case("join-empty-delimiter", JOIN, "!Join ['', [a, b]]", "ab"),
    Case("join-one", JOIN, "!Join ['-', [a]]", "a"),
    Case("join-none", JOIN, "!Join ['-', []]", ""),
    Case("join-list-parameter", JOIN, "!Join ['/', !Ref Names]", "a/b/c"),
    Case("join-numbers", JOIN, "!Join ['.', [1, 2]]", "1.2"),
    Case("join-open-part", JOIN, "!Join ['', ['arn:', !Ref 'AWS::Partition', ':s3']]", "arn:<AWS::Partition>:s3"),
    Case("join-reference", JOIN, "!Join ['/', [!GetAtt Unnamed.Arn, x]]", "<Unnamed.Arn>/x"),
    Case("join-no-value", JOIN, "!Join ['-', [a, !Ref 'AWS::NoValue', b]]", "a-b"),
    Case("join-open-list", JOIN, "!Join ['-', !Ref OpenNames]", "<?parameter OpenNames has no value>"),
    Case("join-choice", JOIN, "!Join ['-', [x, !Ref Choice]]", ("one of", "x-dev", "x-prod")),
    Case("join-nested", JOIN, "!Join ['-', [a, !Join ['.', [b, c]]]]", "a-b.c"),
    Case("join-wrong", JOIN, "!Join [a]", "<?Fn::Join expects a delimiter and a list>"),
    Case("join-open-delimiter", JOIN, "!Join [!Ref Open, [a, b]]", "<?the list is only known at deployment>"),
    Case("join-choice-of-lists", JOIN, "!Join ['-', !If [IsProd, [a, b], [c]]]", ("one of", "a-b", "c")),
    Case(
        "join-open-end",
        JOIN,
        "!Join ['-', !Split [':', !Sub 'a:b${Open}']]",
        "a-<?a piece of a text only known at deployment><?the list may go on>",
    ),
    # Fn::Select
    Case("select", SELECT, "!Select [1, [a, b, c]]", "b"),
    Case("select-text-index", SELECT, "!Select ['0', [a, b]]", "a"),
    Case("select-parameter-list", SELECT, "!Select [2, !Ref Names]", "c"),
    Case("select-split", SELECT, "!Select [1, !Split ['/', a/b]]", "b"),
    Case("select-index-parameter", SELECT, "{'Fn::Select': [!Ref Count, [a, b, c, d]]}", "d"),
    Case("select-too-far", SELECT, "!Select [5, [a]]", "<?the list is shorter than the index>"),
    Case("select-negative", SELECT, "!Select [-1, [a]]", "<?the list is shorter than the index>"),
    Case("select-open-index", SELECT, "!Select [!Ref Open, [a]]", "<?parameter Open has no value>"),
    Case(
        "select-zone",
        SELECT,
        "!Select [0, !GetAZs us-east-1]",
        "<?availability zones of us-east-1 are only known at deployment>",
    ),
    Case(
        "select-of-reference",
        SELECT,
        "!Select [0, !GetAtt Custom.List]",
        "<?Custom.List is only known after deployment>",
    ),
    Case("select-choice-of-lists", SELECT, "!Select [0, !If [IsProd, [a], [b]]]", ("one of", "a", "b")),
    Case("select-choice-of-indices", SELECT, "!Select [!If [IsProd, 0, 1], [a, b]]", ("one of", "a", "b")),
    Case("select-fraction", SELECT, "!Select [0.5, [a]]", "<?the index is only known at deployment>"),
    Case("select-wrong", SELECT, "!Select a", "<?Fn::Select expects an index and a list>"),
    # Fn::Split
    Case("split", SPLIT, "!Split [',', 'a,b,c']", ["a", "b", "c"]),
    Case("split-no-delimiter", SPLIT, "!Split [',', a]", ["a"]),
    Case("split-long-delimiter", SPLIT, "{'Fn::Split': ['--', a--b]}", ["a", "b"]),
    Case("split-empty-pieces", SPLIT, "!Split ['-', -a-]", ["", "a", ""]),
    Case("split-parameter", SPLIT, "!Split [e, !Ref Stage]", ["d", "v"]),
    Case(
        "split-typed-hole",
        SPLIT,
        "!Split [':', !Sub 'arn:${AWS::Partition}:s3']",
        ["arn", "<AWS::Partition>", "s3"],
    ),
    Case(
        "split-open-hole",
        SPLIT,
        "!Split [':', !Sub 'a:b${Open}:c']",
        ["a", "<?a piece of a text only known at deployment>", "…"],
    ),
    Case("split-open", SPLIT, "!Split [':', !Ref Open]", "<?parameter Open has no value>"),
    Case(
        "split-reference",
        SPLIT,
        "!Split [':', !GetAtt Unnamed.Arn]",
        "<?the pieces of a text only known at deployment>",
    ),
    Case("split-choice", SPLIT, "!Split [e, !Ref Choice]", ("one of", ["d", "v"], ["prod"])),
    Case("split-wrong", SPLIT, "!Split [',']", "<?Fn::Split expects a delimiter and a text>"),
    Case("split-by-nothing", SPLIT, "!Split ['', a]", "<?Fn::Split expects a delimiter and a text>"),
    Case("split-before-hole", SPLIT, "!Select [0, !Split [':', !Sub 'a:b${Open}:c']]", "a"),
    Case(
        "split-behind-hole",
        SPLIT,
        "!Select [2, !Split [':', !Sub 'a:b${Open}:c']]",
        "<?the list may go on>",
    ),
    # Fn::FindInMap
    Case("map", FIND_IN_MAP, "!FindInMap [Regions, us-east-1, image]", "ami-1"),
    Case("map-long", FIND_IN_MAP, "{'Fn::FindInMap': [Regions, eu-west-1, image]}", "ami-2"),
    Case("map-list", FIND_IN_MAP, "!FindInMap [Regions, us-east-1, zones]", ["a", "b"]),
    Case("map-parameter", FIND_IN_MAP, "!FindInMap [Stages, !Ref Stage, size]", 1),
    Case("map-choice", FIND_IN_MAP, "!FindInMap [Stages, !Ref Choice, size]", ("one of", 1, 2)),
    Case("map-region", FIND_IN_MAP, "!FindInMap [Regions, !Ref 'AWS::Region', image]", ("one of", "ami-1", "ami-2")),
    Case("map-partial-column", FIND_IN_MAP, "!FindInMap [Stages, !Ref Choice, extra]", "x"),
    Case("map-missing", FIND_IN_MAP, "!FindInMap [Stages, test, size]", "<?no such entry in the mapping>"),
    Case("map-nobody", FIND_IN_MAP, "!FindInMap [Nobody, a, b]", "<?no such entry in the mapping>"),
    Case("map-wrong", FIND_IN_MAP, "!FindInMap [Stages]", "<?Fn::FindInMap expects a map and two keys>"),
    Case("map-text-key", FIND_IN_MAP, "!FindInMap [Regions, !Sub 'us-${Open}', image]", "ami-1"),
    Case("map-too-deep", FIND_IN_MAP, "!FindInMap [Stages, dev, !GetAtt Custom.Key]", 1),
    Case("map-default", FIND_IN_MAP_DEFAULT, "!FindInMap [Stages, test, size, {DefaultValue: 9}]", 9),
    Case("map-default-unused", FIND_IN_MAP_DEFAULT, "!FindInMap [Stages, dev, size, {DefaultValue: 9}]", 1),
    Case(
        "map-default-possible",
        FIND_IN_MAP_DEFAULT,
        "!FindInMap [Stages, !Ref Choice, extra, {DefaultValue: none}]",
        ("one of", "x", "none"),
    ),
    Case("map-name-function", FIND_IN_MAP_DEFAULT, "!FindInMap [!Sub 'Sta${Empty}ges', dev, size]", 1),
    Case("map-nested", FIND_IN_MAP, "!FindInMap [Stages, !Select [0, [dev]], size]", 1),
    # Fn::If and conditions
    Case("if-true", CONDITIONS, "!If [Always, a, b]", "a"),
    Case("if-false", CONDITIONS, "!If [Never, a, b]", "b"),
    Case("if-long", CONDITIONS, "{'Fn::If': [Always, a, b]}", "a"),
    Case("if-open", CONDITIONS, "!If [IsProd, a, b]", ("one of", "a", "b")),
    Case("if-open-same", CONDITIONS, "!If [IsProd, a, a]", "a"),
    Case("if-removes", CONDITIONS, "!If [Never, a, !Ref 'AWS::NoValue']", REMOVED),
    Case("if-may-remove", CONDITIONS, "!If [IsProd, a, !Ref 'AWS::NoValue']", ("one of", "a", None)),
    Case("if-may-remove-item", CONDITIONS, "[x, !If [IsProd, a, !Ref 'AWS::NoValue']]", ["x", ("one of", "a", None)]),
    Case("if-removes-item", CONDITIONS, "[x, !If [Never, a, !Ref 'AWS::NoValue']]", ["x"]),
    Case("if-nested-same", CONDITIONS, "!If [IsProd, !If [IsProd, a, b], c]", ("one of", "a", "c")),
    Case("if-nested-opposite", CONDITIONS, "!If [IsProd, !If [IsNotProd, a, b], c]", ("one of", "b", "c")),
    Case("if-decides-parameter", CONDITIONS, "!If [IsProd, !Ref Choice, x]", ("one of", "prod", "x")),
    Case("if-rules-out", CONDITIONS, "!If [IsProd, x, !Sub 'is ${Choice}']", ("one of", "x", "is dev")),
    Case("if-decides-by-not", CONDITIONS, "!If [IsNotProd, !Ref Choice, x]", ("one of", "dev", "x")),
    Case(
        "if-decides-mapping", CONDITIONS, "!If [IsProd, !FindInMap [Stages, !Ref Choice, size], x]", ("one of", 2, "x")
    ),
    Case("if-decides-open", CONDITIONS, "!If [IsOpenA, !Ref Open, x]", ("one of", "a", "x")),
    Case("if-decides-both", CONDITIONS, "!If [Both, !Sub '${Choice}${Open}', x]", ("one of", "proda", "x")),
    Case("if-decides-neither", CONDITIONS, "!If [Either, x, !Ref Choice]", ("one of", "x", "dev")),
    Case(
        "if-decides-others",
        CONDITIONS,
        "!If [IsProd, !If [{'Fn::Equals': [!Ref Choice, dev]}, a, b], c]",
        ("one of", "b", "c"),
    ),
    Case("if-nested", CONDITIONS, "!If [Always, !If [Never, a, b], c]", "b"),
    Case("if-map", CONDITIONS, "!If [IsProd, {x: 1}, {x: 2}]", ("one of", {"x": 1}, {"x": 2})),
    Case("if-circular", CONDITIONS, "!If [Itself, a, b]", ("one of", "a", "b")),
    Case("if-undeclared", CONDITIONS, "!If [Nobody, a, b]", ("one of", "a", "b")),
    Case("if-parameter", CONDITIONS, "!If [IsDev, a, b]", "a"),
    Case("if-open-parameter", CONDITIONS, "!If [HasOpen, a, b]", ("one of", "a", "b")),
    Case("if-open-expression", CONDITIONS, "!If [{'Fn::Equals': [!Ref Open, a]}, x, y]", ("one of", "x", "y")),
    Case("if-removes-either-way", CONDITIONS, "!If [IsProd, !Ref 'AWS::NoValue', !Ref 'AWS::NoValue']", REMOVED),
    Case("condition-open-as-value", CONDITIONS, "!Equals [!Ref Open, a]", "<?the condition is open>"),
    Case("condition-of-one", CONDITIONS, "!If [{'Fn::Equals': [a]}, x, y]", ("one of", "x", "y")),
    Case("condition-of-text", CONDITIONS, "!If [{'Fn::Not': ['true']}, x, y]", "y"),
    Case("if-wrong", CONDITIONS, "!If [Always, a]", "<?Fn::If expects a condition and two values>"),
    Case("equals", CONDITIONS, "!If [{'Fn::Equals': [a, a]}, x, y]", "x"),
    Case("equals-numbers", CONDITIONS, "!If [{'Fn::Equals': [1, '1']}, x, y]", "x"),
    Case("equals-bool", CONDITIONS, "!If [{'Fn::Equals': [true, 'true']}, x, y]", "x"),
    Case("equals-case", CONDITIONS, "!If [{'Fn::Equals': [A, a]}, x, y]", "y"),
    Case("equals-list", CONDITIONS, "!If [{'Fn::Equals': [!Ref Names, [a, b, c]]}, x, y]", "x"),
    Case("equals-longer-list", CONDITIONS, "!If [{'Fn::Equals': [!Ref Names, [a]]}, x, y]", "y"),
    Case("equals-impossible-choice", CONDITIONS, "!If [{'Fn::Equals': [!Ref Choice, test]}, x, y]", "y"),
    Case("equals-impossible-text", CONDITIONS, "!If [{'Fn::Equals': [!Sub 'a${Open}', b]}, x, y]", "y"),
    Case("equals-possible-text", CONDITIONS, "!If [{'Fn::Equals': [!Sub 'a${Open}', ab]}, x, y]", ("one of", "x", "y")),
    Case("equals-same-reference", CONDITIONS, "!If [{'Fn::Equals': [!Ref Custom, !Ref Custom]}, x, y]", "x"),
    Case("and-true", CONDITIONS, "!If [{'Fn::And': [!Condition Always, !Condition IsDev]}, x, y]", "x"),
    Case("and-false", CONDITIONS, "!If [{'Fn::And': [!Condition IsProd, !Condition Never]}, x, y]", "y"),
    Case(
        "and-open", CONDITIONS, "!If [{'Fn::And': [!Condition Always, !Condition IsProd]}, x, y]", ("one of", "x", "y")
    ),
    Case("or-true", CONDITIONS, "!If [{'Fn::Or': [!Condition IsProd, !Condition Always]}, x, y]", "x"),
    Case("or-false", CONDITIONS, "!If [{'Fn::Or': [!Condition Never, !Condition Never]}, x, y]", "y"),
    Case("or-open", CONDITIONS, "!If [{'Fn::Or': [!Condition Never, !Condition IsProd]}, x, y]", ("one of", "x", "y")),
    Case("not", CONDITIONS, "!If [{'Fn::Not': [!Condition Never]}, x, y]", "x"),
    Case("not-open", CONDITIONS, "!If [IsNotProd, x, y]", ("one of", "x", "y")),
    Case("condition-as-value", CONDITIONS, "!Equals [a, a]", expected=True),
    Case("statement-condition", CONDITIONS, "{Condition: {Bool: {a: 'true'}}}", {"Condition": {"Bool": {"a": "true"}}}),
    # Fn::Base64, Fn::Cidr, Fn::GetAZs
    Case("base64", BASE64, "!Base64 text", ("encoded", "text")),
    Case("base64-long", BASE64, "{'Fn::Base64': text}", ("encoded", "text")),
    Case("base64-sub", BASE64, "{'Fn::Base64': !Sub 'x ${Stage}'}", ("encoded", "x dev")),
    Case("base64-hole", BASE64, "{'Fn::Base64': !Sub 'x ${Unnamed}'}", ("encoded", "x <Unnamed.Ref>")),
    Case("base64-as-text", BASE64, "!Join ['', [a, !Base64 text]]", "adGV4dA=="),
    Case("cidr", CIDR, "!Cidr ['10.0.0.0/24', 2, 5]", ["10.0.0.0/27", "10.0.0.32/27"]),
    Case("cidr-default-bits", CIDR, "!Cidr ['10.0.0.0/16', 2]", ["10.0.0.0/24", "10.0.1.0/24"]),
    Case("cidr-wrong", CIDR, "!Cidr [a]", "<?Fn::Cidr expects a block and a count>"),
    Case("cidr-six", CIDR, "!Cidr ['2001:db8::/56', 1]", ["2001:db8::/64"]),
    Case("cidr-select", CIDR, "!Select [1, !Cidr ['10.0.0.0/24', 4, 6]]", "10.0.0.64/26"),
    Case("cidr-open", CIDR, "!Cidr [!GetAtt Custom.Block, 1, 8]", "<?the address block is only known at deployment>"),
    Case("cidr-too-many", CIDR, "!Cidr ['10.0.0.0/30', 9, 1]", "<?the block holds fewer addresses>"),
    Case(
        "cidr-nonsense",
        CIDR,
        "!Cidr ['10.0.0.0/24', 1, 99]",
        "<?Fn::Cidr expects a block of addresses that holds that many>",
    ),
    Case("zones", GET_AZS, "!GetAZs ''", "<?availability zones of the region are only known at deployment>"),
    Case(
        "zones-region", GET_AZS, "!GetAZs us-east-1", "<?availability zones of us-east-1 are only known at deployment>"
    ),
    # Language extensions
    Case("length", LENGTH, "{'Fn::Length': [a, b]}", 2),
    Case("length-parameter", LENGTH, "{'Fn::Length': !Ref Names}", 3),
    Case("length-split", LENGTH, "{'Fn::Length': !Split ['|', 'a|b']}", 2),
    Case("length-open", LENGTH, "{'Fn::Length': !Ref OpenNames}", "<?parameter OpenNames has no value>"),
    Case("json", TO_JSON, "{'Fn::ToJsonString': {a: [1, !Ref Stage]}}", ("encoded", {"a": [1, "dev"]})),
    Case("json-short", TO_JSON, "!ToJsonString {a: 1}", ("encoded", {"a": 1})),
    Case("json-hole", TO_JSON, "{'Fn::ToJsonString': {a: !Ref Unnamed}}", ("encoded", {"a": "<Unnamed.Ref>"})),
    Case(
        "json-as-text",
        TO_JSON,
        "!Sub ['x${J}', {J: !ToJsonString {a: 1, b: [true, null]}}]",
        'x{"a":1,"b":[true,null]}',
    ),
    Case("json-in-json", TO_JSON, "!Sub ['${J}', {J: !ToJsonString {a: !ToJsonString {b: 1}}}]", '{"a":"{\\"b\\":1}"}'),
    Case(
        "json-hole-as-text",
        TO_JSON,
        "!Sub ['x${J}', {J: !ToJsonString {a: !Ref Unnamed}}]",
        "x<?a structure written as text>",
    ),
    Case("json-no-value", TO_JSON, "{'Fn::ToJsonString': {a: 1, b: !Ref 'AWS::NoValue'}}", ("encoded", {"a": 1})),
    Case(
        "loop-properties",
        FOR_EACH,
        "{'Fn::ForEach::L': [X, [a, b], {'K${X}': !Sub 'v-${X}'}]}",
        {"Ka": "v-a", "Kb": "v-b"},
    ),
    Case("loop-beside", FOR_EACH, "{Own: 1, 'Fn::ForEach::L': [X, [a], {'K${X}': !Ref X}]}", {"Own": 1, "Ka": "a"}),
    Case("loop-parameter", FOR_EACH, "{'Fn::ForEach::L': [X, !Ref Names, {'${X}': 1}]}", {"a": 1, "b": 1, "c": 1}),
    Case("loop-plain-text", FOR_EACH, "{'Fn::ForEach::L': [X, [a], {'${X}': 'is ${X}'}]}", {"a": "is a"}),
    Case("loop-signs", FOR_EACH, "{'Fn::ForEach::L': [X, [10.0.0.1], {'IP&{X}': '${X}'}]}", {"IP10001": "10.0.0.1"}),
    Case(
        "loop-nested",
        FOR_EACH,
        "{'Fn::ForEach::L': [X, [a, b], {'Fn::ForEach::M': [Y, [1, 2], {'${X}${Y}': !Sub '${X}.${Y}'}]}]}",
        {"a1": "a.1", "a2": "a.2", "b1": "b.1", "b2": "b.2"},
    ),
    Case(
        "loop-open",
        FOR_EACH,
        "{'Fn::ForEach::L': [X, !Ref OpenNames, {'K${X}': 1}]}",
        {"K[?]": 1},
    ),
    Case(
        "loop-list-of-lists",
        FOR_EACH,
        "{'Fn::ForEach::L': [X, [!Ref Names, z], {'${X}': 1}]}",
        {"a": 1, "b": 1, "c": 1, "z": 1},
    ),
    Case("loop-removes", FOR_EACH, "{'Fn::ForEach::L': [X, [a], {'${X}': !Ref 'AWS::NoValue', k: 1}]}", {"k": 1}),
    Case(
        "loop-may-go-on",
        FOR_EACH,
        "{'Fn::ForEach::L': [X, !Split [':', !Sub 'a:b${Open}'], {'K${X}': '<${X}>'}]}",
        {"Ka": "<a>", "K[?]": "<<?the collection of Fn::ForEach may go on>>"},
    ),
    Case(
        "loop-other-hole",
        FOR_EACH,
        "{'Fn::ForEach::L': [X, [a], {'${Y}${X}': '${Y}-&{X}-&{Z}'}]}",
        {"${Y}a": "${Y}-a-&{Z}"},
    ),
    Case(
        "loop-sub-signs", FOR_EACH, "{'Fn::ForEach::L': [X, [a.b], {k: !Sub '&{X} ${X} &{Z}'}]}", {"k": "ab a.b &{Z}"}
    ),
    Case(
        "loop-secret",
        FOR_EACH,
        "{'Fn::ForEach::L': [X, [a], {k: '{{resolve:ssm:/p}}'}]}",
        {"k": "<?read at deployment: {{resolve:ssm:/p}}>"},
    ),
    # Dynamic references
    Case(
        "secret",
        DYNAMIC,
        "'{{resolve:secretsmanager:db:SecretString:password}}'",
        "<?read at deployment: {{resolve:secretsmanager:db:SecretString:password}}>",
    ),
    Case("ssm", DYNAMIC, "'{{resolve:ssm:/app/url:2}}'", "<?read at deployment: {{resolve:ssm:/app/url:2}}>"),
    Case("ssm-secure", DYNAMIC, "'{{resolve:ssm-secure:pw}}'", "<?read at deployment: {{resolve:ssm-secure:pw}}>"),
    Case("in-text", DYNAMIC, "'a{{resolve:ssm:/p}}b'", "a<?read at deployment: {{resolve:ssm:/p}}>b"),
    Case("in-sub", DYNAMIC, "!Sub '{{resolve:ssm:/p}}-${Stage}'", "<?read at deployment: {{resolve:ssm:/p}}>-dev"),
    Case(
        "around-hole",
        DYNAMIC,
        "!Sub '{{resolve:secretsmanager:${Custom}:SecretString}}'",
        "{{resolve:secretsmanager:<Custom.Ref>:SecretString}}",
    ),
    Case("unclosed", DYNAMIC, "'{{resolve:ssm:/p'", "{{resolve:ssm:/p"),
    # Text and numbers as the template's format reads them
    Case("date", FORMATS, "2012-10-17", "2012-10-17"),
    Case("account-id", FORMATS, "012345678901", "012345678901"),
    Case("version", FORMATS, "1.10", "1.10"),
    Case("yes", FORMATS, "yes", expected=True),
    Case("quoted-yes", FORMATS, "'yes'", "yes"),
    Case("octal-text", FORMATS, "0755", "0755"),
    # What only runs in AWS
    Case("macro", TRANSFORM, "{'Fn::Transform': {Name: Mine}}", "<?macro Mine only runs at deployment>"),
    Case("rule", RULES, "{'Fn::ValueOf': [a, b]}", "<?functions of Rules are decided at deployment>"),
    Case("unknown-function", REFERENCE, "{'Fn::Nonsense': a}", "<?Fn::Nonsense is not a function of CloudFormation>"),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_function_gives_what_its_page_says(case: Case, tmp_path: Path) -> None:
    found = properties(template(tmp_path, f"{PREAMBLE}{case.expression}\n"), "Probe")
    assert found.get("Value", REMOVED) == case.expected


def test_at_least_150_cases_each_name_a_page_and_are_distinct() -> None:
    assert len(CASES) >= 150
    assert len({case.name for case in CASES}) == len(CASES)
    assert all(case.page.startswith("https://docs.aws.amazon.com/") for case in CASES)
