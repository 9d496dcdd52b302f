"""Runs on workers of Dask, which are killed, as is their scheduler."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fleet_support import CELLS, Fleet, lines_in, records_of, wait_until, without_times

pytest.importorskip("distributed")

from dask_cluster import Cluster, Killer, busy_workers, leashes

StandIn = Callable[[str], None]


@pytest.fixture
def cluster(tmp_path: Path, own_folder: Path) -> Iterator[Cluster]:
    made = Cluster(tmp_path)
    yield made
    made.stop()


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Files that a program in the place of tsir takes for models."""
    paths = [tmp_path / f"{number}.pt" for number in range(6)]
    for path in paths:
        path.write_bytes(path.name.encode())
    return paths


def test_a_worker_that_is_killed_again_and_again_changes_nothing(
    fleet: Fleet, cluster: Cluster, real_arguments: list[str | Path], serial_results: Path
) -> None:
    cluster.start_scheduler()
    victim = cluster.start_worker()
    with Killer(victim, 8) as killer:
        process = fleet.start(*real_arguments, "--scheduler", cluster.address, "--tries", "100")
        wait_until(lambda: killer.kills >= 2)
        cluster.start_worker()
        _, stderr = process.communicate(timeout=60)
    assert process.returncode == 0, stderr
    assert killer.kills >= 3, stderr
    results = fleet.folder / "fleet.jsonl"
    records = records_of(results)
    assert len({record.cell for record in records}) == len(records) == CELLS
    assert max(record.tries for record in records) > 1
    assert without_times(results) == without_times(serial_results)
    wait_until(lambda: not [leash for worker in cluster.workers for leash in leashes(worker)], 5)


def test_the_scheduler_is_killed_and_the_run_resumed(
    fleet: Fleet, cluster: Cluster, real_arguments: list[str | Path], serial_results: Path
) -> None:
    results = fleet.folder / "fleet.jsonl"
    cluster.start_scheduler()
    cluster.start_worker()
    process = fleet.start(*real_arguments, "--scheduler-file", cluster.file, "--patience", "2")
    wait_until(lambda: lines_in(results) >= 3)
    cluster.kill_scheduler()
    _, stderr = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "the scheduler is gone" in stderr
    assert "Traceback" not in stderr
    before = results.read_bytes()
    assert 3 <= len(records_of(results)) < CELLS
    cluster.stop()

    cluster.start_scheduler()
    cluster.start_worker()
    fleet.run(*real_arguments, "--scheduler-file", cluster.file, "--resume")
    assert results.read_bytes().startswith(before)
    assert len(records_of(results)) == CELLS
    assert without_times(results) == without_times(serial_results)


def test_a_cell_that_kills_its_workers_is_given_up(
    fleet: Fleet, cluster: Cluster, files: list[Path], stand_in: StandIn
) -> None:
    # The parent of the program is the leash, whose parent is the worker.
    kill = "kill -9 $(cut -d' ' -f4 /proc/$PPID/stat); sleep 5"
    stand_in(f"case $2 in *2.pt) {kill};; esac; echo '{{}}'")
    cluster.start_scheduler()
    cluster.start_worker()
    where = ["--scheduler", cluster.address, "--tries", "2"]
    stdout, stderr = fleet.run(*files, "--do", "dump", *where, code=1)
    records = {record.model: record for record in records_of(fleet.folder / "fleet.jsonl")}
    assert len(records) == 6
    died = records.pop("2.pt")
    assert (died.outcome, died.tries, died.machine) == ("worker died", 2, None)
    assert died.error.startswith("its worker died 2 times, the last at tcp://127.0.0.1:")
    assert {(record.outcome, record.tries) for record in records.values()} == {("fine", 1)}
    assert "5 fine, 1 worker died" in stderr
    assert "worker died" in stdout


def test_ctrl_c_stops_what_runs_on_the_workers(
    fleet: Fleet, cluster: Cluster, files: list[Path], stand_in: StandIn
) -> None:
    stand_in("case $2 in *0.pt) ;; *) sleep 100;; esac; echo '{}'")
    cluster.start_scheduler()
    worker = cluster.start_worker()
    process = fleet.start(*files, "--do", "dump", "--scheduler", cluster.address)
    wait_until(lambda: lines_in(fleet.folder / "fleet.jsonl") == 1 and leashes(worker))
    [before] = busy_workers(worker)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "stopped: 1 cells run: 1 fine" in stderr
    assert "Traceback" not in stderr
    wait_until(lambda: not leashes(worker), 5)
    assert before.is_running(), "the worker itself goes on"
    assert len(records_of(fleet.folder / "fleet.jsonl")) == 1


def test_models_are_sent_and_timed_cells_need_the_resource(
    fleet: Fleet, cluster: Cluster, files: list[Path], stand_in: StandIn, own_folder: Path
) -> None:
    log = fleet.folder / "log"
    stand_in(f'echo "$1 $2" >> {log}; echo "{{}}"')
    cluster.start_scheduler()
    cluster.start_worker(exclusive=False)
    # This path leads to another folder in the worker.
    private = fleet.folder / "private"
    private.mkdir()
    (private / "m.pt").write_bytes(b"a model")
    where = ["--patience", "2", "--scheduler", cluster.address]
    elsewhere = Fleet(private, started=fleet.started)
    _, stderr = elsewhere.run("/proc/self/cwd/m.pt", "--do", "dump,bench", "-p", "x", *where, code=1)
    assert "timed cells need a worker that was started with --resources exclusive=1" in stderr
    [record] = records_of(private / "fleet.jsonl")
    assert (record.action, record.outcome) == ("dump", "fine"), record.error
    [line] = log.read_text().splitlines()
    assert line.startswith(f"dump {own_folder}/models/")


def test_a_model_that_is_too_large_is_not_sent(fleet: Fleet, cluster: Cluster, stand_in: StandIn) -> None:
    stand_in("echo '{}'")
    cluster.start_scheduler()
    cluster.start_worker()
    private = fleet.folder / "private"
    private.mkdir()
    (private / "m.pt").write_bytes(bytes(3 << 20))
    elsewhere = Fleet(private, started=fleet.started)
    where = ["--send-up-to", "2", "--scheduler", cluster.address]
    elsewhere.run("/proc/self/cwd/m.pt", "--do", "dump", *where, code=1)
    [record] = records_of(private / "fleet.jsonl")
    assert record.outcome == "not run"
    assert "is too large to be sent: 3 MiB" in record.error


def test_a_local_cluster(fleet: Fleet, files: list[Path], stand_in: StandIn) -> None:
    stand_in("echo '{}'")
    words = ["--do", "dump,bench", "--passes", "x", "--on", "each", "--jobs", "2"]
    _, stderr = fleet.run(*files, *words)
    records = records_of(fleet.folder / "fleet.jsonl")
    assert [record.outcome for record in records] == ["fine"] * 12
    # Timed cells come last, and are bound to this kind of machine.
    assert [record.action for record in records] == ["dump"] * 6 + ["bench"] * 6
    kind = records[0].machine and records[0].machine.kind
    assert {(record.action, record.for_kind) for record in records} == {("dump", ""), ("bench", kind)}
    _, again = fleet.run(*files, *words, "--serial", "--resume")
    assert "no cell run; 12 had results already" in again, stderr


def test_each_kind_of_machine_runs_the_timed_cells(
    fleet: Fleet, cluster: Cluster, files: list[Path], stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in("echo '{}'")
    cluster.start_scheduler()
    for threads in ("1", "3"):
        monkeypatch.setenv("OMP_NUM_THREADS", threads)
        cluster.start_worker()
    words = ["--do", "dump,bench", "--passes", "x", "--scheduler", cluster.address, "--on", "each"]
    # Both workers are there from the start, because the first may be done before the second has come.
    wait_until(lambda: (fleet.folder / "scheduler.log").read_text().count("Starting worker compute stream") == 2)
    stdout, _ = fleet.run(*files[:2], *words)
    records = records_of(fleet.folder / "fleet.jsonl")
    assert len(records) == 2 + 2 * 2
    threads_of = {(r.model, r.machine.threads) for r in records if r.action == "bench" and r.machine is not None}
    assert threads_of == {("0.pt", "1"), ("0.pt", "3"), ("1.pt", "1"), ("1.pt", "3")}
    assert stdout.count("On ") == 2


def test_no_scheduler_and_no_worker(fleet: Fleet, cluster: Cluster, files: list[Path], stand_in: StandIn) -> None:
    stand_in("echo '{}'")
    cluster.start_scheduler()
    _, stderr = fleet.run(*files, "--do", "dump", "--scheduler", cluster.address, "--patience", "1", code=1)
    assert "there are no workers; continue with --resume" in stderr
    cluster.kill_scheduler()
    where = ["--resume", "--scheduler", cluster.address]
    _, stderr = fleet.run(*files, "--do", "dump", *where, code=3)
    assert f"no scheduler answers at {cluster.address}" in stderr
