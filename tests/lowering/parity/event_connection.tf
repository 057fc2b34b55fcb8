resource "aws_cloudwatch_event_connection" "Api" {
  name               = "api"
  authorization_type = "API_KEY"
  auth_parameters {
    api_key {
      key   = "x-key"
      value = "xoxb-123456789012-abcdefghijkl" # at: Credential
    }
  }
}
