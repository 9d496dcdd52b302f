"""Where the tests find the program and the models. tests/run sets the paths; the defaults are those of the release
preset."""

from __future__ import annotations

import os
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("TSIR_BUILD_DIR", SOURCE / "build" / "release"))
MODELS = Path(os.environ.get("TSIR_MODELS", SOURCE / "build" / "models"))
HOSTILE = Path(os.environ.get("TSIR_HOSTILE", SOURCE / "build" / "hostile"))
PROGRAM = BUILD / "bin" / "tsir"

os.environ["TSIR_PROGRAM"] = str(PROGRAM)
os.environ.setdefault("OMP_NUM_THREADS", "1")
