"""Which fields a transformation reaches: the defaults, and what configurations add to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import boolean, child, elements, string
from agentreach.parsers.kubernetes.kustomize.editing import split_path
from agentreach.parsers.kubernetes.kustomize.field_tables import (
    ANNOTATIONS,
    CLAIM_LABELS,
    IMAGES,
    NAMES,
    NAMESPACES,
    REFERENCES,
    REPLICAS,
    SELECTOR_LABELS,
    TEMPLATE_LABELS,
    VARIABLES,
    FieldSpec,
    Reference,
)
from agentreach.records import dataclass

if TYPE_CHECKING:
    from agentreach.model import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """The fields that each transformation reaches in a kustomization, its bases' configurations included."""

    references: tuple[Reference, ...] = REFERENCES
    selector_labels: tuple[FieldSpec, ...] = SELECTOR_LABELS
    template_labels: tuple[FieldSpec, ...] = TEMPLATE_LABELS
    claim_labels: tuple[FieldSpec, ...] = CLAIM_LABELS
    extra_labels: tuple[FieldSpec, ...] = ()
    annotations: tuple[FieldSpec, ...] = ANNOTATIONS
    images: tuple[FieldSpec, ...] = IMAGES
    replicas: tuple[FieldSpec, ...] = REPLICAS
    namespaces: tuple[FieldSpec, ...] = NAMESPACES
    variables: tuple[FieldSpec, ...] = VARIABLES
    names: tuple[FieldSpec, ...] = NAMES

    def with_configuration(self, configuration: Value) -> Fields:
        """These fields and those that a file under `configurations` adds."""
        added = {
            name: tuple(field_spec(one) for one in elements(child(configuration, key)))
            for key, name in _CONFIGURABLE.items()
        }
        references = tuple(_reference(one) for one in elements(child(configuration, "nameReference")))
        return Fields(
            references=(*self.references, *references),
            **{name: (*getattr(self, name), *more) for name, more in added.items()},
            template_labels=self.template_labels,
            claim_labels=self.claim_labels,
        )

    def union(self, other: Fields) -> Fields:
        """The fields of two kustomizations, each once."""
        names = ("references", *_CONFIGURABLE.values(), "template_labels", "claim_labels")
        return Fields(**{name: tuple(dict.fromkeys((*getattr(self, name), *getattr(other, name)))) for name in names})


_CONFIGURABLE = {
    "commonLabels": "selector_labels",
    "labels": "extra_labels",
    "commonAnnotations": "annotations",
    "images": "images",
    "replicas": "replicas",
    "namespace": "namespaces",
    "varReference": "variables",
    "namePrefix": "names",
}


def field_spec(value: Value) -> FieldSpec:
    """A field specification as written in a kustomization or configuration."""
    return FieldSpec(
        split_path(string(child(value, "path")) or ""),
        boolean(child(value, "create")) or False,
        string(child(value, "group")) or "",
        string(child(value, "version")) or "",
        string(child(value, "kind")) or "",
    )


def _reference(value: Value) -> Reference:
    return Reference(
        string(child(value, "group")) or "",
        string(child(value, "version")) or "",
        string(child(value, "kind")) or "",
        tuple(field_spec(one) for one in elements(child(value, "fieldSpecs"))),
    )
