"""Who may call what stands behind API Gateway and load balancers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agentreach.identity import Aspect, Confidence, Setting
from lowering.loading import HEADER, from_template, from_terraform, line, only

if TYPE_CHECKING:
    from pathlib import Path

    from agentreach.identity import Fact

FUNCTION = """
resource "aws_lambda_function" "chat" {
  function_name = "chat"
  role          = "arn:aws:iam::111122223333:role/run"
}
"""
TASK = """
resource "aws_ecs_task_definition" "desk" {
  family                = "desk"
  container_definitions = jsonencode([{ name = "desk", image = "example/desk:1" }])
}

resource "aws_ecs_service" "desk" {
  name            = "desk"
  task_definition = aws_ecs_task_definition.desk.arn
  load_balancer {
    target_group_arn = aws_lb_target_group.desk.arn
    container_name   = "desk"
  }
}

resource "aws_lb_target_group" "desk" {
  name = "desk"
}
"""


def inbound(facts: tuple[Fact, ...]) -> dict[tuple[str, bool | None], int]:
    """Lines of what is said about callers, by who is called and whether anyone may."""
    said = [one for one in only(facts, Setting) if one.aspect is Aspect.ANONYMOUS_INBOUND]
    return {(str(getattr(one.subject, "address", one.subject)), one.state): line(one.at) for one in said}


def rest(method: str, api: str = "", more: str = "") -> str:
    return f"""{FUNCTION}
resource "aws_api_gateway_rest_api" "a" {{
  name = "a"
  {api}
}}
resource "aws_api_gateway_resource" "r" {{
  rest_api_id = aws_api_gateway_rest_api.a.id
  parent_id   = aws_api_gateway_rest_api.a.root_resource_id
  path_part   = "chat"
}}
resource "aws_api_gateway_method" "m" {{
  rest_api_id   = aws_api_gateway_rest_api.a.id
  resource_id   = aws_api_gateway_resource.r.id
  http_method   = "POST"
  {method}
}}
resource "aws_api_gateway_integration" "i" {{
  rest_api_id = aws_api_gateway_rest_api.a.id
  resource_id = aws_api_gateway_resource.r.id
  http_method = aws_api_gateway_method.m.http_method
  uri         = aws_lambda_function.chat.invoke_arn
}}
{more}"""


POLICY = """
resource "aws_api_gateway_rest_api_policy" "p" {
  rest_api_id = aws_api_gateway_rest_api.a.id
  policy      = "{}"
}
"""


@pytest.mark.parametrize(
    ("method", "state"),
    [
        ('authorization = "NONE"', True),
        ('authorization = "AWS_IAM"', False),
        ('authorization = "CUSTOM"', False),
        ("authorization = var.unknown", None),
    ],
)
def test_a_method_says_whom_it_asks(tmp_path: Path, method: str, *, state: bool | None) -> None:
    assert inbound(from_terraform(tmp_path, rest(method))) == {("aws_lambda_function.chat", state): 20}


@pytest.mark.parametrize(
    "text",
    [
        rest('authorization = "NONE"\n  api_key_required = true'),
        rest('authorization = "NONE"', 'endpoint_configuration {\n types = ["PRIVATE"]\n }'),
        rest('authorization = "NONE"', 'policy = "{}"'),
        rest('authorization = "NONE"', more=POLICY),
    ],
    ids=["key", "private", "policy", "policy apart"],
)
def test_a_key_a_private_endpoint_and_a_policy_are_not_open(tmp_path: Path, text: str) -> None:
    assert inbound(from_terraform(tmp_path, text)) == {}


WEBSOCKET = f"""{FUNCTION}
resource "aws_apigatewayv2_api" "w" {{
  name          = "w"
  protocol_type = "WEBSOCKET"
}}
resource "aws_apigatewayv2_integration" "i" {{
  api_id          = aws_apigatewayv2_api.w.id
  integration_uri = aws_lambda_function.chat.invoke_arn
}}
resource "aws_apigatewayv2_route" "connect" {{
  api_id             = aws_apigatewayv2_api.w.id
  route_key          = "$connect"
  authorization_type = "AWS_IAM"
  target             = "integrations/${{aws_apigatewayv2_integration.i.id}}"
}}
resource "aws_apigatewayv2_route" "default" {{
  api_id    = aws_apigatewayv2_api.w.id
  route_key = "$default"
  target    = "integrations/${{aws_apigatewayv2_integration.i.id}}"
}}
"""


def test_a_websocket_is_authorized_when_it_connects(tmp_path: Path) -> None:
    assert inbound(from_terraform(tmp_path, WEBSOCKET)) == {("aws_lambda_function.chat", False): 18}


DEFINITION = """Resources:
  Chat:
    Type: AWS::Lambda::Function
    Properties: {Role: arn:aws:iam::111122223333:role/run}
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        paths:
          /chat:
            post:
              x-amazon-apigateway-integration: {uri: !Sub "arn:aws:apigateway:x:lambda:path/f/${Chat.Arn}/invocations"}
              %s
"""


@pytest.mark.parametrize(
    ("security", "found"), [("summary: chat", {("Chat", True): 13}), ("security: [{pool: []}]", {})]
)
def test_an_operation_of_a_definition_without_security_is_open(
    tmp_path: Path, security: str, found: dict[tuple[str, bool], int]
) -> None:
    assert inbound(from_template(tmp_path, HEADER + DEFINITION % security)) == found


SAM = """Transform: AWS::Serverless-2016-10-31
%s
Resources:
  Chat:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.b
      Runtime: python3.12
      CodeUri: src/
      Events:
        Call:
          Type: %s
          Properties: {Path: /chat, Method: post%s}
"""
OWN = "  Api:\n    Type: AWS::Serverless::Api\n    Properties: {StageName: v1%s}\n"


@pytest.mark.parametrize(
    ("text", "state"),
    [
        (SAM % ("", "HttpApi", ""), True),
        (SAM % ("", "Api", ""), True),
        (SAM % ("", "HttpApi", ", Auth: {Authorizer: pool}"), False),
        (SAM % ("", "Api", ", Auth: {ApiKeyRequired: true}"), False),
        (SAM % ("Globals: {HttpApi: {Auth: {DefaultAuthorizer: pool}}}", "HttpApi", ""), False),
        (
            SAM % ("Globals: {HttpApi: {Auth: {DefaultAuthorizer: pool}}}", "HttpApi", ", Auth: {Authorizer: NONE}"),
            True,
        ),
        (SAM % ("", "Api", ", RestApiId: !Ref Api") + OWN % "", True),
        (SAM % ("", "Api", ", RestApiId: !Ref Api") + OWN % ", Auth: {DefaultAuthorizer: AWS_IAM}", False),
        (SAM % ("Globals: {Api: {Auth: {DefaultAuthorizer: p}}}", "Api", ", RestApiId: !Ref Api") + OWN % "", False),
    ],
)
def test_an_event_of_a_serverless_function_asks_whom_its_api_asks(tmp_path: Path, text: str, *, state: bool) -> None:
    assert inbound(from_template(tmp_path, HEADER + text)) == {("Chat", state): 12}


@pytest.mark.parametrize(
    ("kind", "more", "own"),
    [
        ("Api", ", RestApiId: !ImportValue api", ""),
        ("Api", ", RestApiId: !Ref Api", OWN % ", EndpointConfiguration: {Type: PRIVATE}"),
        ("Api", ", RestApiId: !Ref Api", OWN % ", Auth: {ResourcePolicy: {IpRangeWhitelist: [192.0.2.0/24]}}"),
        ("SQS", ", Queue: arn:aws:sqs:eu-west-1:111122223333:q", ""),
    ],
)
def test_an_api_of_elsewhere_or_with_a_limit_says_nothing(tmp_path: Path, kind: str, more: str, own: str) -> None:
    assert inbound(from_template(tmp_path, HEADER + SAM % ("", kind, more) + own)) == {}


def balanced(listener: str, balancer: str = "", more: str = "") -> str:
    return f"""{TASK}
resource "aws_lb" "front" {{
  name = "front"
  {balancer}
}}
resource "aws_lb_listener" "front" {{
  load_balancer_arn = aws_lb.front.arn
  {listener}
}}
{more}"""


FORWARD = """default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.desk.arn
  }"""
ASKING = 'default_action {\n type = "authenticate-oidc"\n }\n'
RULE = """
resource "aws_lb_listener_rule" "chat" {
  listener_arn = aws_lb_listener.front.arn
  action {
    type = "forward"
    forward {
      target_group { arn = aws_lb_target_group.desk.arn }
    }
  }
}
"""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (balanced(FORWARD), {("aws_ecs_task_definition.desk", True): 26}),
        (balanced(FORWARD, "internal = true"), {}),
        (balanced(ASKING + FORWARD), {("aws_ecs_task_definition.desk", False): 29}),
        (
            balanced('mutual_authentication { mode = "verify" }\n' + FORWARD),
            {("aws_ecs_task_definition.desk", False): 27},
        ),
        (balanced('default_action {\n type = "redirect"\n }', more=RULE), {("aws_ecs_task_definition.desk", True): 33}),
    ],
    ids=["open", "internal", "asks", "certificates", "rule"],
)
def test_a_listener_says_whom_it_asks(tmp_path: Path, text: str, found: dict[tuple[str, bool], int]) -> None:
    assert inbound(from_terraform(tmp_path, text)) == found


def test_a_listener_without_tls_is_plaintext_and_the_claim_is_of_medium_confidence(tmp_path: Path) -> None:
    facts = only(from_terraform(tmp_path, balanced('protocol = "HTTP"\n' + FORWARD)), Setting)
    assert [line(one.at) for one in facts if one.aspect is Aspect.PLAINTEXT_INBOUND] == [26]
    assert [one.confidence for one in facts if one.aspect is Aspect.ANONYMOUS_INBOUND] == [Confidence.MEDIUM]
