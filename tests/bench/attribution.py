#!/usr/bin/env python3
"""Measures how often `bench --ops` attributes a slow-down to the operator that was made slower, and whether its rows
add up.

usage: tests/bench/attribution.py [--build DIR] [--runs N] [--per-mille 150,500] [--max-time S] [-- ARGUMENT…]

Each run benchmarks a graph of five loops in random order (seeded). Each loop has twenty calls of one operator.
Iterations are added to the first loop (--per-mille: in thousandths), so a call takes longer by about a fifth of that.
Arguments after -- are passed to tsir bench.

Prints one line per amount. It counts only the runs with a verdict (SLOWER, on a suitable machine): how often the
lengthened operator is the first row, how often the sum of the rows is within 10 % of the measured difference, the
median and deviation of the sum's share, and the time per run.
"""
import argparse
import json
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
OPERATORS = {
    "aten::mm": "aten::mm(%{0}, %w)",
    "aten::sigmoid": "aten::sigmoid(%{0})",
    "aten::tanh": "aten::tanh(%{0})",
    "aten::softmax": "aten::softmax(%{0}, %one, %none)",
    "aten::erf": "aten::erf(%{0})",
}


def median(values):
    return statistics.median(values) if values else float("nan")


def graph(order):
    lines = ["graph(%x : Tensor, %w : Tensor):", "  %count : int = prim::Constant[value=20]()",
             "  %true : bool = prim::Constant[value=1]()", "  %one : int = prim::Constant[value=1]()",
             "  %none : NoneType = prim::Constant()"]
    value = "x"
    for number, name in enumerate(order):
        lines += [f"  %out{number} : Tensor = prim::Loop(%count, %true, %{value})",
                  f"    block0(%i{number} : int, %last{number} : Tensor):",
                  f"      %next{number} : Tensor = {OPERATORS[name].format(value)}",
                  f"      -> (%true, %next{number})"]
        value = f"out{number}"
    return "\n".join([*lines, f"  return (%{value})", ""])


def bench(arguments, per_mille, seed, folder):
    order = list(OPERATORS)
    random.Random(seed).shuffle(order)
    model, report = folder / "graph.ir", folder / "report.json"
    model.write_text(graph(order))
    command = [arguments.build / "bin" / "tsir", "bench", model, "--load-pass-plugin",
               arguments.build / "lib" / "libtsir_bad_passes.so", "-p", f"more-work{{per-mille={per_mille}}}",
               "--input", "float32[96,96]", "--input", "float32[96,96]", "--threads", "1", "--seed", str(seed),
               "--max-time", str(arguments.max_time), "--ops", f"--json={report}", *arguments.more]
    start = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr)
    return order[0], json.loads(report.read_text())["tsir"], time.monotonic() - start


def measure(arguments, per_mille, folder):
    decided = first = close = covered = 0
    shares, profiled, times = [], [], []
    for seed in range(arguments.runs):
        slow, tsir, seconds = bench(arguments, per_mille, seed, folder)
        times.append(seconds)
        if tsir["contrasts"][0]["verdict"] != "SLOWER" or tsir["machine_unfit"]:
            continue
        decided += 1
        attribution = tsir["attribution"]
        contrast = attribution["contrasts"][0]
        top = contrast["operators"][0]
        first += top["operator"] == slow
        covered += top["low"] <= contrast["measured_delta_ns"] <= top["high"]
        share = contrast["attributed_delta_ns"] / contrast["measured_delta_ns"]
        close += abs(share - 1) <= 0.1
        shares.append(share)
        profiled += [variant["profiled_over_plain"] for variant in attribution["variants"]]
        if top["operator"] != slow:
            print(f"  seed {seed}: {slow} was lengthened, but {top['operator']} is first", flush=True)
    deviation = statistics.stdev(shares) if len(shares) > 1 else 0
    print(f"+{per_mille / 10:g} % of one in five operators: SLOWER in {decided} of {arguments.runs}; of these, the operator is "
          f"first in {first}; sum within 10 % of the measured difference in {close}, its share {median(shares):.3f} "
          f"(sd {deviation:.3f}); the first row's interval contains the measured difference in {covered}; time in the "
          f"profile over plain calls {median(profiled):.3f}; {statistics.median(times):.1f} s per run", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release")
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--per-mille", default="150,500")
    parser.add_argument("--max-time", type=float, default=20)
    parser.add_argument("more", nargs="*")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for per_mille in arguments.per_mille.split(","):
            measure(arguments, int(per_mille), pathlib.Path(folder))


if __name__ == "__main__":
    main()
