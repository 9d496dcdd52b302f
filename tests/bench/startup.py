"""Compares the run time of `tsir dump --show graph` with that of a minimal C++ program and of Python, on the same file.

    tests/bench/startup.py MODEL.pt [MODEL.pt …] [--runs 15]

The commands alternate (A B C A B C …), so that a change of the machine's speed affects all of them. Prints medians, and
the median of the ratios run by run. Needs `tools/build release bench_programs` and the Python of tools/setup.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARIES = ROOT / "build" / "release" / "bin"
PYTHON_SCRIPT = "import sys, torch; print(torch.jit.load(sys.argv[1]).inlined_graph)"


def timed(command):
    """Runs a command. Returns its wall time in seconds and its peak memory in KiB."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if status != 0:
        sys.exit(f"{' '.join(map(str, command))} failed")
    return seconds, usage.ru_maxrss


def measure(model, runs):
    commands = {
        "tsir dump --show graph": [BINARIES / "tsir", "dump", model, "--show", "graph"],
        "minimal C++ program": [BINARIES / "load_and_print", model],
        "python torch.jit.load": [sys.executable, "-c", PYTHON_SCRIPT, model],
    }
    results = {name: [] for name in commands}
    for run in range(runs + 1):
        for name, command in commands.items():
            result = timed(command)
            if run > 0:  # the first run fills the page cache
                results[name].append(result)
    ours = [seconds for seconds, _ in results["tsir dump --show graph"]]
    print(f"{model}")
    for name, samples in results.items():
        seconds = [s for s, _ in samples]
        ratio = statistics.median(theirs / mine for mine, theirs in zip(ours, seconds))
        peak = max(memory for _, memory in samples) / 1024
        print(f"  {name:24} median {statistics.median(seconds):6.3f} s   {ratio:5.2f} x tsir   peak {peak:6.0f} MiB")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("models", nargs="+")
    parser.add_argument("--runs", type=int, default=15)
    arguments = parser.parse_args()
    for model in arguments.models:
        measure(model, arguments.runs)


main()
