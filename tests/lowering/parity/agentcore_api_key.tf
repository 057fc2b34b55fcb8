resource "aws_bedrockagentcore_api_key_credential_provider" "Search" { # at: Credential
  name    = "search"
  api_key = "sk-proj-abcdefghijklmnopqrstuvwxyz1234567890" # at: Credential
}

resource "aws_bedrockagentcore_workload_identity" "Me" { # at: Principal
  name = "me"
}
