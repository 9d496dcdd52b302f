#!/usr/bin/env python3
"""Tests the round trip of models through .ir text: writes each model at each stage, reads it back, and compares.

    round_trip.py TSIR MODELS_FOLDER [--models a,b] [--stages raw,inlined,frozen,passes] [--kinds KINDS_FOLDER]
        [--results FILE] [--write docs/ir.md]

The stages are raw (the method as saved, with its module), inlined, frozen, and passes: each registered pass on its own,
on the raw module and on the frozen one. --kinds adds the small files of testdata/make_kinds.py; use `--models ''` to
test only these.

The text that was read back must be written as the same bytes, including constants. Both must run to the same bits, or
both must fail. The exit code is 1 if anything differs.

A complete run takes hours. --results keeps results from run to run, and --write puts tables of all results into the
generated section of a document.
"""

import argparse
import collections
import concurrent.futures
import json
import pathlib
import sys
import tempfile

from tool import Tool

SECONDS = 300
SIMPLE = {"raw": "", "inlined": "inline", "frozen": "freeze{eval=true}"}
AFTER = ["after a pass", "frozen, after a pass"]
BEGIN, END = "<!-- round-trip: begin -->", "<!-- round-trip: end -->"


def run(tsir, words, folder):
    done = tsir.run(words, folder, SECONDS)
    return done.returncode, (done.stderr.strip().splitlines() or [""])[0]


def content(path):
    return [p.read_bytes() if p.exists() else None for p in (path, pathlib.Path(f"{path}.tensors"))]


def round_trip(tsir, model, inputs, passes, executable):
    """Returns 'same', 'not applicable: …' or what went wrong."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        first, second = folder / "first.ir", folder / "second.ir"
        code, line = run(tsir, ["opt", model, "-p", passes, *inputs, "--reproducers", "", "-o", first], folder)
        if code:
            return f"not applicable: {line}"
        code, line = run(tsir, ["opt", first, "-o", second], folder)
        if code:
            return f"cannot be read: {line}"
        if content(first) != content(second):
            return "different text"
        if not executable:
            return "same"
        results = []
        for file, pipeline in ((model, passes), (first, "")):
            out = folder / "out.pt"
            out.unlink(missing_ok=True)
            code, line = run(tsir, ["run", file, "-p", pipeline, *inputs, "-o", out], folder)
            results.append((code, content(out)[0]))
        return "same" if results[0] == results[1] else f"different outputs: {line}"


def stages(tsir, wanted):
    """Yields (stage, passes, whether the result can be run)."""
    for stage in (stage for stage in SIMPLE if stage in wanted):
        yield stage, SIMPLE[stage], True
    if "passes" in wanted:
        for row in json.loads(tsir.run(["passes", "--json"]).stdout):
            runs = row.get("executable", True) and row.get("keeps_interface", True)
            yield AFTER[0], row["name"], runs
            if row["name"] not in SIMPLE.values():
                yield AFTER[1], f"{SIMPLE['frozen']},{row['name']}", runs


def kind_of(outcome):
    return outcome.split(":")[0]


def cell(outcomes):
    counts = collections.Counter(kind_of(outcome) for outcome in outcomes)
    made = len(outcomes) - counts["not applicable"]
    if not outcomes:
        return "·"
    if made == 0:
        return "cannot be made"
    alone = "same" if counts["same"] else "differs"
    return alone if len(outcomes) == 1 else f"{counts['same']} of {made}"


def table(name, columns, rows):
    """Returns a Markdown table. rows: {row: {column: {what: outcome}}}"""
    lines = [f"| {name} | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for row, found in rows.items():
        cells = [cell(list(found.get(column, {}).values())) for column in columns]
        lines.append(f"| {row} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def document(results):
    tables = [table("model", [*SIMPLE, *AFTER], dict(sorted(results["models"].items())))] if results["models"] else []
    tables += [table("kinds", ["text", *SIMPLE], results["kinds"])] if results["kinds"] else []
    return "\n\n".join(tables)


def write_section(path, text):
    document = pathlib.Path(path).read_text()
    before, rest = document.split(BEGIN)
    after = rest.split(END)[1]
    pathlib.Path(path).write_text(f"{before}{BEGIN}\n{text}\n{END}{after}")


def model_jobs(tsir, folder, names, wanted):
    """Yields (part of the results, row, stage, what, file, --input…, passes, whether the result can be run)."""
    inputs = json.loads((folder / "inputs.json").read_text())
    for model in names:
        given = [word for text in inputs.get(model, []) for word in ("--input", text)]
        for stage, passes, runs in stages(tsir, wanted):
            runs &= bool(given) or "freeze" not in passes  # freezing removes inputs that are stored in the module
            yield "models", model, stage, passes, folder / f"{model}.pt", given, passes, runs


def kind_jobs(folder, wanted):
    for file, family in json.loads((folder / "kinds.json").read_text()).items():
        if file.endswith(".ir"):
            yield "kinds", family, "text", file, folder / file, [], "", False
        else:
            for stage in (stage for stage in SIMPLE if stage in wanted):
                yield "kinds", family, stage, file, folder / file, [], SIMPLE[stage], True


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tsir")
    parser.add_argument("folder", type=lambda text: pathlib.Path(text).resolve())
    parser.add_argument("--models", type=lambda text: [name for name in text.split(",") if name])
    parser.add_argument("--stages", type=lambda text: text.split(","), default=["raw", "inlined", "frozen", "passes"])
    parser.add_argument("--kinds", type=lambda text: pathlib.Path(text).resolve(), metavar="FOLDER")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--results", type=pathlib.Path, metavar="FILE")
    parser.add_argument("--write", metavar="DOCUMENT")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    tsir = Tool(arguments.tsir)
    models = arguments.models
    if models is None:
        models = sorted(path.stem for path in arguments.folder.glob("*.pt"))
    jobs = list(model_jobs(tsir, arguments.folder, models, arguments.stages))
    jobs += kind_jobs(arguments.kinds, arguments.stages) if arguments.kinds else []
    results = {"models": {}, "kinds": {}}
    if arguments.results and arguments.results.exists():
        results = json.loads(arguments.results.read_text())

    def work(job):
        *_, file, given, passes, runs = job
        return round_trip(tsir, str(file), given, passes, runs)

    wrong = 0
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        for (part, row, stage, what, *_), outcome in zip(jobs, pool.map(work, jobs)):
            results[part].setdefault(row, {}).setdefault(stage, {})[what] = outcome
            if kind_of(outcome) not in ("same", "not applicable"):
                wrong += 1
                print(f"{row}, {what or 'raw'}: {outcome}", flush=True)
    if arguments.results:
        arguments.results.write_text(json.dumps(results, indent=1))
    print(document(results))
    if arguments.write:
        write_section(arguments.write, document(results))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
