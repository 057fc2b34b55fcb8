"""Every Kubernetes row of the catalogue: the type is lowered, and its attribute is read where it says something."""

from __future__ import annotations

from agentreach.lowering import wanted
from agentreach.lowering.catalogue import entries

VERSIONED = {
    "apps/v1/Deployment": "apps/Deployment",
    "batch/v1/CronJob": "batch/CronJob",
    "rbac.authorization.k8s.io/v1/ClusterRole": "rbac.authorization.k8s.io/ClusterRole",
    "rbac.authorization.k8s.io/v1/ClusterRoleBinding": "rbac.authorization.k8s.io/ClusterRoleBinding",
    "networking.k8s.io/v1/NetworkPolicy": "networking.k8s.io/NetworkPolicy",
}
NOT_READ = {
    "v1/PersistentVolumeClaim": "its size says nothing about who reads it",
}


def test_every_type_of_the_catalogue_is_wanted() -> None:
    types = {entry.type for entry in entries().values() if entry.dialect == "kubernetes"}
    assert len(types) >= 40
    left = {type_ for type_ in types - NOT_READ.keys() if not wanted(VERSIONED.get(type_, type_))}
    assert left == set()
