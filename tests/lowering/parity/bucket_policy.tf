resource "aws_s3_bucket" "Logs" { # at: System
  bucket = "logs"
}

resource "aws_s3_bucket_policy" "Open" {
  bucket = aws_s3_bucket.Logs.id
  policy = jsonencode({ # at: Policy
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "${aws_s3_bucket.Logs.arn}/*" }]
  })
}
