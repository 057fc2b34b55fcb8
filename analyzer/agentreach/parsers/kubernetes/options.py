"""What a caller may say about how Kubernetes sources are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from agentreach.records import dataclass

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class KubernetesOptions:
    """`helm` "auto" renders charts with a helm binary on PATH; `helm_values` are given to every chart, in order."""

    helm: Literal["auto", "off"] = "auto"
    helm_values: tuple[Path, ...] = ()
