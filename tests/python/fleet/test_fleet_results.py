"""The file of results: written once, whole lines, one writer."""

from __future__ import annotations

import json
import resource
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from fleet_support import MACHINE

from tsir import Error
from tsir.fleet.cells import Cell
from tsir.fleet.interrupts import as_interrupts
from tsir.fleet.plan import Sink
from tsir.fleet.records import CRASHED, FINE, WORKER_DIED, Record
from tsir.fleet.results import ResultsFile, latest, read_results


@pytest.fixture
def record(make_cell: Callable[..., Cell]) -> Record:
    result = {"schema": "tsir.verify/1", "passes": [], "cost": {}}
    return replace(Record.of_cell(make_cell()), outcome=FINE, exit_code=0, machine=MACHINE, seconds=1.5, result=result)


def test_a_record_comes_back_as_it_was(record: Record) -> None:
    assert Record.from_json(json.loads(record.to_line())) == record
    without_machine = replace(record, machine=None)
    assert Record.from_json(json.loads(without_machine.to_line())) == without_machine


def test_a_torn_last_line_is_dropped_and_written_over(tmp_path: Path, record: Record) -> None:
    path = tmp_path / "r.jsonl"
    line = record.to_line()
    for end in (1, len(line) // 2, len(line) - 1):
        path.write_text(line + line[:end])
        assert read_results(path).torn
        with ResultsFile(path, resume=True) as file:
            assert file.dropped
            assert file.records == [record]
            file.append(record)
        assert path.read_text() == line * 2


def test_a_whole_file_stays_as_it_is(tmp_path: Path, record: Record) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text(record.to_line())
    with ResultsFile(path, resume=True) as file:
        assert not file.dropped
    assert path.read_text() == record.to_line()


def test_a_bad_line_in_the_middle_is_an_error(tmp_path: Path, record: Record) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text(record.to_line() + '{"schema": "other"}\n' + record.to_line())
    with pytest.raises(Error, match=r"r\.jsonl:2: not a result"):
        ResultsFile(path, resume=True)
    assert lines(path) == 3


def lines(path: Path) -> int:
    return path.read_text().count("\n")


def test_results_are_not_written_over_without_resume(tmp_path: Path, record: Record) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text(record.to_line())
    with pytest.raises(Error, match="--resume") as raised:
        ResultsFile(path, resume=False)
    assert raised.value.code == 2
    assert path.read_text() == record.to_line()


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    with ResultsFile(path, resume=False), pytest.raises(Error, match="in use"):
        ResultsFile(path, resume=True)
    with ResultsFile(path, resume=True):
        pass


def test_a_line_that_does_not_fit_leaves_the_file_whole(tmp_path: Path, record: Record) -> None:
    path = tmp_path / "r.jsonl"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    line = record.to_line()
    try:
        with ResultsFile(path, resume=False) as file:
            file.append(record)
            resource.setrlimit(resource.RLIMIT_FSIZE, (len(line) + 100, before[1]))
            with pytest.raises(Error, match=r"r\.jsonl"):
                file.append(record)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert path.read_text() == line


def test_the_latest_record_of_a_cell_counts(record: Record) -> None:
    crashed = replace(record, outcome=CRASHED)
    elsewhere = replace(record, machine=replace(MACHINE, processor="B processor"))
    died = replace(record, outcome=WORKER_DIED, machine=None, result=None)
    assert latest([crashed, record]) == [record]
    assert latest([died, record]) == [record]
    assert latest([record, died]) == [record]
    assert latest([died]) == [died]
    assert latest([elsewhere, record]) == [record, elsewhere]


def test_resume_skips_and_retries(tmp_path: Path, record: Record, make_cell: Callable[..., Cell]) -> None:
    path = tmp_path / "r.jsonl"
    died = replace(Record.of_cell(make_cell(passes="cse")), outcome=WORKER_DIED)
    path.write_text(record.to_line() + died.to_line())
    cells = [make_cell(), make_cell(passes="cse"), make_cell(passes="dce")]
    with ResultsFile(path, resume=True) as file:
        said: list[str] = []
        sink = Sink(file, retry_failed=False, say=said.append)
        assert [cell.question.passes for cell in sink.wanted(cells)] == ["dce"]
        assert not sink.all_fine  # because of the one whose worker died
        sink = Sink(file, retry_failed=True, say=said.append)
        assert [cell.question.passes for cell in sink.wanted(cells)] == ["cse", "dce"]
        sink.add(replace(record, cell=cells[1].key))
        sink.add(replace(record, cell=cells[1].key))
        assert sink.all_fine
        assert said == ["[1/2] model.pt verify freeze: fine (one, 1.5 s)"]
    assert lines(path) == 3


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_waits_until_the_record_is_written(
    tmp_path: Path, record: Record, make_cell: Callable[..., Cell], number: signal.Signals
) -> None:
    path = tmp_path / "r.jsonl"
    with ResultsFile(path, resume=False) as file, as_interrupts():
        sink = Sink(file, retry_failed=False, say=lambda _: signal.raise_signal(number))
        sink.wanted([make_cell()])
        with pytest.raises(KeyboardInterrupt):
            sink.add(record)
        assert sink.summary() == "1 cell run: 1 fine"
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(number)
    assert path.read_text() == record.to_line()
