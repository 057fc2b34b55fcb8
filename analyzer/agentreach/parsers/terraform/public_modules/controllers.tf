# What a module grants to well-known controllers is its own text, and is not read here: `local.controllers` are the
# arguments that ask for it, `local.creates` says whether there is a role.

resource "terraform_data" "own_text" {}

resource "aws_iam_role_policy" "controller" {
  count  = local.creates && anytrue(local.controllers) ? 1 : 0
  role   = aws_iam_role.this[0].name
  policy = terraform_data.own_text.id
}
