#!/usr/bin/env python3
"""Runs dump, dot, run, and opt with every pass on every model. Nothing may crash, hang or print a stack trace.

    sweep_models.py TSIR MODELS_FOLDER [--commands dump,dot,run,opt,bench] [--models a,b] [--table]

A pass may refuse a model (exit code 4, with one line); all other runs must exit with 0. The outputs after a pass must
equal those before it (opt --compare). Prints one line per failure, and "N runs, M failures". --table prints the result
of every run.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from tool import Tool

SECONDS = 300
# Passes that are meant to change the outputs, each with the reason.
EXPECTED_DIFFERENCES = {
    "remove-dropout": "dropout is active in train mode",
}


def inputs_of(model, table):
    return [word for text in table[model] for word in ("--input", text)]


def comparison(row):
    """Returns --compare if the pass is declared to keep the outputs."""
    return ["--compare"] if row.get("executable", True) and row.get("keeps_interface", True) else []


def jobs(arguments, table):
    passes = json.loads(arguments.tsir.run(["passes", "--json"]).stdout)
    for model in [name for name in arguments.models or sorted(table) if name in table]:  # silero_vad may be missing
        path = os.path.join(arguments.folder, f"{model}.pt")
        given = inputs_of(model, table)
        commands = {
            "dump": [["dump", path, "--show", "all"]],
            "dot": [["dot", path, "--collapse"], ["dot", path]],
            "run": [["run", path, *given], ["run", path, *given, "--executor", "profiling", "-n", "3"]],
            "opt": [["opt", path, "--passes", row["name"], *comparison(row), *given] for row in passes],
            "bench": [["bench", path, "--passes", "freeze,cse", *given, "--max-time", "2", "--rounds", "1", "--blocks", "3"]],
        }
        for command in arguments.commands:
            for words in commands[command]:
                yield model, words


def examine(tsir, model, words):
    """Runs a command. Returns (exit code, failure or "", last line of standard error)."""
    try:
        with tempfile.TemporaryDirectory() as folder:  # one model writes a file into the current folder
            done = tsir.run(words, folder, SECONDS)
    except subprocess.TimeoutExpired:
        return None, f"still running after {SECONDS} s", ""
    last = (done.stderr.strip().splitlines() or [""])[-1]
    name = words[words.index("--passes") + 1] if "--passes" in words else ""
    refused = (done.returncode == 4 and "--passes" in words) or "--collapse: this graph does not call submodules" in last
    if done.returncode != 0 and not refused and name not in EXPECTED_DIFFERENCES:
        return done.returncode, f"exit code {done.returncode}: {last}", last
    if any(word in done.stderr for word in ("Exception raised from", "frame #", "INTERNAL ASSERT", "Traceback")):
        return done.returncode, "a stack trace", last
    return done.returncode, "", last


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("tsir")
    parser.add_argument("folder")
    parser.add_argument("--commands", type=lambda text: text.split(","), default=["dump", "dot", "run", "opt"])
    parser.add_argument("--models", type=lambda text: text.split(","))
    parser.add_argument("--table", action="store_true")
    arguments = parser.parse_args()
    arguments.tsir, arguments.folder = Tool(arguments.tsir), os.path.abspath(arguments.folder)
    table = json.loads(pathlib.Path(arguments.folder, "inputs.json").read_text())
    table.pop("big", None)  # made on request only, and too large for a sweep

    work = list(jobs(arguments, table))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(lambda job: examine(arguments.tsir, *job), work))
    failures = 0
    for (model, words), (code, failure, last) in zip(work, results):
        if failure:
            failures += 1
            print(f"{model}: tsir {' '.join(words)}: {failure}")
        elif arguments.table:
            print(f"{model}: tsir {' '.join(words[:1] + words[2:4])}: exit code {code} {last if code else ''}")
    print(f"{len(work)} runs, {failures} failures")
    return 1 if failures or not work else 0


sys.exit(main())
