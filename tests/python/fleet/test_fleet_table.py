"""The table: sections by machine, and what a result says in a line."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fleet_support import MACHINE

from tsir.fleet.cells import Cell
from tsir.fleet.findings import finding_of
from tsir.fleet.records import FINE, WORKER_DIED, Record, timeless
from tsir.fleet.table import csv_table, main, text_table


def bench_result(*contrasts: dict[str, Any], mode: str = "prefixes") -> dict[str, Any]:
    variants = [{"name": "baseline", "median_ms": 2.0}]
    variants += [{"name": each["name"], "median_ms": 2.0 / each["speedup"]} for each in contrasts]
    return {
        "benchmarks": [{"real_time": 1.0}],
        "tsir": {
            "mode": mode,
            "environment": {"threads": 4},
            "variants": variants,
            "contrasts": list(contrasts),
            "rounds": [{"sample_ns": [1, 2]}],
        },
    }


def contrast(name: str, speedup: float, reference: str = "baseline", verdict: str = "FASTER") -> dict[str, Any]:
    ratio = 1 / speedup
    ends = {} if verdict == "IDENTICAL" else {"low": ratio * 0.9, "high": ratio * 1.1}
    return {"name": name, "reference": reference, "verdict": verdict, "speedup": speedup, **ends}


@pytest.fixture
def bench(make_cell: Callable[..., Cell]) -> Callable[..., Record]:
    def make(*contrasts: dict[str, Any], processor: str = "A processor", host: str = "one", **more: Any) -> Record:
        machine = replace(MACHINE, processor=processor, host=host)
        record = replace(Record.of_cell(make_cell("bench")), outcome=FINE, exit_code=0, machine=machine, seconds=3)
        return replace(record, result=bench_result(*contrasts, **more))

    return make


def test_the_last_variant_is_compared_with_the_baseline(bench: Callable[..., Record]) -> None:
    finding = finding_of(bench(contrast("+ a", 1.5), contrast("+ b", 1.1, "+ a"), contrast("+ b", 2.0)))
    assert (finding.verdict, finding.speedup, finding.threads) == ("FASTER", 2.0, 4)
    assert finding.low == pytest.approx(2 / 1.1)
    assert finding.high == pytest.approx(2 / 0.9)
    assert (finding.baseline_ms, finding.median_ms) == (2.0, 1.0)


def test_a_variant_with_the_graph_of_another_has_its_speed(bench: Callable[..., Record]) -> None:
    finding = finding_of(bench(contrast("+ a", 1.5), contrast("+ b", 1.0, "+ a", "IDENTICAL")))
    assert (finding.verdict, finding.speedup) == ("FASTER", 1.5)
    same = finding_of(bench(contrast("+ a", 1.0, "baseline", "IDENTICAL")))
    assert (same.verdict, same.low, same.speedup) == ("IDENTICAL", None, 1.0)


def test_with_each_the_best_pass_is_named(bench: Callable[..., Record]) -> None:
    finding = finding_of(bench(contrast("a", 1.5), contrast("b", 1.7), contrast("c", 0.9), mode="each"))
    assert (finding.what, finding.speedup) == ("best: b", 1.7)


def test_times_of_different_machines_stand_apart(bench: Callable[..., Record]) -> None:
    records = [bench(contrast("+ a", 1.5)), bench(contrast("+ a", 3.0), processor="B processor")]
    table = text_table(records)
    assert table.count("On ") == 2
    first, second = table.split("\n\n")
    assert first.startswith("On A processor, 8 processors, 4 threads, tsir 1.2.3 (LibTorch 2.13.0):\nMODEL")
    assert "FASTER 1.500x [1.364, 1.667], 1.333 ms instead of 2 ms" in first
    assert "3.000x" not in first
    assert "3.000x" in second


def test_threads_and_versions_are_parts_of_a_machine(bench: Callable[..., Record]) -> None:
    one = bench(contrast("+ a", 1.5))
    other = bench(contrast("+ a", 1.5))
    assert other.result
    other.result["tsir"]["environment"]["threads"] = 8
    versions = replace(one.versions, libtorch="2.14.0")
    newer = replace(one, versions=versions, machine=replace(MACHINE, versions=versions))
    assert text_table([one, other, newer]).count("On ") == 3


def test_hosts_that_are_alike_share_a_section_unless_told_otherwise(bench: Callable[..., Record]) -> None:
    records = [bench(contrast("+ a", 1.5)), bench(contrast("+ a", 1.6), host="two")]
    assert text_table(records).count("On ") == 1
    assert text_table(records, by_host=True).count("On ") == 2


def test_failures_are_in_the_table(make_cell: Callable[..., Cell]) -> None:
    died = replace(Record.of_cell(make_cell()), outcome=WORKER_DIED, error="its worker died 3 times")
    assert text_table([died]).splitlines()[1] == "model.pt  verify  freeze  worker died  its worker died 3 times"


def test_verify_is_counted(make_cell: Callable[..., Cell]) -> None:
    passes = [{"verdict": "identical"}, {"verdict": "equal"}, {"verdict": "identical"}]
    record = replace(Record.of_cell(make_cell()), outcome=FINE, result={"passes": passes})
    assert finding_of(record).what == "3 passes: 2 identical, 1 equal"


def test_a_result_of_another_form_does_not_stop_the_table(bench: Callable[..., Record]) -> None:
    record = replace(bench(), result={"tsir": {"variants": []}})
    assert text_table([record]).splitlines()[-1].split() == ["model.pt", "bench", "freeze", "fine"]


def test_csv_has_the_machine_in_each_row(bench: Callable[..., Record]) -> None:
    rows = list(csv.DictReader(io.StringIO(csv_table([bench(contrast("+ a", 1.6), processor="A, B")]))))
    assert len(rows) == 1
    expected = {"do": "bench", "speedup": "1.6", "processor": "A, B", "threads": "4", "host": "one"}
    assert expected.items() <= rows[0].items()


def test_times_aside_two_benches_are_the_same(bench: Callable[..., Record]) -> None:
    one = replace(bench(contrast("+ a", 1.5)), seconds=9, tries=4, started="now")
    other = bench(contrast("+ a", 1.2), host="two")
    assert one.to_json() != other.to_json()
    assert timeless(one) == timeless(other)
    assert timeless(replace(one, outcome="crashed")) != timeless(other)


def test_files_are_merged(tmp_path: Path, bench: Callable[..., Record], capsys: pytest.CaptureFixture[str]) -> None:
    one, two, merged = tmp_path / "1.jsonl", tmp_path / "2.jsonl", tmp_path / "all.jsonl"
    first, second = bench(contrast("+ a", 1.5)), bench(contrast("+ a", 1.7), processor="B processor")
    one.write_text(first.to_line())
    two.write_text(second.to_line() + first.to_line() + second.to_line()[:40])
    assert main([str(one), str(two), "--merge", str(merged)]) == 0
    output = capsys.readouterr()
    assert "2.jsonl: the last line is not complete" in output.err
    assert output.out == text_table([first, second])
    assert merged.read_text() == first.to_line() + second.to_line()
    assert main([str(tmp_path / "missing.jsonl")]) == 3
