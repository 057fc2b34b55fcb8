# The trust of a role that service accounts of clusters take by web identity: what the other modules here share.

inputs {
  oidc_providers = {}
  test           = "StringEquals"
  own_role       = null
}

module "trust" {
  source   = "agentreach/statements"
  own_role = var.own_role
  statements = [for cluster in values(var.oidc_providers) : {
    actions    = ["sts:AssumeRoleWithWebIdentity"]
    principals = [{ type = "Federated", identifiers = [cluster.provider_arn] }]
    condition = [for claim, values in { aud = ["sts.amazonaws.com"], sub = formatlist("system:serviceaccount:%s", cluster.namespace_service_accounts) } :
      { test = var.test, variable = "${split(":oidc-provider/", cluster.provider_arn)[1]}:${claim}", values = values }
    ]
  }]
}

outputs {
  json = module.trust.json
}
