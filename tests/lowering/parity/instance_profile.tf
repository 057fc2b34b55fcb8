resource "aws_iam_role" "Ops" {
  name               = "ops"
  assume_role_policy = "{}"
}

resource "aws_iam_instance_profile" "Profile" { # at: Principal
  name = "profile"
  role = aws_iam_role.Ops.name # at: Membership
}

resource "aws_instance" "Box" {
  ami                  = "ami-1"
  iam_instance_profile = aws_iam_instance_profile.Profile.name # at: IdentityUse
  user_data            = "export TOKEN=ghp_0123456789abcdefghijklmnopqrstuvwxyz" # at: SecretUse
}
