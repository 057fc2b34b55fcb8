"""Pure policy semantics: what a statement allows, decided from code alone. Knows no file format and no agent.

    verdict      the three values: denied, possible, allowed
    request      what is asked, who asks, which policies speak, what they decide
    aws          `evaluate(request, layers) -> Decision`
    effective    the actions and resources a set of layers leaves, in bulk, for graphs
    rbac         Kubernetes: `allowed(query, roles, bindings)`, effective rules, privilege steps
    actions      the AWS action catalogue as bitsets
    steps        the privilege step of an action, and the highest of a bitset
    google       predefined roles and permissions by privilege step
    azure        built-in roles and operations by privilege step
    managed_policies   AWS managed policies by name or ARN
    escalation   known paths to more rights, matched against an abstract principal

Import the module you need; this package imports nothing, so a scan pays only for what it asks.
"""
