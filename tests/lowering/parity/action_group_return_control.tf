resource "aws_bedrockagent_agent" "Ops" {
  agent_name              = "ops"
  agent_resource_role_arn = "arn:aws:iam::111122223333:role/ops"
  foundation_model        = "m"
}

resource "aws_bedrockagent_agent_action_group" "later" {
  agent_id          = aws_bedrockagent_agent.Ops.agent_id
  agent_version     = "DRAFT"
  action_group_name = "later"
  action_group_executor {
    custom_control = "RETURN_CONTROL"
  }
  api_schema {
    s3 {
      s3_bucket_name = "b"
      s3_object_key  = "k"
    }
  }
}

resource "aws_bedrockagent_agent_action_group" "ask" {
  agent_id                      = aws_bedrockagent_agent.Ops.agent_id
  agent_version                 = "DRAFT"
  action_group_name             = "ask"
  parent_action_group_signature = "AMAZON.UserInput"
}

resource "aws_bedrockagent_agent_action_group" "code" {
  agent_id                      = aws_bedrockagent_agent.Ops.agent_id
  agent_version                 = "DRAFT"
  action_group_name             = "code"
  parent_action_group_signature = "AMAZON.CodeInterpreter" # at: Setting
}
