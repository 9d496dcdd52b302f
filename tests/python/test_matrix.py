"""tests/matrix: a version with a result is not built again, and the table has a line for each."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from places import SOURCE

TESTED = {"rows": 170, "start_ms": 300.0, "passed": 1900, "failed": 0, "left_out": 12}


def write_result(work: Path, version: str, result: dict[str, float]) -> None:
    (work / "results").mkdir(parents=True, exist_ok=True)
    (work / "results" / f"{version}.json").write_text(json.dumps({"libtorch": version} | result))


def matrix(work: Path, *words: str) -> str:
    command = [sys.executable, str(SOURCE / "tests" / "matrix"), "--work", str(work), *words]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_table(tmp_path: Path) -> None:
    assert matrix(tmp_path, "--table").count("\n") == 2
    write_result(tmp_path, "2.10.0", TESTED)
    write_result(tmp_path, "2.5.1", {"rows": 168, "start_ms": 450.0})
    lines = [
        "| 2.5.1 | built |  |  | 168 | 1.50 |",
        "| 2.10.0 | 1900 | 0 | 12 | 170 | 1.00 |",
    ]
    assert matrix(tmp_path, "--table").splitlines()[2:] == lines
    assert matrix(tmp_path, "2.5.1", "2.10.0").splitlines()[2:] == lines, "nothing is built"
