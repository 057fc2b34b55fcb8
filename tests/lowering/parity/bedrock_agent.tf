resource "aws_bedrockagent_agent" "Ops" { # at: Agent
  agent_name                  = "ops"
  agent_resource_role_arn     = "arn:aws:iam::111122223333:role/ops" # at: IdentityUse
  foundation_model            = "m"
  idle_session_ttl_in_seconds = 5400 # at: Credential
  guardrail_configuration {
    guardrail_identifier = "g-1" # at: Setting
    guardrail_version    = "1"
  }
  memory_configuration {
    enabled_memory_types = ["SESSION_SUMMARY"]
    storage_days         = 30 # at: Credential
  }
}
