resource "aws_sqs_queue" "Jobs" { # at: System
  name = "jobs"
}

resource "aws_sqs_queue_policy" "JobsPolicy" {
  queue_url = aws_sqs_queue.Jobs.id
  policy    = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Service = "sns.amazonaws.com" }, Action = "sqs:SendMessage", Resource = aws_sqs_queue.Jobs.arn, Condition = { ArnEquals = { "aws:SourceArn" = aws_sns_topic.News.arn } } }] }) # at: Policy
}

resource "aws_sns_topic" "News" { # at: System
  name = "news"
}
