"""Runs the cells one after the other in this process, without Dask."""

from __future__ import annotations

from dataclasses import replace

from tsir.fleet.machine import this_machine
from tsir.fleet.plan import Plan, Sink
from tsir.fleet.records import Record
from tsir.fleet.work import run_cell


def run_serially(plan: Plan, sink: Sink) -> None:
    """Raises tsir.Error if there is no program that starts, or the results cannot be written."""
    machine = this_machine()
    for cell in sink.wanted([*plan.cells_for_any(machine.versions), *plan.cells_for(machine)]):
        answer = run_cell(plan.task(cell))
        if answer.record is not None:
            sink.add(answer.record)
        else:
            error = answer.refused or f"{cell.question.model.path} has changed since the start"
            sink.add(replace(Record.of_cell(cell), error=error, machine=machine))
