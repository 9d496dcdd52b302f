"""Finds the program `tsir`, and runs it in place of Python."""

from __future__ import annotations

import os
import re
import sys
from importlib.util import find_spec
from pathlib import Path

from tsir._errors import Error, error_of

_PACKAGE = Path(__file__).resolve().parent
_OWN_PROGRAM = _PACKAGE / "bin" / "tsir"
_LOAD = 3  # the exit code for what cannot be loaded


def program() -> str:
    """The path of the program: the package's own, else what TSIR_PROGRAM names, else the one on the PATH.

    Raises tsir.Error if there is none, or if the torch beside it has another minor version than the one that the
    package was built with.
    """
    if _OWN_PROGRAM.exists():
        _check_torch()
        return str(_OWN_PROGRAM)
    named = os.environ.get("TSIR_PROGRAM")
    if named:
        if os.access(named, os.X_OK):
            return named
        raise error_of(f"TSIR_PROGRAM={named}: there is no such program", _LOAD)
    found = _on_path()
    if found:
        return found
    raise error_of("the program tsir was not found: build it, and put it on the PATH or name it in TSIR_PROGRAM", _LOAD)


def environment() -> dict[str, str]:
    """The environment for the program."""
    variables = dict(os.environ)
    own = _OWN_PROGRAM.exists()
    if own and not (_PACKAGE.parent / "torch" / "lib").is_dir():
        # torch is installed elsewhere, such as below a virtual environment that sees the system's packages.
        folder = _torch_folder()
        if folder is not None:
            earlier = variables.get("LD_LIBRARY_PATH")
            variables["LD_LIBRARY_PATH"] = f"{folder / 'lib'}:{earlier}" if earlier else str(folder / "lib")
    return variables


def main() -> None:
    """The console script: becomes the program. Python and torch are not loaded into it."""
    try:
        path = program()
    except Error as error:
        print(f"tsir: error: {error.line}", file=sys.stderr)
        sys.exit(error.code)
    os.execve(path, ["tsir", *sys.argv[1:]], environment())


def _on_path() -> str | None:
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        path = os.path.join(folder, "tsir")
        # Not a console script, which would come back here.
        if os.path.isfile(path) and os.access(path, os.X_OK) and _is_binary(path):
            return path
    return None


def _is_binary(path: str) -> bool:
    with open(path, "rb") as file:
        return file.read(4) == b"\x7fELF"


def _torch_folder() -> Path | None:
    spec = find_spec("torch")  # without importing it: that takes seconds
    return Path(spec.origin).parent if spec is not None and spec.origin else None


def _check_torch() -> None:
    built_with = (_PACKAGE / "built_with_torch").read_text(encoding="ascii").strip()
    folder = _torch_folder()
    if folder is None:
        raise error_of(f"torch is not installed: pip install 'torch=={_minor(built_with)}.*'", _LOAD)
    version = re.search(r"__version__ = '([^']+)'", (folder / "version.py").read_text(encoding="utf-8"))
    installed = version.group(1) if version else "of an unknown version"
    if _minor(installed) != _minor(built_with):
        raise error_of(
            f"this tsir was built for torch {_minor(built_with)}, and torch {installed} is installed: "
            f"install torch=={_minor(built_with)}.*, or build tsir again beside this torch",
            _LOAD,
        )


def _minor(version: str) -> str:
    return ".".join(version.split(".")[:2])
