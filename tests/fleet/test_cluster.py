"""The same fleet scan on a Dask cluster of several processes, also while a worker is killed."""

from __future__ import annotations

import os
import signal
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from agentreach.errors import UsageError
from agentreach.fleet.extra import library
from agentreach.fleet.query import ask
from agentreach.fleet.repositories import repositories
from agentreach.fleet.run import Settings, scan_fleet
from agentreach.fleet.schedule import outcomes
from agentreach.fleet.store import Store
from agentreach.fleet.views import VIEWS
from fleet.doomed import BAD, dies_for
from fleet.organization import BUCKET, ORGANIZATION, organization

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

distributed = library("distributed")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("default"),  # a cluster that loses workers warns of it
]

MANY = {**ORGANIZATION, **{f"logs-{number:02}": BUCKET for number in range(12)}}


@pytest.fixture(params=[3])
def cluster(request: pytest.FixtureRequest) -> Iterator[Any]:
    """Two workers; `param` is how many of them may die with a task before it is given up."""
    given_up = {"distributed.scheduler.allowed-failures": request.param}
    with (
        library("dask").config.set(given_up),
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as made,
    ):
        yield made


def everything(location: Path) -> dict[str, list[tuple[Any, ...]]]:
    store = Store(str(location))
    return {view: ask(store, f"select * from {view} order by all").rows for view in VIEWS}


def test_a_killed_worker_loses_and_doubles_nothing(cluster: Any, tmp_path: Path) -> None:  # noqa: ANN401 - untyped
    organization(tmp_path / "org", MANY)
    found = repositories([tmp_path / "org"])
    scan_fleet(found, str(tmp_path / "alone"), Settings(jobs=1))
    killed = threading.Thread(target=_kill_one, args=(cluster, tmp_path / "shared"))
    killed.start()
    summary = scan_fleet(found, str(tmp_path / "shared"), Settings(scheduler=cluster.scheduler_address))
    killed.join()
    assert summary.failed == ()
    assert everything(tmp_path / "shared") == everything(tmp_path / "alone")


def _kill_one(cluster: Any, store: Path) -> None:  # noqa: ANN401 - a library without types
    """Kill a worker as soon as the store has a first result."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not list(store.glob("results/*.parquet")):
        time.sleep(0.01)
    with distributed.Client(cluster.scheduler_address, set_as_default=False) as client:
        workers = client.run(os.getpid)
    os.kill(next(iter(workers.values())), signal.SIGKILL)


@pytest.mark.parametrize("cluster", [0], indirect=True)
def test_a_task_that_kills_its_worker_is_listed_and_the_cluster_goes_on(cluster: Any) -> None:  # noqa: ANN401 - untyped
    def outcome(task: str) -> list[str]:
        address = cluster.scheduler_address
        return list(outcomes(dies_for, [task], lambda name, why: f"lost {name}: {why}", scheduler=address))

    assert outcome(BAD) == ["lost bad: its process ended: KilledWorker"]
    assert outcome("good") == ["good"]


def test_no_scheduler_at_the_address_is_said() -> None:
    with pytest.raises(UsageError, match="no Dask scheduler answers"):
        list(outcomes(dies_for, ["good"], lambda task, _: task, scheduler="tcp://127.0.0.1:9"))
