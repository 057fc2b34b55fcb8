"""What an API Gateway target offers: the operations of the API's own definition that its filters let through."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agentreach.identity import Tool
from lowering.loading import from_template, only

if TYPE_CHECKING:
    from pathlib import Path

API = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Target:
    Type: AWS::BedrockAgentCore::GatewayTarget
    Properties:
      Name: orders
      GatewayIdentifier: g
      TargetConfiguration:
        Mcp:
          ApiGateway:
            RestApiId: %s
            ApiGatewayToolConfiguration: {ToolFilters: [%s]}
  Api:
    Type: AWS::Serverless::Api
    Properties:
      DefinitionBody:
        paths:
          /orders:
            get: {operationId: listOrders}
            delete: {operationId: deleteOrders}
          /health:
            get: {operationId: health}
"""


@pytest.mark.parametrize(
    ("filter_", "expected"),
    [
        ("{FilterPath: '/*', Methods: [GET, DELETE]}", ["listOrders", "deleteOrders", "health"]),
        ("{FilterPath: '/orders', Methods: [GET]}", ["listOrders"]),
        ("{FilterPath: '/ord*'}", ["listOrders", "deleteOrders"]),
        ("{FilterPath: '/other', Methods: [GET]}", []),
        ("{FilterPath: '/health', Methods: [!Ref Later]}", ["health"]),
    ],
)
def test_a_declared_api_gives_its_operations(filter_: str, expected: list[str], tmp_path: Path) -> None:
    (tool,) = only(from_template(tmp_path, API % ("!Ref Api", filter_)), Tool)
    assert [one.name for one in tool.operations] == expected
    assert {one.mutating for one in tool.operations if one.name == "deleteOrders"} <= {True}


def test_an_api_of_elsewhere_leaves_the_methods_of_the_filters(tmp_path: Path) -> None:
    (tool,) = only(from_template(tmp_path, API % ("abc123", "{FilterPath: '/orders', Methods: [GET, DELETE]}")), Tool)
    assert [(one.name, one.mutating) for one in tool.operations] == [("GET /orders", False), ("DELETE /orders", True)]
