resource "aws_bedrockagent_agent" "Ops" {
  agent_name              = "ops"
  agent_resource_role_arn = "arn:aws:iam::111122223333:role/ops"
  foundation_model        = "m"
}

resource "aws_scheduler_schedule" "Nightly" { # at: Workload
  name                = "nightly"
  schedule_expression = "rate(1 day)" # at: Setting
  target {
    arn      = "arn:aws:scheduler:::aws-sdk:bedrockagentruntime:invokeAgent"
    role_arn = "arn:aws:iam::111122223333:role/schedule" # at: IdentityUse
    input    = jsonencode({ AgentId = aws_bedrockagent_agent.Ops.agent_id })
  }
}
