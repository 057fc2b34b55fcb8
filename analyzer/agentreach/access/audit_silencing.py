"""Rights of Google and Azure that stop, divert or delete a log. Those of AWS are a set of the action catalogue.

Sources: Google Cloud, "Access control with IAM" for Cloud Logging; Microsoft Learn, "Azure built-in roles for Monitor"
and the resource provider operations of Microsoft.Insights, Microsoft.OperationalInsights and Microsoft.Security.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from agentreach.access import azure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_GOOGLE_ROLES: Final = frozenset({"roles/logging.admin", "roles/logging.configWriter"})
_GOOGLE: Final = frozenset(
    {
        "logging.buckets.delete",
        "logging.buckets.update",
        "logging.exclusions.create",
        "logging.exclusions.update",
        "logging.logs.delete",
        "logging.settings.update",
        "logging.sinks.delete",
        "logging.sinks.update",
        "securitycenter.muteconfigs.create",
    }
)
_AZURE_ROLES: Final = frozenset(
    {
        "contributor",
        "log analytics contributor",
        "monitoring contributor",
        "security admin",
        "microsoft sentinel contributor",
    }
)
_AZURE: Final = (
    "Microsoft.Insights/activityLogAlerts/delete",
    "Microsoft.Insights/dataCollectionRules/delete",
    "Microsoft.Insights/diagnosticSettings/delete",
    "Microsoft.Insights/diagnosticSettings/write",
    "Microsoft.OperationalInsights/workspaces/delete",
    "Microsoft.OperationalInsights/workspaces/purge/action",
    "Microsoft.Security/pricings/write",
    "Microsoft.SecurityInsights/alertRules/delete",
)
_EVERYWHERE: Final = "*"


def among(provider: str, given: Iterable[str], service: str) -> Iterator[str]:
    """Those of the permissions, operations or roles given for a service ("*": any) that silence an audit trail."""
    for one in given:
        if _is_google(one) if provider == "google" else provider == "azure" and _is_azure(one, service):
            yield one


def _is_google(one: str) -> bool:
    return one in _GOOGLE or one in _GOOGLE_ROLES


def _is_azure(one: str, service: str) -> bool:
    """A role by its name; an operation, which may have wildcards, by what it covers of its own resource provider."""
    if one.lower() in _AZURE_ROLES:
        return service == _EVERYWHERE or one.lower() != "contributor"
    return "/" in one and any(azure.allows((one,), (), operation) for operation in _AZURE)
