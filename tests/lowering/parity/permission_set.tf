resource "aws_ssoadmin_permission_set" "Admins" { # at: Principal
  name             = "admins"
  instance_arn     = "arn:aws:sso:::instance/ssoins-1"
  session_duration = "PT8H" # at: Credential
}

resource "aws_ssoadmin_managed_policy_attachment" "Admins" {
  instance_arn       = "arn:aws:sso:::instance/ssoins-1"
  managed_policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess" # at: Attachment
  permission_set_arn = aws_ssoadmin_permission_set.Admins.arn
}
