"""The shipped checks, as an explicit tuple: one line per check."""

from __future__ import annotations

from agentreach_checks.accountability.no_audit_log import no_audit_log
from agentreach_checks.accountability.no_owner import no_owner
from agentreach_checks.accountability.unencrypted_memory import unencrypted_memory
from agentreach_checks.accountability.unpinned_agent_artifact import unpinned_agent_artifact
from agentreach_checks.analysis.bad_suppression import bad_suppression
from agentreach_checks.analysis.broken_source import broken_source
from agentreach_checks.analysis.unknown_policy import unknown_policy
from agentreach_checks.inherited_identity.cluster_admin import cluster_admin
from agentreach_checks.inherited_identity.cross_environment_identity import cross_environment_identity
from agentreach_checks.inherited_identity.delegated_human_identity import delegated_human_identity
from agentreach_checks.inherited_identity.inherited_node_identity import inherited_node_identity
from agentreach_checks.inherited_identity.orphaned_agent_identity import orphaned_agent_identity
from agentreach_checks.inherited_identity.rbac_wildcard import rbac_wildcard
from agentreach_checks.inherited_identity.shared_identity import shared_identity
from agentreach_checks.inherited_identity.standing_admin import standing_admin
from agentreach_checks.inherited_identity.third_party_principal import third_party_principal
from agentreach_checks.inherited_identity.unbounded_trust import unbounded_trust
from agentreach_checks.inherited_identity.unpinned_federation import unpinned_federation
from agentreach_checks.inherited_identity.wildcard_action import wildcard_action
from agentreach_checks.missing_gate.no_boundary import no_boundary
from agentreach_checks.missing_gate.no_confirmation import no_confirmation
from agentreach_checks.missing_gate.no_guardrail import no_guardrail
from agentreach_checks.missing_gate.open_mcp_endpoint import open_mcp_endpoint
from agentreach_checks.missing_gate.pre_approved_transition import pre_approved_transition
from agentreach_checks.missing_gate.unbounded_run import unbounded_run
from agentreach_checks.retained_credential.automounted_token import automounted_token
from agentreach_checks.retained_credential.long_lived_service_account_token import long_lived_service_account_token
from agentreach_checks.retained_credential.long_session import long_session
from agentreach_checks.retained_credential.no_rotation import no_rotation
from agentreach_checks.retained_credential.outlives_task import outlives_task
from agentreach_checks.retained_credential.renewable_without_human import renewable_without_human
from agentreach_checks.retained_credential.secret_in_environment import secret_in_environment
from agentreach_checks.retained_credential.secret_literal import secret_literal
from agentreach_checks.retained_credential.shared_secret import shared_secret
from agentreach_checks.retained_credential.static_access_key import static_access_key
from agentreach_checks.unapproved_reach.can_silence_audit import can_silence_audit
from agentreach_checks.unapproved_reach.cross_account_chain import cross_account_chain
from agentreach_checks.unapproved_reach.deploy_path_write import deploy_path_write
from agentreach_checks.unapproved_reach.open_code_tool import open_code_tool
from agentreach_checks.unapproved_reach.privilege_escalation import privilege_escalation
from agentreach_checks.unapproved_reach.production_data_write import production_data_write
from agentreach_checks.unapproved_reach.rbac_escalation_verbs import rbac_escalation_verbs
from agentreach_checks.unapproved_reach.secret_store_reach import secret_store_reach
from agentreach_checks.unapproved_reach.unbounded_agent_to_agent import unbounded_agent_to_agent
from agentreach_checks.unapproved_reach.unrestricted_egress import unrestricted_egress
from agentreach_checks.unapproved_reach.wildcard_resource import wildcard_resource

ALL = (
    broken_source,  # AR001
    unknown_policy,  # AR002
    bad_suppression,  # AR003
    standing_admin,  # AR101
    wildcard_action,  # AR102
    shared_identity,  # AR103
    delegated_human_identity,  # AR104
    unbounded_trust,  # AR105
    unpinned_federation,  # AR106
    inherited_node_identity,  # AR107
    cluster_admin,  # AR108
    rbac_wildcard,  # AR109
    cross_environment_identity,  # AR110
    third_party_principal,  # AR111
    orphaned_agent_identity,  # AR112
    static_access_key,  # AR201
    long_session,  # AR202
    no_rotation,  # AR203
    long_lived_service_account_token,  # AR204
    automounted_token,  # AR205
    secret_in_environment,  # AR206
    secret_literal,  # AR207
    renewable_without_human,  # AR208
    outlives_task,  # AR209
    shared_secret,  # AR210
    wildcard_resource,  # AR301
    privilege_escalation,  # AR302
    secret_store_reach,  # AR303
    rbac_escalation_verbs,  # AR304
    deploy_path_write,  # AR305
    production_data_write,  # AR306
    unrestricted_egress,  # AR307
    open_code_tool,  # AR308
    unbounded_agent_to_agent,  # AR309
    can_silence_audit,  # AR310
    cross_account_chain,  # AR311
    no_confirmation,  # AR401
    no_boundary,  # AR402
    no_guardrail,  # AR403
    open_mcp_endpoint,  # AR404
    pre_approved_transition,  # AR405
    unbounded_run,  # AR406
    no_owner,  # AR501
    no_audit_log,  # AR502
    unencrypted_memory,  # AR503
    unpinned_agent_artifact,  # AR504
)
