resource "aws_qbusiness_application" "Help" { # at: Agent
  display_name         = "help"
  iam_service_role_arn = "arn:aws:iam::111122223333:role/help" # at: IdentityUse
}
