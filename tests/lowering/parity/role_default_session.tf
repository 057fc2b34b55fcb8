resource "aws_iam_role" "Ops" { # at: Credential
  path = "/agents/"
  assume_role_policy = "{}"
}
