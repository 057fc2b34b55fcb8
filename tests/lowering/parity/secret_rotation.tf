resource "aws_secretsmanager_secret" "Db" {
  name = "db"
}

resource "aws_secretsmanager_secret_rotation" "DbRotation" { # at: Credential
  secret_id = aws_secretsmanager_secret.Db.id
  rotation_rules {
    automatically_after_days = 30
  }
}
