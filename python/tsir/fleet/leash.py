"""Runs a program so that it ends when the process that wanted it ends, also if that is killed.

    python -I -S leash.py FD COMMAND…

FD is the reading end of a pipe. Its writing end is held by the process that wants the program, and nobody writes to it.
When it is closed, the program and its children are killed. The locks of a machine are held by descriptors that this
process inherits, so that they are released only when the program has ended. Needs the standard library only.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import subprocess
import sys

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def _die_with_parent() -> None:
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _kill_group(leader: int) -> None:
    try:
        os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass


def main(arguments: list[str]) -> int:
    pipe = int(arguments[0])
    wake, wake_writer = os.pipe()
    os.set_blocking(wake_writer, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake_writer)
    # There is one thread only.
    child = subprocess.Popen(arguments[1:], start_new_session=True, preexec_fn=_die_with_parent)  # noqa: PLW1509
    while child.poll() is None:
        ready, _, _ = select.select([pipe, wake], [], [])
        if pipe in ready:
            break
        os.read(wake, 4096)
    # Also after an orderly end: nothing that it started may disturb the next measurement.
    _kill_group(child.pid)
    code = child.wait()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    os._exit(main(sys.argv[1:]))
