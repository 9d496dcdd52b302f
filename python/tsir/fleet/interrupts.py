"""Ctrl-C and SIGTERM, which wait while a result is written.

Signals cannot be blocked for this purpose, because the threads of Dask would receive them.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class _State:
    holds = 0
    pending = False


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    if not _State.holds:
        raise KeyboardInterrupt
    _State.pending = True


@contextmanager
def as_interrupts() -> Iterator[None]:
    """Both signals raise KeyboardInterrupt. One that is ignored, as Ctrl-C is for a job in the background, stays so."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number, handler in before.items():
        if handler != signal.SIG_IGN:
            signal.signal(number, _interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def held() -> Iterator[None]:
    """An interrupt within it is raised at its end."""
    _State.holds += 1
    try:
        yield
    finally:
        _State.holds -= 1
    if _State.pending and not _State.holds:
        _State.pending = False
        raise KeyboardInterrupt
