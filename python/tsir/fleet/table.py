"""Merges files of results into one table.

    python -m tsir.fleet.table RESULTS… [--csv] [--merge FILE]

Times are shown in a section for each kind of machine, because times of different machines cannot be compared.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections.abc import Sequence
from pathlib import Path

from tsir._errors import Error
from tsir.fleet.cells import TIMED
from tsir.fleet.findings import Finding, finding_of
from tsir.fleet.machine import plural
from tsir.fleet.plan import to_stderr
from tsir.fleet.records import Record
from tsir.fleet.results import latest, read_results

_COLUMNS = ("model", "sha256", "do", "passes", "inputs", "arguments", "outcome", "verdict", "speedup", "low", "high")
_MORE_COLUMNS = ("baseline_ms", "median_ms", "what", "error", "processor", "processors", "threads", "libtorch", "tsir")
_LAST_COLUMNS = ("host", "started", "seconds", "tries", "cell")


def text_table(records: Sequence[Record], *, by_host: bool = False) -> str:
    """The records as text: first what does not depend on times, then a section for each kind of machine."""
    sections: dict[str, list[list[str]]] = {}
    for record in records:
        finding = finding_of(record)
        title = section_of(record, finding, by_host=by_host) if record.action in TIMED else ""
        sections.setdefault(title, []).append(_row(record, finding))
    blocks = []
    for title in sorted(sections):
        header = ["MODEL", "DO", "PASSES", "OUTCOME", "RESULT"]
        lines = _aligned([header, *sections[title]])
        blocks.append("\n".join([f"On {title}:", *lines] if title else lines))
    return "\n\n".join(blocks) + "\n" if blocks else "no results\n"


def section_of(record: Record, finding: Finding, *, by_host: bool = False) -> str:
    """The machine on which times were measured. Only times with the same text may be compared."""
    machine = record.machine
    if machine is None:
        return "no machine"
    threads = finding.threads if finding.threads is not None else machine.threads or "?"
    sizes = f"{plural(machine.processors, 'processor')}, {plural(threads, 'thread')}"
    text = f"{machine.processor}, {sizes}, {machine.versions}"
    return f"{machine.host}: {text}" if by_host else text


def _row(record: Record, finding: Finding) -> list[str]:
    return [record.model, record.action, record.passes, record.outcome, _result_text(record, finding)]


def _result_text(record: Record, finding: Finding) -> str:
    parts = []
    if finding.speedup is not None:
        ends = f" [{_number(finding.low)}, {_number(finding.high)}]" if finding.low is not None else ""
        parts.append(f"{finding.verdict} {finding.speedup:.3f}x{ends}")
    elif finding.verdict:
        parts.append(finding.verdict)
    if finding.median_ms is not None and finding.baseline_ms is not None:
        same = finding.speedup is None or finding.median_ms == finding.baseline_ms
        instead = "" if same else f" instead of {finding.baseline_ms:.4g} ms"
        parts.append(f"{finding.median_ms:.4g} ms{instead}")
    if finding.what:
        parts.append(finding.what)
    if record.error and record.error not in parts:
        parts.append(record.error)
    return ", ".join(parts)


def _number(value: float | None) -> str:
    return "?" if value is None else f"{value:.3f}"


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def csv_table(records: Sequence[Record]) -> str:
    """All records as CSV, with the machine in each row."""
    text = io.StringIO()
    writer = csv.DictWriter(text, _COLUMNS + _MORE_COLUMNS + _LAST_COLUMNS, lineterminator="\n")
    writer.writeheader()
    for record in records:
        writer.writerow(_csv_row(record, finding_of(record)))
    return text.getvalue()


def _csv_row(record: Record, finding: Finding) -> dict[str, object]:
    machine = record.machine
    return {
        "model": record.model,
        "sha256": record.sha256,
        "do": record.action,
        "passes": record.passes,
        "inputs": " ".join(record.inputs),
        "arguments": " ".join(record.arguments),
        "outcome": record.outcome,
        "verdict": finding.verdict,
        "speedup": finding.speedup,
        "low": finding.low,
        "high": finding.high,
        "baseline_ms": finding.baseline_ms,
        "median_ms": finding.median_ms,
        "what": finding.what,
        "error": record.error,
        "processor": machine and machine.processor,
        "processors": machine and machine.processors,
        "threads": finding.threads if finding.threads is not None else machine and machine.threads,
        "libtorch": record.versions.libtorch,
        "tsir": record.versions.tsir,
        "host": machine and machine.host,
        "started": record.started,
        "seconds": record.seconds,
        "tries": record.tries,
        "cell": record.cell,
    }


def read_all(paths: Sequence[Path]) -> list[Record]:
    """The latest records of all files. Raises tsir.Error."""
    records: list[Record] = []
    for path in paths:
        lines = read_results(path)
        if lines.torn:
            to_stderr(f"{path}: the last line is not complete, and is left out")
        records += lines.records
    return latest(records)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tsir.fleet.table", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("results", nargs="+", type=Path, metavar="RESULTS", help="a file that tsir.fleet wrote")
    parser.add_argument("--csv", action="store_true", help="print CSV, with the machine in each row")
    parser.add_argument("--by-host", action="store_true", help="a section for each host, also if hosts are alike")
    parser.add_argument("--merge", type=Path, metavar="FILE", help="also write the merged results to this file")
    options = parser.parse_args(arguments)
    try:
        records = read_all(options.results)
    except Error as error:
        to_stderr(f"error: {error.line}")
        return error.code
    if options.merge:
        # A new file in place of the old one, because the old one may be among those that were read.
        partial = options.merge.with_name(f"{options.merge.name}.partial")
        partial.write_text("".join(record.to_line() for record in records), encoding="utf-8")
        partial.replace(options.merge)
    sys.stdout.write(csv_table(records) if options.csv else text_table(records, by_host=options.by_host))
    return 0


if __name__ == "__main__":
    sys.exit(main())
