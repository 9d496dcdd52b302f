"""The file of results: one record in each line, written once."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from tsir._errors import error_of
from tsir.fleet.records import Record

_CHECK, _USAGE, _LOAD = 1, 2, 3  # exit codes


@dataclass(frozen=True)
class Lines:
    """What a file of results holds."""

    records: list[Record]
    torn: bytes
    """The last line, if a crash or a full disk has cut it short."""


def parse(content: bytes, name: str) -> Lines:
    """Raises tsir.Error if a line other than a torn last one is not a record."""
    whole, _, torn = content.rpartition(b"\n")
    records = []
    for number, line in enumerate(whole.split(b"\n") if whole else [], 1):
        try:
            records.append(Record.from_json(json.loads(line)))
        except (ValueError, KeyError, TypeError) as error:
            raise error_of(f"{name}:{number}: not a result of tsir.fleet: {error}", _LOAD) from error
    return Lines(records, torn)


def read_results(path: Path) -> Lines:
    try:
        return parse(path.read_bytes(), str(path))
    except OSError as error:
        raise error_of(f"{path}: {error.strerror}", _LOAD) from error


def latest(records: Iterable[Record]) -> list[Record]:
    """The last record of each cell and kind of machine, in an order that does not depend on theirs.

    A cell has several records if it was tried again after a failure, or if several files are read.
    """
    found: dict[tuple[str, str], Record] = {}
    for record in records:
        found[record.cell, record.machine.kind if record.machine else ""] = record
    measured = {record.cell for record in found.values() if record.machine}
    kept = [record for record in found.values() if record.machine or record.cell not in measured]
    return sorted(kept, key=lambda r: (r.model, r.action, r.passes, r.cell, r.machine.kind if r.machine else ""))


class ResultsFile:
    """A file that this process alone appends to."""

    def __init__(self, path: Path, *, resume: bool) -> None:
        """Raises tsir.Error if the file is in use, is not a file of results, or has results and `resume` is false."""
        self._path = path
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise error_of(f"{path}: {error.strerror}", _CHECK) from error
        try:
            self._lock()
            content = path.read_bytes()
            if content and not resume:
                raise error_of(f"{path} has results: continue with --resume, or name another file", _USAGE)
            lines = parse(content, str(path))
            self.records = lines.records
            """Those that were there."""
            self.dropped = bool(lines.torn)
            """Whether a torn last line was removed."""
            if lines.torn:
                os.ftruncate(self._file, len(content) - len(lines.torn))
        except BaseException:
            os.close(self._file)
            raise

    def __enter__(self) -> ResultsFile:  # noqa: PYI034
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._file)

    def append(self, record: Record) -> None:
        """Writes the line, whole or not at all, and waits until it is on the disk."""
        line = record.to_line().encode("utf-8")
        before = os.fstat(self._file).st_size
        try:
            written = os.write(self._file, line)
            if written != len(line):
                raise OSError(None, "the disk is full")
            os.fsync(self._file)
        except OSError as error:
            os.ftruncate(self._file, before)
            raise error_of(f"{self._path}: {error.strerror}", _CHECK) from error

    def _lock(self) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise error_of(f"{self._path} is in use by another run", _USAGE) from None
        except OSError:
            pass  # a file system without locks
