"""Runs the program and takes what it says."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Union

from tsir._errors import Error, TsirWarning, error_of
from tsir._program import environment, program

Option = Union[str, int, float, bool, None, Sequence[Union[str, int, float]]]

_ERROR = "tsir: error: "
_WARNINGS = ("tsir: warning: ", "tsir: LibTorch warns: ")
_PATIENCE = 5  # seconds that the program has to end after Ctrl-C, and again after SIGTERM


@dataclass(frozen=True)
class Answer:
    code: int
    stdout: str
    stderr: str
    data: Any = None  # the JSON; None if there is none

    def error(self) -> Error:
        lines = [line for line in self.stderr.splitlines() if line.strip()]
        errors = [line[len(_ERROR) :] for line in lines if line.startswith(_ERROR)]
        if errors:
            line = errors[0]
        elif self.code < 0:
            line = f"tsir was ended by {signal.Signals(-self.code).name}"
        else:
            line = lines[-1] if lines else f"tsir ended with exit code {self.code}"
        return error_of(line, self.code, self.stderr)


def flags(options: Mapping[str, Option]) -> list[str]:
    """The command line for options by name: True for a flag, None or False for none, a sequence to repeat it."""
    words = []
    for name, value in options.items():
        flag = f"-{name}" if len(name) == 1 else f"--{name}"
        if value is True:
            words.append(flag)
        elif value is not None and value is not False:
            values = [value] if isinstance(value, (str, int, float)) else value
            for each in values:
                # With =, a value may begin with -; without, it may be empty.
                words += [flag, str(each)] if len(name) == 1 or each == "" else [f"{flag}={each}"]
    return words


def call(arguments: Sequence[str], *, accept: Sequence[int] = (0,)) -> Answer:
    """Runs the program. Raises tsir.Error if its exit code is not in `accept`."""
    process = subprocess.Popen(
        [program(), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**environment(), "NO_COLOR": "1"},
        encoding="utf-8",
        errors="replace",
        # A session of its own: Ctrl-C reaches it from here only, and all its processes can be ended.
        start_new_session=True,
    )
    try:
        stdout, stderr = process.communicate()
    except BaseException:
        _end(process)
        raise
    answer = Answer(process.returncode, stdout, stderr)
    _warn(stderr)
    if answer.code not in accept:
        raise answer.error()
    return answer


def call_for_json(arguments: Sequence[str], folder: Path, *, accept: Sequence[int] = (0,)) -> Answer:
    """Runs a subcommand that writes JSON. With an exit code other than 0 that is in `accept`, it must have written it."""
    file = folder / "output.json"
    answer = call([*arguments, f"--json={file}"], accept=accept)
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    if not text:
        raise answer.error()
    return Answer(answer.code, answer.stdout, answer.stderr, json.loads(text))


def _end(process: subprocess.Popen[str]) -> None:
    """Ends the program as Ctrl-C does. If it does not end, or after another Ctrl-C, it is killed."""
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            process.send_signal(number)
            try:
                process.communicate(timeout=_PATIENCE)
                return
            except subprocess.TimeoutExpired:
                pass
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()


def _warn(stderr: str) -> None:
    for line in stderr.splitlines():
        for start in _WARNINGS:
            if line.startswith(start):
                warnings.warn(line[len(start) :], TsirWarning, stacklevel=5)
