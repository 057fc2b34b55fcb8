resource "aws_ecs_task_definition" "Task" {
  family                = "task"
  container_definitions = "[]"
}

resource "aws_ecs_service" "Service" {
  name            = "service"
  task_definition = aws_ecs_task_definition.Task.arn
  network_configuration {
    assign_public_ip = true # at: Setting
    subnets          = ["s"]
  }
}
