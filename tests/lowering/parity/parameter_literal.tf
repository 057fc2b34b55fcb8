resource "aws_ssm_parameter" "Key" { # at: System
  name  = "/agents/openai"
  type  = "String"
  value = "sk-proj-abcdefghijklmnopqrstuvwxyz1234567890" # at: Credential
}
