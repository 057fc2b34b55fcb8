resource "aws_instance" "openhands" {
  ami                  = "ami-0abcdef1234567890"
  instance_type        = "t3.large"
  iam_instance_profile = aws_iam_instance_profile.builder.name
  metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = 2
  }
  tags = {
    Name = "openhands"
  }
  user_data = <<-EOF
    #!/bin/bash
    docker run -d ghcr.io/all-hands-ai/openhands:0.39
  EOF
}

resource "aws_iam_instance_profile" "builder" {
  role = aws_iam_role.builder.name
}

resource "aws_iam_role" "builder" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}
