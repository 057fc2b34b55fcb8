resource "aws_iam_user" "Bot" {
  name = "bot"
}

resource "aws_iam_service_specific_credential" "Key" {
  user_name           = aws_iam_user.Bot.name
  service_name        = "bedrock.amazonaws.com"
  credential_age_days = 365 # at: Credential
}

resource "aws_iam_service_specific_credential" "Forever" { # at: Credential
  user_name    = aws_iam_user.Bot.name
  service_name = "bedrock.amazonaws.com"
}
