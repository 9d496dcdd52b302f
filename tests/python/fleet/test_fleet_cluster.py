"""Runs on workers of Dask, which are killed, as is their scheduler."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fleet_support import CELLS, Fleet, lines_in, records_of, wait_until, without_times

pytest.importorskip("distributed")

from dask_cluster import Cluster, Killer, busy_workers, leashes

StandIn = Callable[[str], None]


@pytest.fixture(scope="module")
def shared_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    made = Cluster(tmp_path_factory.mktemp("cluster"), Path(os.environ["TSIR_PROGRAM"]))
    yield made
    made.stop()


@pytest.fixture
def cluster(shared_cluster: Cluster) -> Cluster:
    """A scheduler and a worker, or two workers if another test has left a second one."""
    shared_cluster.start(1)
    return shared_cluster


def test_a_worker_that_is_killed_again_and_again_changes_nothing(
    fleet: Fleet, cluster: Cluster, real_arguments: list[str | Path], serial_results: Path
) -> None:
    with Killer(cluster.workers[0], 8) as killer:
        process = fleet.start(*real_arguments, "--scheduler", cluster.address, "--tries", "100")
        wait_until(lambda: killer.kills >= 2)
        cluster.start(2)
        _, stderr = process.communicate(timeout=120)
    assert process.returncode == 0, stderr
    assert killer.kills >= 3, stderr
    results = fleet.folder / "fleet.jsonl"
    records = records_of(results)
    assert len({record.cell for record in records}) == len(records) == CELLS
    assert max(record.tries for record in records) > 1
    assert without_times(results) == without_times(serial_results)
    wait_until(lambda: not [leash for worker in cluster.workers for leash in leashes(worker)])


def test_a_cell_that_kills_its_workers_is_given_up(fleet: Fleet, cluster: Cluster, files: list[Path]) -> None:
    # The parent of the program is the leash, whose parent is the worker.
    kill = "kill -9 $(cut -d' ' -f4 /proc/$PPID/stat); sleep 5"
    cluster.put(f"case $2 in *2.pt) {kill};; esac; echo '{{}}'")
    where = ["--scheduler", cluster.address, "--tries", "2"]
    stdout, stderr = fleet.run(*files, "--do", "dump", *where, code=1)
    records = {record.model: record for record in records_of(fleet.folder / "fleet.jsonl")}
    assert len(records) == len(files)
    died = records.pop("2.pt")
    assert (died.outcome, died.tries, died.machine) == ("worker died", 2, None)
    assert died.error.startswith("its worker died 2 times, the last at tcp://127.0.0.1:")
    assert {(record.outcome, record.tries) for record in records.values()} == {("fine", 1)}
    assert f"{len(records)} fine, 1 worker died" in stderr
    assert "worker died" in stdout


def test_ctrl_c_stops_what_runs_on_the_workers(fleet: Fleet, cluster: Cluster, files: list[Path]) -> None:
    cluster.put("case $2 in *0.pt) ;; *) sleep 100;; esac; echo '{}'")
    process = fleet.start(*files, "--do", "dump", "--scheduler", cluster.address)
    wait_until(lambda: lines_in(fleet.folder / "fleet.jsonl") == 1 and leashes(cluster.workers[0]))
    [before] = busy_workers(cluster.workers[0])
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "stopped: 1 cell run: 1 fine" in stderr
    assert "Traceback" not in stderr
    wait_until(lambda: not [leash for worker in cluster.workers for leash in leashes(worker)], 10)
    assert before.is_running(), "the worker itself goes on"
    assert len(records_of(fleet.folder / "fleet.jsonl")) == 1


@pytest.fixture
def private(fleet: Fleet) -> Fleet:
    """Runs in a folder that its workers do not see: for them, this path leads to another folder."""
    folder = fleet.folder / "private"
    folder.mkdir()
    return Fleet(folder, ["/proc/self/cwd/m.pt"], fleet.started)


def test_models_that_are_not_there_are_sent(private: Fleet, cluster: Cluster) -> None:
    log = private.folder / "log"
    cluster.put(f'echo "$1 $2" >> {log}; echo "{{}}"')
    (private.folder / "m.pt").write_bytes(b"a model")
    private.run("--do", "dump", "--scheduler", cluster.address)
    [line] = log.read_text().splitlines()
    assert line.startswith(f"dump {cluster.folder}/own/models/")

    (private.folder / "m.pt").write_bytes(bytes(3 << 20))
    words = ["--do", "dump", "--send-up-to", "2", "--results", "large.jsonl", "--scheduler", cluster.address]
    private.run(*words, code=1)
    [record] = records_of(private.folder / "large.jsonl")
    assert record.outcome == "not run"
    assert "is too large to be sent: 3 MiB" in record.error


def test_each_kind_of_machine_runs_the_timed_cells(fleet: Fleet, cluster: Cluster, files: list[Path]) -> None:
    cluster.start(2)
    cluster.put("echo '{}'")
    words = ["--do", "dump,bench", "--passes", "x", "--scheduler", cluster.address, "--on", "each"]
    stdout, _ = fleet.run(*files[:2], *words)
    records = records_of(fleet.folder / "fleet.jsonl")
    assert len(records) == 2 + 2 * 2
    threads_of = {(r.model, r.machine.threads) for r in records if r.action == "bench" and r.machine is not None}
    assert threads_of == {("0.pt", "1"), ("0.pt", "2"), ("1.pt", "1"), ("1.pt", "2")}
    assert stdout.count("On ") == 2


def test_the_scheduler_is_killed_and_the_run_resumed(
    fleet: Fleet, cluster: Cluster, real_arguments: list[str | Path], serial_results: Path
) -> None:
    results = fleet.folder / "fleet.jsonl"
    process = fleet.start(*real_arguments, "--scheduler-file", cluster.file, "--patience", "2")
    wait_until(lambda: lines_in(results) >= 2)
    cluster.kill_scheduler()
    _, stderr = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "the scheduler is gone" in stderr
    assert "Traceback" not in stderr
    before = results.read_bytes()
    assert 2 <= len(records_of(results)) < CELLS
    cluster.start(1)
    fleet.run(*real_arguments, "--resume", "--scheduler-file", cluster.file)
    assert results.read_bytes().startswith(before)
    assert len(records_of(results)) == CELLS
    assert without_times(results) == without_times(serial_results)


def test_a_local_cluster(fleet: Fleet, files: list[Path], stand_in: StandIn) -> None:
    stand_in("echo '{}'")
    words = ["--do", "dump,bench", "--passes", "x", "--on", "each", "--jobs", "2"]
    fleet.run(*files, *words)
    records = records_of(fleet.folder / "fleet.jsonl")
    assert [record.outcome for record in records] == ["fine"] * 2 * len(files)
    # Timed cells come last, and are bound to this kind of machine.
    assert [record.action for record in records] == ["dump"] * len(files) + ["bench"] * len(files)
    kind = records[0].machine and records[0].machine.kind
    assert {(record.action, record.for_kind) for record in records} == {("dump", ""), ("bench", kind)}
    _, again = fleet.run(*files, *words, "--serial", "--resume")
    assert f"no cell run; {2 * len(files)} had results already" in again
