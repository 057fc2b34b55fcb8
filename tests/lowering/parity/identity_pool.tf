resource "aws_cognito_identity_pool" "Pool" { # at: Principal
  identity_pool_name               = "pool"
  allow_unauthenticated_identities = true
}

resource "aws_cognito_identity_pool_roles_attachment" "Attachment" {
  identity_pool_id = aws_cognito_identity_pool.Pool.id
  roles = {
    "authenticated"   = "arn:aws:iam::111122223333:role/user" # at: IdentityUse
    "unauthenticated" = aws_iam_role.Guest.arn                # at: IdentityUse
  }
  role_mapping {
    identity_provider         = "accounts.google.com"
    type                      = "Rules"
    ambiguous_role_resolution = "Deny"
    mapping_rule {
      claim      = "isAdmin"
      match_type = "Equals"
      value      = "true"
      role_arn   = "arn:aws:iam::111122223333:role/admin" # at: IdentityUse
    }
  }
}

resource "aws_iam_role" "Guest" {
  name               = "guest"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [] })
  inline_policy {
    name = "call"
    policy = jsonencode({
      Version   = "2012-10-17"
      Statement = [{ Effect = "Allow", Action = "bedrock:InvokeAgent", Resource = aws_bedrockagent_agent_alias.Live.agent_alias_arn }] # at: Setting
    })
  }
}

resource "aws_bedrockagent_agent" "Ops" {
  agent_name              = "ops"
  agent_resource_role_arn = "arn:aws:iam::111122223333:role/ops"
  foundation_model        = "m"
}

resource "aws_bedrockagent_agent_alias" "Live" {
  agent_id         = aws_bedrockagent_agent.Ops.agent_id
  agent_alias_name = "live"
}
