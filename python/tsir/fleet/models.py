"""Where a model is on the machine that is to run it.

A worker looks at the path that the client named. If the file there has the right bytes, it is used: so it is with a
shared file system. Otherwise the client sends the bytes, and the worker keeps them in its own folder.
"""

from __future__ import annotations

import os
import tempfile
from functools import lru_cache
from pathlib import Path

from tsir.fleet.cells import Model, file_digest
from tsir.fleet.machine import own_folder


def find_model(model: Model) -> Path | None:
    """A file with the model's bytes, or None."""
    for path in (Path(model.path), _kept(model)):
        if _has(path, model):
            return path
    return None


def keep_model(model: Model, content: bytes) -> Path:
    """Writes what the client sent. Raises ValueError if these are not the model's bytes."""
    path = _kept(model)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        if file_digest(Path(name)) != model.sha256:
            raise ValueError(f"{model.path} has changed since the start")
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
    return path


def _kept(model: Model) -> Path:
    return own_folder() / "models" / model.sha256 / model.name


def _has(path: Path, model: Model) -> bool:
    try:
        status = path.stat()
        if status.st_size != model.size:
            return False
        return _digest(str(path), status.st_ino, status.st_size, status.st_mtime_ns) == model.sha256
    except OSError:
        return False


@lru_cache(maxsize=4096)
def _digest(path: str, _inode: int, _size: int, _changed: int) -> str:
    return file_digest(Path(path))
