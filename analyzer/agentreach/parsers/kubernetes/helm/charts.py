"""Which charts there are, what of them is rendered, and one sentence for what is not."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from agentreach.model import Broken, MapValue, Resource, Skipped, Source, child, string
from agentreach.named_tuples import NamedTuple
from agentreach.parsers import yaml
from agentreach.parsers.kubernetes import manifests
from agentreach.parsers.kubernetes.helm.origins import Origins
from agentreach.parsers.kubernetes.helm.rendering import Failed, render
from agentreach.sources import FileKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from agentreach.parsers.kubernetes.options import KubernetesOptions
    from agentreach.parsers.kubernetes.reading import Reading

_ALTERNATIVE = "to include it, scan the output of `helm template` as a file"


class Chart(NamedTuple):
    """A chart that nothing else contains."""

    directory: Path
    name: str
    path: str


def load_charts(reading: Reading, options: KubernetesOptions) -> None:
    """Render every chart of the tree, or say how to include it."""
    charts = list(_charts(reading))
    binary = shutil.which("helm") if charts and options.helm == "auto" else None
    for chart in charts:
        if options.helm == "off":
            reading.note(Skipped(chart.path, f"Helm charts are not rendered with --helm off: {_ALTERNATIVE}"))
        elif binary is None:
            reading.note(Skipped(chart.path, f"a Helm chart, and no helm on PATH: install helm, or {_ALTERNATIVE}"))
        else:
            _load(reading, chart, binary, options)


def _charts(reading: Reading) -> Iterator[Chart]:
    found = [file for file in reading.tree.files if file.kind is FileKind.HELM_CHART]
    directories = {file.absolute.parent for file in found}
    for file in found:
        directory = file.absolute.parent
        if directory.parent.name == "charts" and directory.parent.parent in directories:
            continue
        source = reading.source(file)
        chart = None if source is None else _described(reading, source)
        if isinstance(chart, MapValue) and string(child(chart, "type")) != "library":
            yield Chart(directory, string(child(chart, "name")) or directory.name, file.path)


def _described(reading: Reading, source: Source) -> MapValue | None:
    for document in yaml.parse(source):
        if isinstance(document, Broken):
            reading.note(manifests.unreadable(source, source.text, document))
        elif isinstance(document.value, MapValue):
            return document.value
    return None


def _load(reading: Reading, chart: Chart, binary: str, options: KubernetesOptions) -> None:
    rendered = render(reading.tree, chart.directory, chart.name, binary, options.helm_values)
    if isinstance(rendered, Failed):
        reading.note(Skipped(chart.path, f"helm could not render this chart: {rendered.reason}"))
        return
    output = Source(chart.path, rendered)
    for document in _documents(reading, chart, output):
        reading.add(document)


def _documents(reading: Reading, chart: Chart, output: Source) -> Iterator[Resource]:
    """Every object of the output whose kind matters, located in the chart's templates."""
    root = reading.tree.shown(chart.directory)
    origins = Origins(reading, chart.directory)
    for start, end in yaml.split(output):
        for document in yaml.parse(output, start=start, end=end):
            if isinstance(document, Broken):
                where = f"line {document.at.location.line} of what helm rendered"
                reading.note(Skipped(chart.path, f"{where} is no YAML: {document.message}"))
                continue
            for manifest in manifests.unpack(document.value):
                if reading.wanted(manifest.type):
                    located = manifest._replace(value=origins.located(output, start, end, manifest.value))
                    resource = manifests.resource(located, root)
                    if resource is not None:
                        yield resource
