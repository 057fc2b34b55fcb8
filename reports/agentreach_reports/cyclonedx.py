"""The inventory as a CycloneDX 1.6 bill of materials.

Agents are applications, what they act through are services, identities are platforms, credentials are cryptographic
assets (credentials, tokens), and dependencies say which agent uses which. Names of properties start `agentreach:`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from agentreach import __version__
from agentreach.thresholds import lasting, seconds_of
from agentreach_reports.json_text import dumped
from agentreach_reports.visible import visible

if TYPE_CHECKING:
    from agentreach.engine import Scan
    from agentreach.graph.views import AgentView, CredentialView, IdentityView, ToolView
    from agentreach.model import Key, Span
    from agentreach_reports.presentation import Presentation

Record = dict[str, Any]
SCHEMA = "http://cyclonedx.org/schema/bom-1.6.schema.json"
TRUTH = {True: "true", False: "false", None: "unknown"}
MATERIAL = {
    "password": "password",
    "oauth": "token",
    "refresh-token": "token",
    "service-account-token": "token",
    "role-session": "token",
    "session": "token",
    "access-key": "key",
    "api-key": "key",
}


def render(scan: Scan, presentation: Presentation) -> str:
    """The document; its serial number is made from what it lists."""
    bill = _Bill(scan)
    body = {"components": list(bill.components.values()), "services": list(bill.services.values())}
    uses = [{"ref": ref, "dependsOn": sorted(used)} for ref, used in sorted(bill.uses.items())]
    serial = uuid5(NAMESPACE_URL, dumped([body, uses]))
    has_time = presentation.timestamp is not None or presentation.moment is not None
    timestamp = {"timestamp": presentation.dated.strftime("%Y-%m-%dT%H:%M:%SZ")} if has_time else {}
    return dumped(
        {
            "$schema": SCHEMA,
            "bomFormat": "CycloneDX",
            "specVersion": "1.6",
            "serialNumber": f"urn:uuid:{serial}",
            "version": 1,
            "metadata": {
                **timestamp,
                "tools": {"components": [{"type": "application", "name": "agentreach", "version": __version__}]},
                "properties": _properties(revision=presentation.revision),
            },
            **body,
            "dependencies": uses,
        }
    )


class _Bill:
    """Collects each thing once, however many agents use it."""

    def __init__(self, scan: Scan) -> None:
        self.components: dict[str, Record] = {}
        self.services: dict[str, Record] = {}
        self.uses: dict[str, set[str]] = {}
        for view in scan.graph.agents:
            self._agent(view)
            for credential in scan.graph.credentials(view.key):
                self._use(view, self._credential(credential))

    def _use(self, view: AgentView, ref: str) -> None:
        self.uses.setdefault(_ref("agent", view.key), set()).add(ref)
        self.uses.setdefault(ref, set())

    def _agent(self, view: AgentView) -> None:
        ref = _ref("agent", view.key)
        self.uses.setdefault(ref, set())
        self.components[ref] = {
            **_named("application", ref, view.name or view.key.address),
            "properties": _properties(
                address=view.key.address,
                root=view.key.root,
                platform=view.agent.platform,
                kind=view.agent.kind,
                role=view.role.value,
                confidence=view.confidence.label,
                owner=view.owner,
                bounded=TRUTH[view.bounded],
                production=TRUTH[view.production],
                highest_step=view.highest.label if view.highest else None,
                highest_standing_step=view.highest_standing.label if view.highest_standing else None,
            ),
            "evidence": {"occurrences": [_occurrence(one.at, one.note) for one in view.agent.because]},
        }
        for identity in view.identities:
            self._use(view, self._identity(identity))
        for tool in view.tools:
            self._use(view, self._tool(tool))

    def _identity(self, view: IdentityView) -> str:
        ref = _ref("identity", view.key)
        if ref not in self.components:
            self.components[ref] = {
                **_named("platform", ref, view.name or view.key.address),
                "properties": _properties(
                    address=view.key.address,
                    root=view.key.root,
                    kind=view.kind,
                    declared=TRUTH[view.declared],
                    account=view.account,
                    highest_step=view.highest.label if view.highest else None,
                ),
                "evidence": {"occurrences": [_occurrence(view.at, "the identity")] if view.declared else []},
            }
        return ref

    def _tool(self, view: ToolView) -> str:
        ref = _ref("tool", view.key)
        acts = ", ".join(one.name or one.key.address for one in view.acts_as)
        self.services.setdefault(
            ref,
            {
                "bom-ref": ref,
                "name": visible(view.tool.name or view.key.address) or "tool",
                "properties": _properties(
                    address=view.key.address,
                    root=view.key.root,
                    executor=view.executor,
                    acts_as=acts,
                    mutating=TRUTH[view.mutating],
                    confirmation=TRUTH[view.confirmation],
                    path=view.tool.at.location.path,
                    line=str(view.tool.at.location.line),
                ),
            },
        )
        return ref

    def _credential(self, view: CredentialView) -> str:
        held = view.credential
        ref = _ref(f"credential:{held.kind}", held.key)
        seconds = seconds_of(held)
        material = {"type": MATERIAL.get(held.kind, "credential")}
        self.components[ref] = {
            **_named("cryptographic-asset", ref, held.key.address),
            "cryptoProperties": {
                "assetType": "related-crypto-material",
                "relatedCryptoMaterialProperties": material,
            },
            "properties": _properties(
                kind=held.kind,
                holder=view.holder_name or view.holder.address,
                lifetime=lasting(seconds),
                lifetime_seconds=None if seconds is None or seconds == math.inf else str(int(seconds)),
                rotated=TRUTH[held.rotated],
                renewable_without_human=TRUTH[held.renewable_without_human],
                stored_in=held.stored_in,
            ),
            "evidence": {"occurrences": [_occurrence(held.at, held.kind)]},
        }
        return ref


def _ref(kind: str, key: Key) -> str:
    return visible(f"{kind}:{key.root}::{key.address}", 2000)


def _named(kind: str, ref: str, name: str) -> Record:
    return {"type": kind, "bom-ref": ref, "name": visible(name) or "unnamed"}


def _occurrence(at: Span, note: str) -> Record:
    place = at.location
    return {"location": visible(place.path, 2000), "line": place.line, "additionalContext": visible(note)}


def _properties(**values: str | None) -> list[Record]:
    return [
        {"name": f"agentreach:{name.replace('_', '-')}", "value": visible(value)}
        for name, value in values.items()
        if value
    ]
