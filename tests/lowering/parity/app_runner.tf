resource "aws_apprunner_service" "Bot" { # at: Workload
  service_name = "bot"
  instance_configuration {
    instance_role_arn = "arn:aws:iam::111122223333:role/bot" # at: IdentityUse
  }
  source_configuration {
    image_repository {
      image_identifier = "ghcr.io/acme/bot@sha256:00" # at: Setting
      image_configuration {
        runtime_environment_secrets = {
          OPENAI_API_KEY = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:key-abcdef" # at: SecretUse
        }
      }
    }
  }
}
