resource "aws_bedrockagent_knowledge_base" "Docs" { # at: System
  name     = "docs"
  role_arn = "arn:aws:iam::111122223333:role/docs" # at: IdentityUse
  storage_configuration {
    type = "PINECONE"
    pinecone_configuration {
      credentials_secret_arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:p-abcdef" # at: SecretUse
    }
  }
}
