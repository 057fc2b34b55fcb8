"""Run the same tasks on this machine's processes, or on an existing Dask cluster.

Both give back an outcome for every task, whatever became of the process that ran it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

from agentreach.errors import UsageError
from agentreach.fleet.extra import library

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_NOBODY: Final = "the cluster has no workers left"
_PATIENCE: Final = 5.0
_ABANDONED: Final = 60.0
"""How long a cluster may be without a worker, which a nanny or an operator starts again."""

T = TypeVar("T")
R = TypeVar("R")

SECONDS: Final = 300.0
"""What one task may take."""

BYTES: Final = 4 << 30
"""What the process of one task may use of memory."""


def outcomes(
    work: Callable[[T], R],
    tasks: Sequence[T],
    lost: Callable[[T, str], R],
    *,
    scheduler: str = "",
    jobs: int = 1,
    seconds: float = SECONDS,
) -> Iterator[R]:
    """What each task returned, in their order; `lost` makes the outcome of one that took its process with it."""
    if scheduler:
        yield from _on_cluster(work, tasks, lost, scheduler, seconds)
    else:
        yield from _here(work, tasks, lost, jobs, seconds)


def _here(
    work: Callable[[T], R], tasks: Sequence[T], lost: Callable[[T, str], R], jobs: int, seconds: float
) -> Iterator[R]:
    pebble = library("pebble")
    with pebble.ProcessPool(max_workers=jobs, initializer=limit_memory) as pool:
        futures = [(task, pool.schedule(work, args=(task,), timeout=seconds)) for task in tasks]
        for task, future in futures:
            yield _result(task, future, lost, seconds)


def _result(task: T, future: Any, lost: Callable[[T, str], R], seconds: float) -> R:  # noqa: ANN401 - of two libraries
    try:
        result: R = future.result()
    except TimeoutError:
        return lost(task, f"took longer than {seconds:g} seconds")
    except Exception as error:  # noqa: BLE001 - whatever ends one task must not end the others
        return lost(task, f"its process ended: {type(error).__name__}")
    return result


def limit_memory() -> None:
    """Let a process that asks for too much fail, before the machine does. Windows has no such limit."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, resource.getrlimit(resource.RLIMIT_AS)[1]))


def _on_cluster(
    work: Callable[[T], R], tasks: Sequence[T], lost: Callable[[T, str], R], address: str, seconds: float
) -> Iterator[R]:
    distributed = library("distributed")
    try:
        client = distributed.Client(address, timeout="10s", set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise UsageError(f"no Dask scheduler answers at {address}: {error}") from error
    with client:
        futures = client.map(_Bounded(work, seconds), tasks, pure=False)
        for task, future in zip(tasks, futures, strict=True):
            yield _result(task, future, lost, seconds) if _ends(future, client) else lost(task, _NOBODY)


def _ends(future: Any, client: Any) -> bool:  # noqa: ANN401 - a library without types
    """Wait for a task. False when nobody is left to run it, and nobody came for a while."""
    waited = 0.0
    while not future.done():
        try:
            future.exception(timeout=_PATIENCE)
        except TimeoutError:
            waited = 0.0 if client.scheduler_info()["workers"] else waited + _PATIENCE
            if waited >= _ABANDONED:
                return False
        except Exception:  # noqa: BLE001 - how it ended is for the one who asks for its result
            return True
    return True


class _Bounded:
    """Work that ends its process when it takes too long: a thread cannot be stopped, a worker is started again."""

    def __init__(self, work: Callable[[T], R], seconds: float) -> None:
        self._work = work
        self._seconds = seconds

    def __call__(self, task: Any) -> Any:  # noqa: ANN401 - whatever the work takes
        import faulthandler  # noqa: PLC0415 - on the worker
        import os  # noqa: PLC0415 - likewise

        with open(os.devnull, "w") as nowhere:  # noqa: PTH123 - a descriptor is needed
            faulthandler.dump_traceback_later(self._seconds, exit=True, file=nowhere)
            try:
                return self._work(task)
            finally:
                faulthandler.cancel_dump_traceback_later()
