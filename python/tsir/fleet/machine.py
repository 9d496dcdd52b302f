"""The machine that this process runs on, and the lock by which timed cells have it to themselves."""

from __future__ import annotations

import fcntl
import os
import platform
import re
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tsir._errors import error_of
from tsir._program import environment, program
from tsir.fleet.cells import Versions

_POLL = 0.05  # seconds
_LOAD = 3  # the exit code for what cannot be loaded


@dataclass(frozen=True)
class Machine:
    host: str
    processor: str
    processors: int
    """Those that this process may use."""
    threads: str
    """OMP_NUM_THREADS; empty if LibTorch chooses."""
    versions: Versions

    @property
    def kind(self) -> str:
        """Machines of one kind have the same processor, number of processors, threads and versions."""
        threads = [plural(self.threads, "thread")] if self.threads else []
        return ", ".join([self.processor, plural(self.processors, "processor"), *threads, str(self.versions)])


def plural(number: int | str, noun: str) -> str:
    return f"{number} {noun}" if str(number) == "1" else f"{number} {noun}s"


@lru_cache(maxsize=1)
def this_machine() -> Machine:
    """Raises tsir.Error if there is no program that starts."""
    return Machine(
        host=socket.gethostname(),
        processor=_processor(),
        processors=len(os.sched_getaffinity(0)),
        threads=os.environ.get("OMP_NUM_THREADS", ""),
        versions=_versions(),
    )


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        text = ""
    name = re.search(r"^(?:model name|Processor|cpu model)\s*:\s*(.+)$", text, re.MULTILINE)
    return " ".join(name.group(1).split()) if name else platform.machine()


def _versions() -> Versions:
    done = subprocess.run([program(), "--version"], capture_output=True, text=True, env=environment(), check=False)
    found = re.search(r"^tsir (\S+) \(LibTorch ([^),\s]+)", done.stdout)
    if done.returncode != 0 or not found:
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise error_of(lines[-1] if lines else "tsir --version printed nothing", _LOAD, done.stderr)
    return Versions(found.group(1), found.group(2))


def own_folder() -> Path:
    """The folder for locks and for models that were sent: TSIR_FLEET_DIR, or one in /tmp that is this user's alone.

    Not in TMPDIR, because each job of a batch system may have its own, and then jobs would not see each other's locks.
    """
    named = os.environ.get("TSIR_FLEET_DIR")
    folder = Path(named) if named else Path("/tmp") / f"tsir-fleet-{os.getuid()}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = folder.lstat()
    if status.st_uid != os.getuid() or folder.is_symlink():
        raise error_of(f"{folder} belongs to another user: name another folder in TSIR_FLEET_DIR", _LOAD)
    return folder


class Stopped(Exception):
    """The run was stopped while a cell waited for its machine."""


@contextmanager
def machine_lock(exclusive: bool, stopped: Callable[[], bool]) -> Iterator[int]:
    """Waits for the machine: alone if `exclusive`, else together with others that are not. Gives a descriptor.

    A child that inherits the descriptor holds the lock, too. The gate keeps a stream of cells that share the machine
    from holding up one that needs it alone.
    """
    folder = own_folder()
    gate = os.open(folder / "gate.lock", os.O_RDWR | os.O_CREAT, 0o600)
    lock = os.open(folder / "machine.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take(gate, fcntl.LOCK_EX, stopped)
        _take(lock, fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH, stopped)
        os.close(gate)
        gate = -1
        yield lock
    finally:
        os.close(lock)
        if gate >= 0:
            os.close(gate)


def _take(descriptor: int, how: int, stopped: Callable[[], bool]) -> None:
    while True:
        try:
            fcntl.flock(descriptor, how | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if stopped():
                raise Stopped from None
            time.sleep(_POLL)
