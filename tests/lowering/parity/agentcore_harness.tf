resource "aws_bedrockagentcore_harness" "Helper" { # at: Agent
  harness_name       = "helper"
  execution_role_arn = "arn:aws:iam::111122223333:role/helper" # at: IdentityUse
  allowed_tools      = ["*"] # at: Setting
  max_iterations     = 20 # at: Setting
  tool {
    type = "remote_mcp"
    name = "crm" # at: Tool
    config {
      remote_mcp {
        url = "https://crm.example.com/mcp"
        headers = {
          Authorization = "Bearer ghp_0123456789abcdefghijklmnopqrstuvwxyz" # at: SecretUse
        }
      }
    }
  }
}
