resource "aws_bedrockagentcore_agent_runtime" "Research" { # at: Agent
  agent_runtime_name = "research"
  role_arn           = "arn:aws:iam::111122223333:role/research" # at: IdentityUse
  agent_runtime_artifact {
    container_configuration {
      container_uri = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/research:latest" # at: Setting
    }
  }
  network_configuration {
    network_mode = "PUBLIC" # at: Setting
  }
  lifecycle_configuration {
    idle_runtime_session_timeout = 28800 # at: Credential
    max_lifetime                 = 28800 # at: Credential
  }
  environment_variables = {
    MEMORY = aws_bedrockagentcore_memory.Notes.id # at: AgentLink
  }
}

resource "aws_bedrockagentcore_memory" "Notes" {
  name                  = "notes"
  event_expiry_duration = 365 # at: Credential
}
