#!/usr/bin/env python3
"""Draws every model in folders without a flag, and prints a table of times and levels of detail.

    tests/draw_models.py [--full] [--limit SECONDS] FOLDER…

The exit code is 1 if a model gives no picture, takes longer than the limit, or draws more boxes than can be read.
"""
import argparse
import pathlib
import subprocess
import sys
import tempfile
import time

MOST_BOXES = 200


def draw(tsir, model, full):
    """(seconds, boxes, level, what went wrong) of one model."""
    with tempfile.TemporaryDirectory() as folder:
        picture = pathlib.Path(folder) / "x.svg"
        command = [tsir, "dot", str(model), "-o", str(picture)] + (["--full"] if full else [])
        begun = time.monotonic()
        done = subprocess.run(command, capture_output=True, text=True)
        seconds = time.monotonic() - begun
        boxes = picture.read_text().count('class="node"') - 1 if picture.exists() else 0  # one is the legend
    lines = done.stderr.splitlines()
    prefixes = {"tsir: level of detail: ": "", "tsir: warning: drawn ": "drawn "}
    level = "; ".join(said + line[len(start):].split(": Graphviz")[0]
                      for line in lines for start, said in prefixes.items() if line.startswith(start))
    wrong = "" if done.returncode == 0 and boxes > 0 else f"exit code {done.returncode}: {done.stderr.strip()[-200:]}"
    return seconds, boxes, level or "everything", wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default="tsir", help="the tsir to run")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--limit", type=float, default=10, help="seconds for each model")
    parser.add_argument("folders", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    models = sorted(model for folder in options.folders for model in folder.glob("*.pt"))
    failed = not models
    print("| model | boxes | time | level of detail |\n|---|---|---|---|")
    for model in models:
        seconds, boxes, level, wrong = draw(options.program, model, options.full)
        if not wrong and seconds > options.limit:
            wrong = f"took longer than {options.limit:g} s"
        if not wrong and not options.full and boxes > MOST_BOXES:
            wrong = "more boxes than can be read"
        print(f"| {model.stem} | {boxes} | {seconds:.1f} s | {wrong or level} |", flush=True)
        failed = failed or bool(wrong)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
