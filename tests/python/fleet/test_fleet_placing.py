"""Which worker runs which cell. A client stands in for that of Dask, and no process is started."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from fleet_support import MACHINE, VERSIONS

from tsir import Error
from tsir.fleet import cluster as placing
from tsir.fleet.cells import Model, Question, Versions
from tsir.fleet.cluster import Fleet
from tsir.fleet.machine import Machine, this_machine
from tsir.fleet.plan import Plan, Sink
from tsir.fleet.records import FINE, Record
from tsir.fleet.results import ResultsFile
from tsir.fleet.work import Answer, Task


@dataclass
class Future:
    turns: int
    value: Any
    gone: bool = False

    @property
    def status(self) -> str:
        self.turns -= 1
        return (
            "pending" if self.gone or self.turns > 0 else "error" if isinstance(self.value, Exception) else "finished"
        )

    def result(self, timeout: float) -> Any:
        assert timeout > 0
        return self.value

    def exception(self, timeout: float) -> Any:
        assert timeout > 0
        return self.value

    def release(self) -> None:
        pass


@dataclass
class Client:
    """Workers by address: their machines, or an error in place of one."""

    machines: dict[str, Machine | Exception]
    exclusive: set[str] = field(default_factory=set)
    places: int = 2
    status: str = "running"
    log: list[tuple[str, str]] = field(default_factory=list)
    """Addresses and what was started there."""
    running: dict[str, list[tuple[Future, Question]]] = field(default_factory=dict)
    dying: set[str] = field(default_factory=set)
    """Those that die when they run a cell, after which another takes their place."""
    again_and_again: bool = False
    """The other one dies, too."""

    def scheduler_info(self) -> dict[str, Any]:
        for address in [a for a in self.running if a in self.dying]:
            del self.running[address]
            self.dying.discard(address)
            again = f"{address}+"
            self.machines[again] = self.machines.pop(address)
            if self.again_and_again:
                self.dying.add(again)
        return {
            "workers": {
                address: {
                    "host": address.rstrip("+")[:1],
                    "nthreads": self.places,
                    "resources": {"exclusive": 1} if address.rstrip("+") in self.exclusive else {},
                }
                for address in self.machines
            }
        }

    def submit(self, function: Any, *arguments: Any, workers: list[str], **_: Any) -> Future:
        [address] = workers
        machine = self.machines[address]
        if function is this_machine:
            return Future(2, machine)
        assert isinstance(machine, Machine)
        task: Task = arguments[0]
        question = task.cell.question
        host = address[:1]
        beside = [q for a, runs in self.running.items() if a[:1] == host for f, q in runs if f.turns > 0]
        assert not (beside and question.timed), "a timed cell has its machine alone"
        assert not [q for q in beside if q.timed]
        assert not question.timed or address.rstrip("+") in self.exclusive
        self.log.append((address, f"{question.action} {question.passes}"))
        record = replace(Record.of_cell(task.cell), outcome=FINE, machine=machine)
        future = Future(3, Answer(record=record), gone=address in self.dying)
        self.running.setdefault(address, []).append((future, question))
        return future

    def run(self, *_: Any, **__: Any) -> None:
        pass

    def cancel(self, _: Any) -> None:
        pass


Run = Callable[..., tuple[list[Record], list[str]]]


@pytest.fixture
def run(tmp_path: Path, model: Model, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    monkeypatch.setattr(placing, "_TICK", 0.001)
    path = tmp_path / "r.jsonl"

    def run_on(client: Client, *, on_each: bool = False, patience: float = 0.2) -> tuple[list[Record], list[str]]:
        said: list[str] = []
        questions = [Question(model, do, passes, (), ()) for do in ("bench", "verify") for passes in "abc"]
        plan = Plan(questions, on_each, 10, 2, patience, 0, keep_samples=False)
        with ResultsFile(path, resume=True) as file:
            sink = Sink(file, retry_failed=False, say=said.append)
            Fleet(client, plan, sink).run()
            return sink.added, said

    yield run_on


def test_untimed_cells_come_first_and_timed_ones_have_a_machine_alone(run: Run) -> None:
    # Two workers are on the machine a.
    client = Client({"a1": MACHINE, "a2": MACHINE, "b1": MACHINE}, {"a1", "a2", "b1"})
    records, _ = run(client)
    assert sorted(record.action for record in records) == ["bench"] * 3 + ["verify"] * 3
    assert [what for _, what in client.log[:3]] == ["verify a", "verify b", "verify c"]


def test_timed_cells_wait_for_a_worker_with_the_resource(run: Run) -> None:
    client = Client({"a1": MACHINE, "b1": MACHINE}, {"b1"})
    assert len(run(client)[0]) == 6
    assert {address for address, what in client.log if what.startswith("bench")} == {"b1"}


def test_without_the_resource_the_run_ends_after_the_untimed_cells(run: Run) -> None:
    client = Client({"a1": MACHINE})
    with pytest.raises(Error, match="timed cells need a worker that was started with --resources exclusive=1"):
        run(client)
    assert [what for _, what in client.log] == ["verify a", "verify b", "verify c"]
    client.exclusive.add("a1")
    assert [record.action for record in run(client)[0]] == ["bench"] * 3


def test_no_workers(run: Run) -> None:
    with pytest.raises(Error, match="there are no workers"):
        run(Client({}))


def test_a_worker_without_tsir_is_not_used(run: Run) -> None:
    records, said = run(Client({"a1": ModuleNotFoundError("no tsir"), "b1": MACHINE}, {"a1", "b1"}))
    assert len(records) == 6
    assert "the worker at a1 is not used: no tsir" in said
    with pytest.raises(Error, match="no worker can be used"):
        run(Client({"a1": ModuleNotFoundError("no tsir")}))


def test_a_worker_with_another_version_is_not_used(run: Run) -> None:
    newer = replace(MACHINE, versions=Versions("1.2.4", "2.13.0"))
    client = Client({"a1": MACHINE, "b1": newer}, {"a1", "b1"})
    records, said = run(client)
    assert {address for address, _ in client.log} == {"a1"}
    assert {record.versions for record in records} == {VERSIONS}
    assert f"the worker at b1 is not used: it has {newer.versions}, and the first had {VERSIONS}" in said


def test_on_each_kind_of_machine(run: Run) -> None:
    newer = replace(MACHINE, versions=Versions("1.2.4", "2.13.0"))
    client = Client({"a1": MACHINE, "b1": newer, "c1": newer}, {"a1", "b1", "c1"})
    records, _ = run(client, on_each=True)
    timed = [record for record in records if record.action == "bench"]
    assert len(records) == len(timed) + 3 == 9
    assert all(record.machine is not None and record.machine.kind == record.for_kind for record in timed)
    assert len({record.cell for record in records}) == 9


def test_a_cell_whose_worker_dies_is_tried_again(run: Run) -> None:
    client = Client({"a1": MACHINE, "b1": MACHINE}, {"b1"}, places=1, dying={"a1"})
    records, _ = run(client)
    assert len(records) == 6
    assert {record.outcome for record in records} == {"fine"}
    assert sorted(record.tries for record in records) == [1, 1, 1, 1, 1, 2]


def test_a_cell_whose_workers_die_is_given_up(run: Run) -> None:
    records, _ = run(Client({"a1": MACHINE}, {"a1"}, dying={"a1"}, again_and_again=True))
    assert {(record.outcome, record.tries) for record in records} == {("worker died", 2)}
    assert len(records) == 6


def test_the_scheduler_is_gone(run: Run) -> None:
    for status in ("closed", "connecting"):
        with pytest.raises(Error, match="the scheduler is gone"):
            run(Client({"a1": MACHINE}, status=status))


def test_no_scheduler() -> None:
    pytest.importorskip("distributed")
    from tsir.fleet.dask_client import connected

    with (
        pytest.raises(Error, match="no scheduler answers at tcp://127.0.0.1:1"),
        connected("tcp://127.0.0.1:1", None, 1, 0.5),
    ):
        pass
