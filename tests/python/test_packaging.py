"""What `pip wheel .` reads. tests/wheel makes a wheel and tries it."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from places import SOURCE


def metadata() -> Any:
    path = SOURCE / "python" / "build" / "built_for_torch.py"
    spec = importlib.util.spec_from_file_location("built_for_torch", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def fake_libtorch(folder: Path, minor: int = 5) -> Path:
    header = folder / "include" / "torch" / "headeronly" / "version.h"
    header.parent.mkdir(parents=True)
    numbers = {"MAJOR": 2, "MINOR": minor, "PATCH": 1}
    header.write_text("".join(f"#define TORCH_VERSION_{name} {number}\n" for name, number in numbers.items()))
    return folder


def test_version_and_dependencies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = re.search(r"VERSION ([0-9.]+)", (SOURCE / "CMakeLists.txt").read_text().partition("project(")[2])
    assert project is not None
    monkeypatch.setenv("TSIR_LIBTORCH", str(fake_libtorch(tmp_path)))
    assert metadata().dynamic_metadata("version") == project.group(1) + "+torch25"
    assert metadata().dynamic_metadata("dependencies", {}) == ["torch==2.5.*"]
    assert metadata().dynamic_metadata("dependencies", {"any-torch": True}) == ["torch>=2.5"]
    monkeypatch.setenv("TSIR_LIBTORCH", str(tmp_path / "nothing"))
    assert metadata().dynamic_metadata("version") == project.group(1)


def test_missing_libraries_are_named(tmp_path: Path) -> None:
    without = [f"-DCMAKE_DISABLE_FIND_PACKAGE_{name}=ON" for name in ("CLI11", "Boost")]
    libtorch = os.environ.get("TSIR_LIBTORCH")
    options = [f"-DTSIR_LIBTORCH={libtorch}"] if libtorch else []
    done = subprocess.run(
        ["cmake", "-S", SOURCE, "-B", tmp_path, *without, *options], capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "sudo apt-get install libcli11-dev libboost-dev\n" in done.stderr


def test_old_libtorch_is_named(tmp_path: Path) -> None:
    libtorch = fake_libtorch(tmp_path / "torch", minor=4)
    for name in ("lib/libtorch_cpu.so", "include/torch/csrc/jit/ir/ir.h"):
        (libtorch / name).parent.mkdir(parents=True)
        (libtorch / name).touch()
    done = subprocess.run(
        ["cmake", "-S", SOURCE, "-B", tmp_path / "build", f"-DTSIR_LIBTORCH={libtorch}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert f"LibTorch 2.4.1 in {libtorch} is too old: tsir needs 2.5 or newer" in " ".join(done.stderr.split())
