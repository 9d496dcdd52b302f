"""Fixtures of all tests of the Python package."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from places import MODELS, PROGRAM


@pytest.fixture(scope="session")
def models() -> Path:
    return MODELS


@pytest.fixture(scope="session")
def inputs_of() -> Callable[[str], list[str]]:
    """The inputs of a test model, as texts."""
    table: dict[str, list[str]] = json.loads((MODELS / "inputs.json").read_text())
    return lambda model: table[model]


@pytest.fixture
def ask(tmp_path: Path) -> Callable[..., Any]:
    """Runs the program with --json. Returns what it writes."""

    def run(*arguments: str, code: int = 0, file: bool = False) -> Any:
        output = tmp_path / "output.json"
        json_flag = f"--json={output}" if file else "--json"
        done = subprocess.run([PROGRAM, *arguments, json_flag], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == code, done.stderr
        return json.loads(output.read_text() if file else done.stdout)

    return run
