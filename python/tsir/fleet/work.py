"""Runs one cell on this machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import IO, Any

from tsir._call import Answer as Output
from tsir._program import environment, program
from tsir.fleet.cells import Cell
from tsir.fleet.machine import Machine, Stopped, machine_lock, this_machine
from tsir.fleet.models import find_model, keep_model
from tsir.fleet.records import TIMED_OUT, Record, outcome_of, without_samples

_LEASH = Path(__file__).with_name("leash.py")


@dataclass(frozen=True)
class Task:
    """A cell, and how to run it."""

    cell: Cell
    run: str
    """Names the run, for stop_run."""
    time_limit: float
    """Seconds."""
    folder: str
    """The working folder for tsir, which relative names of files refer to; it is used if it exists here."""
    keep_samples: bool = False


@dataclass(frozen=True)
class Answer:
    """A record, or why there is none."""

    record: Record | None = None
    needs_model: bool = False
    """The bytes of the model are to be sent."""
    stopped: bool = False
    refused: str = ""


class _Runs:
    """The programs that run in this process, by run, so that another thread can end them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stopped: set[str] = set()
        self._processes: dict[str, set[subprocess.Popen[bytes]]] = {}

    def stopped(self, run: str) -> bool:
        with self._lock:
            return run in self._stopped

    def stop(self, run: str) -> int:
        with self._lock:
            self._stopped.add(run)
            processes = self._processes.get(run, set())
            for process in processes:
                _let_go(process)
            return len(processes)

    @contextmanager
    def running(self, run: str, process: subprocess.Popen[bytes]) -> Iterator[None]:
        with self._lock:
            self._processes.setdefault(run, set()).add(process)
            if run in self._stopped:
                _let_go(process)
        try:
            yield
        finally:
            with self._lock:
                self._processes[run].discard(process)


_runs = _Runs()


def stop_run(run: str) -> int:
    """Ends the programs of a run in this process, and starts no more. Returns how many there were."""
    return _runs.stop(run)


def run_cell(task: Task, content: bytes | None = None) -> Answer:
    """Runs a cell here. Errors of tsir are part of the record; only errors of this machine are raised."""
    machine = this_machine()
    if machine.versions != task.cell.versions:
        return Answer(refused=f"{machine.host} has {machine.versions}, not {task.cell.versions}")
    model = find_model(task.cell.question.model)
    if model is None:
        if content is None:
            return Answer(needs_model=True)
        model = keep_model(task.cell.question.model, content)
    try:
        with machine_lock(task.cell.question.timed, lambda: _runs.stopped(task.run)) as lock:
            return _run(task, machine, model, lock)
    except Stopped:
        return Answer(stopped=True)


def _run(task: Task, machine: Machine, model: Path, lock: int) -> Answer:
    started = datetime.now(timezone.utc)
    clock = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="tsir-fleet-") as folder:
        output, in_time = _run_program(task, model, Path(folder), lock)
    if _runs.stopped(task.run):
        return Answer(stopped=True)
    record = Record.of_cell(task.cell)
    result = _parsed(output.stdout)
    name = task.cell.question.model.name
    error = "" if output.code == 0 and result is not None else output.error().line.replace(str(model), name)
    record = replace(
        record,
        outcome=outcome_of(output.code) if in_time else TIMED_OUT,
        exit_code=output.code if in_time else None,
        error=error if in_time else f"took longer than {task.time_limit:g} s",
        machine=machine,
        started=started.isoformat(timespec="seconds"),
        seconds=round(time.monotonic() - clock, 3),
        result=_for_any_machine(result, name, task.keep_samples),
    )
    return Answer(record=record)


def _run_program(task: Task, model: Path, folder: Path, lock: int) -> tuple[Output, bool]:
    """What the program printed, and whether it ended in time."""
    reader, writer = os.pipe()
    command = [sys.executable, "-I", "-S", str(_LEASH), str(reader), program()]
    variables = {**environment(), "NO_COLOR": "1"}
    with (folder / "stdout").open("w+b") as stdout, (folder / "stderr").open("w+b") as stderr:
        try:
            process = subprocess.Popen(
                [*command, *task.cell.question.command(str(model))],
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                env=variables,
                cwd=task.folder if os.path.isdir(task.folder) else folder,
                pass_fds=(reader, lock),
                start_new_session=True,  # Ctrl-C is for the client
            )
        except BaseException:
            os.close(writer)
            raise
        finally:
            os.close(reader)
        _writers[process.pid] = writer
        with _runs.running(task.run, process):
            in_time = _wait(process, task.time_limit)
        return Output(process.returncode, _text(stdout), _text(stderr)), in_time


# The writing ends of the pipes that hold leashes, by the leash's process.
_writers: dict[int, int] = {}


def _let_go(process: subprocess.Popen[bytes]) -> None:
    """Closes the pipe, by which the leash kills the program."""
    writer = _writers.pop(process.pid, None)
    if writer is not None:
        os.close(writer)


def _wait(process: subprocess.Popen[bytes], limit: float) -> bool:
    try:
        process.wait(limit)
        return True
    except subprocess.TimeoutExpired:
        return False
    finally:
        _let_go(process)
        process.wait()


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", errors="replace")


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _for_any_machine(result: dict[str, Any] | None, name: str, keep_samples: bool) -> dict[str, Any] | None:
    """Names the model by its name, because its path depends on the machine."""
    if result is None:
        return None
    if not keep_samples:
        result = without_samples(result)
    for part in (result, result.get("tsir")):
        if isinstance(part, dict):
            part.update({key: name for key in ("file", "model") if key in part})
    return result
