"""What the containers of a pod receive and reveal: environment, mounted secrets, images, commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Aspect, SecretUse, Setting
from agentreach.lowering import secrets
from agentreach.lowering.fetched_packages import fetched
from agentreach.lowering.kubernetes import objects
from agentreach.lowering.kubernetes.manifest import object_name
from agentreach.lowering.kubernetes.selection import in_namespace
from agentreach.model import Key, Scalar, child, descend, elements, string
from agentreach.named_tuples import NamedTuple
from agentreach.parsers.kubernetes.addresses import address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.kubernetes.pods import Pod
    from agentreach.model import Resource, Span, Value


class Variable(NamedTuple):
    """An environment variable by name, with what gives its value, where it is written."""

    name: str
    at: Span
    literal: Value | None = None
    secret: Value | None = None
    config_map: Value | None = None
    key: str = ""


def variables(container: Value, namespace: str, root: str, context: Context) -> Iterator[Variable]:
    """Every variable of a container that has a name in the code; `*` stands for those of an undeclared object."""
    for one in elements(child(container, "env")):
        name = string(child(one, "name"))
        if name is not None:
            yield _variable(name, one)
    for source in elements(child(container, "envFrom")):
        prefix = string(child(source, "prefix")) or ""
        secret, config_map = descend(source, "secretRef.name"), descend(source, "configMapRef.name")
        if secret is not None:
            for name in _keys("v1/Secret", secret, namespace, root, context):
                yield Variable(prefix + name, source.at, secret=secret, key=name)
        if config_map is not None:
            for name in _keys("v1/ConfigMap", config_map, namespace, root, context):
                yield Variable(prefix + name, source.at, config_map=config_map, key=name)


def _variable(name: str, entry: Value) -> Variable:
    return Variable(
        name,
        entry.at,
        literal=child(entry, "value"),
        secret=descend(entry, "valueFrom.secretKeyRef.name"),
        config_map=descend(entry, "valueFrom.configMapKeyRef.name"),
        key=string(descend(entry, "valueFrom.secretKeyRef.key") or descend(entry, "valueFrom.configMapKeyRef.key"))
        or "",
    )


def _keys(type_: str, name: Value, namespace: str, root: str, context: Context) -> tuple[str, ...]:
    declared = find(type_, name, namespace, root, context)
    return ("*",) if declared is None else tuple(objects.literals(declared)) or ("*",)


def find(type_: str, name: Value | None, namespace: str, root: str, context: Context) -> Resource | None:
    """The declared object of a type and name in a namespace: in the same root, else anywhere."""
    group, _, kind = type_.partition("/")
    own = context.resources.get(Key(root, address(group, kind, namespace, string(name) or "")))
    if own is not None:
        return own
    return next((one for one in in_namespace(context, type_, "", namespace) if one.name == string(name)), None)


def secret_uses(subject: Key, pod: Pod, context: Context) -> Iterator[Fact]:
    """Every secret that reaches the pod, by environment or file, and literals in its containers."""
    for container in pod.containers:
        for variable in variables(container, pod.namespace, subject.root, context):
            yield from _of_variable(subject, pod, variable, context)
        yield from _of_arguments(subject, container)
    for volume in pod.volumes:
        yield from _of_volume(subject, pod, volume)


def _of_variable(subject: Key, pod: Pod, variable: Variable, context: Context) -> Iterator[Fact]:
    if variable.secret is not None:
        yield SecretUse(
            subject=subject,
            secret=object_name(pod.namespace, variable.secret),
            variable=variable.name,
            at=variable.at,
        )
    elif variable.config_map is not None:
        yield from _of_config_map(subject, pod, variable, context)
    elif variable.literal is not None:
        yield from literal_use(subject, variable.name, variable.literal)


def literal_use(subject: Key, name: str, value: Value) -> Iterator[Fact]:
    """A value of the environment that is a secret in the code."""
    text = string(value)
    found = None if text is None else secrets.detect(name, text)
    if found is not None:
        yield _literal(subject, name, value.at, found)


def _of_config_map(subject: Key, pod: Pod, variable: Variable, context: Context) -> Iterator[Fact]:
    declared = find("v1/ConfigMap", variable.config_map, pod.namespace, subject.root, context)
    value = None if declared is None else objects.literals(declared).get(variable.key)
    if value is not None and objects.in_config_map(variable.key, value) is not None:
        yield from literal_use(subject, variable.name, value)


def _of_arguments(subject: Key, container: Value) -> Iterator[Fact]:
    for argument in (*elements(child(container, "command")), *elements(child(container, "args"))):
        text = string(argument) or ""
        flag, equals, value = text.partition("=")
        found = secrets.detect(flag.lstrip("-") if equals else "", value if equals else text)
        if found is not None:
            variable = flag if equals else "argument"
            yield _literal(subject, variable, argument.at, found)


def _literal(subject: Key, variable: str, at: Span, found: secrets.Literal) -> SecretUse:
    return SecretUse(
        subject=subject,
        secret=Scalar(found.kind, at),
        variable=variable,
        at=at,
        literal=True,
        placeholder=found.placeholder,
    )


def _of_volume(subject: Key, pod: Pod, volume: Value) -> Iterator[Fact]:
    sources = (volume, *elements(descend(volume, "projected.sources")))
    for source in sources:
        name = descend(source, "secret.secretName") or descend(source, "secret.name")
        if name is not None:
            yield _file(subject, object_name(pod.namespace, name), string(child(volume, "name")) or "", source.at)
    provider = descend(volume, "csi.volumeAttributes.secretProviderClass")
    if provider is not None:
        yield _file(subject, object_name(pod.namespace, provider), string(child(volume, "name")) or "", volume.at)


def _file(subject: Key, secret: Value, variable: str, at: Span) -> SecretUse:
    return SecretUse(subject=subject, secret=secret, variable=variable, at=at, via="file")


def injected_by_vault(subject: Key, pod: Pod) -> Iterator[Fact]:
    """Secrets that the Vault agent injector writes into the pod: `vault.hashicorp.com/agent-inject-secret-…`."""
    prefix = "vault.hashicorp.com/agent-inject-secret-"
    for name, value in pod.annotations.items():
        if name.startswith(prefix):
            yield _file(subject, value, name.removeprefix(prefix), value.at)


def pinned(subject: Key, pod: Pod) -> Iterator[Fact]:
    """Whether each image is named by digest, and what the command fetches by version."""
    for container in pod.containers:
        image = child(container, "image")
        if image is not None:
            yield image_setting(subject, image)
        command = child(container, "command") or child(container, "cmd")
        yield from fetched(subject, command, child(container, "args"))


def image_setting(subject: Key, image: Value) -> Setting:
    """Whether an image is named by digest: only then is what runs what was reviewed."""
    text = string(image)
    state = None if text is None else "@sha256:" in text
    note = "" if text is None else f"image {text.partition('@')[0]}"
    return Setting(subject=subject, aspect=Aspect.PINNED_ARTIFACT, state=state, at=image.at, note=note)


def words(container: Value) -> tuple[str, ...]:
    """Command and arguments as words, for recognising what runs in a general image."""
    lists = (*elements(child(container, "command")), *elements(child(container, "args")))
    return tuple(word for one in lists for word in (string(one) or "").split())
