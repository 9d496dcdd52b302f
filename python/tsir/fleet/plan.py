"""What a run is to do, and where its results go."""

from __future__ import annotations

import os
import sys
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tsir.fleet.cells import Cell, Question, Versions
from tsir.fleet.interrupts import held
from tsir.fleet.machine import Machine, plural
from tsir.fleet.records import FINE, TRANSIENT, Record
from tsir.fleet.results import ResultsFile, latest
from tsir.fleet.work import Task


@dataclass(frozen=True)
class Plan:
    questions: Sequence[Question]
    on_each: bool
    """Timed questions are answered by each kind of machine, not by any one machine."""
    time_limit: float
    """For a cell, in seconds."""
    tries: int
    """How often a cell is started whose worker dies."""
    patience: float
    """Seconds to wait for workers."""
    send_up_to: int
    """Larger models are not sent, in bytes."""
    keep_samples: bool
    run: str = field(default_factory=lambda: uuid.uuid4().hex)

    def cells_for_any(self, versions: Versions) -> list[Cell]:
        """The cells that need no certain kind of machine."""
        return [Cell(question, versions) for question in self.questions if not (self.on_each and question.timed)]

    def cells_for(self, machine: Machine) -> list[Cell]:
        """The cells that are for this kind of machine only."""
        timed = [question for question in self.questions if self.on_each and question.timed]
        return [Cell(question, machine.versions, machine.kind) for question in timed]

    def task(self, cell: Cell) -> Task:
        return Task(cell, self.run, self.time_limit, os.getcwd(), self.keep_samples)


class Sink:
    """Writes records, and says how far the run is."""

    def __init__(self, file: ResultsFile, *, retry_failed: bool, say: Callable[[str], None]) -> None:
        self._file = file
        self.say = say
        self.added: list[Record] = []
        self._outcomes: Counter[str] = Counter()
        earlier = latest(file.records)
        self._done = {r.cell for r in earlier if not (retry_failed and r.outcome in TRANSIENT)}
        self._wanted: set[str] = set()
        self._skipped: Counter[str] = Counter()
        self._earlier = {record.cell: record.outcome for record in earlier}

    def wanted(self, cells: Sequence[Cell]) -> list[Cell]:
        """Those of the cells that have no result yet."""
        for cell in cells:
            if cell.key in self._done:
                self._skipped[self._earlier[cell.key]] += 1
        fresh = [cell for cell in cells if cell.key not in self._done]
        self._wanted.update(cell.key for cell in fresh)
        return fresh

    def add(self, record: Record) -> None:
        """Writes a record, unless its cell has one."""
        if record.cell in self._done:
            return
        with held():
            self._file.append(record)
            self._done.add(record.cell)
            self.added.append(record)
            self._outcomes[record.outcome] += 1
            self._tell(record)

    def _tell(self, record: Record) -> None:
        host = record.machine.host if record.machine else "no machine"
        what = f"{record.model} {record.action}{' ' + record.passes if record.passes else ''}"
        error = f": {record.error}" if record.error else ""
        count = f"[{self._outcomes.total()}/{len(self._wanted)}]"
        self.say(f"{count} {what}: {record.outcome} ({host}, {record.seconds:.1f} s){error}")

    def summary(self) -> str:
        parts = [f"{number} {outcome}" for outcome, number in sorted(self._outcomes.items())]
        text = f"{plural(self._outcomes.total(), 'cell')} run: {', '.join(parts)}" if parts else "no cell run"
        skipped = self._skipped.total()
        return f"{text}; {skipped} had results already" if skipped else text

    @property
    def all_fine(self) -> bool:
        """Whether all cells, also the skipped ones, are fine."""
        return not (set(self._outcomes) | set(self._skipped)) - {FINE}


def to_stderr(line: str) -> None:
    print(f"tsir.fleet: {line}", file=sys.stderr, flush=True)
