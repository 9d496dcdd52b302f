"""The parts of the package's metadata that depend on the torch that it is built for.

The version of a wheel says so: 0.2.0+torch213. A source distribution has the version alone.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent


def dynamic_metadata(field: str, settings: dict[str, Any] | None = None, *_: Any) -> Any:
    torch = [] if settings and settings.get("any-torch") else torch_version()
    if field == "dependencies":
        return [f"torch=={'.'.join(torch)}.*"] if torch else ["torch>=2.5"]
    if field != "version":
        raise RuntimeError(f"there is no rule for {field}")
    return f"{project_version()}+torch{''.join(torch)}" if torch else project_version()


def get_requires_for_dynamic_metadata(settings: dict[str, Any] | None = None) -> list[str]:
    return []


def project_version() -> str:
    text = (ROOT / "CMakeLists.txt").read_text(encoding="utf-8")
    found = re.search(r"^project\(tsir VERSION ([0-9.]+)", text, re.MULTILINE)
    if not found:
        raise RuntimeError("CMakeLists.txt has no version")
    return found.group(1)


def torch_version() -> list[str]:
    """Major and minor version; empty if there is no torch."""
    folder = torch_folder()
    for name in ("include/torch/headeronly/version.h", "include/torch/csrc/api/include/torch/version.h"):
        header = folder / name if folder else None
        if header and header.exists():
            text = header.read_text(encoding="utf-8")
            return [
                found.group(1)
                for part in ("MAJOR", "MINOR")
                if (found := re.search(rf"#define TORCH_VERSION_{part} ([0-9]+)", text))
            ]
    return []


def torch_folder() -> Path | None:
    named = os.environ.get("TSIR_LIBTORCH") or os.environ.get("TORCH_DIR")
    if named:
        return Path(named)
    # -I: pip hides the installed packages from builds by variables of the environment.
    search = "import importlib.util as u; s = u.find_spec('torch'); print(s.submodule_search_locations[0] if s else '')"
    found = subprocess.run([sys.executable, "-I", "-c", search], capture_output=True, text=True, check=False)
    return Path(found.stdout.strip()) if found.stdout.strip() else None
