resource "aws_cognito_user_pool_client" "App" {
  name                   = "app"
  user_pool_id           = "pool"
  access_token_validity  = 30 # at: Credential
  refresh_token_validity = 365 # at: Credential
  generate_secret        = true # at: Credential
  token_validity_units {
    access_token = "minutes"
  }
}
