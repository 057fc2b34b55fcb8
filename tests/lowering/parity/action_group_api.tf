resource "aws_bedrockagent_agent" "Ops" {
  agent_name              = "ops"
  agent_resource_role_arn = "arn:aws:iam::111122223333:role/ops"
  foundation_model        = "m"
}

resource "aws_bedrockagent_agent_action_group" "refunds" {
  agent_id          = aws_bedrockagent_agent.Ops.agent_id
  agent_version     = "DRAFT"
  action_group_name = "refunds"
  action_group_executor {
    lambda = "arn:aws:lambda:eu-west-1:111122223333:function:refunds"
  }
  api_schema {
    payload = <<-EOT
      openapi: 3.0.0
      paths:
        /refunds:
          post:
            operationId: createRefund
            x-requireConfirmation: ENABLED
          get:
            operationId: listRefunds
    EOT
  }
}
