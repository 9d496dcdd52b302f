"""A scheduler of Dask and workers, in processes of their own that can be killed."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from fleet_support import python_path, wait_until


@dataclass
class Cluster:
    """The workers run a script in the place of tsir, which calls the real one at first."""

    folder: Path
    tsir: Path
    scheduler: subprocess.Popen[bytes] | None = None
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def file(self) -> Path:
        return self.folder / "scheduler.json"

    @property
    def address(self) -> str:
        return str(json.loads(self.file.read_text())["address"])

    def put(self, script: str) -> None:
        """The script that runs in the place of tsir, but for `tsir --version`."""
        program = self.folder / "tsir"
        program.write_text(f'#!/bin/sh\n[ "$1" = --version ] && exec {self.tsir} "$@"\n{script}\n')
        program.chmod(0o755)

    def start(self, workers: int) -> None:
        """Starts what does not run yet of a scheduler and so many workers."""
        self.put(f'exec {self.tsir} "$@"')
        if self.scheduler is None or self.scheduler.poll() is not None:
            self.stop()
            self.start_scheduler()
        while len(self.workers) < workers:
            self.start_worker()
        self.wait_for_workers()

    def start_scheduler(self) -> None:
        self.file.unlink(missing_ok=True)
        self._log("scheduler").unlink(missing_ok=True)
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0")
        wait_until(self.file.exists)

    def start_worker(self, *, exclusive: bool = True) -> subprocess.Popen[bytes]:
        """Each next one has one thread more within an operator, so that it counts as another kind of machine."""
        resources = ["--resources", "exclusive=1"] if exclusive else []
        number = str(len(self.workers) + 1)
        words = [
            "--name",
            f"worker-{number}",
            "--nworkers",
            "1",
            "--nthreads",
            "1",
            "--host",
            "127.0.0.1",
            "--memory-limit",
            "0",
            *resources,
        ]
        self.workers.append(self._start("worker", *words, OMP_NUM_THREADS=number))
        return self.workers[-1]

    def wait_for_workers(self) -> None:
        names = [f"name: worker-{number + 1}" for number in range(len(self.workers))]
        wait_until(lambda: all(name in self._log("scheduler").read_text() for name in names))

    def kill_scheduler(self) -> None:
        assert self.scheduler is not None
        self.scheduler.kill()
        self.scheduler.wait()

    def stop(self) -> None:
        for process in [*self.workers, self.scheduler]:
            if process is not None and process.poll() is None:
                children = psutil.Process(process.pid).children(recursive=True)
                process.kill()
                for child in children:
                    with contextlib.suppress(psutil.NoSuchProcess):
                        child.kill()
                process.wait()
        self.workers.clear()

    def _log(self, kind: str) -> Path:
        return self.folder / f"{kind}.log"

    def _start(self, kind: str, *flags: str, **variables: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "dask", kind, "--no-dashboard", "--scheduler-file", str(self.file), *flags]
        own = {
            "TSIR_PROGRAM": f"{self.folder}/tsir",
            "TSIR_FLEET_DIR": f"{self.folder}/own",
            "PYTHONPATH": python_path(),
        }
        env = {**os.environ, **own, **variables}
        with self._log(kind).open("ab") as log:
            return subprocess.Popen(
                command, cwd=self.folder, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
            )


def busy_workers(nanny: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """The worker below the nanny, if it runs a cell."""
    found = []
    for leash in leashes(nanny):
        parent = leash.parent()
        if parent is not None:
            found.append(parent)
    return found


def leashes(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    found = []
    try:
        for child in psutil.Process(process.pid).children(recursive=True):
            try:
                if any(word.endswith("leash.py") for word in child.cmdline()):
                    found.append(child)
            except psutil.NoSuchProcess:
                pass
    except psutil.NoSuchProcess:
        pass
    return found


@dataclass
class Killer:
    """Kills the worker below a nanny, with SIGKILL, each time that it has begun a cell, up to a number of times."""

    nanny: subprocess.Popen[bytes]
    times: int
    kills: int = 0

    def __enter__(self) -> Killer:  # noqa: PYI034
        self._going = True
        self._thread = threading.Thread(target=self._kill_again_and_again)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._going = False
        self._thread.join()

    def _kill_again_and_again(self) -> None:
        while self._going and self.kills < self.times:
            for worker in busy_workers(self.nanny)[:1]:
                time.sleep(0.05)
                try:
                    worker.kill()
                    worker.wait(5)
                    self.kills += 1
                except psutil.NoSuchProcess:
                    pass
            time.sleep(0.02)
