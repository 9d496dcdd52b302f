"""Runs the cells on the workers of Dask.

Dask carries tasks and results, and says which workers there are. Which worker runs which cell is decided here, one cell
for each free place: so it is known which cell a worker had when it died, and timed cells have their machine alone.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from concurrent.futures import CancelledError
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tsir._errors import Error, error_of
from tsir.fleet.cells import Cell
from tsir.fleet.dask_client import EXCLUSIVE, died_times
from tsir.fleet.plan import Plan, Sink
from tsir.fleet.records import WORKER_DIED, Record
from tsir.fleet.work import Answer, run_cell, stop_run
from tsir.fleet.workers import FETCH, Worker, Workers, submit

_TICK = 0.1  # seconds
_CHECK = 1  # exit code


@dataclass
class _Waiting:
    cell: Cell
    deaths: int = 0
    failures: int = 0
    send: bool = False
    """The bytes of the model go with it."""


@dataclass
class _Flight:
    waiting: _Waiting
    worker: str
    future: Any


class Fleet:
    def __init__(self, client: Any, plan: Plan, sink: Sink) -> None:
        self._client = client
        self._plan = plan
        self._sink = sink
        self._workers = Workers(client, any_versions=plan.on_each, say=sink.say)
        self._flights: list[_Flight] = []
        self._shared: deque[_Waiting] = deque()
        self._timed: deque[_Waiting] = deque()
        self._kinds: set[str] = set()
        """The kinds of machines whose cells are queued."""
        self._idle_since = time.monotonic()
        self._lost_since: float | None = None

    def run(self) -> None:
        """Returns when each cell has a record. Raises tsir.Error if the scheduler or all fit workers are gone."""
        try:
            while not self._finished():
                if self._has_scheduler():
                    self._turn()
                time.sleep(_TICK)
        finally:
            self._stop()

    def _turn(self) -> None:
        try:
            self._meet_workers()
            self._land()
            self._place()
        except Error:
            raise
        except Exception:
            # What a closed client raises depends on what it was asked for; the next turn says what has happened.
            if self._client.status == "running":
                raise
        self._check_patience()

    def _finished(self) -> bool:
        busy = self._shared or self._timed or self._flights
        return bool(self._kinds) and not busy and not self._workers.probing

    def _has_scheduler(self) -> bool:
        if self._client.status == "running":
            self._lost_since = None
            return True
        now = self._idle_since = time.monotonic()
        self._lost_since = self._lost_since or now
        if self._client.status in ("closing", "closed") or now - self._lost_since > self._plan.patience:
            raise error_of("the scheduler is gone: start it again, and continue with --resume", _CHECK)
        return False

    # Workers

    def _meet_workers(self) -> None:
        known = self._client.scheduler_info().get("workers")
        if known is None or self._client.status != "running":
            return
        for flight in [flight for flight in self._flights if flight.worker not in known]:
            if flight.future.status != "finished":
                self._died(flight, 1)
        for machine in self._workers.update(known):
            if not self._kinds:
                self._queue(self._plan.cells_for_any(machine.versions))
            if machine.kind not in self._kinds:
                self._kinds.add(machine.kind)
                self._queue(self._plan.cells_for(machine))

    def _queue(self, cells: list[Cell]) -> None:
        for cell in self._sink.wanted(cells):
            self._wait_again(_Waiting(cell))

    def _wait_again(self, waiting: _Waiting, *, first: bool = False) -> None:
        queue = self._timed if waiting.cell.question.timed else self._shared
        if first:
            queue.appendleft(waiting)
        else:
            queue.append(waiting)

    # Cells

    def _place(self) -> None:
        """Untimed cells first: their machine is free for timed ones afterwards."""
        for address, worker in self._workers.fit:
            if self._timed_on(worker.host):
                continue
            for _ in range(worker.places - sum(flight.worker == address for flight in self._flights)):
                self._start_one(self._shared, address, worker)
            if worker.exclusive and not self._flights_on(worker.host):
                self._start_one(self._timed, address, worker)

    def _flights_on(self, host: str) -> list[_Flight]:
        addresses = {address for address, worker in self._workers.by_address.items() if worker.host == host}
        return [flight for flight in self._flights if flight.worker in addresses]

    def _timed_on(self, host: str) -> bool:
        return any(flight.waiting.cell.question.timed for flight in self._flights_on(host))

    def _start_one(self, queue: deque[_Waiting], address: str, worker: Worker) -> None:
        machine = worker.machine
        assert machine is not None
        for waiting in queue:
            cell = waiting.cell
            if cell.machine == machine.kind or (not cell.machine and cell.versions == machine.versions):
                queue.remove(waiting)
                self._start(waiting, address)
                return

    def _start(self, waiting: _Waiting, address: str) -> None:
        model = waiting.cell.question.model
        content = None
        if waiting.send:
            try:
                content = Path(model.path).read_bytes()
            except OSError as error:
                self._fail(waiting, f"{model.path}: {error.strerror}")
                return
        resources = {EXCLUSIVE: 1} if waiting.cell.question.timed else None
        task = self._plan.task(waiting.cell)
        future = submit(self._client, waiting.cell.key[:16], address, run_cell, task, content, resources=resources)
        self._flights.append(_Flight(waiting, address, future))

    def _land(self) -> None:
        for flight in list(self._flights):
            status = flight.future.status
            if status == "finished":
                self._take(flight)
            elif status == "error":
                error = flight.future.exception(timeout=FETCH)
                deaths = died_times(error)
                if deaths:
                    self._died(flight, deaths)
                else:
                    self._failed(flight, f"{type(error).__name__}: {error}")
            elif status in ("cancelled", "lost"):  # the scheduler was away
                self._end(flight)
                self._wait_again(flight.waiting)

    def _take(self, flight: _Flight) -> None:
        try:
            answer: Answer = flight.future.result(timeout=FETCH)
        except (asyncio.TimeoutError, CancelledError):
            return  # its worker, or the scheduler, has died since: the next tick knows
        except Exception as error:  # noqa: BLE001 - what it raises depends on how the worker died
            self._died(flight, died_times(error) or 1)
            return
        if answer.record is not None:
            self._end(flight)
            tries = 1 + flight.waiting.deaths + flight.waiting.failures
            self._sink.add(replace(answer.record, tries=tries))
        elif answer.needs_model:
            self._end(flight)
            self._send_next_time(flight.waiting, flight.worker)
        else:
            self._failed(flight, answer.refused or "it was stopped")

    def _send_next_time(self, waiting: _Waiting, address: str) -> None:
        model = waiting.cell.question.model
        if model.size > self._plan.send_up_to:
            megabytes = f"{model.size / 2**20:.0f} MiB"
            self._fail(waiting, f"{model.path} is not there on {address}, and is too large to be sent: {megabytes}")
            return
        waiting.send = True
        self._wait_again(waiting, first=True)

    def _died(self, flight: _Flight, times: int) -> None:
        self._end(flight)
        waiting = flight.waiting
        waiting.deaths += times
        if waiting.deaths < self._plan.tries:
            self._wait_again(waiting)
            return
        times_text = "once" if waiting.deaths == 1 else f"{waiting.deaths} times"
        self._fail(waiting, f"its worker died {times_text}, the last at {flight.worker}", WORKER_DIED)

    def _failed(self, flight: _Flight, why: str) -> None:
        """The machine could not run it."""
        self._end(flight)
        flight.waiting.failures += 1
        if flight.waiting.failures < self._plan.tries:
            self._wait_again(flight.waiting)
        else:
            self._fail(flight.waiting, f"{why} ({flight.worker})")

    def _fail(self, waiting: _Waiting, why: str, outcome: str | None = None) -> None:
        record = replace(Record.of_cell(waiting.cell), error=why, tries=max(1, waiting.deaths + waiting.failures))
        self._sink.add(record if outcome is None else replace(record, outcome=outcome))

    def _end(self, flight: _Flight) -> None:
        self._flights.remove(flight)
        flight.future.release()

    # The end

    def _check_patience(self) -> None:
        now = time.monotonic()
        if self._flights:
            self._idle_since = now
        if now - self._idle_since < self._plan.patience:
            return
        workers = self._workers.by_address.values()
        if not workers:
            why = "there are no workers"
        elif all(worker.unfit for worker in workers):
            why = "no worker can be used"
        elif self._workers.probing:
            why = "the workers do not answer"
        elif self._timed and not any(worker.exclusive for worker in workers):
            why = f"timed cells need a worker that was started with --resources {EXCLUSIVE}=1"
        else:
            why = "no worker is of the kind of machine that the rest is for"
        raise error_of(f"{why}; continue with --resume", _CHECK)

    def _stop(self) -> None:
        """Ends what still runs on the workers. Does not wait for workers that do not answer."""
        if not self._flights or self._client.status != "running":
            return
        stopping = threading.Thread(target=self._stop_workers, daemon=True)
        stopping.start()
        stopping.join(5)

    def _stop_workers(self) -> None:
        try:
            self._client.run(stop_run, self._plan.run, on_error="ignore")
            self._client.cancel([flight.future for flight in self._flights])
        except Exception as error:  # noqa: BLE001 - it is the end in any case
            self._sink.say(f"the workers could not be stopped: {error}")
