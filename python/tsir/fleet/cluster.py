"""Runs the cells on the workers of Dask.

Dask carries tasks and results, and says which workers there are. Which worker runs which cell is decided here, one cell
for each free place: so it is known which cell a worker had when it died, and timed cells have their machine alone.
"""

from __future__ import annotations

import asyncio
import threading
import time
import uuid
from collections import deque
from concurrent.futures import CancelledError
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tsir._errors import Error, error_of
from tsir.fleet.cells import Cell, Versions
from tsir.fleet.dask_client import EXCLUSIVE, died_times
from tsir.fleet.machine import Machine, this_machine
from tsir.fleet.plan import Plan, Sink
from tsir.fleet.records import WORKER_DIED, Record
from tsir.fleet.work import Answer, run_cell, stop_run

_TICK = 0.1  # seconds
_FETCH = 5.0  # seconds to wait for a finished result
_CHECK = 1  # exit code


@dataclass
class _Worker:
    host: str
    places: int
    exclusive: bool
    probe: Any
    """The future of its Machine."""
    machine: Machine | None = None
    unfit: bool = False


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


@dataclass
class Fleet:
    client: Any
    plan: Plan
    sink: Sink
    _workers: dict[str, _Worker] = field(default_factory=dict)
    _flights: list[_Flight] = field(default_factory=list)
    _shared: deque[_Waiting] = field(default_factory=deque)
    _timed: deque[_Waiting] = field(default_factory=deque)
    _versions: Versions | None = None
    _kinds: set[str] = field(default_factory=set)
    _idle_since: float = field(default_factory=time.monotonic)
    _lost_since: float | None = None

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
            if self.client.status == "running":
                raise
        self._check_patience()

    def _finished(self) -> bool:
        probing = any(worker.machine is None and not worker.unfit for worker in self._workers.values())
        busy = self._shared or self._timed or self._flights
        return self._versions is not None and not busy and not probing

    def _has_scheduler(self) -> bool:
        if self.client.status == "running":
            self._lost_since = None
            return True
        now = time.monotonic()
        self._lost_since = self._lost_since or now
        if self.client.status in ("closing", "closed") or now - self._lost_since > self.plan.patience:
            raise error_of("the scheduler is gone: start it again, and continue with --resume", _CHECK)
        return False

    # Workers

    def _meet_workers(self) -> None:
        known = self.client.scheduler_info().get("workers")
        if known is None or self.client.status != "running":
            return
        for address in [address for address in self._workers if address not in known]:
            del self._workers[address]
        for flight in [flight for flight in self._flights if flight.worker not in known]:
            if flight.future.status != "finished":
                self._died(flight, 1)
        for address, about in known.items():
            if address not in self._workers:
                probe = self._submit("probe", address, this_machine)
                exclusive = about.get("resources", {}).get(EXCLUSIVE, 0) >= 1
                self._workers[address] = _Worker(str(about["host"]), int(about["nthreads"]), exclusive, probe)
        for address, worker in self._workers.items():
            if worker.machine is None and not worker.unfit:
                self._meet(address, worker)

    def _meet(self, address: str, worker: _Worker) -> None:
        """Takes what the probe found."""
        status = worker.probe.status
        if status in ("cancelled", "lost"):
            worker.probe = self._submit("probe", address, this_machine)
        elif status == "error":
            worker.unfit = True
            self.sink.say(f"the worker at {address} is not used: {worker.probe.exception(timeout=_FETCH)}")
        elif status == "finished":
            try:
                machine: Machine = worker.probe.result(timeout=_FETCH)
            except (asyncio.TimeoutError, CancelledError):
                return
            self._accept(address, worker, machine)

    def _accept(self, address: str, worker: _Worker, machine: Machine) -> None:
        if self._versions is None:
            self._versions = machine.versions
            self._queue(self.plan.cells_for_any(machine.versions))
        if machine.versions != self._versions and not self.plan.on_each:
            worker.unfit = True
            self.sink.say(
                f"the worker at {address} is not used: it has {machine.versions}, and the first had {self._versions}"
            )
            return
        worker.machine = machine
        if machine.kind not in self._kinds:
            self._kinds.add(machine.kind)
            self._queue(self.plan.cells_for(machine))

    def _queue(self, cells: list[Cell]) -> None:
        for cell in self.sink.wanted(cells):
            self._wait_again(_Waiting(cell))

    def _wait_again(self, waiting: _Waiting, *, first: bool = False) -> None:
        queue = self._timed if waiting.cell.question.timed else self._shared
        queue.appendleft(waiting) if first else queue.append(waiting)

    # Cells

    def _place(self) -> None:
        """Untimed cells first: their machine is free for timed ones afterwards."""
        for address, worker in self._workers.items():
            if worker.machine is None or self._timed_on(worker.host):
                continue
            for _ in range(worker.places - sum(flight.worker == address for flight in self._flights)):
                self._start_one(self._shared, address, worker)
            if worker.exclusive and not self._flights_on(worker.host):
                self._start_one(self._timed, address, worker)

    def _flights_on(self, host: str) -> list[_Flight]:
        addresses = {address for address, worker in self._workers.items() if worker.host == host}
        return [flight for flight in self._flights if flight.worker in addresses]

    def _timed_on(self, host: str) -> bool:
        return any(flight.waiting.cell.question.timed for flight in self._flights_on(host))

    def _start_one(self, queue: deque[_Waiting], address: str, worker: _Worker) -> None:
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
        task = self.plan.task(waiting.cell)
        future = self._submit(waiting.cell.key[:16], address, run_cell, task, content, resources=resources)
        self._flights.append(_Flight(waiting, address, future))

    def _submit(self, name: str, address: str, function: Any, *arguments: Any, resources: Any = None) -> Any:
        return self.client.submit(
            function,
            *arguments,
            key=f"tsir-fleet-{name}-{uuid.uuid4().hex}",
            workers=[address],
            allow_other_workers=False,
            resources=resources,
            pure=False,
            retries=0,
        )

    def _land(self) -> None:
        for flight in list(self._flights):
            status = flight.future.status
            if status == "finished":
                self._take(flight)
            elif status == "error":
                error = flight.future.exception(timeout=_FETCH)
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
            answer: Answer = flight.future.result(timeout=_FETCH)
        except (asyncio.TimeoutError, CancelledError):
            return  # its worker, or the scheduler, has died since: the next tick knows
        except Exception as error:  # what it raises depends on how the worker died
            self._died(flight, died_times(error) or 1)
            return
        if answer.record is not None:
            self._end(flight)
            tries = 1 + flight.waiting.deaths + flight.waiting.failures
            self.sink.add(replace(answer.record, tries=tries))
        elif answer.needs_model:
            self._end(flight)
            self._send_next_time(flight.waiting, flight.worker)
        else:
            self._failed(flight, answer.refused or "it was stopped")

    def _send_next_time(self, waiting: _Waiting, address: str) -> None:
        model = waiting.cell.question.model
        if model.size > self.plan.send_up_to:
            megabytes = f"{model.size / 2**20:.0f} MiB"
            self._fail(waiting, f"{model.path} is not there on {address}, and is too large to be sent: {megabytes}")
            return
        waiting.send = True
        self._wait_again(waiting, first=True)

    def _died(self, flight: _Flight, times: int) -> None:
        self._end(flight)
        waiting = flight.waiting
        waiting.deaths += times
        if waiting.deaths < self.plan.tries:
            self._wait_again(waiting)
            return
        times_text = "once" if waiting.deaths == 1 else f"{waiting.deaths} times"
        self._fail(waiting, f"its worker died {times_text}, the last at {flight.worker}", WORKER_DIED)

    def _failed(self, flight: _Flight, why: str) -> None:
        """The machine could not run it."""
        self._end(flight)
        flight.waiting.failures += 1
        if flight.waiting.failures < self.plan.tries:
            self._wait_again(flight.waiting)
        else:
            self._fail(flight.waiting, f"{why} ({flight.worker})")

    def _fail(self, waiting: _Waiting, why: str, outcome: str | None = None) -> None:
        record = replace(Record.of_cell(waiting.cell), error=why, tries=max(1, waiting.deaths + waiting.failures))
        self.sink.add(record if outcome is None else replace(record, outcome=outcome))

    def _end(self, flight: _Flight) -> None:
        self._flights.remove(flight)
        flight.future.release()

    # The end

    def _check_patience(self) -> None:
        now = time.monotonic()
        if self._flights:
            self._idle_since = now
        if now - self._idle_since < self.plan.patience:
            return
        if not self._workers:
            why = "there are no workers"
        elif self._versions is None or all(worker.unfit for worker in self._workers.values()):
            why = "no worker can be used"
        elif self._timed and not any(worker.exclusive for worker in self._workers.values()):
            why = f"timed cells need a worker that was started with --resources {EXCLUSIVE}=1"
        else:
            why = "no worker is of the kind of machine that the rest is for"
        raise error_of(f"{why}; continue with --resume", _CHECK)

    def _stop(self) -> None:
        """Ends what still runs on the workers. Does not wait for workers that do not answer."""
        if not self._flights or self.client.status != "running":
            return
        stopping = threading.Thread(target=self._stop_workers, daemon=True)
        stopping.start()
        stopping.join(5)

    def _stop_workers(self) -> None:
        try:
            self.client.run(stop_run, self.plan.run, on_error="ignore")
            self.client.cancel([flight.future for flight in self._flights])
        except Exception as error:  # it is the end in any case
            self.sink.say(f"the workers could not be stopped: {error}")
