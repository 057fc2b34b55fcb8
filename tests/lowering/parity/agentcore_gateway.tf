resource "aws_bedrockagentcore_gateway" "Tools" { # at: Agent
  name            = "tools"
  role_arn        = "arn:aws:iam::111122223333:role/tools" # at: IdentityUse
  authorizer_type = "NONE" # at: Setting
  protocol_type   = "MCP"
  policy_engine_configuration {
    arn  = "arn:aws:bedrock-agentcore:eu-west-1:111122223333:policy-engine/p"
    mode = "LOG_ONLY" # at: Gate
  }
  interceptor_configuration {
    interception_points = ["REQUEST"]
    interceptor {
      lambda {
        arn = "arn:aws:lambda:eu-west-1:111122223333:function:check" # at: Gate
      }
    }
  }
}

resource "aws_bedrockagentcore_gateway_target" "Orders" { # at: Tool
  name               = "orders"
  gateway_identifier = aws_bedrockagentcore_gateway.Tools.gateway_id
  credential_provider_configuration {
    gateway_iam_role {}
  }
  target_configuration {
    mcp {
      lambda {
        lambda_arn = "arn:aws:lambda:eu-west-1:111122223333:function:orders"
        tool_schema {
          inline_payload {
            name        = "delete_order"
            description = "d"
          }
          inline_payload {
            name        = "get_order"
            description = "d"
          }
        }
      }
    }
  }
}
