resource "aws_secretsmanager_secret" "Key" {
  name = "key"
}

resource "aws_ecs_task_definition" "Task" { # at: Workload
  family             = "task"
  task_role_arn      = "arn:aws:iam::111122223333:role/task" # at: IdentityUse
  execution_role_arn = "arn:aws:iam::111122223333:role/pull"
  container_definitions = jsonencode([{
    name        = "main"
    image       = "ghcr.io/acme/bot:1.2" # at: Setting
    environment = [{ name = "AGENTCORE_MEMORY_ID", value = "m-1" }] # at: Signal
    secrets     = [{ name = "ANTHROPIC_API_KEY", valueFrom = aws_secretsmanager_secret.Key.arn }] # at: SecretUse
  }])
}
