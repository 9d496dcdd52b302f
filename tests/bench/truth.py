#!/usr/bin/env python3
"""Compares the estimates of `tsir bench` with the truth for two models whose times differ by 3 %.

usage: tests/bench/truth.py [--build DIR] [--python PYTHON] [--processes N] [--runs N] [--load]

Both models multiply matrices eight times, of 400 and of 412 rows. The truth is measured without tsir, by two programs
that load a model and call it in a loop: one in C++ (`tools/build release truth_loop` builds it) and one in Python. Each
of the N pairs of fresh processes takes turns, so that both models see the same load. --load runs three processes that
work in bursts at the same time as the runs of tsir.

Prints the truth (the median of the pairs) with its standard error, and for each run of tsir the verdict and interval;
then how often the interval contains the truth of the C++ program, widened by twice its standard error.
"""
import argparse
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile

from verdicts import ROOT, under_load

PROGRAMS = pathlib.Path(__file__).parent / "truth"
# As tsir does. With the default thresholds, some runs gave 0.78 instead of 1.03 (docs/benchmarking.md).
KEEP_MEMORY = {"MALLOC_MMAP_THRESHOLD_": "33554432", "MALLOC_TRIM_THRESHOLD_": "2147483647"}


class Loop:
    """A running program that calls a model."""

    def __init__(self, program, model, folder):
        self.process = subprocess.Popen([*program, folder / model, folder / "inputs", "as-is"], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        env=os.environ | KEEP_MEMORY)
        self.median(10)

    def median(self, calls):
        """The median time of a call in nanoseconds, without the first, which finds the caches as others left them."""
        self.process.stdin.write(f"{calls + 1}\n")
        self.process.stdin.flush()
        return statistics.median(list(map(int, self.process.stdout.readline().split()))[1:])

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def ratio_in_fresh_processes(program, folder, order, blocks=24):
    names = ["base.pt", "more.pt"]
    order.shuffle(names)
    loops = {name: Loop(program, name, folder) for name in names}
    ratios = []
    for _ in range(blocks):
        order.shuffle(names)
        times = {name: [] for name in names}
        for name in names + names[::-1]:
            times[name].append(loops[name].median(3))
        ratios.append(min(times["more.pt"]) / min(times["base.pt"]))
    for loop in loops.values():
        loop.end()
    return statistics.median(ratios)


def truth(name, program, folder, processes):
    order = random.Random(0)
    ratios = [ratio_in_fresh_processes(program, folder, order) for _ in range(processes)]
    # Medians, because one pair of a busy moment may be off by half.
    middle = statistics.median(ratios)
    spread = 1.4826 * statistics.median(abs(ratio - middle) for ratio in ratios)
    error = 1.2533 * spread / len(ratios) ** 0.5
    print(f"{name}: {middle:.4f} (standard error {error:.4f}, deviation between processes {spread:.4f}, "
          f"{processes} pairs of processes)", flush=True)
    return middle, error


def estimate(build, folder, seed):
    report = folder / "report.json"
    subprocess.run([build / "bin" / "tsir", "bench", folder / "more.pt", "--against", folder / "base.pt", "--no-compare",
                    "--threads", "1", "--input", "float32[1,512]", "--seed", str(seed), f"--json={report}"],
                   check=True, capture_output=True)
    contrast = json.loads(report.read_text())["tsir"]["contrasts"][0]
    print(f"tsir: {contrast['verdict']} {contrast['ratio']:.4f} [{contrast['low']:.4f}, {contrast['high']:.4f}]",
          flush=True)
    return contrast


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release")
    parser.add_argument("--python", type=pathlib.Path, default=ROOT / ".venv" / "bin" / "python", help="a Python with torch")
    parser.add_argument("--processes", type=int, default=20)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--load", action="store_true")
    arguments = parser.parse_args()
    program = arguments.build / "bin" / "truth_loop"
    if not program.exists():
        sys.exit(f"{program} is not built (tools/build release truth_loop)")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([arguments.python, "-W", "ignore", PROGRAMS / "make_pair.py"], cwd=folder, check=True)
        true, error = truth("C++", [program], folder, arguments.processes)
        truth("Python", [arguments.python, PROGRAMS / "truth_loop.py"], folder, arguments.processes)
        with under_load(arguments.load):
            runs = [estimate(arguments.build, folder, seed) for seed in range(arguments.runs)]
    covered = sum(run["low"] - 2 * error <= true <= run["high"] + 2 * error for run in runs)
    slower = sum(run["verdict"] == "SLOWER" for run in runs)
    print(f"SLOWER in {slower} of {len(runs)} runs; the interval contains the truth in {covered}")


if __name__ == "__main__":
    main()
