#!/usr/bin/env python3
"""Verifies every pass on its own (`tsir verify --each`) on models, .ir files and random graphs. Fails on any difference
that is not in tests/known_differences.json.

usage: tests/verify_sweep.py TSIR [--random FIRST:LAST] [--models FOLDER [--only a,b]] [--ir FILE…] [--table PAGE]

--random makes the graphs of these seeds with testdata/make_random_ir.py. --table writes all results as a Markdown
table. If a pass throws, crashes, breaks a graph or changes results because of a defect of LibTorch, work around the
defect or add it to tests/known_differences.json: {"pass", "file" (a pattern), "verdict", "message" (a part of the
message), "why"}.
"""
import argparse
import concurrent.futures
import fnmatch
import json
import os
import pathlib
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "testdata"))
import make_random_ir  # noqa: E402
from tool import Tool  # noqa: E402

KNOWN = json.loads((ROOT / "tests" / "known_differences.json").read_text())
SECONDS = 3600
FINE = {"unchanged", "identical", "equal", "refused", "not compared"}


def verify(tsir, path, inputs, options):
    """Returns all verdicts of a file, or an error line."""
    with tempfile.TemporaryDirectory() as folder:  # one model writes a file into the current folder
        words = ["verify", path, "--each", "--json", "--reproducers", "", *options]
        for text in inputs:
            words += ["--input", text]
        done = tsir.run(words, folder, SECONDS)
    if done.returncode not in (0, 1, 4, 5) or not done.stdout.startswith("{"):
        return (done.stderr.strip().splitlines() or ["no output"])[-1]
    return json.loads(done.stdout)["passes"]


def known(name, verdict):
    for entry in KNOWN:
        if (entry["pass"] == verdict["pass"] and fnmatch.fnmatch(name, entry["file"])
                and entry["verdict"] == verdict["verdict"] and entry["message"] in verdict["what"]):
            return entry
    return None


def work_of(arguments, folder):
    """Yields (name, path, inputs, options) of every file."""
    options = ["--sets", "2", "--calls", "2"] + (["--start", arguments.start] if arguments.start else [])
    if arguments.random:
        first, last = map(int, arguments.random.split(":"))
        for seed in range(first, last):
            path = pathlib.Path(folder, f"random_{seed:04}.ir")
            path.write_text(make_random_ir.Generator(seed, arguments.nodes).graph())
            yield path.name, str(path), make_random_ir.INPUTS, options
    if arguments.models:
        table = json.loads(pathlib.Path(arguments.models, "inputs.json").read_text())
        table.pop("big", None)  # too large for a sweep
        for name, inputs in sorted(table.items()):
            path = pathlib.Path(arguments.models, name + ".pt").resolve()
            if path.exists() and (not arguments.only or name in arguments.only):
                yield path.name, str(path), inputs, options
    for path in arguments.ir or []:
        yield os.path.basename(path), os.path.abspath(path), [], options


LETTERS = {"unchanged": "·", "identical": "=", "equal": "≈", "refused": "r", "not compared": "n", "differs": "D", "unsteady": "u",
           "failed": "F", "broken": "B", "timed out": "T", "crashed": "C"}


def table_of(results):
    names = [name.removesuffix(".pt") for name in results]
    passes = [verdict["pass"] for verdict in next(iter(results.values()))]
    lines = ["| pass | " + " | ".join(names) + " |", "|---|" + "---|" * len(names)]
    for i, each in enumerate(passes):
        cells = []
        for verdicts in results.values():
            verdict = verdicts[i]
            cells.append(LETTERS[verdict["verdict"]]
                         + (f" {float(verdict['max_absolute']):.0e}" if verdict["verdict"] == "equal" else ""))
        lines.append(f"| {each} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("tsir", type=Tool)
    parser.add_argument("--random", help="seeds FIRST:LAST")
    parser.add_argument("--nodes", type=int, default=18)
    parser.add_argument("--models")
    parser.add_argument("--only", type=lambda text: text.split(","))
    parser.add_argument("--ir", nargs="*")
    parser.add_argument("--start", help="passes to run on every model first")
    parser.add_argument("--table", type=pathlib.Path)
    arguments = parser.parse_args()

    failures, total, recognised, results = 0, 0, 0, {}
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        work = list(work_of(arguments, folder))
        for (name, *_), verdicts in zip(work, pool.map(lambda job: verify(arguments.tsir, *job[1:]), work)):
            if isinstance(verdicts, str):
                failures += 1
                print(f"{name}: {verdicts}")
                continue
            results[name] = verdicts
            for verdict in verdicts:
                total += 1
                if verdict["verdict"] in FINE:
                    continue
                if known(name, verdict):
                    recognised += 1
                else:
                    failures += 1
                    print(f"{name}: {verdict['pass']}: {verdict['verdict']}: {verdict['what']}")
    if arguments.table:
        arguments.table.write_text(table_of(results))
    print(f"{len(work)} files, {total} verdicts, {recognised} known differences, {failures} failures")
    return 1 if failures or not work else 0


sys.exit(main())
