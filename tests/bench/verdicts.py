#!/usr/bin/env python3
"""Measures how often bench's verdicts are right, by timing a graph against itself and against itself with a known
amount of work added.

usage: tests/bench/verdicts.py [--build DIR] [--runs N] [--load] [--per-mille 0,20,30] [--max-time S]
                               [--model FILE --input SPEC…] [-- ARGUMENT…]

Runs `tsir bench tests/bench/work.ir` N times for each amount of added work (--per-mille: thousandths of its iterations;
0 is the same graph, timed with --force), and counts the verdicts. --model times a model against itself instead; use it
with --per-mille 0 only. --load runs three processes that work in bursts (seeded) at the same time. Arguments after --
are passed to tsir bench.

Prints one line per amount: the verdicts, the number of wrong ones, how often the interval contains the true value, the
median and deviation of the estimates, and the time per run.
"""
import argparse
import collections
import contextlib
import json
import multiprocessing
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def burst(seed):
    """Alternates between working and sleeping, forever."""
    order = random.Random(seed)
    while True:
        end = time.monotonic() + order.expovariate(1 / 0.2)
        while time.monotonic() < end:
            sum(i * i for i in range(2000))
        time.sleep(order.expovariate(1 / 0.3))


@contextlib.contextmanager
def under_load(wanted):
    """Runs three processes that work in bursts at the same time, if wanted."""
    others = [multiprocessing.Process(target=burst, args=(seed,), daemon=True) for seed in range(3 if wanted else 0)]
    for other in others:
        other.start()
    try:
        yield
    finally:
        for other in others:
            other.terminate()


def bench(arguments, per_mille, seed, report):
    tsir = arguments.build / "bin" / "tsir"
    command = [tsir, "bench", arguments.model, "--load-pass-plugin",
               arguments.build / "lib" / "libtsir_bad_passes.so", "-p", f"more-work{{per-mille={per_mille}}}",
               *(f"--input={spec}" for spec in arguments.input), "--threads", "1", "--seed", str(seed),
               "--max-time", str(arguments.max_time), f"--json={report}", *arguments.more]
    if per_mille == 0:
        command.append("--force")
    start = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr)
    return json.loads(report.read_text())["tsir"], time.monotonic() - start


def is_wrong(verdict, per_mille, band):
    truth = per_mille / 1000
    return ((verdict == "FASTER") or (verdict == "SLOWER" and truth < band) or (verdict == "SAME" and truth > band))


def measure(arguments, per_mille, folder):
    verdicts = collections.Counter()
    wrong = covered = unfit = 0
    estimates, times, noise = [], [], []
    for seed in range(arguments.runs):
        report, seconds = bench(arguments, per_mille, seed, folder / "report.json")
        contrast = report["contrasts"][0]
        verdicts[contrast["verdict"]] += 1
        wrong += is_wrong(contrast["verdict"], per_mille, report["rule"]["band"])
        covered += contrast["low"] <= 1 + per_mille / 1000 <= contrast["high"]
        unfit += report["machine_unfit"]
        estimates.append(100 * (contrast["ratio"] - 1))
        noise.append(100 * report["controls"][0]["round_noise"])
        times.append(seconds)
    deviation = statistics.stdev(estimates) if len(estimates) > 1 else 0
    print(f"+{per_mille / 10:g} %{' loaded' if arguments.load else ''}: "
          + ", ".join(f"{name} {count}" for name, count in verdicts.most_common())
          + f" of {arguments.runs}; wrong {wrong}; unfit {unfit}; interval contains the true value {covered}; "
          f"estimate {statistics.median(estimates):+.2f} % (sd {deviation:.2f}); "
          f"noise between rounds {statistics.median(noise):.2f} %; {statistics.median(times):.1f} s per run", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release")
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--load", action="store_true")
    parser.add_argument("--per-mille", default="0,20,30")
    parser.add_argument("--max-time", type=float, default=60)
    parser.add_argument("--model", type=pathlib.Path, default=ROOT / "tests" / "bench" / "work.ir")
    parser.add_argument("--input", action="append", default=[])
    parser.add_argument("more", nargs="*")
    arguments = parser.parse_args()
    arguments.input = arguments.input or ["float32[96,96]", "float32[96,96]"]
    with tempfile.TemporaryDirectory() as folder, under_load(arguments.load):
        for per_mille in arguments.per_mille.split(","):
            measure(arguments, int(per_mille), pathlib.Path(folder))


if __name__ == "__main__":
    main()
