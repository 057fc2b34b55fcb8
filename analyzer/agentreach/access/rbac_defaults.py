"""ClusterRoles that every cluster has without declaring them."""
from __future__ import annotations
def default_roles(): return {}
