#!/usr/bin/env python3
"""Draws every model in folders without a flag, and prints a table of times and levels of detail.

    tests/draw_models.py [--full] [--limit SECONDS] [--public] [--table FILE] [FOLDER…]

--public makes the models of public packages first (tests/public_models.py, which needs a Python with torch and a
network), and draws them too. --table also writes the table into a page, in place of the first one there that begins
like it; with --full, of the second one.

The exit code is 1 if a model gives no picture, takes longer than the limit, or draws more boxes than can be read.
"""
import argparse
import pathlib
import subprocess
import sys
import tempfile
import time

MOST_BOXES = 200
HEAD = "| model | boxes | time | level of detail |\n|---|---|---|---|"
ROOT = pathlib.Path(__file__).resolve().parent.parent


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


def write_table(page, rows, number):
    """Replaces the table with that number, from 0, in a page."""
    parts = page.read_text().split(HEAD + "\n")
    lines = parts[number + 1].splitlines(keepends=True)
    while lines and lines[0].startswith("|"):
        lines.pop(0)
    parts[number + 1] = "".join(row + "\n" for row in rows) + "".join(lines)
    page.write_text((HEAD + "\n").join(parts))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default="tsir", help="the tsir to run")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--limit", type=float, default=10, help="seconds for each model")
    parser.add_argument("--public", action="store_true", help="make and draw the models of public packages")
    parser.add_argument("--table", type=pathlib.Path, metavar="FILE", help="also write the table into this page")
    parser.add_argument("folders", nargs="*", type=pathlib.Path)
    options = parser.parse_args()
    if options.public:
        public = ROOT / "build" / "public_models"
        make = [sys.executable, ROOT / "tests" / "public_models.py", "--make-only", "--out", public]
        subprocess.run(make, check=True, stdout=sys.stderr)
        options.folders.append(public)
    models = sorted(model for folder in options.folders for model in folder.glob("*.pt")
                    if "." not in model.stem)  # others are inputs and outputs
    failed = not models
    print(HEAD)
    rows = []
    for model in models:
        seconds, boxes, level, wrong = draw(options.program, model, options.full)
        if not wrong and seconds > options.limit:
            wrong = f"took longer than {options.limit:g} s"
        if not wrong and not options.full and boxes > MOST_BOXES:
            wrong = "more boxes than can be read"
        rows.append(f"| {model.stem} | {boxes} | {seconds:.1f} s | {wrong or level} |")
        print(rows[-1], flush=True)
        failed = failed or bool(wrong)
    if options.table:
        write_table(options.table, rows, 1 if options.full else 0)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
