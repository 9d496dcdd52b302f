"""Inspect, optimise, time and draw TorchScript models: the functions of the program `tsir`, with typed results.

    import tsir

    print(tsir.dump("model.pt").module.parameters)
    for contrast in tsir.bench("model.pt", "freeze,fuse", inputs=["float32[1,3,224,224]"]).contrasts:
        print(contrast.name, contrast.speedup)

A model is a path, or a module from `torch.jit.script` or `torch.jit.trace`. Inputs are texts as for `--input`, or
tensors and other values. torch is imported only if modules or tensors are given. See docs/python.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tsir import schema
    from tsir._api import bench, diff, draw, dump, opt, passes, report, run, tune, verify
    from tsir._equivalence import assert_equivalent
    from tsir._errors import CheckError, CrashError, Error, LoadError, PassError, TsirWarning, UsageError
    from tsir._program import program
    from tsir._results import Bench, Diff, Drawing, Dump, Opt, Report, Run, Tune, Verify

__all__ = [
    "Bench",
    "CheckError",
    "CrashError",
    "Diff",
    "Drawing",
    "Dump",
    "Error",
    "LoadError",
    "Opt",
    "PassError",
    "Report",
    "Run",
    "TsirWarning",
    "Tune",
    "UsageError",
    "Verify",
    "assert_equivalent",
    "bench",
    "diff",
    "draw",
    "dump",
    "opt",
    "passes",
    "program",
    "report",
    "run",
    "schema",
    "tune",
    "verify",
]

# Loaded when they are first used, so that the console script, which imports this file, starts at once.
_MODULES = ("_errors", "_program", "_api", "_equivalence", "_results")


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'tsir' has no attribute '{name}'")
    from importlib import import_module

    if name == "schema":
        return import_module("tsir.schema")
    for module in map(import_module, (f"tsir.{module}" for module in _MODULES)):
        if hasattr(module, name):
            value = getattr(module, name)
            globals()[name] = value
            return value
    raise AttributeError(name)


def __dir__() -> list[str]:
    return sorted(__all__)
