"""Code hosts, data platforms and identity providers in Terraform to facts.

GitHub and GitLab hold what pipelines of coding agents receive and who has to agree before they run; Databricks and
Snowflake declare agents; Okta, Auth0 and Keycloak say how long tokens live.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context, Lowering
    from agentreach.model import Resource


class Reader(NamedTuple):
    """Where the lowering of a type is."""

    module: str
    function: str


_READ: dict[str, dict[str, tuple[str, ...]]] = {
    "github": {
        "secret": ("github_actions_secret", "github_actions_environment_secret", "github_codespaces_secret"),
        "deploy_key": ("github_repository_deploy_key",),
        "environment": ("github_repository_environment",),
        "repository": ("github_repository",),
    },
    "gitlab": {
        "access_token": (
            "gitlab_project_access_token",
            "gitlab_group_access_token",
            "gitlab_group_service_account_access_token",
        ),
        "personal_token": ("gitlab_personal_access_token",),
        "deploy_token": ("gitlab_project_deploy_token", "gitlab_group_deploy_token", "gitlab_deploy_token"),
        "deploy_key": ("gitlab_deploy_key",),
        "variable": ("gitlab_project_variable", "gitlab_group_variable"),
        "environment": ("gitlab_project_protected_environment",),
        "project": ("gitlab_project",),
        "nothing": ("gitlab_group", "gitlab_user", "gitlab_group_service_account"),
    },
    "databricks": {
        "token": ("databricks_token", "databricks_obo_token"),
        "principal_secret": ("databricks_service_principal_secret",),
        "principal": ("databricks_service_principal",),
        "integration": ("databricks_custom_app_integration",),
        "app": ("databricks_app",),
        "supervisor": ("databricks_supervisor_agent",),
        "supervisor_tool": ("databricks_supervisor_agent_tool",),
        "mcp_service": ("databricks_ai_gateway_mcp_service",),
    },
    "snowflake": {
        "cortex_agent": ("snowflake_cortex_agent",),
        "mcp_server": ("snowflake_mcp_server",),
        "service_user": ("snowflake_service_user", "snowflake_legacy_service_user"),
        "person": ("snowflake_user",),
        "programmatic_token": ("snowflake_user_programmatic_access_token",),
        "authentication": ("snowflake_authentication_policy",),
        "integration": ("snowflake_api_integration_external_mcp_oauth2",),
        "grant": ("snowflake_grant_account_role",),
    },
    "pipelines": {"key_pair": ("tls_private_key",)},
    "identity_providers": {
        "client": ("okta_app_oauth", "auth0_client", "keycloak_openid_client"),
        "client_credentials": ("auth0_client_credentials",),
        "resource_server": ("auth0_resource_server",),
        "policy_rule": ("okta_auth_server_policy_rule",),
        "realm": ("keycloak_realm",),
        "nothing": ("okta_auth_server_policy", "auth0_client_grant"),
    },
}

READERS: dict[str, Reader] = {
    type_: Reader(module, function)
    for module, functions in _READ.items()
    for function, types in functions.items()
    for type_ in types
}
"""Which function of which module reads each type."""

_AGENT_FAMILIES = (
    "databricks_ai_gateway_",
    "databricks_agent",
    "databricks_supervisor_",
    "github_copilot_",
    "gitlab_duo_",
    "snowflake_cortex_agent",
    "snowflake_mcp_",
)


def family(type_: str) -> Lowering | None:
    """Types that are agent-related by their name."""
    return _lowering(Reader("github", "unmodelled")) if type_.startswith(_AGENT_FAMILIES) else None


@cache
def _lowering(reader: Reader) -> Lowering:
    def lowering(resource: Resource, context: Context) -> Iterator[Fact]:
        read: Lowering = getattr(import_module(f"{__name__}.{reader.module}"), reader.function)
        return read(resource, context)

    return lowering


TABLE: dict[str, Lowering] = {type_: _lowering(reader) for type_, reader in READERS.items()}
