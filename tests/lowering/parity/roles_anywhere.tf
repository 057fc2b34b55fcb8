resource "aws_rolesanywhere_profile" "Edge" {
  name             = "edge"
  role_arns        = ["arn:aws:iam::111122223333:role/edge"]
  duration_seconds = 43200 # at: Credential
}
