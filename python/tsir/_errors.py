"""What can go wrong. There is one class for each exit code of the program."""

from __future__ import annotations


class Error(RuntimeError):
    """The program failed.

    `line` is what it says in one line, `code` its exit code (negative: the signal that ended it), and `stderr` all that
    it wrote to standard error.
    """

    def __init__(self, line: str, code: int, stderr: str = "") -> None:
        super().__init__(line)
        self.line = line
        self.code = code
        self.stderr = stderr

    def __reduce__(self) -> tuple[type[Error], tuple[str, int, str]]:
        return type(self), (self.line, self.code, self.stderr)


class CheckError(Error):
    """A check or a comparison failed, or an output could not be written (exit code 1)."""


class UsageError(Error):
    """The arguments are wrong (exit code 2)."""


class LoadError(Error):
    """A file cannot be loaded or parsed (exit code 3)."""


class PassError(Error):
    """A pass failed (exit code 4)."""


class CrashError(Error):
    """LibTorch crashed (exit code 5)."""


class TsirWarning(UserWarning):
    """The program warned."""


_CLASSES: dict[int, type[Error]] = {1: CheckError, 2: UsageError, 3: LoadError, 4: PassError, 5: CrashError}


def error_of(line: str, code: int, stderr: str = "") -> Error:
    return _CLASSES.get(code, Error)(line, code, stderr)
