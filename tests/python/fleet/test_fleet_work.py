"""One cell on this machine: outcomes, the lock, and that no program stays behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from fleet_support import PACKAGE, VERSIONS, wait_until

from tsir import Error
from tsir.fleet import models, work
from tsir.fleet.cells import Cell, Model, Versions
from tsir.fleet.machine import machine_lock, own_folder, this_machine
from tsir.fleet.records import Record
from tsir.fleet.work import Task, run_cell, stop_run

StandIn = Callable[[str], None]
MakeCell = Callable[..., Cell]


def task(cell: Cell, run: str = "run", limit: float = 20) -> Task:
    return Task(cell, run, limit, "/")


def record_of(cell: Cell, limit: float = 20) -> Record:
    record = run_cell(task(cell, limit=limit)).record
    assert record is not None
    return record


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_the_result_names_no_path(stand_in: StandIn, make_cell: MakeCell) -> None:
    stand_in("""printf '{"schema": "tsir.verify/1", "file": "%s", "words": "%s"}' "$2" "$*" """)
    record = record_of(make_cell())
    assert (record.outcome, record.exit_code, record.error) == ("fine", 0, "")
    assert record.result is not None
    assert record.result["file"] == "model.pt"
    assert record.result["words"].split()[2:] == ["--json", "--passes", "freeze", "--input", "float32[2]"]
    assert record.machine is not None
    assert record.machine.versions == VERSIONS
    assert record.seconds < 20


@pytest.mark.parametrize(
    ("script", "outcome", "code", "error"),
    [
        ("echo '{}'; exit 1", "check failed", 1, "tsir ended with exit code 1"),
        ("echo 'tsir: error: bad flag' >&2; exit 2", "wrong usage", 2, "bad flag"),
        ('echo "tsir: error: $2: not a zip" >&2; exit 3', "cannot load", 3, "model.pt: not a zip"),
        ("exit 4", "pass failed", 4, "tsir ended with exit code 4"),
        ("exit 5", "crashed", 5, "tsir ended with exit code 5"),
        ("kill -SEGV $$", "crashed", 139, "tsir ended with exit code 139"),
    ],
)
def test_errors_are_outcomes(
    stand_in: StandIn, make_cell: MakeCell, script: str, outcome: str, code: int, error: str
) -> None:
    stand_in(script)
    record = record_of(make_cell())
    assert (record.outcome, record.exit_code, record.error) == (outcome, code, error)


def test_a_cell_that_takes_too_long_is_ended(stand_in: StandIn, make_cell: MakeCell, tmp_path: Path) -> None:
    stand_in(f"echo $$ > {tmp_path}/pid; sleep 100 & echo $! >> {tmp_path}/pid; wait")
    record = record_of(make_cell(), limit=0.5)
    assert (record.outcome, record.exit_code, record.error) == ("timed out", None, "took longer than 0.5 s")
    program, child = map(int, (tmp_path / "pid").read_text().split())
    wait_until(lambda: not alive(program) and not alive(child))


def test_what_a_program_leaves_behind_is_ended(stand_in: StandIn, make_cell: MakeCell, tmp_path: Path) -> None:
    stand_in(f"sleep 100 >/dev/null 2>&1 & echo $! > {tmp_path}/pid; echo '{{}}'")
    assert record_of(make_cell()).outcome == "fine"
    child = int((tmp_path / "pid").read_text())
    wait_until(lambda: not alive(child))


def test_the_program_ends_with_its_worker(stand_in: StandIn, make_cell: MakeCell, tmp_path: Path) -> None:
    stand_in(f"echo $$ > {tmp_path}/pid; sleep 100")
    (tmp_path / "cell").write_text(repr(task(make_cell("bench"))))
    script = "from tsir.fleet.work import *; from tsir.fleet.cells import *; import sys; run_cell(eval(sys.argv[1]))"
    worker = subprocess.Popen([sys.executable, "-c", script, (tmp_path / "cell").read_text()])
    wait_until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text().endswith("\n"))
    program = int((tmp_path / "pid").read_text())
    assert alive(program)
    with pytest.raises(TimeoutError), machine_lock(False, raise_timeout):
        pass
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    with machine_lock(True, lambda: False):  # it is free once the program has ended
        assert not alive(program)


def raise_timeout() -> bool:
    raise TimeoutError


def test_stopping_a_run(stand_in: StandIn, make_cell: MakeCell, tmp_path: Path) -> None:
    stand_in(f"echo $$ > {tmp_path}/pid; sleep 100")
    answers: list[work.Answer] = []
    cell = make_cell("bench")
    # The second waits for the machine.
    threads = [threading.Thread(target=lambda: answers.append(run_cell(task(cell, "stopped")))) for _ in range(2)]
    for thread in threads:
        thread.start()
    wait_until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text().endswith("\n"))
    assert stop_run("stopped") == 1
    for thread in threads:
        thread.join(10)
    assert [answer.stopped for answer in answers] == [True, True]
    assert not alive(int((tmp_path / "pid").read_text()))
    assert run_cell(task(cell, "stopped")).stopped


def test_timed_cells_have_the_machine_alone(stand_in: StandIn, make_cell: MakeCell, tmp_path: Path) -> None:
    log = tmp_path / "log"
    stand_in(f'echo "+$1" >> {log}; sleep 0.15; echo "-$1" >> {log}; echo "{{}}"')
    cells = [make_cell("bench" if number % 2 else "verify", str(number)) for number in range(6)]
    threads = [threading.Thread(target=run_cell, args=(task(cell),)) for cell in cells]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    running: list[str] = []
    for line in log.read_text().split():
        if line[0] == "+":
            running.append(line[1:])
        else:
            running.remove(line[1:])
        assert running.count("bench") == 0 or running == ["bench"]
    assert not running


def test_the_lock_of_a_machine() -> None:
    with machine_lock(False, raise_timeout):
        assert can_share()
        with pytest.raises(TimeoutError), machine_lock(True, raise_timeout):
            pass
    with machine_lock(True, raise_timeout):
        for exclusive in (False, True):
            with pytest.raises(TimeoutError), machine_lock(exclusive, raise_timeout):
                pass
    with machine_lock(True, raise_timeout):
        pass


def test_a_cell_that_needs_the_machine_alone_is_not_held_up_by_those_that_come_later() -> None:
    taken: list[str] = []

    def take() -> None:
        with machine_lock(True, lambda: False):
            taken.append("timed")

    with machine_lock(False, raise_timeout):
        timed = threading.Thread(target=take)
        timed.start()
        wait_until(lambda: not can_share())
        assert not taken
    timed.join()
    assert taken
    assert can_share()


def can_share() -> bool:
    try:
        with machine_lock(False, raise_timeout):
            return True
    except TimeoutError:
        return False


def test_another_version_is_refused(stand_in: StandIn, make_cell: MakeCell) -> None:
    stand_in("echo '{}'")
    answer = run_cell(task(make_cell(versions=Versions("9", "2.13.0"))))
    assert answer.record is None
    assert "has tsir 1.2.3 (LibTorch 2.13.0), not tsir 9 (LibTorch 2.13.0)" in answer.refused


def test_no_program_is_an_error(monkeypatch: pytest.MonkeyPatch, stand_in: StandIn) -> None:
    stand_in("")
    monkeypatch.setenv("TSIR_PROGRAM", "/nowhere/tsir")
    with pytest.raises(Error, match="nowhere"):
        this_machine()


def test_a_model_that_is_not_there_is_sent_and_kept(
    stand_in: StandIn, make_cell: MakeCell, tmp_path: Path, model: Model
) -> None:
    stand_in("echo '{\"file\": \"'$2'\"}'; cat $2 >&2; exit 1")
    content = Path(model.path).read_bytes()
    cell = make_cell()
    elsewhere = replace(cell, question=replace(cell.question, model=replace(model, path="/nowhere/model.pt")))
    assert run_cell(task(elsewhere)).needs_model
    with pytest.raises(ValueError, match="has changed"):
        run_cell(task(elsewhere), content + b"!")
    record = run_cell(task(elsewhere), content).record
    assert record is not None
    assert record.error == "not really a model"
    assert run_cell(task(elsewhere)).record is not None  # without the bytes
    kept = models.find_model(elsewhere.question.model)
    assert kept is not None
    assert kept.is_relative_to(own_folder())


def test_a_model_that_has_changed_is_not_used(stand_in: StandIn, make_cell: MakeCell, model: Model) -> None:
    stand_in("echo '{}'")
    cell = make_cell()
    assert run_cell(task(cell)).record is not None
    Path(model.path).write_bytes(b"Not really a model")
    assert run_cell(task(cell)).needs_model


def test_the_folder_of_another_user_is_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    monkeypatch.setenv("TSIR_FLEET_DIR", str(tmp_path / "link"))
    with pytest.raises(Error, match="TSIR_FLEET_DIR"):
        own_folder()


def test_the_samples_of_a_bench_are_left_out(stand_in: StandIn, make_cell: MakeCell) -> None:
    report = {"tsir": {"model": "/x/model.pt", "rounds": [1], "points": [{"report": {"rounds": [1], "a": 1}}]}}
    stand_in(f"echo '{json.dumps(report)}'")
    record = record_of(make_cell("bench"))
    assert record.result == {"tsir": {"model": "model.pt", "points": [{"report": {"a": 1}}]}}
    whole = run_cell(replace(task(make_cell("bench")), keep_samples=True)).record
    assert whole is not None
    assert whole.result is not None
    assert whole.result["tsir"]["rounds"] == [1]


def test_the_leash_needs_no_package() -> None:
    reader, writer = os.pipe()
    command = [sys.executable, "-I", "-S", str(PACKAGE / "tsir/fleet/leash.py"), str(reader), "sh", "-c", "exit 7"]
    start = time.monotonic()
    assert subprocess.run(command, pass_fds=(reader,), check=False).returncode == 7
    assert time.monotonic() - start < 10
    os.close(reader)
    os.close(writer)
