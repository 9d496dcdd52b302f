"""Runs of tsir.fleet, programs that stand in for tsir, and workers of Dask that can be killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tsir.fleet.cells import Cell, Model, Question, Versions
from tsir.fleet.machine import Machine
from tsir.fleet.records import Record, timeless
from tsir.fleet.results import latest, read_results

PACKAGE = Path(__file__).resolve().parents[3] / "python"
VERSIONS = Versions("1.2.3", "2.13.0")
MACHINE = Machine("one", "A processor", 8, "4", VERSIONS)
CELLS = 10
QUICK_BENCH = "bench=--rounds 2 --blocks 1 --warmup-max 0.05 --max-time 1 --no-control"


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Locks and models of this test alone, for this process and those that it starts."""
    folder = tmp_path / "own"
    monkeypatch.setenv("TSIR_FLEET_DIR", str(folder))
    monkeypatch.setenv("PYTHONPATH", python_path())
    return folder


def python_path() -> str:
    path = os.environ.get("PYTHONPATH")
    return f"{PACKAGE}{os.pathsep}{path}" if path else str(PACKAGE)


@pytest.fixture
def model(tmp_path: Path) -> Model:
    path = tmp_path / "model.pt"
    path.write_bytes(b"not really a model")
    return Model.of_file(path)


@pytest.fixture
def make_cell(model: Model) -> Callable[..., Cell]:
    def make(action: str = "verify", passes: str = "freeze", versions: Versions = VERSIONS, machine: str = "") -> Cell:
        return Cell(Question(model, action, passes, ("float32[2]",), ()), versions, machine)

    return make


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Puts a shell script in the place of tsir. `--version` is answered for it."""
    from tsir.fleet.machine import this_machine

    def put(script: str) -> None:
        path = tmp_path / "stand-in"
        version = f'[ "$1" = --version ] && {{ echo "tsir {VERSIONS.tsir} (LibTorch {VERSIONS.libtorch})"; exit; }}'
        path.write_text(f"#!/bin/sh\n{version}\n{script}\n")
        path.chmod(0o755)
        monkeypatch.setenv("TSIR_PROGRAM", str(path))
        this_machine.cache_clear()

    yield put
    this_machine.cache_clear()


@dataclass
class Fleet:
    """A way to start `python -m tsir.fleet` with certain flags."""

    folder: Path
    flags: Sequence[str] = ()
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tsir.fleet", *map(str, arguments), *self.flags]
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, cwd=self.folder, stdout=pipe, stderr=pipe, text=True)
        self.started.append(process)
        return process

    def run(self, *arguments: str | Path, code: int = 0) -> tuple[str, str]:
        """Returns what it writes to standard output and to standard error."""
        process = self.start(*arguments)
        stdout, stderr = process.communicate(timeout=60)
        assert process.returncode == code, stderr
        return stdout, stderr

    def with_flags(self, *flags: str) -> Fleet:
        return Fleet(self.folder, [*self.flags, *flags], self.started)


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Fleet]:
    made = Fleet(tmp_path)
    yield made
    for process in made.started:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Files that a stand-in takes for models."""
    paths = [tmp_path / f"{number}.pt" for number in range(4)]
    for path in paths:
        path.write_bytes(path.name.encode())
    return paths


@pytest.fixture(scope="session")
def real_arguments(models: Path) -> list[str | Path]:
    """Real models: CELLS cells."""
    what = ["--do", "dump,verify,bench", "--passes", "freeze", "--passes", "freeze,cse", "--arguments", QUICK_BENCH]
    names = ("tiny", "quantized")
    return [*(models / f"{name}.pt" for name in names), *what, "--inputs-of", models / "inputs.json"]


@pytest.fixture(scope="session")
def serial_results(tmp_path_factory: pytest.TempPathFactory, real_arguments: list[str | Path]) -> Path:
    """The results of those models from one process."""
    folder = tmp_path_factory.mktemp("serial")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TSIR_FLEET_DIR", str(folder / "own"))
        patch.setenv("PYTHONPATH", python_path())
        Fleet(folder).run(*real_arguments, "--serial", "--results", "serial.jsonl")
    return folder / "serial.jsonl"


def records_of(path: Path) -> list[Record]:
    lines = read_results(path)
    assert not lines.torn
    return lines.records


def without_times(path: Path) -> str:
    """The merged file, times aside."""
    return "\n".join(json.dumps(timeless(record), sort_keys=True) for record in latest(records_of(path)))


def wait_until(condition: Callable[[], Any], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def lines_in(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0
