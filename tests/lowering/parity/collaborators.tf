resource "aws_bedrockagent_agent" "Boss" {
  agent_name              = "boss"
  agent_resource_role_arn = "arn:aws:iam::111122223333:role/boss"
  foundation_model        = "m"
}

resource "aws_bedrockagent_agent" "Worker" {
  agent_name              = "worker"
  agent_resource_role_arn = "arn:aws:iam::111122223333:role/worker"
  foundation_model        = "m"
}

resource "aws_bedrockagent_agent_alias" "Live" { # at: AgentLink
  agent_alias_name = "live"
  agent_id         = aws_bedrockagent_agent.Worker.agent_id
}

resource "aws_bedrockagent_agent_collaborator" "Worker" {
  agent_id             = aws_bedrockagent_agent.Boss.agent_id
  collaborator_name    = "worker"
  collaboration_instruction = "x"
  agent_descriptor {
    alias_arn = aws_bedrockagent_agent_alias.Live.agent_alias_arn # at: AgentLink
  }
}
