"""The connection to Dask. It is loaded late, because --serial and --shard do without it."""

from __future__ import annotations

import logging
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from importlib import import_module
from typing import Any

from tsir._errors import error_of

EXCLUSIVE = "exclusive"  # the resource that timed cells need
_CONNECT = 10.0  # seconds
_LOAD = 3


def _load() -> tuple[Any, Any]:
    try:
        return import_module("dask"), import_module("distributed")
    except ImportError as error:
        line = f"Dask is missing ({error}): pip install 'tsir[fleet]', or use --serial"
        raise error_of(line, _LOAD) from error


@contextmanager
def connected(scheduler: str | None, scheduler_file: str | None, jobs: int, patience: float) -> Iterator[Any]:
    """A client of the scheduler, or of a local cluster if none is named. Raises tsir.Error."""
    dask, distributed = _load()
    for name in ("distributed", "tornado"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    settings = {
        "distributed.comm.timeouts.connect": f"{min(patience, _CONNECT)}s",
        # Models that are sent are large.
        "distributed.admin.large-graph-warning-threshold": "1TB",
    }
    with dask.config.set(settings), ExitStack() as stack:
        if scheduler_file:
            where = {"scheduler_file": scheduler_file}
        else:
            where = {"address": scheduler or stack.enter_context(_local_cluster(distributed, jobs))}
        yield stack.enter_context(_client(distributed, where))


@contextmanager
def _client(distributed: Any, where: dict[str, Any]) -> Iterator[Any]:
    try:
        client = distributed.Client(**where, set_as_default=False)
    except (OSError, ValueError) as error:
        raise error_of(f"no scheduler answers at {next(iter(where.values()))}: {error}", _LOAD) from error
    try:
        yield client
    finally:
        with suppress(Exception):  # the scheduler may be gone
            client.close(timeout=5)


@contextmanager
def _local_cluster(distributed: Any, jobs: int) -> Iterator[Any]:
    # Ctrl-C is for this process, which stops the workers in order; they inherit that it is ignored.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        cluster = distributed.LocalCluster(
            n_workers=1,
            threads_per_worker=jobs,
            resources={EXCLUSIVE: 1},
            dashboard_address=None,
            memory_limit=0,
            silence_logs=logging.CRITICAL,
        )
    finally:
        signal.signal(signal.SIGINT, before)
    try:
        yield cluster
    finally:
        cluster.close(timeout=10)


def died_times(error: object) -> int:
    """How many workers died under a task, if that is what the error says, else 0."""
    _, distributed = _load()
    killed = distributed.scheduler.KilledWorker
    return int(error.allowed_failures) + 1 if isinstance(error, killed) else 0
