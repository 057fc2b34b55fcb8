resource "aws_lexv2models_bot" "Front" { # at: Agent
  name                        = "front"
  role_arn                    = "arn:aws:iam::111122223333:role/front" # at: IdentityUse
  idle_session_ttl_in_seconds = 86400 # at: Credential
}
