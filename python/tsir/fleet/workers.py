"""The workers of Dask, and what is known of their machines."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError
from dataclasses import dataclass
from typing import Any

from tsir.fleet.cells import Versions
from tsir.fleet.dask_client import EXCLUSIVE
from tsir.fleet.machine import Machine, this_machine

FETCH = 5.0  # seconds to wait for a result that is finished


@dataclass
class Worker:
    host: str
    places: int
    exclusive: bool
    """Timed cells may run on it."""
    probe: Any
    """The future of its machine."""
    machine: Machine | None = None
    """None until the probe is back."""
    unfit: bool = False


def submit(
    client: Any, name: str, address: str, function: Any, *arguments: Any, resources: Mapping[str, int] | None = None
) -> Any:
    """Runs a function on that worker only. Returns a future."""
    return client.submit(
        function,
        *arguments,
        key=f"tsir-fleet-{name}-{uuid.uuid4().hex}",
        workers=[address],
        allow_other_workers=False,
        resources=resources,
        pure=False,
        retries=0,
    )


class Workers:
    """Those that there are, by address. Each new one is asked for its machine."""

    def __init__(self, client: Any, *, any_versions: bool, say: Callable[[str], None]) -> None:
        """`any_versions`: versions may differ from worker to worker."""
        self._client = client
        self._any_versions = any_versions
        self._say = say
        self.by_address: dict[str, Worker] = {}
        self.versions: Versions | None = None
        """Those of the first worker."""

    @property
    def probing(self) -> bool:
        return any(worker.machine is None and not worker.unfit for worker in self.by_address.values())

    @property
    def fit(self) -> list[tuple[str, Worker]]:
        return [(address, worker) for address, worker in self.by_address.items() if worker.machine is not None]

    def update(self, known: Mapping[str, Mapping[str, Any]]) -> list[Machine]:
        """Takes what the scheduler knows. Returns the machines whose probes are back."""
        for address in [address for address in self.by_address if address not in known]:
            del self.by_address[address]
        for address, about in known.items():
            if address not in self.by_address:
                exclusive = about.get("resources", {}).get(EXCLUSIVE, 0) >= 1
                probe = submit(self._client, "probe", address, this_machine)
                self.by_address[address] = Worker(str(about["host"]), int(about["nthreads"]), exclusive, probe)
        for address, worker in self.by_address.items():
            if worker.machine is None and not worker.unfit:
                self._take_probe(address, worker)
        return [worker.machine for worker in self.by_address.values() if worker.machine is not None]

    def _take_probe(self, address: str, worker: Worker) -> None:
        status = worker.probe.status
        if status in ("cancelled", "lost"):  # the scheduler was away
            worker.probe = submit(self._client, "probe", address, this_machine)
        elif status == "error":
            self._reject(address, worker, str(worker.probe.exception(timeout=FETCH)))
        elif status == "finished":
            try:
                self._accept(address, worker, worker.probe.result(timeout=FETCH))
            except (asyncio.TimeoutError, CancelledError):
                pass  # the worker has died since

    def _accept(self, address: str, worker: Worker, machine: Machine) -> None:
        self.versions = self.versions or machine.versions
        if machine.versions == self.versions or self._any_versions:
            worker.machine = machine
        else:
            self._reject(address, worker, f"it has {machine.versions}, and the first had {self.versions}")

    def _reject(self, address: str, worker: Worker, why: str) -> None:
        worker.unfit = True
        self._say(f"the worker at {address} is not used: {why}")
