resource "aws_codebuild_project" "Build" { # at: Workload
  name         = "build"
  service_role = "arn:aws:iam::111122223333:role/build" # at: IdentityUse
  environment {
    image = "aws/codebuild/standard:7.0" # at: Setting
    environment_variable {
      name  = "ANTHROPIC_API_KEY"
      type  = "SECRETS_MANAGER"
      value = "anthropic" # at: SecretUse
    }
  }
}
