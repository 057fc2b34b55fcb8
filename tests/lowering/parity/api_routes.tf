resource "aws_lambda_function" "Chat" {
  function_name = "chat"
  role          = "arn:aws:iam::111122223333:role/run"
}

resource "aws_lambda_function" "Desk" {
  function_name = "desk"
  role          = "arn:aws:iam::111122223333:role/run"
}

resource "aws_apigatewayv2_api" "Http" {
  name          = "http"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_integration" "Chat" {
  api_id           = aws_apigatewayv2_api.Http.id
  integration_type = "AWS_PROXY"
  integration_uri  = aws_lambda_function.Chat.arn
}

resource "aws_apigatewayv2_route" "Open" { # at: Setting
  api_id    = aws_apigatewayv2_api.Http.id
  route_key = "POST /chat"
  target    = "integrations/${aws_apigatewayv2_integration.Chat.id}"
}

resource "aws_apigatewayv2_route" "Asked" {
  api_id             = aws_apigatewayv2_api.Http.id
  route_key          = "POST /admin"
  authorization_type = "JWT" # at: Setting
  target             = "integrations/${aws_apigatewayv2_integration.Chat.id}"
}

resource "aws_apigatewayv2_api" "Quick" {
  name          = "quick"
  protocol_type = "HTTP"
  target        = aws_lambda_function.Desk.arn # at: Setting
}
