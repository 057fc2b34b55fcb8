"""Mutation testing of the checks: change one thing at a time, and see whether a test notices.

    python tools/mutate_checks.py                                   every module of checks/
    python tools/mutate_checks.py rating inherited_identity/        those whose path contains one of these

Prints each survivor as `path:line was → now`, then counts. A mutant is killed when a test of its family fails
(`tests/checks/test_FAMILY.py`, all of `tests/checks` for shared modules), or an example of its check's page. Everything
but the checks is imported once; each mutant runs in a fork of that process. What survives is listed, with the reason,
in `docs/mutation-testing.md`.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import operator
import os
import re
import signal
import sys
from collections.abc import Callable
from functools import partial
from importlib.abc import Loader, MetaPathFinder
from importlib.util import spec_from_loader
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent
CHECKS = ROOT / "checks" / "agentreach_checks"
LONGEST = 120
"""Seconds after which a mutant that does not end counts as killed."""

OPPOSITES: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
CALLED = {"any": "all", "all": "any", "max": "min", "min": "max"}
LADDERS = {
    "Severity": ("LOW", "MEDIUM", "HIGH", "CRITICAL"),
    "Confidence": ("LOW", "MEDIUM", "HIGH"),
    "Step": ("OBSERVE", "READ_DATA", "WRITE_DATA", "EXECUTE", "DEPLOY", "SECRETS", "IDENTITY", "ADMIN"),
}
WORDS_ONLY = frozenset({"title", "remediation", "name", "id"})
"""What a check says about itself: held against the fact sheet and the pages, not against logic."""


class Mutant(NamedTuple):
    """One change: where, what stood there, what stands there now, and the whole module with it."""

    line: int
    was: str
    now: str
    source: str


def mutants(source: str) -> Iterator[Mutant]:
    """Every change of a module, one at a time, in the order of the source."""
    for number, node in enumerate(_mutable(ast.parse(source))):
        for choice in range(len(_changes(node))):
            tree = ast.parse(source)
            place = next(islice(_mutable(tree), number, None))
            was = ast.unparse(place)
            _changes(place)[choice]()
            yield Mutant(getattr(place, "lineno", 0), was, ast.unparse(place), ast.unparse(tree))


def _mutable(tree: ast.AST) -> Iterator[ast.AST]:
    """Nodes that decide something: no annotations, imports, docstrings, or words."""
    for name, value in ast.iter_fields(tree):
        if name in {"annotation", "returns"}:
            continue
        for node in value if isinstance(value, list) else [value]:
            if isinstance(node, ast.AST) and not _is_silent(node):
                yield node
                yield from _mutable(node)


def _is_silent(node: ast.AST) -> bool:
    match node:
        case ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant()) | ast.JoinedStr():
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.keyword(arg=str() as name):
            return name in WORDS_ONLY
    return False


Change = Callable[[], object]


def _changes(node: ast.AST) -> list[Change]:
    """What can be changed at a node, each made in place."""
    found = _CHANGES.get(type(node))
    return list(found(node)) if found else []


def _compared(node: ast.Compare) -> Iterator[Change]:
    for index, one in enumerate(node.ops):
        yield partial(operator.setitem, node.ops, index, OPPOSITES[type(one)]())


def _joined(node: ast.BoolOp) -> Iterator[Change]:
    yield partial(setattr, node, "op", ast.Or() if isinstance(node.op, ast.And) else ast.And())


def _negated(node: ast.UnaryOp) -> Iterator[Change]:
    """`not x` becomes `not not x`."""
    if isinstance(node.op, ast.Not):
        yield partial(setattr, node, "operand", ast.UnaryOp(ast.Not(), node.operand))


def _constant(node: ast.Constant) -> Iterator[Change]:
    """Flags, numbers and names; a text with a space in it is said to people."""
    match node.value:
        case bool(value):
            yield partial(setattr, node, "value", not value)
        case int(value):
            yield partial(setattr, node, "value", value + 1)
        case str(value) if value and " " not in value:
            yield partial(setattr, node, "value", f"{value}~")


def _rung(node: ast.Attribute) -> Iterator[Change]:
    """The next rung of a ladder, in either direction."""
    rungs = LADDERS.get(node.value.id, ()) if isinstance(node.value, ast.Name) else ()
    if node.attr in rungs:
        at = rungs.index(node.attr)
        for neighbour in (*rungs[max(at - 1, 0) : at], *rungs[at + 1 : at + 2]):
            yield partial(setattr, node, "attr", neighbour)


def _called(node: ast.Call) -> Iterator[Change]:
    if isinstance(node.func, ast.Name) and node.func.id in CALLED:
        yield partial(setattr, node.func, "id", CALLED[node.func.id])


def _chosen(node: ast.IfExp) -> Iterator[Change]:
    """Both branches change places."""
    yield partial(setattr, node, "test", ast.UnaryOp(ast.Not(), node.test))


def _filtered(node: ast.comprehension) -> Iterator[Change]:
    for index in range(len(node.ifs)):
        yield partial(node.ifs.pop, index)


_CHANGES: dict[type[ast.AST], Callable[[Any], Iterator[Change]]] = {
    ast.Compare: _compared,
    ast.BoolOp: _joined,
    ast.UnaryOp: _negated,
    ast.Constant: _constant,
    ast.Attribute: _rung,
    ast.Call: _called,
    ast.IfExp: _chosen,
    ast.comprehension: _filtered,
}


class _Mutated(MetaPathFinder, Loader):
    """Imports one module from a text instead of its file."""

    def __init__(self, name: str, path: Path, source: str) -> None:
        self._name, self._path, self._source = name, path, source

    def find_spec(self, fullname: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        return spec_from_loader(fullname, self, origin=str(self._path)) if fullname == self._name else None

    def exec_module(self, module: ModuleType) -> None:
        module.__file__ = str(self._path)
        exec(compile(self._source, str(self._path), "exec"), module.__dict__)


def survives(path: Path, mutant: Mutant) -> bool:
    """Whether every test passes with the mutant in place; decided in a fork."""
    child = os.fork()
    if child == 0:
        os._exit(_tested(path, mutant))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _tested(path: Path, mutant: Mutant) -> int:
    signal.alarm(LONGEST)
    name = ".".join(path.relative_to(CHECKS.parent).with_suffix("").parts)
    sys.meta_path.insert(0, _Mutated(name, path, mutant.source))
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
        with contextlib.suppress(SystemExit):
            return 0 if all(_passes(arguments) for arguments in _suites(path)) else 1
    return 1


def _passes(arguments: Sequence[str]) -> bool:
    import pytest  # noqa: PLC0415 - imported by the parent already

    quiet = ["-x", "-q", "-n0", "-p", "no:cacheprovider", "--assert=plain", "--no-cov"]
    return pytest.main([*quiet, *arguments]) in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}


def _suites(path: Path) -> Iterator[list[str]]:
    """The unit tests of the family, then the pages of the checks; for shared modules those of whoever imports them."""
    tests = ROOT / "tests" / "checks"
    own = _ids(path)
    units = sorted(one for one in tests.glob("test_*.py") if one.stem not in {"test_pages", "test_mutants"})
    family = [one for one in units if path.parent.name in one.stem] or [tests / "test_gates_and_accountability.py"]
    yield [str(one) for one in (*family, tests / "test_contract.py")] if own else [str(one) for one in units]
    users = own or sorted(name for user in modules(()) if _imports(user, path) for name in _ids(user))
    yield [str(tests / "test_pages.py"), "-k", " or ".join(users or ["AR"])]


def _ids(path: Path) -> list[str]:
    return re.findall(r'^    id="(AR\d{3})"', path.read_text(encoding="utf-8"), re.MULTILINE)


def _imports(user: Path, path: Path) -> bool:
    text = user.read_text(encoding="utf-8")
    return (
        f"from agentreach_checks.{path.stem} import" in text
        or re.search(rf"from agentreach_checks import .*\b{path.stem}\b", text) is not None
    )


def modules(named: Sequence[str]) -> Iterator[Path]:
    """The modules of checks/ whose path contains one of the names; all without a name."""
    for path in sorted(CHECKS.rglob("*.py")):
        inside = path.relative_to(CHECKS).as_posix()
        if path.stem != "__init__" and (not named or any(name in inside for name in named)):
            yield path


def prepare() -> None:
    """Import once what every fork needs; the checks are imported by each fork itself."""
    os.chdir(ROOT)
    sys.path[:0] = [str(ROOT / one) for one in ("analyzer", "checks", "reports", "tests")]
    for module in (
        "pytest",
        "agentreach.engine",
        "agentreach.parsers.terraform",
        "agentreach.parsers.kubernetes",
        "yaml",
    ):
        importlib.import_module(module)


def main(named: Sequence[str]) -> int:
    """Print the survivors; the exit code is 1 when there are any."""
    prepare()
    made = survived = 0
    for path in modules(named):
        source = path.read_text(encoding="utf-8")
        if not survives(path, Mutant(0, "", "", source)):
            raise SystemExit(f"{path.relative_to(ROOT)}: its tests fail without any change")
        for mutant in mutants(source):
            made += 1
            if survives(path, mutant):
                survived += 1
                print(f"{path.relative_to(ROOT)}:{mutant.line} {mutant.was} → {mutant.now}", flush=True)
    print(f"{made} mutants, {survived} survived")
    return bool(survived)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
