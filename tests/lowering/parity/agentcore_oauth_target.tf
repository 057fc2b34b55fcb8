resource "aws_bedrockagentcore_gateway" "Tools" {
  name            = "tools"
  role_arn        = "arn:aws:iam::111122223333:role/tools"
  authorizer_type = "AWS_IAM"
}

resource "aws_bedrockagentcore_oauth2_credential_provider" "Crm" { # at: Credential
  name                       = "crm"
  credential_provider_vendor = "CustomOauth2"
}

resource "aws_bedrockagentcore_gateway_target" "CrmTarget" { # at: Tool
  name               = "crm"
  gateway_identifier = aws_bedrockagentcore_gateway.Tools.gateway_id
  credential_provider_configuration {
    oauth {
      provider_arn = aws_bedrockagentcore_oauth2_credential_provider.Crm.credential_provider_arn # at: SecretUse
      scopes       = ["crm.write"]
      grant_type   = "AUTHORIZATION_CODE" # at: IdentityUse
    }
  }
  target_configuration {
    mcp {
      mcp_server {
        endpoint = "https://crm.example.com/mcp" # at: Setting
      }
    }
  }
}
