#!/usr/bin/env python3
"""Compares the estimates of `tsir bench` with the truth, for pairs of models of several kinds.

usage: tests/bench/truth.py [--build DIR] [--python PYTHON] [--processes N] [--runs N] [--load] [--truth FILE]
                            [--resnet FILE] [--only NAME,…] [--max-time S]

The pairs are those of tests/bench/truth/make_pairs.py; --resnet adds a frozen ResNet-18 against the file itself. The
truth is measured without tsir, by two programs that load a model and call it in a loop: one in C++ (`tools/build
release truth_loop` builds it) and one in Python. For each pair, N fresh processes of either model take turns, so that
both see the same load. --truth saves what was measured to a file, or reads it from there if the file exists.

In between, `tsir bench` measures each pair --runs times. --load runs three processes that work in bursts at the same
time.

Prints a table: for each pair the truth with its standard error, the verdicts of tsir, and how often its interval
contains the truth of the C++ program, of the Python program, and of one of them, after it is widened by twice the truth's
standard error. FALSE counts runs that say
SAME although the truth lies outside the band, or FASTER or SLOWER although it lies inside or on the other side, by more
than twice its standard error.
"""
import argparse
import collections
import json
import math
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
BAND = 0.01
TURN_NS = 2e6  # how long a model is called before the other one has its turn


class Loop:
    """A running program that calls a model."""

    def __init__(self, program, model, inputs):
        self.process = subprocess.Popen([*program, model, inputs, "as-is"], text=True, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, env=os.environ | KEEP_MEMORY)

    def median(self, calls):
        """The median time of a call in nanoseconds, without the first two, which find the caches as others left them."""
        self.process.stdin.write(f"{calls + 2}\n")
        self.process.stdin.flush()
        return statistics.median(list(map(int, self.process.stdout.readline().split()))[2:])

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def ratio_in_fresh_processes(program, stem, order):
    kinds = ["base", "more"]
    order.shuffle(kinds)
    loops = {kind: Loop(program, f"{stem}.{kind}.pt", f"{stem}.inputs") for kind in kinds}
    for loop in loops.values():  # both have been started, and load at the same time
        loop.median(10)
    call_ns = loops["base"].median(10)
    calls = max(1, round(TURN_NS / call_ns))
    ratios = []
    for _ in range(24 if call_ns < 1e7 else 12):
        order.shuffle(kinds)
        times = {kind: [] for kind in kinds}
        for kind in kinds + kinds[::-1]:
            times[kind].append(loops[kind].median(calls))
        ratios.append(math.log(sum(times["more"]) / sum(times["base"])))
    for loop in loops.values():
        loop.end()
    return math.exp(statistics.median(ratios))


def summary(ratios):
    """The median ratio over pairs of processes, because one pair of a busy moment may be off by half."""
    middle = statistics.median(ratios)
    spread = 1.4826 * statistics.median(abs(ratio - middle) for ratio in ratios)
    return {"ratio": middle, "error": 1.2533 * spread / len(ratios) ** 0.5, "spread": spread, "processes": len(ratios)}


def estimate(arguments, stem, seed):
    """One run of tsir: the contrast of its report, and its seconds."""
    report = stem.parent / "report.json"
    subprocess.run([arguments.build / "bin" / "tsir", "bench", f"{stem}.more.pt", "--against", f"{stem}.base.pt",
                    "--no-compare", "--force", "--threads", "1", "--inputs", f"{stem}.inputs", "--seed", str(seed),
                    "--max-time", str(arguments.max_time), f"--json={report}"],
                   check=True, capture_output=True)
    contents = json.loads(report.read_text())["tsir"]
    return contents["contrasts"][0] | {"seconds": contents["seconds"]}


def study(arguments, stem, known):
    """The truth of a pair, and the runs of tsir. They take turns, because the truth itself changes with the state of the
    machine: that of constants-moved was 0.996 on one day, and 0.992 on another."""
    programs = {} if known else {"C++": [arguments.build / "bin" / "truth_loop"],
                                 "Python": [arguments.python, PROGRAMS / "truth_loop.py"]}
    order = random.Random(0)
    ratios = {name: [] for name in programs}
    runs = []
    for seed in range(arguments.runs):
        runs.append(estimate(arguments, stem, seed))
        for name, program in programs.items():
            while len(ratios[name]) * arguments.runs < arguments.processes * (seed + 1):
                ratios[name].append(ratio_in_fresh_processes(program, stem, order))
    return known or {name: summary(of_program) for name, of_program in ratios.items()}, runs


def covers(run, true):
    return run["low"] * (1 - 2 * true["error"]) <= true["ratio"] <= run["high"] * (1 + 2 * true["error"])


def covers_one(run, true):
    """Whether the interval contains the truth of at least one of the programs."""
    return any(covers(run, of_program) for of_program in true.values())


def is_false(verdict, true):
    low, high = (true["ratio"] + sign * 2 * true["error"] for sign in (-1, 1))
    return ((verdict == "SAME" and (low > 1 + BAND or high < 1 / (1 + BAND)))
            or (verdict == "SLOWER" and high < 1 + BAND) or (verdict == "FASTER" and low > 1 / (1 + BAND)))


def row(name, true, runs):
    verdicts = ", ".join(f"{verdict} {count}" for verdict, count in
                         collections.Counter(run["verdict"] for run in runs).most_common())
    estimates = [run["ratio"] for run in runs]
    width = statistics.median(run["resolution"] for run in runs)
    texts = [f"{true[kind]['ratio']:.4f} ± {true[kind]['error']:.4f}" for kind in ("C++", "Python")]
    print(f"| {name} | {texts[0]} | {texts[1]} | {verdicts} | {statistics.median(estimates):.4f} ± {width:.4f} | "
          f"{sum(covers(run, true['C++']) for run in runs)} of {len(runs)} | "
          f"{sum(covers(run, true['Python']) for run in runs)} of {len(runs)} | "
          f"{sum(covers_one(run, true) for run in runs)} of {len(runs)} | "
          f"{sum(is_false(run['verdict'], true['C++']) for run in runs)} | "
          f"{statistics.median(run['seconds'] for run in runs):.0f} s |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release")
    parser.add_argument("--python", type=pathlib.Path, default=ROOT / ".venv" / "bin" / "python", help="a Python with torch")
    parser.add_argument("--processes", type=int, default=20)
    parser.add_argument("--runs", type=int, default=8)
    parser.add_argument("--load", action="store_true")
    parser.add_argument("--truth", type=pathlib.Path)
    parser.add_argument("--resnet", type=pathlib.Path)
    parser.add_argument("--only", help="names of pairs, with commas")
    parser.add_argument("--max-time", type=float, default=30)
    arguments = parser.parse_args()
    if not (arguments.build / "bin" / "truth_loop").exists():
        sys.exit("truth_loop is not built (tools/build release truth_loop)")
    with tempfile.TemporaryDirectory() as folder:
        resnet = [arguments.resnet.resolve()] if arguments.resnet else []
        made = subprocess.run([arguments.python, "-W", "ignore", PROGRAMS / "make_pairs.py", *resnet], cwd=folder,
                              check=True, capture_output=True, text=True).stdout.split()
        chosen = arguments.only.split(",") if arguments.only else made
        if unknown := set(chosen) - set(made):
            sys.exit(f"no such pair: {', '.join(sorted(unknown))}; there are {', '.join(made)}")
        stems = [pathlib.Path(folder) / name for name in made if name in chosen]
        truths = json.loads(arguments.truth.read_text()) if arguments.truth and arguments.truth.exists() else {}
        print("| pair | C++ | Python | verdicts | estimate ± half the interval | contains C++'s | Python's | one of "
              "them | FALSE | per run |\n|---|---|---|---|---|---|---|---|---|---|")
        every = []
        with under_load(arguments.load):
            for stem in stems:
                truths[stem.name], runs = study(arguments, stem, truths.get(stem.name))
                row(stem.name, truths[stem.name], runs)
                every += [(run, truths[stem.name]) for run in runs]
    if arguments.truth:
        arguments.truth.write_text(json.dumps(truths, indent=1))
    print(f"the interval contains the truth of the C++ program in {sum(covers(run, true['C++']) for run, true in every)} of "
          f"{len(every)} runs, of the Python program in {sum(covers(run, true['Python']) for run, true in every)}, of one of "
          f"the two in {sum(covers_one(*one) for one in every)}; "
          f"FALSE: {sum(is_false(run['verdict'], true['C++']) for run, true in every)}")


if __name__ == "__main__":
    main()
