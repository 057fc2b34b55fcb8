"""Pure policy semantics: what a statement allows, decided from code alone. Knows no file format and no agent.

    verdict            the three values: denied, possible, allowed
    request            what is asked, who asks, which policies speak, what they decide
    aws                `evaluate(request, layers) -> Decision`, one question
    effective          `grants(layers) -> Grants`, what layers leave of each statement, in bulk
    managed_policies   AWS managed policies by name or ARN
    actions, steps     the AWS action catalogue as bitsets, and the privilege step of an action or a set
    rbac               Kubernetes: queries, effective rules, privilege steps
    google, azure      roles, permissions and operations by privilege step; inheritance of scopes
    escalation         the catalogue of known paths, and what it asks about a principal (`PrincipalView`)
    escalation_match   the AWS paths that fire for a view; `policy_reach` is the half of one that policies answer
    escalation_kubernetes, escalation_roles   the paths that fire for RBAC rules, and for role assignments

Below these: globs, patterns and variables (strings with holes), arns, context, comparisons and conditions,
principals, statements. Import the module you need; this package imports nothing, so a scan pays only for what it asks.
"""
